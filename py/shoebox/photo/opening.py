"""Opening with Pillow: whole files to an upright RGB picture of a wanted size.

A file that cannot be shown raises `UnreadablePhoto`, whatever Pillow and its codecs say about it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageFile

from shoebox.errors import UnreadablePhoto
from shoebox.photo import formats
from shoebox.photo.colour import from_display_p3, to_srgb
from shoebox.photo.eighths import BLOCK, decoded_at, eighth_of, has_half_colours, scaled, scaled_in_colour, size_at
from shoebox.photo.formats import Format
from shoebox.photo.headers import Header, read_header
from shoebox.photo.jpeg import largest_preview, read_jpeg
from shoebox.photo.limits import too_large
from shoebox.photo.modes import on_white, plain

# Pillow's own guard against huge pictures warns first and speaks to programmers; `limits` is ours, and stricter for what Pillow
# would decode in full. It is a setting of the whole process, so it is made once and not around every call, where threads would
# race.
Image.MAX_IMAGE_PIXELS = None

# A photo that lost its end is still worth having when at least half of its rows came.
_USABLE_SHARE: Final = 0.5
# What libjpeg paints where data is missing: all coefficients 0, in the middle of the range.
_JPEG_FILL: Final = 128
# Smaller previews in raw files are icons for the camera's own screen.
_SMALLEST_PREVIEW: Final = 120
# Pillow turns TIFF upright while loading it, and libheif HEIC; all others come as they are stored.
_TURNED_BY_DECODER: Final = frozenset({formats.TIFF.name, formats.HEIC.name})

_TRANSPOSE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: From the size of a stored picture to the size that is wanted of it, never larger: (width, height) to (width, height).
Fit = Callable[[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture, upright.

    Attributes
    ----------
    image : Image
        RGB in sRGB, on white where it was transparent, of the wanted size.
    width, height : int
        Size of the full upright photo; of the preview for raw files.
    complete : bool
        False when the file was damaged or cut off, and part of the picture is missing.
    """

    image: Image.Image
    width: int
    height: int
    complete: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """How to open one picture: its reader, the turn that makes it upright (1 to 8), the size wanted, the colours it is in."""

    kind: Format
    turn: int
    fit: Fit
    display_p3: bool = False


def open_photo(data: bytes, name: str, fit: Fit, orientation: int | None = None) -> Opened:
    """Open a whole file.

    Parameters
    ----------
    data : bytes
        All of the file.
    name : str
        Its name; only raw files without a signature of their own need it.
    fit : callable
        Which size is wanted.
    orientation : int, optional
        1 to 8, to be applied instead of what the file says.

    Returns
    -------
    Opened

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
        return _open_raw(data, kind, header, fit, orientation)
    if not kind.pillow_can():
        raise UnreadablePhoto(_why_not(kind), permanent=False)
    reason = too_large(kind, header.width, header.height)
    if reason is not None:
        raise UnreadablePhoto(reason)
    turn = header.orientation if orientation is None else orientation
    try:
        return _open(data, _Way(kind, turn, fit, header.display_p3))
    except UnreadablePhoto:
        # Makers' raw files under a TIFF signature that no name gives away: their preview is better than nothing.
        if kind is formats.TIFF and largest_preview(data) is not None:
            return _open_raw(data, kind, header, fit, orientation)
        raise


def _why_not(kind: Format) -> str:
    if kind is formats.HEIC:
        return "HEIC photos need the Python package pillow-heif, which is not installed here."
    return f"{kind.name} photos cannot be opened here yet."


def _open_raw(data: bytes, kind: Format, header: Header, fit: Fit, orientation: int | None) -> Opened:
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
    return _open(preview, _Way(formats.JPEG, turn, fit))


def _open(data: bytes, way: _Way) -> Opened:
    for complete in (True, False):
        try:
            with _quiet_pillow(lenient=not complete):
                return _open_once(data, way, complete=complete)
        except UnreadablePhoto:
            raise
        except MemoryError:
            raise UnreadablePhoto("There was not enough memory to open this photo.", permanent=False) from None
        except Exception:
            # Hostile bytes make Pillow raise nearly everything (OSError, SyntaxError, struct.error, KeyError, zlib.error, ...),
            # so everything is caught: this is the one place where a damaged file must not become a crash.
            continue
    raise UnreadablePhoto(way.kind.reason)


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


def _open_once(data: bytes, way: _Way, *, complete: bool) -> Opened:
    kind = way.kind
    with Image.open(io.BytesIO(data), formats=kind.pillow) as image:
        stored = image.size
        reason = too_large(kind, *stored)
        if reason is not None:
            raise UnreadablePhoto(reason)
        target = way.fit(*stored)
        eighths = eighth_of(stored, target) if kind is formats.JPEG else None
        block = BLOCK if eighths is None else decoded_at(stored, eighths)
        half_colours = eighths is not None and block == BLOCK and has_half_colours(image)
        draft = _draft_size(stored, target if eighths is None else size_at(stored, block))
        image.draft("YCbCr" if half_colours else None, draft)
        image.load()
        if not complete and _share_that_came(image, kind) < _USABLE_SHARE:
            raise UnreadablePhoto("The file is cut off or damaged: less than half of the picture is there.")
        # Of other modes than RGB the profile speaks about the mode's own channels, which are converted already.
        profile = image.info.get("icc_profile")
        in_colour = image.mode in ("RGB", "RGBA", "YCbCr")
        if eighths is None:
            small = plain(image)
        elif half_colours:
            with Image.open(io.BytesIO(data), formats=kind.pillow) as half:
                half.draft("YCbCr", _draft_size(stored, size_at(stored, BLOCK // 2)))
                small = scaled_in_colour(image, half, eighths, target)
        else:
            small = scaled(plain(image), eighths, target, block)
        if small.size != target:
            small = small.resize(target, Image.Resampling.BICUBIC, reducing_gap=2.0)
    small = on_white(small)
    if in_colour and isinstance(profile, bytes):
        small = Image.fromarray(to_srgb(np.asarray(small), profile))
    elif in_colour and way.display_p3:
        small = Image.fromarray(from_display_p3(np.asarray(small)))
    if way.turn in _TRANSPOSE and kind.name not in _TURNED_BY_DECODER:
        small = small.transpose(_TRANSPOSE[way.turn])
        if way.turn >= 5:
            stored = stored[1], stored[0]
    return Opened(small, *stored, complete)


def _draft_size(stored: tuple[int, int], target: tuple[int, int]) -> tuple[int, int]:
    """What to ask Pillow for so that it decodes a JPEG at the least half, quarter or eighth that is not below `target`.

    libjpeg rounds the sides up, and Pillow compares as if it rounded them down.
    """
    for scale in (8, 4, 2):
        if all(-(-side // scale) >= wanted for side, wanted in zip(stored, target, strict=True)):
            return max(1, stored[0] // scale), max(1, stored[1] // scale)
    return stored


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
