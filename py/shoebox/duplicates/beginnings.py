"""How well two pictures agree at the coarsest, in each of the poses to begin with.

Every pair is looked at so, and most end here. So a picture is turned into all poses once, however many pairs it has, and a pair
costs no more than the products of what came of it. At 8 x 8 pixels numpy in a browser is slow at matrix products and fast at
adding up rows, so turning is four rows added up for each pixel seen, for all pictures side by side.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates import poses
from shoebox.duplicates.poses import Doubles, Floats
from shoebox.duplicates.prints import LEAST_CONTRAST

Places = NDArray[np.integer]

#: Pixels along each side.
COARSEST: Final = 8
# Less of either picture in common than this is no longer the same picture with a little cut off.
LEAST_OVERLAP: Final = 0.5
_PIXELS: Final = COARSEST**2
# A value between pixels is made of so many.
_TAPS: Final = 4
# Pairs at once: what their pictures are in every pose takes 7 KB each.
_AT_ONCE: Final = 256
# Shapes of photos whose views are kept: 60 KB each.
_SHAPES: Final = 48


def agreements(pictures: Floats, shapes: Doubles, left: Places, right: Places) -> Floats:
    """Correlation of pairs in each pose to begin with.

    Parameters
    ----------
    pictures : (n, 8, 8) float32
    shapes : (n,) float64
        Width over height of the photos.
    left, right : (p,) int
        Of each pair, its places in `pictures`.

    Returns
    -------
    (p, poses) float32
        Of pictures with hardly any contrast it is near 0.
    """
    flat = pictures.reshape(len(pictures), _PIXELS)
    flat = flat - flat.mean(axis=1, keepdims=True)
    rounded = np.round(shapes, 2)
    answers = np.empty((len(left), len(poses.beginnings())), np.float32)
    for shape in np.unique(rounded[left]).tolist():
        pairs = np.flatnonzero(rounded[left] == shape)
        answers[pairs] = _of_one_shape(flat, shape, left[pairs], right[pairs])
    return answers


def _of_one_shape(flat: Floats, shape: float, left: Places, right: Places) -> Floats:
    taps, weights, inside = _views(shape)
    count = np.maximum(inside.sum(axis=1), 1)
    ones, one = np.unique(left, return_inverse=True)
    others, other = np.unique(right, return_inverse=True)

    rows = np.ascontiguousarray(flat[ones].T)
    seen = rows[taps[0]] * weights[0]
    for tap in range(1, _TAPS):
        seen += rows[taps[tap]] * weights[tap]
    by_pose: Floats = seen.reshape(len(inside), _PIXELS, len(ones))
    own, own_spread = _spread(by_pose.sum(axis=1).T, (by_pose * by_pose).sum(axis=1).T, count)
    theirs = np.asarray(flat[others], np.float32)
    their, their_spread = _spread(theirs @ inside.T, (theirs * theirs) @ inside.T, count)

    turned = np.ascontiguousarray(seen.T).reshape(len(ones), len(inside), _PIXELS)
    products = np.empty((len(left), len(inside)), np.float32)
    for low in range(0, len(left), _AT_ONCE):
        part = slice(low, low + _AT_ONCE)
        products[part] = np.einsum("pkm,pm->pk", turned[one[part]], theirs[other[part]])
    together = np.maximum(count, LEAST_OVERLAP * _PIXELS)
    covariance = products - own[one] * their[other] * count
    return np.asarray(covariance / (own_spread[one] * their_spread[other] * together), np.float32)


def _spread(total: NDArray[np.floating], squares: NDArray[np.floating], count: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation (n, poses) from sums over `count` pixels; the deviation at least that of a blank picture."""
    mean = np.asarray(total / count, np.float32)
    return mean, np.asarray(np.sqrt(np.maximum(squares / count - mean * mean, LEAST_CONTRAST**2)), np.float32)


@lru_cache(maxsize=_SHAPES)
def _views(shape: float) -> tuple[NDArray[np.intp], Floats, Floats]:
    """How each pose to begin with is seen: which pixels, with which weights, and which of those seen lie in the picture.

    Parameters
    ----------
    shape : float
        Width over height of the photos.

    Returns
    -------
    taps : (4, poses * 64) intp
    weights : (4, poses * 64, 1) float32
        0 for what does not lie in the picture.
    inside : (poses, 64) float32
    """
    turns = poses.placed(poses.beginnings(), np.array([shape]))[0]
    single = np.eye(_PIXELS, dtype=np.float32).reshape(_PIXELS, COARSEST, COARSEST)
    seen = [poses.seen(single, np.broadcast_to(turn, (_PIXELS, 2, 3))) for turn in turns]
    inside = np.stack([mask[0] for _, mask in seen])
    # (64 pixels of the picture, poses * 64 that are seen), with at most four of each column above 0
    matrix = np.concatenate([values * mask for values, mask in seen], axis=1)
    taps = np.argsort(-matrix, axis=0, kind="stable")[:_TAPS]
    return taps, np.take_along_axis(matrix, taps, axis=0)[:, :, None], inside
