"""Bursts: photos that are alike and were taken seconds apart, by one camera."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates.calibration import BURST_LIKENESS
from shoebox.duplicates.moments import Moments, near_in_time
from shoebox.library.library import Library
from shoebox.store.rows import NONE

# Of a fast series each photo is compared with so many that follow; those further on hang together through them.
_FOLLOWERS: Final = 8
# Pairs whose vectors are held at once: 50 MB at 384 numbers each.
_AT_ONCE: Final = 16_384


def burst_pairs(library: Library, moments: Moments, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of rows that belong to one burst, left and right, the most alike first.

    Parameters
    ----------
    library : Library
    moments : Moments
        Of all rows of the library.
    rows : (n,)
        Which of them are looked at; all must have vectors of today's pack.
    """
    chosen = Moments(moments.wall[rows], moments.offset[rows], moments.by_camera[rows])
    left, right = (rows[side] for side in near_in_time(chosen, _FOLLOWERS))
    camera = library.table["camera"]
    same = (camera[left] == camera[right]) | (camera[left] == NONE) | (camera[right] == NONE)
    left, right = left[same], right[same]
    likeness = likeness_of(library, left, right)
    alike = np.flatnonzero(likeness >= BURST_LIKENESS)
    order = alike[np.argsort(-likeness[alike], kind="stable")]
    return left[order], right[order]


def likeness_of(library: Library, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.float32]:
    """Cosines of pairs of rows."""
    found = np.empty(len(left), np.float32)
    for low in range(0, len(left), _AT_ONCE):
        part = slice(low, low + _AT_ONCE)
        one, other = (library.vectors.vectors(side[part]) for side in (left, right))
        found[part] = np.einsum("pd,pd->p", one, other)
    return found
