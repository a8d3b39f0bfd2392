"""From decoded photos to the squares that the networks take: one way only, the same on every platform.

The last resize decides how a vector comes out, and browsers each do it their own way. So however a photo was decoded, it is
brought to the network's size here, by Pillow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Changes whenever the same photo would give other squares; vectors are stored with it and never compared across it.
PREPROCESSING: Final = "squash-bicubic-1"

_CHANNELS: Final = 3


def squash(photo: NDArray[np.uint8] | Image.Image, side: int) -> NDArray[np.uint8]:
    """Squash a photo to a square, whatever its shape: nothing is cut off.

    Parameters
    ----------
    photo : uint8 array of shape (height, width, 3), or PIL.Image.Image of mode 'RGB'
        Upright.
    side : int
        Pixels of the square's side.

    Returns
    -------
    uint8 array of shape (side, side, 3)
        C-contiguous, with memory of its own.

    Raises
    ------
    ValueError
        If the photo is not of that shape and type, or the side is not positive.
    """
    if side <= 0:
        raise ValueError(f"the side of a square must be positive, not {side}")
    image = photo if isinstance(photo, Image.Image) else _image(photo)
    if image.mode != "RGB" or not image.width or not image.height:
        raise ValueError(f"a photo must be RGB and not empty, not {image.mode} of {image.width} x {image.height}")
    square = image.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.array(square, dtype=np.uint8)


def photo_from_bytes(data: bytes | bytearray | memoryview, width: int, height: int) -> NDArray[np.uint8]:
    """View raw RGB bytes as a photo.

    Parameters
    ----------
    data : bytes-like of length width * height * 3
        Rows from the top, RGB.
    width, height : int
        Pixels.

    Returns
    -------
    uint8 array of shape (height, width, 3)
        Shares the memory of `data`.

    Raises
    ------
    ValueError
        If the length does not fit the size.
    """
    flat = np.frombuffer(data, dtype=np.uint8)
    if width <= 0 or height <= 0 or flat.size != width * height * _CHANNELS:
        raise ValueError(f"{flat.size} bytes are not {width} x {height} pixels of 3 bytes")
    return flat.reshape(height, width, _CHANNELS)


def batch(photos: Sequence[NDArray[np.uint8] | Image.Image], side: int) -> NDArray[np.uint8]:
    """Squash several photos into one input for the network.

    Parameters
    ----------
    photos : sequence of uint8 arrays of shape (height, width, 3) or of RGB images
        n of them, each of its own size.
    side : int
        Pixels of the squares' sides.

    Returns
    -------
    uint8 array of shape (n, side, side, 3)
        C-contiguous.

    Raises
    ------
    ValueError
        As `squash`.
    """
    result = np.empty((len(photos), side, side, _CHANNELS), dtype=np.uint8)
    for row, photo in zip(result, photos, strict=True):
        row[:] = squash(photo, side)
    return result


def _image(photo: NDArray[np.uint8]) -> Image.Image:
    if photo.ndim != 3 or photo.shape[2] != _CHANNELS or photo.dtype != np.uint8:
        raise ValueError(f"a photo must be uint8 of shape (height, width, 3), not {photo.dtype} of shape {photo.shape}")
    return Image.fromarray(np.ascontiguousarray(photo))
