"""The chunks of a PNG file, and EXIF blocks that hide in its text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

# An EXIF block inside compressed text grows to at most this many bytes; more is no EXIF block but an attack.
_LONGEST_TEXT: Final = 1 << 20


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each chunk that is there in full, up to the end of the file."""
    position = 8
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        start, end = position + 8, position + 8 + length
        if end > len(data) and kind != b"IDAT":
            return
        yield kind, start, min(end, len(data))
        if kind == b"IEND":
            return
        position = end + 4


def raw_profile(chunk: bytes, *, compressed: bool) -> bytes:
    """The EXIF block that ImageMagick writes as hexadecimal text: title, length, digits."""
    title, _, body = chunk.partition(b"\0")
    if title not in (b"Raw profile type exif", b"Raw profile type APP1"):
        return b""
    if compressed:
        try:
            body = zlib.decompressobj().decompress(body[1:], _LONGEST_TEXT)
        except zlib.error:
            return b""
    parts = body[:_LONGEST_TEXT].split(maxsplit=2)
    if len(parts) < 3:
        return b""
    digits = b"".join(parts[2].split())
    try:
        return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    except ValueError:
        return b""
