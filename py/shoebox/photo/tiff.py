"""TIFF directories: the tags of EXIF blocks, TIFF files and the camera makers' raw files.

Pillow reads these too, but it gives up a directory at its first damaged entry, needs every byte of the file at hand, and does
not know the makers' own signatures. Photos in real folders have damaged entries, and facts are read from the first bytes only,
so this reader takes every entry by itself: what is sound is kept, what is not is left out, and nothing is ever raised.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

#: A tag's value: text and opaque bytes stay bytes; numbers are tuples, rationals already divided (NaN where the divisor is 0).
Value = bytes | tuple[int, ...] | tuple[float, ...]
Directory = dict[int, Value]

EXIF_POINTER: Final = 0x8769
GPS_POINTER: Final = 0x8825
SUB_DIRECTORIES: Final = 0x014A

# Byte counts of the TIFF 6.0 field types (and 129, the UTF-8 text of EXIF 3.0).
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_CODES: Final = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_BYTE_TYPES: Final = frozenset({2, 7, 129})
_RATIONAL_TYPES: Final = {5: "I", 10: "i"}

# Nothing that is read for facts is longer; maker notes, previews and colour profiles are, and are skipped.
_LONGEST_VALUE: Final = 8192
# A directory of a real photo has fewer than 100 entries; damaged counts reach 65,535.
_MOST_ENTRIES: Final = 1024
_MOST_SUB_DIRECTORIES: Final = 8

# TIFF itself, then the variants with the makers' own signatures: Olympus (ORF), Panasonic (RW2).
_SIGNATURES: Final = {b"II*\0": "<", b"MM\0*": ">", b"IIRO": "<", b"IIRS": "<", b"MMOR": ">", b"IIU\0": "<"}


@dataclass(slots=True)
class TiffTags:
    """What the directories of a TIFF structure say.

    Attributes
    ----------
    image : Directory
        The first directory: the main image, or a raw file's thumbnail.
    photo, gps : Directory
        The EXIF and the GPS directory; empty where there is none.
    others : list of Directory
        Sub-directories (raw files keep their full-sized image there).
    cut : bool
        Whether a directory or a value lay behind the last byte that was given.
    """

    image: Directory = field(default_factory=dict)
    photo: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    others: list[Directory] = field(default_factory=list)
    cut: bool = False


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin as a TIFF structure does."""
    return data[:4] in _SIGNATURES


def read_tiff(data: bytes) -> TiffTags:
    """Read the directories of a TIFF structure.

    Parameters
    ----------
    data : bytes
        The structure from its byte order mark on; it may be cut off.

    Returns
    -------
    TiffTags
        Empty when the bytes are no TIFF structure. Never raises.
    """
    tags = TiffTags()
    order = _SIGNATURES.get(data[:4])
    if order is None or len(data) < 8:
        return tags
    tags.image = _read_directory(data, struct.unpack_from(order + "I", data, 4)[0], order, tags)
    for pointer, name in ((EXIF_POINTER, "photo"), (GPS_POINTER, "gps")):
        for offset in integers(tags.image, pointer)[:1]:
            setattr(tags, name, _read_directory(data, offset, order, tags))
    for offset in integers(tags.image, SUB_DIRECTORIES)[:_MOST_SUB_DIRECTORIES]:
        tags.others.append(_read_directory(data, offset, order, tags))
    return tags


def read_first_directory(data: bytes) -> Directory:
    """Read only the first directory of a TIFF structure (Canon's CR3 keeps each kind of tag in one of its own)."""
    order = _SIGNATURES.get(data[:4])
    if order is None or len(data) < 8:
        return {}
    return _read_directory(data, struct.unpack_from(order + "I", data, 4)[0], order, TiffTags())


def _read_directory(data: bytes, offset: int, order: str, tags: TiffTags) -> Directory:
    """One directory at `offset`; notes in `tags.cut` when something lay behind the end."""
    directory: Directory = {}
    if offset < 8:
        return directory
    if offset + 2 > len(data):
        tags.cut = True
        return directory
    count = min(struct.unpack_from(order + "H", data, offset)[0], _MOST_ENTRIES)
    for start in range(offset + 2, offset + 2 + 12 * count, 12):
        if start + 12 > len(data):
            tags.cut = True
            break
        tag, kind, number = struct.unpack_from(order + "HHI", data, start)
        size = _SIZES.get(kind, 0) * number
        if not 0 < size <= _LONGEST_VALUE:
            continue
        position = start + 8 if size <= 4 else struct.unpack_from(order + "I", data, start + 8)[0]
        if position + size > len(data):
            tags.cut = True
            continue
        # The first entry of a tag counts: a second one is against the standard, and other readers ignore it.
        directory.setdefault(tag, _value(data[position : position + size], kind, number, order))
    return directory


def _value(raw: bytes, kind: int, number: int, order: str) -> Value:
    """The bytes of an entry as the values that its type says."""
    if kind in _BYTE_TYPES:
        return raw
    if kind in _RATIONAL_TYPES:
        parts = struct.unpack(f"{order}{2 * number}{_RATIONAL_TYPES[kind]}", raw)
        return tuple(above / below if below else math.nan for above, below in zip(parts[::2], parts[1::2], strict=True))
    return struct.unpack(f"{order}{number}{_CODES[kind]}", raw)


def integers(directory: Directory, tag: int) -> tuple[int, ...]:
    """The whole numbers of a tag; empty where it is missing or of another type."""
    value = directory.get(tag, ())
    if isinstance(value, bytes):
        return ()
    return tuple(item for item in value if isinstance(item, int))


def numbers(directory: Directory, tag: int) -> tuple[float, ...]:
    """The finite numbers of a tag; empty where it is missing, is text, or holds one that is not finite."""
    value = directory.get(tag, ())
    if isinstance(value, bytes):
        return ()
    result = tuple(float(item) for item in value)
    return result if all(map(math.isfinite, result)) else ()


def text(directory: Directory, *tags: int) -> str:
    """The first of some tags that holds text, cleaned: up to its first NUL, printable, single spaces; else ''."""
    for tag in tags:
        value = directory.get(tag, b"")
        if not isinstance(value, bytes):
            value = _bytes_of(value)
        raw = value.split(b"\0", 1)[0]
        try:
            decoded = raw.decode("utf-8")
        except UnicodeDecodeError:
            decoded = raw.decode("latin-1")
        cleaned = " ".join("".join(c if c.isprintable() else " " for c in decoded).split())
        if cleaned:
            return cleaned
    return ""


def _bytes_of(value: Iterable[int | float]) -> bytes:
    """Text that a writer stored as numbers (BYTE instead of ASCII) as bytes; b'' if it cannot be that."""
    items = tuple(value)
    if all(isinstance(item, int) and 0 <= item < 256 for item in items):
        return bytes(int(item) for item in items)
    return b""
