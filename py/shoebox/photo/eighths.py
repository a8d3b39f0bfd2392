"""JPEG at eighths of its size, as libjpeg decodes it: three eighths, five, six and seven, which Pillow cannot ask it for.

JPEG stores blocks of 8 x 8 pixels as sums of cosines. libjpeg makes a picture of n eighths by summing only the n x n slowest of
them on blocks of n x n pixels (jidctint.c of libjpeg-turbo, "scaled IDCT"). Browsers scale so while they decode; from a picture
that was decoded in full the same comes out but for rounding, since blocks give their cosines back.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLOCK: Final = 8
# What Pillow asks libjpeg for by itself.
_PILLOWS: Final = (1, 2, 4, 8)
# Of larger pictures three eighths are made from the half: a little softer, as libjpeg makes halves, and four times as quick.
_MOST_IN_FULL: Final = 4_000_000


def eighth_of(stored: tuple[int, int], target: tuple[int, int]) -> int | None:
    """Which number of eighths of a stored picture (width, height) a target is, of those that Pillow does not know; or None."""
    for eighths in range(3, BLOCK):
        if eighths not in _PILLOWS and target == size_at(stored, eighths):
            return eighths
    return None


def size_at(stored: tuple[int, int], eighths: int) -> tuple[int, int]:
    """The size (width, height) of a picture at some eighths, as libjpeg rounds it."""
    width, height = (-(-side * eighths // BLOCK) for side in stored)
    return width, height


def decoded_at(stored: tuple[int, int], eighths: int) -> int:
    """At which eighths, 4 or 8, a stored picture is decoded before `scaled` makes it smaller."""
    return 4 if eighths < 4 and stored[0] * stored[1] > _MOST_IN_FULL else BLOCK


def scaled(image: Image.Image, eighths: int, target: tuple[int, int], block: int = BLOCK) -> Image.Image:
    """A decoded picture at some eighths.

    Parameters
    ----------
    image : Image
        Of bands of 8 bits.
    eighths : int
        3, 5, 6 or 7.
    target : tuple of int
        Its width and height then: `size_at` of the stored picture.
    block : int
        At which eighths it was decoded.
    """
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    # Band by band, so that both steps are products of matrices.
    bands = np.moveaxis(pixels.reshape(height, width, -1), -1, 0).astype(np.float32)
    bands = np.pad(bands, ((0, 0), (0, -height % block), (0, -width % block)), "edge")
    count, rows, columns = len(bands), bands.shape[1] // block, bands.shape[2]
    matrix = _matrix(block, eighths)
    lower = matrix @ bands.reshape(count, rows, block, columns)
    small = (lower.reshape(-1, block) @ matrix.T).reshape(count, rows * eighths, -1)[:, : target[1], : target[0]]
    made = np.clip(np.rint(small), 0, 255).astype(np.uint8)
    return Image.fromarray(made[0] if pixels.ndim == 2 else np.ascontiguousarray(np.moveaxis(made, 0, -1)), image.mode)


@cache
def _matrix(block: int, eighths: int) -> NDArray[np.float32]:
    """(eighths, block): from the pixels of a block to those of the smaller one, along one side."""
    made: NDArray[np.float32] = (np.sqrt(eighths / block) * _cosines(eighths).T @ _cosines(block)[:eighths]).astype(np.float32)
    return made


def _cosines(length: int) -> NDArray[np.float64]:
    """The discrete cosine transform of some length, (length, length), orthonormal."""
    place = np.arange(length)
    made: NDArray[np.float64] = np.cos(np.pi * (2 * place[None] + 1) * place[:, None] / (2 * length)) * np.sqrt(2 / length)
    made[0] /= np.sqrt(2)
    return made
