"""How one picture may lie in another: affine maps, and pictures seen through them.

A pose maps places of one picture to places of the other, both in a square from -1 to 1 whatever the shape of the photo: a
(2, 3) matrix, x' = M @ (x, y, 1).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# Of a crop; what lies between is reached by refining.
_CROP: Final = 0.84
# Degrees; a photo that was set straight, or turned for fun.
_TILTS: Final = (12.0, 24.0, 36.0)
# Of a picture that lies on another as it is.
_STILL: Final = np.eye(2, 3, dtype=np.float32)


@lru_cache(maxsize=1)
def beginnings() -> Doubles:
    """The poses to begin with, (n, 2, 3), between pictures of true shape: as it is, cropped, mirrored, turned. Read-only."""
    mirror = np.diag([-1.0, 1.0])
    quarters = [_rotation(angle) for angle in (90, 180, 270)]
    tilts = [_rotation(sign * angle) for angle in _TILTS for sign in (-1, 1)]
    turns = [np.eye(2), mirror, *quarters, *(mirror @ turn for turn in quarters), *tilts]
    whole = [np.hstack([turn, np.zeros((2, 1))]) for turn in turns]
    inner, outer = np.eye(2) * _CROP, np.eye(2) / _CROP
    # The right picture is the left one's middle or one of its corners, or the other way round.
    room = 1 - _CROP
    shifts = [(0.0, 0.0), *((x * room, y * room) for x in (-1, 1) for y in (-1, 1))]
    cropped = [np.hstack([inner, np.array([[x], [y]])]) for x, y in shifts]
    cropped += [np.hstack([outer, np.array([[x / _CROP], [y / _CROP]])]) for x, y in shifts]
    made = np.stack([*whole, *cropped])
    made.flags.writeable = False
    return made


def placed(turns: Doubles, shapes: Doubles) -> Floats:
    """Poses between the squares that pictures are squashed to.

    Parameters
    ----------
    turns : (n, 2, 3)
        As `beginnings`; shifts are in parts of the picture, and left as they are.
    shapes : (p,)
        Width over height of the pictures that poses lead to. The pictures that they lead from are taken to have the same shape,
        or, where they lie on their side, the inverse: a copy that was squashed as well is a matter of refining.

    Returns
    -------
    (p, n, 2, 3) float32
    """
    # In its true shape a picture is as wide as the root of the ratio and as high as its inverse.
    root = np.sqrt(shapes)
    true = np.stack([root, 1 / root], axis=1)
    on_side = np.abs(turns[:, 0, 0]) < np.abs(turns[:, 0, 1])
    source = np.where(on_side[None, :, None], 1 / true[:, None], true[:, None])
    linear = (1 / true)[:, None, :, None] * turns[None, :, :, :2] * source[:, :, None, :]
    shifts = np.broadcast_to(turns[None, :, :, 2:], (*linear.shape[:3], 1))
    return np.concatenate([linear, shifts], axis=-1).astype(np.float32)


@lru_cache(maxsize=8)
def grid(side: int) -> Floats:
    """The places of the pixels of a picture, (side * side, 3): x, y, 1. Read-only."""
    steps = (np.arange(side, dtype=np.float32) + 0.5) * (2 / side) - 1
    x, y = np.meshgrid(steps, steps)
    made = np.stack([x.ravel(), y.ravel(), np.ones(side * side, np.float32)], axis=1)
    made.flags.writeable = False
    return made


def seen(pictures: Floats, poses: Floats) -> tuple[Floats, Floats]:
    """Pictures through poses, at the places of `grid`.

    Parameters
    ----------
    pictures : (p, side, side)
    poses : (p, 2, 3)

    Returns
    -------
    values : (p, side * side), bilinear
    inside : (p, side * side), 1 where the place lies in the picture, else 0 (and the value is that of the nearest edge)
    """
    count = len(pictures)
    values, inside = pictures.reshape(count, -1).copy(), np.ones((count, pictures[0].size if count else 0), np.float32)
    # Most copies lie on their original as they are, and nothing costs as much as looking between the pixels.
    moved = np.flatnonzero((poses != _STILL).any(axis=(1, 2)))
    if len(moved):
        values[moved], inside[moved] = _between_pixels(pictures[moved], poses[moved])
    return values, inside


def _between_pixels(pictures: Floats, poses: Floats) -> tuple[Floats, Floats]:
    count, side = pictures.shape[:2]
    where = np.matmul(poses, grid(side).T)
    inside = (np.abs(where) <= 1).all(axis=1).astype(np.float32)
    scaled = np.clip((where + 1) * (side / 2) - 0.5, 0, side - 1)
    low = np.minimum(scaled.astype(np.int32), side - 2)
    part = scaled - low
    x, y = part[:, 0], part[:, 1]
    flat = pictures.reshape(-1)
    start = (np.arange(count, dtype=np.int32) * (side * side))[:, None] + low[:, 1] * side + low[:, 0]
    above = _between(flat[start], flat[start + 1], x)
    start += side
    return _between(above, _between(flat[start], flat[start + 1], x), y), inside


def _between(one: Floats, other: Floats, part: Floats) -> Floats:
    """So far from one value to the other; `one` and `other` are used up."""
    other -= one
    other *= part
    one += other
    return one


def _rotation(degrees: float) -> Doubles:
    angle = math.radians(degrees)
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
