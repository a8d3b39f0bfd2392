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
# Components of a JPEG that stores red, green and blue, as libjpeg tells (jdapimin.c).
_RGB: Final = (0x52, 0x47, 0x42)


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
    made = _scaled(pixels.reshape(*pixels.shape[:2], -1), eighths, target, block)
    made = np.clip(np.rint(made), 0, 255).astype(np.uint8)
    return Image.fromarray(made[0] if pixels.ndim == 2 else np.ascontiguousarray(np.moveaxis(made, 0, -1)), image.mode)


def has_half_colours(image: Image.Image) -> bool:
    """Whether a JPEG stores brightness, and colours at half its width and height, as most do ("4:2:0")."""
    layers = getattr(image, "layer", [])
    if len(layers) != 3 or image.info.get("adobe_transform", 1) == 0 or tuple(layer[0] for layer in layers) == _RGB:
        return False
    return [tuple(layer[1:3]) for layer in layers] == [(2, 2), (1, 1), (1, 1)]


def scaled_in_colour(full: Image.Image, half: Image.Image, eighths: int, target: tuple[int, int]) -> Image.Image:
    """As `scaled`, of a picture with half colours; made RGB.

    libjpeg takes colours from their own blocks of 8 x 8 straight to the picture's size: n eighths of the brightness are 2n
    eighths of the colours (jdmaster.c, "DCT_scaled_size").

    Parameters
    ----------
    full, half : Image
        YCbCr, decoded in full, and at half its size: then colours are as they are stored, which in full they are not any more.
    eighths, target
        As in `scaled`.
    """
    light = _scaled(np.asarray(full)[..., :1], eighths, target)
    blue, red = _scaled(np.asarray(half)[..., 1:], 2 * eighths, target)
    light, blue, red = (np.clip(np.rint(plane), 0, 255) for plane in (light[0], blue, red))
    # JFIF 1.02, page 3. Pillow's own conversion rounds down, libjpeg to the nearest.
    blue, red = blue - 128, red - 128
    made = np.stack([light + 1.402 * red, light - 0.344136286 * blue - 0.714136286 * red, light + 1.772 * blue], axis=-1)
    return Image.fromarray(np.clip(np.rint(made), 0, 255).astype(np.uint8), "RGB")


def _scaled(pixels: NDArray[np.generic], eighths: int, target: tuple[int, int], block: int = BLOCK) -> NDArray[np.float32]:
    """(height, width, bands) at some eighths, band by band: (bands, target height, target width)."""
    # Band by band, so that both steps are products of matrices.
    bands = np.moveaxis(pixels, -1, 0).astype(np.float32)
    bands = np.pad(bands, ((0, 0), (0, -bands.shape[1] % block), (0, -bands.shape[2] % block)), "edge")
    count, rows, columns = len(bands), bands.shape[1] // block, bands.shape[2]
    matrix = _matrix(block, eighths)
    lower = matrix @ bands.reshape(count, rows, block, columns)
    small = (lower.reshape(-1, block) @ matrix.T).reshape(count, rows * eighths, -1)
    return np.asarray(small[:, : target[1], : target[0]], np.float32)


@cache
def _matrix(block: int, eighths: int) -> NDArray[np.float32]:
    """(eighths, block): from the pixels of a block to those of the smaller or larger one, along one side."""
    kept = min(eighths, block)
    made = np.sqrt(eighths / block) * _cosines(eighths)[:kept].T @ _cosines(block)[:kept]
    return np.asarray(made, np.float32)


def _cosines(length: int) -> NDArray[np.float64]:
    """The discrete cosine transform of some length, (length, length), orthonormal."""
    place = np.arange(length)
    made: NDArray[np.float64] = np.cos(np.pi * (2 * place[None] + 1) * place[:, None] / (2 * length)) * np.sqrt(2 / length)
    made[0] /= np.sqrt(2)
    return made
