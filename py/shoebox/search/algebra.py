"""Sums of photos and words: "like this photo, with more snow and fewer people"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import Measure

# Below this, summands have cancelled each other out and what is left is rounding.
_NOTHING_LEFT = 1e-6


def combine(terms: Sequence[tuple[NDArray[np.float32], bool]], space: Measure) -> NDArray[np.float32]:
    """One direction out of several that are added or subtracted.

    Photos are far more like each other than they are like words: their cosines spread wider. So that a word has as much to say
    as a photo, each summand is divided by the standard deviation that its scores have with photos in general: the order that
    comes out is that of a sum of standard scores.

    Parameters
    ----------
    terms : sequence of ((d,) float32, bool)
        Unit vectors, at least one; True for those to be subtracted.
    space : Measure
        The background.

    Returns
    -------
    (d,) float32 of length one; the first term if all cancel each other out
    """
    weighed = [(-1.0 if minus else 1.0) * vector / space.background(vector)[1] for vector, minus in terms]
    weights = sum(float(np.linalg.norm(each)) for each in weighed)
    total = np.sum(weighed, axis=0)
    length = float(np.linalg.norm(total))
    if length <= _NOTHING_LEFT * weights:
        return terms[0][0]
    return np.asarray(total / length, np.float32)
