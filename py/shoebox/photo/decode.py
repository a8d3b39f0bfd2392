"""Decoding with Pillow: whole files to upright RGB and a thumbnail.

The browser decodes what it can; this is for the rest, for the command line, and the reference that the browser's results are
compared with. A file that cannot be shown raises `UnreadablePhoto`, whatever Pillow and its codecs say about it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFile

from shoebox.errors import UnreadablePhoto
from shoebox.photo import formats
from shoebox.photo.colour import to_srgb
from shoebox.photo.formats import Format
from shoebox.photo.headers import Header, read_header
from shoebox.photo.jpeg import largest_preview, read_jpeg
from shoebox.photo.limits import too_large
from shoebox.photo.modes import on_white, plain

# Pillow's own guard against huge pictures warns first and speaks to programmers; `limits` is ours, and stricter for what Pillow
# would decode in full. It is a setting of the whole process, so it is made once and not around every call, where threads would
# race.
Image.MAX_IMAGE_PIXELS = None

#: Long side of decoded photos: twice the network's side and more, and enough for a thumbnail.
LONG_SIDE: Final = 512
#: Panoramas keep at least this much on the short side, so that squashing does not have to invent rows; but at most `_LONGEST`.
MIN_SIDE: Final = 224
_LONGEST: Final = 4096
THUMBNAIL_SIDE: Final = 400
_THUMBNAIL_QUALITY: Final = 80

# A photo that lost its end is still worth having when at least half of its rows came.
_USABLE_SHARE: Final = 0.5
# What libjpeg paints where data is missing: all coefficients 0, in the middle of the range.
_JPEG_FILL: Final = 128
# Smaller previews in raw files are icons for the camera's own screen.
_SMALLEST_PREVIEW: Final = 120

_TRANSPOSE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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
    kind = formats.sniff(data[:65_536], name)
    if kind.decoder is None:
        raise UnreadablePhoto(kind.reason)
    header = read_header(data, kind)
    if kind.raw:
        return _decode_raw(data, kind, header, orientation, min_side, thumbnail_side)
    if not kind.pillow_can():
        raise UnreadablePhoto(f"{kind.name} photos cannot be opened here yet.", permanent=False)
    reason = too_large(kind, header.width, header.height)
    if reason is not None:
        raise UnreadablePhoto(reason)
    turn = header.orientation if orientation is None else orientation
    try:
        return _decode(data, kind, turn, min_side, thumbnail_side)
    except UnreadablePhoto:
        # Makers' raw files under a TIFF signature that no name gives away: their preview is better than nothing.
        if kind is formats.TIFF and largest_preview(data) is not None:
            return _decode_raw(data, kind, header, orientation, min_side, thumbnail_side)
        raise


def _decode_raw(
    data: bytes, kind: Format, header: Header, orientation: int | None, min_side: int, thumbnail_side: int
) -> DecodedPhoto:
    """The preview in a raw file, turned as the raw file says."""
    preview = largest_preview(data)
    if preview is None:
        raise UnreadablePhoto(kind.reason)
    size = read_jpeg(preview)
    if max(size.width, size.height) < _SMALLEST_PREVIEW:
        raise UnreadablePhoto(kind.reason)
    turn = header.orientation if orientation is None else orientation
    # A preview that stands where the sensor lies was turned upright by the camera already.
    if turn >= 5 and header.width > header.height and size.width < size.height:
        turn = 1
    return _decode(preview, formats.JPEG, turn, min_side, thumbnail_side)


def _decode(data: bytes, kind: Format, turn: int, min_side: int, thumbnail_side: int) -> DecodedPhoto:
    for complete in (True, False):
        try:
            with _quiet_pillow(lenient=not complete):
                return _decode_once(data, kind, turn, min_side, thumbnail_side, complete=complete)
        except UnreadablePhoto:
            raise
        except MemoryError:
            raise UnreadablePhoto("There was not enough memory to open this photo.", permanent=False) from None
        except Exception:
            # Hostile bytes make Pillow raise nearly everything (OSError, SyntaxError, struct.error, KeyError, zlib.error, ...),
            # so everything is caught: this is the one place where a damaged file must not become a crash.
            continue
    raise UnreadablePhoto(kind.reason)


@contextmanager
def _quiet_pillow(*, lenient: bool) -> Iterator[None]:
    """Pillow without warnings on stderr, and accepting files that end too early if `lenient`."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _decode_once(data: bytes, kind: Format, turn: int, min_side: int, thumbnail_side: int, *, complete: bool) -> DecodedPhoto:
    with Image.open(io.BytesIO(data), formats=kind.pillow) as image:
        stored = image.size
        reason = too_large(kind, *stored)
        if reason is not None:
            raise UnreadablePhoto(reason)
        target = target_size(*stored, min_side)
        image.draft(None, target)
        image.load()
        if not complete and _share_that_came(image, kind) < _USABLE_SHARE:
            raise UnreadablePhoto("The file is cut off or damaged: less than half of the picture is there.")
        # Of other modes than RGB the profile speaks about the mode's own channels, which are converted already.
        profile = image.info.get("icc_profile")
        stored_colours = profile if isinstance(profile, bytes) and image.mode in ("RGB", "RGBA") else None
        small = plain(image)
        if small.size != target:
            small = small.resize(target, Image.Resampling.BICUBIC, reducing_gap=2.0)
    small = on_white(small)
    if stored_colours is not None:
        small = Image.fromarray(to_srgb(np.asarray(small), stored_colours))
    # Pillow turns TIFF upright while loading it, and nothing else.
    if kind is not formats.TIFF and turn in _TRANSPOSE:
        small = small.transpose(_TRANSPOSE[turn])
        if turn >= 5:
            stored = stored[1], stored[0]
    thumbnail = small.copy()
    thumbnail.thumbnail((thumbnail_side, thumbnail_side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    buffer = io.BytesIO()
    thumbnail.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY)
    return DecodedPhoto(
        pixels=np.array(small, dtype=np.uint8),
        photo_width=stored[0],
        photo_height=stored[1],
        thumbnail=buffer.getvalue(),
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
        complete=complete,
    )


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
        has.
    """
    longer, shorter = max(width, height), max(1, min(width, height))
    scale = min(1.0, max(LONG_SIDE / longer, min_side / shorter), _LONGEST / longer)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _share_that_came(image: Image.Image, kind: Format) -> float:
    """Share of the rows, from the top, that were there to be decoded.

    Rows that a decoder never reached stay zero; libjpeg, when it is told of the end, fills the rest with grey.
    """
    shares = [_share_above(image.getbbox(alpha_only=False), image.height)]
    if kind is formats.JPEG:
        bands = len(image.getbands())
        difference = ImageChops.difference(image, Image.new(image.mode, image.size, (_JPEG_FILL,) * bands))
        shares.append(_share_above(difference.point(([0, 0] + [255] * 254) * bands).getbbox(), image.height))
    return min(shares)


def _share_above(box: tuple[int, int, int, int] | None, height: int) -> float:
    """Share of the height down to the lower edge of a box; 0 if there is none."""
    return box[3] / height if box else 0.0
