"""How well a face can be recognised: one number from 0 to 1, and what it is made of.

A poor face may join a person, but no person is founded on it. So what counts is what disturbs recognition: few pixels, blur,
a head turned away, and a detector in doubt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shoebox.faces.boxes import Floats

PARTS = ("size", "sharpness", "pose", "score")
# Exponents of a weighted geometric mean, in the order of PARTS: one bad part is enough to spoil a face. Pixels and pose disturb
# the vectors most; the detector's score says little more than "this is a face".
WEIGHTS = np.array([0.30, 0.25, 0.30, 0.15], np.float32)
# Distance of the eyes in pixels of the photo: below the first nothing is to be recognised, from the second on the default
# recogniser's crop (53 px between the eyes) is filled without enlarging.
LEAST_EYES, FULL_EYES = 6.0, 53.0
# Mean absolute Laplacian over mean absolute gradient in the inner part of an upright crop. Medians of 82 photos of Labeled
# Faces in the Wild: 0.98 as they are, 0.81 shrunk to a half and enlarged again, 0.59 to a quarter, 0.50 to a sixth or blurred
# by 4 px.
BLURRED, SHARP = 0.45, 0.95
# Nose from the middle of the eyes, sideways, in distances of the eyes: 0 from the front, near 0.6 in profile.
TURNED = 0.6
# Nose between eyes (0) and mouth (1): where it is for a level head, and how far it moves until the face cannot be seen.
LEVEL, NODDED = 0.53, 0.45
# The inner part of a crop, as shares of its side: the face without hair and background.
INNER = (0.2, 0.8)


def parts(points: Floats, scores: Floats, chips: NDArray[np.uint8]) -> Floats:
    """What quality is made of.

    Parameters
    ----------
    points : (n, 5, 2) float32
        Eyes, nose, corners of the mouth, in pixels of the photo.
    scores : (n,) float32
        The detector's.
    chips : (n, side, side, 3) uint8
        Upright crops.

    Returns
    -------
    (n, 4) float32
        From 0 to 1, in the order of `PARTS`.
    """
    return np.stack([_size(points), _sharpness(chips), _pose(points), np.clip(scores, 0, 1)], axis=1).astype(np.float32)


def combined(found: Floats) -> Floats:
    """One number for each row of parts (n, 4): the weighted geometric mean, (n,) float32."""
    return np.asarray(np.prod(np.clip(found, 0, 1) ** WEIGHTS, axis=1), np.float32)


def _size(points: Floats) -> Floats:
    eyes = np.hypot(*(points[:, 1] - points[:, 0]).T)
    # A face turned away has its eyes close together, but is no smaller: nose to mouth then tells its size.
    height = np.hypot(*(points[:, 3:].mean(axis=1) - points[:, :2].mean(axis=1)).T)
    span = np.maximum(eyes, height * 0.9)
    return np.asarray(np.clip((span - LEAST_EYES) / (FULL_EYES - LEAST_EYES), 0, 1), np.float32)


def _sharpness(chips: NDArray[np.uint8]) -> Floats:
    side = chips.shape[1]
    low, high = (round(side * share) for share in INNER)
    grey = chips[:, low:high, low:high].astype(np.float32).mean(axis=3)
    across, down = np.abs(np.diff(grey, axis=2)), np.abs(np.diff(grey, axis=1))
    gradient = (across.mean(axis=(1, 2)) + down.mean(axis=(1, 2))) / 2
    inner = 4 * grey[:, 1:-1, 1:-1] - grey[:, :-2, 1:-1] - grey[:, 2:, 1:-1] - grey[:, 1:-1, :-2] - grey[:, 1:-1, 2:]
    ratio = np.abs(inner).mean(axis=(1, 2)) / np.maximum(gradient, 1)
    return np.asarray(np.clip((ratio - BLURRED) / (SHARP - BLURRED), 0, 1), np.float32)


def _pose(points: Floats) -> Floats:
    """1 for a face seen from the front, 0 in profile or from below; a tilt counts for nothing, since it is undone."""
    eyes, mouth, nose = points[:, :2].mean(axis=1), points[:, 3:].mean(axis=1), points[:, 2]
    across = points[:, 1] - points[:, 0]
    wide = np.hypot(*across.T)
    down = mouth - eyes
    tall = np.hypot(*down.T)
    scale = np.maximum(np.maximum(wide, tall * 0.9), 1e-6)
    # Sideways: at a right angle to the line from eyes to mouth. Along: on that line.
    unit = down / np.maximum(tall, 1e-6)[:, None]
    offset = nose - eyes
    sideways = np.abs(offset[:, 0] * unit[:, 1] - offset[:, 1] * unit[:, 0]) / scale
    along = np.einsum("ij,ij->i", offset, unit) / np.maximum(tall, 1e-6)
    level = np.clip(1 - np.abs(along - LEVEL) / NODDED, 0, 1)
    return np.asarray(np.clip(1 - sideways / TURNED, 0, 1) * np.sqrt(level), np.float32)
