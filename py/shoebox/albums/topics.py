"""What a few photos are about: what most of them show, and few others do."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Concepts

# So many of the photos show it, and it is shown so many times as often as in the whole library.
_LEAST_SHARE: Final = 0.5
_LEAST_LIFT: Final = 3.0


class Topics:
    """Finds topics in one library.

    Parameters
    ----------
    concepts : Concepts
    tags : (n, t) uint16
        Of all photos that are to be compared with.
    scores : (n, t) float16
    """

    def __init__(self, concepts: Concepts, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> None:
        self._concepts = concepts
        self._usual = np.maximum(concepts.counts(tags, scores), 1) / max(len(tags), 1)

    def of(self, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> str:
        """What some of the photos are about, as a title begins; empty if they are about nothing in particular."""
        share = self._concepts.counts(tags, scores) / max(len(tags), 1)
        lift = share / self._usual
        fit = (share >= _LEAST_SHARE) & (lift >= _LEAST_LIFT)
        if not fit.any():
            return ""
        worth = np.where(fit, share * np.log(np.maximum(lift, 1e-9)), -np.inf)
        return title_of(self._concepts[int(np.argmax(worth))].name)


def title_of(name: str) -> str:
    """The name of a concept as a title: "crane (bird)" is "Crane"."""
    short = name.partition(" (")[0]
    return short[:1].upper() + short[1:]
