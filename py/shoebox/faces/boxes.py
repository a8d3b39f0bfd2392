"""Boxes around faces: overlap, and one box for each face where a detector gives many.

Boxes are float32 rows of left, top, right, bottom, in pixels; right and bottom are not inside.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def overlaps(one: Floats, other: Floats) -> Floats:
    """Intersection over union.

    Parameters
    ----------
    one : (n, 4) float
    other : (m, 4) float

    Returns
    -------
    (n, m) float32, 0 for boxes without area
    """
    inner = _intersections(one, other)
    union = areas(one)[:, None] + areas(other) - inner
    return np.asarray(np.divide(inner, union, out=np.zeros_like(inner), where=union > 0), np.float32)


def contained(one: Floats, other: Floats) -> Floats:
    """The share of the smaller box that lies in the other: (n, m) float32."""
    inner = _intersections(one, other)
    smaller = np.minimum(areas(one)[:, None], areas(other))
    return np.asarray(np.divide(inner, smaller, out=np.zeros_like(inner), where=smaller > 0), np.float32)


def areas(boxes: Floats) -> Floats:
    """Square pixels of each box, 0 where a side is negative."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def suppress(boxes: Floats, scores: Floats, overlap: float, inside: float = 1.0) -> NDArray[np.intp]:
    """One box for each face: the best one, and none that overlaps a better one (greedy non-maximum suppression).

    Parameters
    ----------
    boxes : (n, 4) float
    scores : (n,) float
    overlap : float
        Intersection over union from which two boxes are one face.
    inside : float, default 1
        Share of the smaller box inside the other from which two boxes are one face: a face that was seen whole and, in another
        part of the photo, cut. 1 means never.

    Returns
    -------
    (k,) places of the boxes that stay, best first; ties in the order given
    """
    order = np.argsort(-scores, kind="stable")
    ordered = boxes[order]
    rivals = overlaps(ordered, ordered) >= overlap
    if inside < 1:
        rivals |= contained(ordered, ordered) >= inside
    alive = np.ones(len(order), bool)
    for place in range(len(order)):
        if alive[place]:
            alive[place + 1 :] &= ~rivals[place, place + 1 :]
    return np.asarray(order[alive], np.intp)


def _intersections(one: Floats, other: Floats) -> Floats:
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)
