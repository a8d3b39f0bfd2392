"""How good a photo is: one number from 0 to 1, and what it is made of.

It orders photos of the same moment, chooses covers, and says what is among the best; it is no judgement of taste. What counts
is what spoils a photo for everybody: blur, lost light, few pixels, faces that cannot be seen. Papers and screens are useful,
but no album's cover.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.curation.looks import FULL
from shoebox.store.rows import UNMEASURED

Floats = NDArray[np.float32]

PARTS: Final = ("sharpness", "exposure", "resolution", "faces")
# Exponents of a weighted geometric mean, in the order of PARTS: one bad part is enough to spoil a photo. Chosen by hand so that
# a photo blurred by 1.5 px of 512 loses to a sharp one in any light; docs/curation.md has what they give.
WEIGHTS: Final = np.array([0.40, 0.25, 0.15, 0.20], np.float32)
# No part counts for less: a photo without a single sharp patch may still be the only one there is.
_LEAST: Final = 0.05
# Megapixels: a thumbnail from a messenger has the first, and beyond the second a screen shows no difference.
_FEW: Final = 0.25
_MANY: Final = 8.0
# A photo on which no face was looked for, or none found, is judged as one with a face that is fairly well seen.
_NO_FACE: Final = 0.7
_WORST_FACE: Final = 0.3
# What is left of the quality of screenshots, receipts and documents.
_UTILITY: Final = 0.1


def parts(looks: NDArray[np.uint8], width: NDArray[Any], height: NDArray[Any], faces: Floats) -> Floats:
    """What quality is made of.

    Parameters
    ----------
    looks : (n, 3) uint8
        As `looks.measure` gives them; `UNMEASURED` counts as neither good nor bad.
    width, height : (n,)
        Pixels of the upright photos.
    faces : (n,) float32
        How well the best face can be recognised, 0 to 1; NaN without one.

    Returns
    -------
    (n, 4) float32
        From 0 to 1, in the order of `PARTS`.
    """
    known = looks[:, :2] != UNMEASURED
    seen = np.where(known, looks[:, :2].astype(np.float32) / FULL, 0.5)
    megapixels = np.maximum(width.astype(np.float64) * height / 1e6, 1e-6)
    resolution = np.log(megapixels / _FEW) / np.log(_MANY / _FEW)
    faced = np.where(np.isnan(faces), _NO_FACE, _WORST_FACE + (1 - _WORST_FACE) * np.nan_to_num(faces))
    return np.asarray(np.clip(np.column_stack([seen, resolution, faced]), 0, 1), np.float32)


def combined(found: Floats, utility: NDArray[np.bool_]) -> Floats:
    """One number for each row of parts.

    Parameters
    ----------
    found : (n, 4) float32
    utility : (n,) bool
        Screenshots, receipts and documents.

    Returns
    -------
    (n,) float32
        The weighted geometric mean, from 0 to 1.
    """
    mean = np.prod(np.maximum(found, _LEAST) ** WEIGHTS, axis=1)
    return np.asarray(np.where(utility, mean * _UTILITY, mean), np.float32)
