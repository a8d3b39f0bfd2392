"""Sizes, EXIF blocks and animation flags of every readable format, from the first bytes of a file.

Nothing is decoded here, so no codec sees a hostile file before its size is known, and a photo costs microseconds.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shoebox.photo import boxes, formats, png, tiff
from shoebox.photo.colour import is_display_p3
from shoebox.photo.formats import Format
from shoebox.photo.heif import read_heif
from shoebox.photo.jpeg import read_jpeg

ORIENTATION: Final = 0x0112
_WIDTH: Final = 0x0100
_HEIGHT: Final = 0x0101
_EXIF_WIDTH: Final = 0xA002
_EXIF_HEIGHT: Final = 0xA003
# Panasonic's RW2 gives the borders of the picture on the sensor instead of its size.
_SENSOR_TOP, _SENSOR_LEFT, _SENSOR_BOTTOM, _SENSOR_RIGHT = 4, 5, 6, 7

# SMPTE EG 432-1 in the numbers of ISO/IEC 23091-2.
_P3_PRIMARIES: Final = 12
_JP2_EXIF_UUID: Final = b"JpgTiffExif->JP2"


@dataclass(frozen=True, slots=True)
class Header:
    """What the beginning of a photo's file says.

    Attributes
    ----------
    width, height : int
        Size as stored, before any rotation; 0 if unknown.
    orientation : int
        1 to 8; 1 if the file says nothing sensible.
    tags : TiffTags
        The EXIF tags; empty where there are none.
    animated : bool
        Whether there is more than one frame in time.
    cut : bool
        Whether something that matters lies behind the bytes given.
    display_p3 : bool
        Whether the colours are Display P3; only told of HEIC and AVIF. Other formats' decoders look at profiles themselves.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    tags: tiff.TiffTags = field(default_factory=tiff.TiffTags)
    animated: bool = False
    cut: bool = False
    display_p3: bool = False


def read_header(data: bytes, kind: Format) -> Header:
    """Read what the first bytes of a photo say about it.

    Parameters
    ----------
    data : bytes
        The first bytes of the file, or all of them.
    kind : Format
        As `formats.sniff` told.

    Returns
    -------
    Header
        With zeros where nothing could be read. Never raises.
    """
    reader = _READERS.get(kind.name, _raw_in_tiff if kind.raw else None)
    if reader is None:
        return Header()
    try:
        return reader(data)
    except (struct.error, IndexError, ValueError):
        # The readers check as they go; what is left are structures cut off in the middle of a field.
        return Header(cut=True)


def _oriented(width: int, height: int, exif: bytes, *, animated: bool = False, cut: bool = False) -> Header:
    """A header whose orientation is what its EXIF block says."""
    tags = tiff.read_tiff(exif.removeprefix(b"Exif\0\0"))
    return Header(width, height, _orientation(tags.image), tags, animated, cut)


def _orientation(directory: tiff.Directory) -> int:
    value = tiff.integers(directory, ORIENTATION)[:1]
    return value[0] if value and 1 <= value[0] <= 8 else 1


def _jpeg(data: bytes) -> Header:
    found = read_jpeg(data)
    return _oriented(found.width, found.height, found.exif, cut=found.cut)


def _png(data: bytes) -> Header:
    width = height = 0
    exif = b""
    animated = False
    reached_pixels = False
    for kind, start, end in png.chunks(data):
        if kind == b"IHDR" and end - start >= 8:
            width, height = struct.unpack_from(">II", data, start)
        elif kind == b"acTL" and end - start >= 8:
            animated = struct.unpack_from(">I", data, start)[0] > 1
        elif kind == b"eXIf":
            exif = data[start:end]
        elif kind in (b"tEXt", b"zTXt") and not exif and data.startswith(b"Raw profile type ", start):
            exif = png.raw_profile(data[start:end], compressed=kind == b"zTXt")
        elif kind == b"IDAT":
            reached_pixels = True
    return _oriented(width, height, exif, animated=animated, cut=not reached_pixels)


