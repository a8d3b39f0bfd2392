"""Faces turned upright, scaled and cut out of photos: what the landmark and recognition networks see.

A crop is described by a similarity transform from its pixels to the photo's; `crops` then samples many crops of many photos at
once. Where a face is larger than its crop, the photo is first averaged over whole pixels, so that nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Photo = NDArray[np.uint8]

# The 68 points of the iBUG 300-W scheme, from which five are made: both eyes (in the order of the image: left first), the
# tip of the nose, the corners of the mouth.
LEFT_EYE, RIGHT_EYE, NOSE, LEFT_MOUTH, RIGHT_MOUTH = slice(36, 42), slice(42, 48), 30, 48, 54
# At most this many crops are sampled together: 32 of 150 x 150 take 35 MB on the way.
TOGETHER = 32


def five_points(points: Floats) -> Floats:
    """Eyes, nose and corners of the mouth, (n, 5, 2), from the 68 points of each face, (n, 68, 2)."""
    eyes = [points[:, part].mean(axis=1) for part in (LEFT_EYE, RIGHT_EYE)]
    return np.stack([*eyes, *(points[:, place] for place in (NOSE, LEFT_MOUTH, RIGHT_MOUTH))], axis=1).astype(np.float32)


def similarity(source: Floats, target: Floats) -> Floats:
    """The similarity transforms (turn, scale, shift) that bring points nearest to others.

    Parameters
    ----------
    source : (k, 2) float
        For example where the points should lie in a crop.
    target : (n, k, 2) float
        For example where they lie in the photo.

    Returns
    -------
    (n, 2, 3) float32
        Least squares, without mirroring (Umeyama 1991; in the plane a division of complex numbers).
    """
    middle = source.mean(axis=0)
    centres = target.mean(axis=1)
    z = _complex(source - middle)
    w = _complex(target - centres[:, None])
    factor = (w @ z.conj()) / np.maximum((z * z.conj()).real.sum(), 1e-12)
    shift = _complex(centres) - factor * _complex(middle)
    return np.stack(
        [np.stack([factor.real, -factor.imag, shift.real], -1), np.stack([factor.imag, factor.real, shift.imag], -1)], axis=1
    ).astype(np.float32)


def squares(boxes: Floats, side: int, size: float, angles: Floats | None = None) -> Floats:
    """Transforms from square crops of `side` pixels to squares around boxes.

    Parameters
    ----------
    boxes : (n, 4) float
        Left, top, right, bottom.
    side : int
    size : float
        Side of the square, as a multiple of the longer side of the box.
    angles : (n,) float, optional
        How far the square is turned, in radians, clockwise as one sees it.

    Returns
    -------
    (n, 2, 3) float32
    """
    lengths = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) * size / side
    turn = lengths * np.exp(1j * (np.zeros(len(boxes)) if angles is None else angles))
    middle = side * (0.5 + 0.5j)
    shift = _complex((boxes[:, :2] + boxes[:, 2:]) / 2) - turn * middle
    return np.stack(
        [np.stack([turn.real, -turn.imag, shift.real], -1), np.stack([turn.imag, turn.real, shift.imag], -1)], axis=1
    ).astype(np.float32)


def transform(matrices: Floats, points: Floats) -> Floats:
    """Points (n, k, 2) through the transforms (n, 2, 3)."""
    return np.asarray(points @ matrices[:, :, :2].transpose(0, 2, 1) + matrices[:, None, :, 2], np.float32)


def crops(photos: Sequence[Photo], owners: NDArray[np.intp], matrices: Floats, side: int) -> NDArray[np.uint8]:
    """Cut crops out of photos.

    Parameters
    ----------
    photos : sequence of uint8 (height, width, 3)
    owners : (n,) int
        The photo of each crop, by its place.
    matrices : (n, 2, 3) float
        From the crop's coordinates to the photo's; the first pixel's middle is at (0.5, 0.5) in both. Outside the
        photo its border is repeated.
    side : int
        Width and height of the crops.

    Returns
    -------
    (n, side, side, 3) uint8
    """
    made = np.empty((len(owners), side, side, 3), np.uint8)
    for low in range(0, len(owners), TOGETHER):
        part = slice(low, low + TOGETHER)
        patches = [_patch(photos[owner], matrix, side) for owner, matrix in zip(owners[part], matrices[part], strict=True)]
        made[part] = _sample([patch for patch, _ in patches], np.array([matrix for _, matrix in patches]), side)
    return made


def _complex(points: NDArray[np.floating]) -> NDArray[np.complex128]:
    return np.asarray(points[..., 0] + 1j * points[..., 1], np.complex128)


def _patch(photo: Photo, matrix: Floats, side: int) -> tuple[Photo, Floats]:
    """The part of a photo that a crop touches, averaged by a whole factor where it is shrunk, and the transform into it."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    corners = matrix[:, :2] @ np.array([[0, side, 0, side], [0, 0, side, side]], np.float32) + matrix[:, 2:]
    factor = max(1, int(scale))
    height, width = photo.shape[:2]
    low = np.clip(np.floor(corners.min(axis=1)) - factor, 0, np.maximum([width - 1, height - 1], 0)).astype(int)
    high = np.clip(np.ceil(corners.max(axis=1)) + factor, low + 1, [width, height]).astype(int)
    patch = photo[low[1] : high[1], low[0] : high[0]]
    # A thin strip cannot be averaged along its short side.
    factor = min(factor, *patch.shape[:2])
    moved = matrix.copy()
    moved[:, 2] -= low
    if factor > 1:
        rows, columns = (length // factor for length in patch.shape[:2])
        whole = patch[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, 3)
        total = whole.sum(axis=3, dtype=np.uint32).sum(axis=1, dtype=np.uint32)
        patch = ((total + factor * factor // 2) // (factor * factor)).astype(np.uint8)
        moved /= factor
    return patch, moved


def _sample(patches: Sequence[Photo], matrices: Floats, side: int) -> NDArray[np.uint8]:
    """Bilinear samples of each patch: all patches lie one after another in one array, so that one gather serves all."""
    heights, widths = (np.array([patch.shape[axis] for patch in patches], np.int32)[:, None, None] for axis in (0, 1))
    starts = np.cumsum([0, *(len(patch) * patch.shape[1] for patch in patches[:-1])], dtype=np.int64)[:, None, None]
    pixels = np.concatenate([patch.reshape(-1, 3) for patch in patches])
    across, down = np.meshgrid(np.arange(side, dtype=np.float32) + 0.5, np.arange(side, dtype=np.float32) + 0.5)
    a = matrices[:, :, :, None, None]
    x = np.clip(a[:, 0, 0] * across + a[:, 0, 1] * down + a[:, 0, 2] - 0.5, 0, widths - 1)
    y = np.clip(a[:, 1, 0] * across + a[:, 1, 1] * down + a[:, 1, 2] - 0.5, 0, heights - 1)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right, bottom = np.minimum(left + 1, widths - 1), np.minimum(top + 1, heights - 1)
    u, v = (x - left)[..., None], (y - top)[..., None]
    upper, lower = starts + top * widths, starts + bottom * widths
    above = pixels[upper + left] * (1 - u) + pixels[upper + right] * u
    below = pixels[lower + left] * (1 - u) + pixels[lower + right] * u
    return np.asarray(above * (1 - v) + below * v + 0.5, np.uint8)
