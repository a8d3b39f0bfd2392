"""Decoding with Pillow: whole files to upright RGB and a thumbnail, or to a picture that every screen shows.

The browser decodes what it can; this is for the rest, for the command line, and the reference that the browser's results are
compared with.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.photo import formats
from shoebox.photo.eighths import BLOCK, size_at
from shoebox.photo.opening import open_photo

#: Long side of decoded photos: twice the network's side and more, and enough for a thumbnail.
LONG_SIDE: Final = 512
#: Panoramas keep at least this much on the short side, so that squashing does not have to invent rows; but at most `_LONGEST`.
MIN_SIDE: Final = 224
_LONGEST: Final = 4096
# What is little larger than it need be stays as it is; the same in sizes.ts.
_LITTLE_LARGER: Final = 1.3
_AS_IT_IS: Final = int(LONG_SIDE * _LITTLE_LARGER)
THUMBNAIL_SIDE: Final = 400
_THUMBNAIL_QUALITY: Final = 80
#: Pixels of a photo in full: those of a camera of 24 megapixels, three times those of a 4K screen. The same in sizes.ts.
MOST_PIXELS: Final = 24_000_000
_FULL_QUALITY: Final = 90


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """A photo, upright, as the networks and the grid need it.

    Attributes
    ----------
    pixels : uint8 array of shape (height, width, 3)
        sRGB, composited on white, C-contiguous, long side at most about 512 (panoramas more), never enlarged.
    photo_width, photo_height : int
        Size of the full upright photo; of the preview for raw files.
    thumbnail : bytes
        JPEG, long side at most 400.
    thumbnail_width, thumbnail_height : int
        Its size.
    complete : bool
        False when the file was damaged or cut off, and part of the picture is missing.
    """

    pixels: NDArray[np.uint8]
    photo_width: int
    photo_height: int
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int
    complete: bool


def decode_photo(
    data: bytes,
    name: str = "",
    *,
    orientation: int | None = None,
    min_side: int = MIN_SIDE,
    thumbnail_side: int = THUMBNAIL_SIDE,
) -> DecodedPhoto:
    """Decode a whole file.

    Parameters
    ----------
    data : bytes
        All of the file.
    name : str
        Its name; only raw files without a signature of their own need it.
    orientation : int, optional
        1 to 8, to be applied instead of what the file says.
    min_side : int
        Short side that panoramas keep.
    thumbnail_side : int
        Long side of the thumbnail.

    Returns
    -------
    DecodedPhoto

    Raises
    ------
    UnreadablePhoto
        With a plain sentence, whatever the bytes are.
    """

    def fit(width: int, height: int) -> tuple[int, int]:
        return target_size(width, height, min_side)

    def fit_jpeg(width: int, height: int) -> tuple[int, int]:
        return jpeg_size(width, height, min_side, thumbnail_side)

    is_jpeg = formats.sniff(data[:65_536], name) is formats.JPEG
    opened = open_photo(data, name, fit_jpeg if is_jpeg else fit, orientation)
    thumbnail = opened.image.copy()
    thumbnail.thumbnail((thumbnail_side, thumbnail_side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return DecodedPhoto(
        pixels=np.array(opened.image, dtype=np.uint8),
        photo_width=opened.width,
        photo_height=opened.height,
        thumbnail=_jpeg(thumbnail, _THUMBNAIL_QUALITY),
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
        complete=opened.complete,
    )


def full_photo(data: bytes, name: str = "") -> tuple[bytes, int, int]:
    """A photo as a JPEG for the screen, in full where it has at most `MOST_PIXELS`, with its width and height.

    Raises
    ------
    UnreadablePhoto
        With a plain sentence, whatever the bytes are.
    """
    image = open_photo(data, name, full_size).image
    return _jpeg(image, _FULL_QUALITY), image.width, image.height


def full_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a photo of `width` x `height` is shown in full."""
    scale = min(1.0, (MOST_PIXELS / max(1, width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def jpeg_size(width: int, height: int, min_side: int = MIN_SIDE, thumbnail_side: int = THUMBNAIL_SIDE) -> tuple[int, int]:
    """The size to which a JPEG is decoded: as `web/src/workers/decode/sizes.ts` has it, so that both see the same picture.

    JPEG can be decoded at an eighth to seven eighths of its size, which is cheaper and sharper than scaling it afterwards; so
    it is the least eighth that is enough, unless that is much larger than `target_size`.

    Parameters
    ----------
    width, height : int
        Pixels of the photo.
    min_side : int
        Short side to keep where there is that much.
    thumbnail_side : int
        Long side to keep where there is that much.
    """
    longer, shorter = max(width, height), max(1, min(width, height))
    if longer <= _AS_IT_IS:
        return width, height
    eighths = min(BLOCK, max(1, _ceil(BLOCK * min_side, shorter), _ceil(BLOCK * thumbnail_side, longer)))
    there = size_at((width, height), eighths)
    wanted = target_size(*there, min_side)
    return there if there[0] <= wanted[0] * _LITTLE_LARGER and max(there) <= _LONGEST else wanted


def _ceil(number: int, divisor: int) -> int:
    return -(-number // divisor)


def target_size(width: int, height: int, min_side: int = MIN_SIDE) -> tuple[int, int]:
    """The size to which a photo is decoded.

    Parameters
    ----------
    width, height : int
        Pixels of the photo.
    min_side : int
        Short side to keep where there is that much.

    Returns
    -------
    tuple of int
        Width and height: long side 512, or more where the short side would fall under `min_side`; never more than the photo
        has. A photo that is little larger stays as it is.
    """
    longer, shorter = max(width, height), max(1, min(width, height))
    if longer <= _AS_IT_IS:
        return width, height
    scale = min(1.0, max(LONG_SIDE / longer, min_side / shorter), _LONGEST / longer)
    return max(1, round(width * scale)), max(1, round(height * scale))