def _webp(data: bytes) -> Header:
    width = height = 0
    exif = b""
    animated = promised = False
    position = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        start = position + 8
        if kind == b"VP8X":
            promised, animated = bool(data[start] & 8), bool(data[start] & 2)
            width = int.from_bytes(data[start + 4 : start + 7], "little") + 1
            height = int.from_bytes(data[start + 7 : start + 10], "little") + 1
        elif kind == b"VP8 " and not width and data[start + 3 : start + 6] == b"\x9d\x01\x2a":
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, start + 6))
        elif kind == b"VP8L" and not width and data[start] == 0x2F:
            bits = struct.unpack_from("<I", data, start + 1)[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"EXIF" and start + length <= len(data):
            exif = data[start : start + length]
        position = start + length + (length & 1)
    return _oriented(width, height, exif, animated=animated, cut=not width or (promised and not exif))


def _gif(data: bytes) -> Header:
    width, height = struct.unpack_from("<HH", data, 6)
    return Header(width, height, animated=_gif_has_frames(data))


def _gif_has_frames(data: bytes) -> bool:
    """Whether a second frame begins within the bytes given, or the file says that it repeats."""
    if b"NETSCAPE2.0" in data[:2048]:
        return True
    position = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    frames = 0
    while position < len(data):
        if data[position] == 0x21:
            position += 2
        elif data[position] == 0x2C and position + 10 < len(data):
            frames += 1
            if frames == 2:
                return True
            colours = data[position + 9]
            position += 11 + (3 << (colours & 7) + 1 if colours & 0x80 else 0)
        else:
            return False
        while position < len(data) and data[position]:
            position += data[position] + 1
        position += 1
    return False


def _bmp(data: bytes) -> Header:
    if data[14] == 12:
        return Header(*struct.unpack_from("<HH", data, 18))
    width, height = struct.unpack_from("<ii", data, 18)
    return Header(abs(width), abs(height))


def _tiff(data: bytes) -> Header:
    tags = tiff.read_tiff(data)
    width, height = _size(tags.image)
    return Header(width, height, _orientation(tags.image), tags, cut=tags.cut)


def _size(directory: tiff.Directory) -> tuple[int, int]:
    width, height = tiff.integers(directory, _WIDTH)[:1], tiff.integers(directory, _HEIGHT)[:1]
    return (width[0], height[0]) if width and height else (0, 0)


def _jp2(data: bytes) -> Header:
    if data.startswith(b"\xff\x4f\xff\x51"):
        right, bottom, left, top = struct.unpack_from(">IIII", data, 8)
        return Header(right - left, bottom - top)
    size = boxes.find(data, b"jp2h", b"ihdr")
    if size is None:
        return Header(cut=True)
    height, width = struct.unpack_from(">II", data, size.start)
    exif = b""
    for box in boxes.boxes(data):
        if box.kind == b"uuid" and data.startswith(_JP2_EXIF_UUID, box.start):
            exif = data[box.start + 16 : box.end]
    return _oriented(width, height, exif)


def _heif(data: bytes) -> Header:
    found = read_heif(data)
    tags = tiff.read_tiff(found.exif)
    animated = data[8:12] in (b"avis", b"msf1", b"hevc")
    wide = is_display_p3(found.profile) if found.profile else found.primaries == _P3_PRIMARIES
    # The container's rotation is the one that decoders apply; these formats' EXIF orientation is a note without effect.
    return Header(found.width, found.height, found.orientation, tags, animated, found.cut, wide)


def _jxl(data: bytes) -> Header:
    box = boxes.find(data, b"Exif")
    if box is None or box.end - box.start < 8:
        return Header()
    skip = struct.unpack_from(">I", data, box.start)[0]
    found = _oriented(0, 0, data[box.start + 4 + skip : box.end])
    # As in HEIC, the picture's own header says how to turn it.
    return Header(tags=found.tags)


def _psd(data: bytes) -> Header:
    height, width = struct.unpack_from(">II", data, 14)
    return Header(width, height)


def _raw_in_tiff(data: bytes) -> Header:
    tags = tiff.read_tiff(data)
    sizes = [_size(directory) for directory in (tags.image, *tags.others)]
    borders = [tiff.integers(tags.image, tag) for tag in (_SENSOR_TOP, _SENSOR_LEFT, _SENSOR_BOTTOM, _SENSOR_RIGHT)]
    if data.startswith(b"IIU\0") and all(borders):
        top, left, bottom, right = (border[0] for border in borders)
        sizes.append((right - left, bottom - top))
    exif_size = (tiff.integers(tags.photo, _EXIF_WIDTH)[:1], tiff.integers(tags.photo, _EXIF_HEIGHT)[:1])
    if exif_size[0] and exif_size[1]:
        sizes.append((exif_size[0][0], exif_size[1][0]))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Header(width, height, _orientation(tags.image), tags, cut=tags.cut)


def _raf(data: bytes) -> Header:
    start, length = struct.unpack_from(">II", data, 84)
    found = _jpeg(data[start : start + length])
    return Header(found.width, found.height, found.orientation, found.tags, cut=found.cut)


def _cr3(data: bytes) -> Header:
    tags = tiff.TiffTags()
    movie = boxes.find(data, b"moov")
    if movie is None:
        return Header(cut=True)
    for box in boxes.boxes(data, movie.start, movie.end):
        if box.kind != b"uuid" or not data.startswith(boxes.CANON_UUID, box.start):
            continue
        for part in boxes.boxes(data, box.start + 16, box.end):
            content = data[part.start : part.end]
            if part.kind == b"CMT1":
                tags.image = tiff.read_first_directory(content)
            elif part.kind == b"CMT2":
                tags.photo = tiff.read_first_directory(content)
            elif part.kind == b"CMT4":
                tags.gps = tiff.read_first_directory(content)
    width, height = _size(tags.image)
    return Header(width, height, _orientation(tags.image), tags, cut=movie.cut)


_READERS: Final[dict[str, Callable[[bytes], Header]]] = {
    formats.JPEG.name: _jpeg,
    formats.PNG.name: _png,
    formats.WEBP.name: _webp,
    formats.GIF.name: _gif,
    formats.BMP.name: _bmp,
    formats.TIFF.name: _tiff,
    formats.JP2.name: _jp2,
    formats.HEIC.name: _heif,
    formats.AVIF.name: _heif,
    formats.JXL.name: _jxl,
    formats.PSD.name: _psd,
    formats.RAF.name: _raf,
    formats.CR3.name: _cr3,
}
