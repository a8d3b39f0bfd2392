"""Where a square, or a wide picture, is cut out of a photo: around the faces, else around what catches the eye."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.curation.looks import FULL
from shoebox.store.rows import UNMEASURED

# Boxes wider than the photo cut off sky and ground. What matters stands in the upper half more often than not: heads, horizons.
_UPPER: Final = 0.35


def across_and_down(
    width: int, height: int, window: int, boxes: NDArray[np.float32], weights: NDArray[np.float32]
) -> tuple[float, float]:
    """Where a picture cut out of a photo stands, as CSS's `object-position` counts, divided by 100.

    On the long side that is `square`; on the short one, which boxes of still other shapes cut, where the faces are.

    Parameters
    ----------
    width, height, window, boxes, weights
        As `square`.
    """
    along = square(width, height, window, boxes, weights)
    axis = 1 if width >= height else 0
    if len(boxes):
        middle = _middle(boxes[:, axis], boxes[:, axis] + boxes[:, 2 + axis], _importance(boxes, weights))
        beside = float(np.clip(middle / min(width, height), 0, 1))
    else:
        beside = _UPPER if axis == 1 else 0.5
    return (along, beside) if axis == 1 else (beside, along)


def square(width: int, height: int, window: int, boxes: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """Where on the long side the square begins, 0 to 1: 0 at the left or top, 1 as far to the right or bottom as it goes.

    Parameters
    ----------
    width, height : int
        Pixels of the upright photo.
    window : int
        As `looks.measure` gives it; `UNMEASURED` for the middle.
    boxes : (n, 4) float32
        Faces: left, top, width, height, in pixels of the upright photo.
    weights : (n,) float32
        How well each face is seen; the square keeps as much as it can of what weighs most.

    Returns
    -------
    float
        As CSS's `object-position` counts, divided by 100.
    """
    spare = abs(width - height)
    if not spare:
        return 0.5
    if not len(boxes):
        return 0.5 if window == UNMEASURED else window / FULL
    axis = 0 if width > height else 1
    side = min(width, height)
    low = np.clip(boxes[:, axis], 0, max(width, height))
    high = np.clip(boxes[:, axis] + boxes[:, 2 + axis], 0, max(width, height))
    importance = _importance(boxes, weights)
    starts = np.clip(np.concatenate([low, high - side, [_middle(low, high, importance) - side / 2]]), 0, spare)
    shown = np.clip(np.minimum(high, starts[:, None] + side) - np.maximum(low, starts[:, None]), 0, None)
    # A face that is cut through is worth less than the part of it that shows.
    kept = ((shown / np.maximum(high - low, 1e-6)) ** 2 * importance).sum(axis=1)
    # Among equals the one whose middle is the faces' middle.
    best = np.flatnonzero(kept >= kept.max() * 0.999)
    return float(starts[best[-1]] / spare)


def _importance(boxes: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Large faces are nearer and matter more, but a group in the background should not be outweighed for ever."""
    return np.asarray(np.maximum(weights, 0.05) * np.sqrt(np.maximum(boxes[:, 2] * boxes[:, 3], 1.0)), np.float32)


def _middle(low: NDArray[np.float32], high: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    return float(((low + high) / 2 * weights).sum() / weights.sum())
