"""The cover of an album: a good photo that is typical of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

# What is typical of an album shows on so many of its photos, and among so many of the best of them one will be typical.
_SAMPLE: Final = 128
_CANDIDATES: Final = 48
# How much being typical counts beside quality, and being called a favourite beside both.
_TYPICAL: Final = 0.5
_FAVOURITE: Final = 1.25


def choose(rows: Rows, quality: Floats, favourite: NDArray[np.bool_], vectors: Callable[[Rows], Floats]) -> int:
    """The row of the cover.

    Parameters
    ----------
    rows : (photos,) intp
        Of the album; at least one.
    quality : (n,) float32
        Of all rows of the library, 0 to 1.
    favourite : (n,) bool
        Of all rows of the library.
    vectors : callable
        From rows to their unit vectors, (k, d); zeros where a photo has none.
    """
    worth = quality[rows] * np.where(favourite[rows], _FAVOURITE, 1.0)
    order = np.argsort(-worth, kind="stable")[:_CANDIDATES]
    if len(rows) == 1:
        return int(rows[0])
    spread = np.linspace(0, len(rows) - 1, min(_SAMPLE, len(rows))).astype(np.intp)
    centre = vectors(rows[spread]).sum(axis=0)
    length = float(np.linalg.norm(centre))
    typical = vectors(rows[order]) @ (centre / length) if length > 0 else np.zeros(len(order), np.float32)
    low, high = float(typical.min()), float(typical.max())
    typical = (typical - low) / (high - low) if high > low else np.ones_like(typical)
    return int(rows[order[np.argmax(worth[order] * (1 - _TYPICAL + _TYPICAL * typical))]])
