"""From decoded photos to the squares that the networks take: as the pack says, and the same on every platform.

The last resize decides how a vector comes out, and browsers each do it their own way. So however a photo was decoded, it is
brought to the network's size here, by Pillow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Fit = Literal["squash", "crop", "pad"]
Resampling = Literal["nearest", "bilinear", "bicubic", "lanczos"]
#: Squash the whole photo to the square, cut the middle out of it, or put it on black whole.
FITS: Final[tuple[Fit, ...]] = ("squash", "crop", "pad")
RESAMPLINGS: Final[tuple[Resampling, ...]] = ("nearest", "bilinear", "bicubic", "lanczos")

_CHANNELS: Final = 3
# Changes whenever the same photo would give other squares.
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network's squares are made like.

    Attributes
    ----------
    side : int
        Pixels.
    fit : {'squash', 'crop', 'pad'}
    resampling : {'nearest', 'bilinear', 'bicubic', 'lanczos'}
    """

    side: int
    fit: Fit = "squash"
    resampling: Resampling = "bicubic"

    @property
    def id(self) -> str:
        """What is stored with vectors, which are never compared across it."""
        return f"{self.fit}-{self.resampling}-{_VERSION}"


def square(photo: NDArray[np.uint8] | Image.Image, shape: Shape) -> NDArray[np.uint8]:
    """A photo as the square that a network takes.

    Parameters
    ----------
    photo : uint8 array of shape (height, width, 3), or PIL.Image.Image of mode 'RGB'
        Upright.
    shape : Shape

    Returns
    -------
    uint8 array of shape (side, side, 3)
        C-contiguous, with memory of its own.

    Raises
    ------
    ValueError
        As `squash`.
    """
    side, how = shape.side, Image.Resampling[shape.resampling.upper()]
    if shape.fit == "squash":
        return squash(photo, side, how)
    image = _checked(photo, side)
    width, height = image.size
    if shape.fit == "crop":
        edge = min(width, height)
        # torchvision's order is to resize the shorter side and then to cut; cutting first gives the same square and less work.
        left, top = (width - edge) / 2, (height - edge) / 2
        return np.array(image.resize((side, side), how, (left, top, left + edge, top + edge), reducing_gap=2.0), dtype=np.uint8)
    scale = side / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    whole = Image.new("RGB", (side, side))
    whole.paste(image.resize(size, how, reducing_gap=2.0), ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.array(whole, dtype=np.uint8)


def squash(
    photo: NDArray[np.uint8] | Image.Image, side: int, how: Image.Resampling = Image.Resampling.BICUBIC
) -> NDArray[np.uint8]:
    """Squash a photo to a square, whatever its shape: nothing is cut off.

    Parameters
    ----------
    photo : uint8 array of shape (height, width, 3), or PIL.Image.Image of mode 'RGB'
        Upright.
    side : int
        Pixels of the square's side.
    how : PIL.Image.Resampling

    Returns
    -------
    uint8 array of shape (side, side, 3)
        C-contiguous, with memory of its own.

    Raises
    ------
    ValueError
        If the photo is not of that shape and type, or the side is not positive.
    """
    return np.array(_checked(photo, side).resize((side, side), how, reducing_gap=2.0), dtype=np.uint8)


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


def batch(photos: Sequence[NDArray[np.uint8] | Image.Image], shape: Shape) -> NDArray[np.uint8]:
    """Make several photos one input for the network.

    Parameters
    ----------
    photos : sequence of uint8 arrays of shape (height, width, 3) or of RGB images
        n of them, each of its own size.
    shape : Shape

    Returns
    -------
    uint8 array of shape (n, side, side, 3)
        C-contiguous.

    Raises
    ------
    ValueError
        As `squash`.
    """
    result = np.empty((len(photos), shape.side, shape.side, _CHANNELS), dtype=np.uint8)
    for row, photo in zip(result, photos, strict=True):
        row[:] = square(photo, shape)
    return result


def _checked(photo: NDArray[np.uint8] | Image.Image, side: int) -> Image.Image:
    if side <= 0:
        raise ValueError(f"the side of a square must be positive, not {side}")
    image = photo if isinstance(photo, Image.Image) else _image(photo)
    if image.mode != "RGB" or not image.width or not image.height:
        raise ValueError(f"a photo must be RGB and not empty, not {image.mode} of {image.width} x {image.height}")
    return image


def _image(photo: NDArray[np.uint8]) -> Image.Image:
    if photo.ndim != 3 or photo.shape[2] != _CHANNELS or photo.dtype != np.uint8:
        raise ValueError(f"a photo must be uint8 of shape (height, width, 3), not {photo.dtype} of shape {photo.shape}")
    return Image.fromarray(np.ascontiguousarray(photo))
