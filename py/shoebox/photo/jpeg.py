"""The segments of a JPEG file, and the JPEG previews inside raw files."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

_START: Final = b"\xff\xd8\xff"
# Frame headers: 0xC0 to 0xCF without DHT (C4), JPG (C8) and DAC (CC). Lossless frames (C3 and others) are raw sensor data.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SHOWABLE_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
# More segments than any photo has; 65,533 bytes each would be a header of 16 MB.
_MOST_SEGMENTS: Final = 256
# Raw files hold two or three JPEGs, and in 50 MB of sensor data the three bytes of a beginning turn up about three times by
# chance.
_MOST_PREVIEWS: Final = 64


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What the segments before the picture data say.

    Attributes
    ----------
    width, height : int
        Stored size; 0 if no frame header was found.
    exif : bytes
        The EXIF block from its byte order mark on; b'' if there is none.
    showable : bool
        Whether it is a kind of JPEG that ordinary decoders read.
    cut : bool
        Whether the bytes ended before the picture data began.
    """

    width: int = 0
    height: int = 0
    exif: bytes = b""
    showable: bool = False
    cut: bool = False


def read_jpeg(data: bytes, start: int = 0) -> JpegHeader:
    """Read the segments of the JPEG that begins at `start`. Never raises."""
    width = height = 0
    exif = b""
    showable = False
    position = start + 2
    for _ in range(_MOST_SEGMENTS):
        position = data.find(b"\xff", position)
        while position >= 0 and position + 1 < len(data) and data[position + 1] == 0xFF:
            position += 1
        if position < 0 or position + 4 > len(data):
            return JpegHeader(width, height, exif, showable, cut=True)
        marker = data[position + 1]
        if marker in _STANDALONE or marker == 0:
            position += 2
            continue
        if marker in (0xDA, 0xD9):
            break
        (length,) = struct.unpack_from(">H", data, position + 2)
        content, end = position + 4, position + 2 + length
        if marker in _FRAMES and content + 5 <= len(data) and not width:
            height, width = struct.unpack_from(">HH", data, content + 1)
            showable = marker in _SHOWABLE_FRAMES
        elif marker == 0xE1 and not exif and data.startswith(b"Exif\0", content):
            if end > len(data):
                return JpegHeader(width, height, exif, showable, cut=True)
            exif = data[content + 6 : end]
        position = max(end, position + 2)
    return JpegHeader(width, height, exif, showable)


def largest_preview(data: bytes) -> bytes | None:
    """The largest JPEG picture embedded in a raw file.

    Every maker keeps its previews elsewhere, but a JPEG begins alike everywhere, so looking for beginnings finds them all.

    Parameters
    ----------
    data : bytes
        The whole raw file.

    Returns
    -------
    bytes or None
        From the preview's first byte to the end of the file (decoders stop at the end of the picture); None if there is none.
    """
    best, best_pixels = -1, 0
    position = data.find(_START)
    for _ in range(_MOST_PREVIEWS):
        if position < 0:
            break
        found = read_jpeg(data, position)
        if found.showable and not found.cut and found.width * found.height > best_pixels:
            best, best_pixels = position, found.width * found.height
        position = data.find(_START, position + 3)
    return data[best:] if best >= 0 else None
