"""Boxes: the container of HEIC, AVIF, JPEG 2000, JPEG XL and Canon's CR3 (ISO base media file format).

Only what facts need is read: sizes, rotation, and where the EXIF block lies. Bytes may be cut off anywhere and hold anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# The uuid box in which Canon keeps the tags of a CR3 file.
CANON_UUID: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")

# More boxes on one level than any photo has; a hostile file can hold a million empty ones.
_MOST_BOXES: Final = 4096

# How `irot` (quarter turns anticlockwise) and `imir` (mirror axis) read as an EXIF orientation. Files apply them in the order
# in which they are listed; mirror after rotation is the only one that cameras and encoders write, and the one read here.
_TURNS: Final = {0: 1, 1: 8, 2: 3, 3: 6}
_MIRRORED: Final = {
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, where its content starts, and where it ends (both clipped to the bytes given)."""

    kind: bytes
    start: int
    end: int
    cut: bool


@dataclass(frozen=True, slots=True)
class HeifFacts:
    """What a HEIC or AVIF container says about its main image.

    Attributes
    ----------
    width, height : int
        Stored size, before rotation; 0 if unknown.
    orientation : int
        As EXIF counts, 1 to 8, from the container's rotation and mirror.
    exif : bytes
        The EXIF block from its byte order mark on; b'' if there is none.
    cut : bool
        Whether something that is there lies behind the last byte given.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    exif: bytes = b""
    cut: bool = False


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes on one level, in order; stops at the first that makes no sense."""
    stop = len(data) if end is None else min(end, len(data))
    for _ in range(_MOST_BOXES):
        if start + 8 > stop:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        content = start + 8
        if size == 1:
            if start + 16 > stop:
                return
            size = struct.unpack_from(">Q", data, start + 8)[0]
            content = start + 16
        elif size == 0:
            size = stop - start
        if start + size < content:
            return
        yield Box(kind, content, min(start + size, stop), start + size > stop)
        start += size


def find(data: bytes, *path: bytes, start: int = 0, end: int | None = None) -> Box | None:
    """The first box along a path of kinds ('meta' is entered behind its version field)."""
    found: Box | None = None
    for kind in path:
        found = next((box for box in boxes(data, start, end) if box.kind == kind), None)
        if found is None:
            return None
        start, end = found.start + (4 if kind == b"meta" else 0), found.end
    return found


def read_heif(data: bytes) -> HeifFacts:
    """Read size, rotation and EXIF block of a HEIC or AVIF file's main image. Never raises."""
    meta = find(data, b"meta")
    if meta is None:
        return HeifFacts(cut=True)
    try:
        return _read_meta(data, meta)
    except (struct.error, IndexError):
        return HeifFacts(cut=meta.cut)


def _read_meta(data: bytes, meta: Box) -> HeifFacts:
    inside = {box.kind: box for box in boxes(data, meta.start + 4, meta.end)}
    main = 0
    if b"pitm" in inside:
        box = inside[b"pitm"]
        main = struct.unpack_from(">I" if data[box.start] else ">H", data, box.start + 4)[0]
    width = height = turns = 0
    mirror: int | None = None
    for kind, start, end in _properties(data, inside.get(b"iprp"), main):
        if kind == b"ispe" and end - start >= 12:
            width, height = struct.unpack_from(">II", data, start + 4)
        elif kind == b"irot" and end > start:
            turns = data[start] & 3
        elif kind == b"imir" and end > start:
            mirror = data[start] & 1
    orientation = _TURNS[turns] if mirror is None else _MIRRORED[turns, mirror]
    exif, cut = _exif_item(data, inside)
    return HeifFacts(width, height, orientation, exif, cut or meta.cut)


def _properties(data: bytes, container: Box | None, item: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each property that belongs to an item, in order."""
    if container is None:
        return
    shared = find(data, b"ipco", start=container.start, end=container.end)
    if shared is None:
        return
    listed = list(boxes(data, shared.start, shared.end))
    for box in boxes(data, container.start, container.end):
        if box.kind != b"ipma":
            continue
        version, wide = data[box.start], data[box.start + 3] & 1
        count = struct.unpack_from(">I", data, box.start + 4)[0]
        position = box.start + 8
        for _ in range(min(count, _MOST_BOXES)):
            if position >= box.end:
                break
            owner = struct.unpack_from(">I" if version else ">H", data, position)[0]
            position += 4 if version else 2
            number = data[position]
            position += 1
            for _ in range(number):
                index = struct.unpack_from(">H", data, position)[0] & 0x7FFF if wide else data[position] & 0x7F
                position += 2 if wide else 1
                if owner == item and 0 < index <= len(listed):
                    found = listed[index - 1]
                    yield found.kind, found.start, found.end


def _exif_item(data: bytes, inside: dict[bytes, Box]) -> tuple[bytes, bool]:
    """The EXIF block among the items, and whether it is there but lies behind the end of the bytes."""
    items, places = inside.get(b"iinf"), inside.get(b"iloc")
    if items is None or places is None:
        return b"", False
    wanted = None
    for box in boxes(data, items.start + (8 if data[items.start] else 6), items.end):
        if box.kind != b"infe" or box.end - box.start < 12:
            continue
        version = data[box.start]
        layout = ">IH4s" if version == 3 else ">HH4s"
        item, _, kind = struct.unpack_from(layout, data, box.start + 4)
        if version >= 2 and kind == b"Exif":
            wanted = item
    if wanted is None:
        return b"", False
    place = _place_of(data, places, wanted, inside.get(b"idat"))
    if place is None:
        return b"", False
    start, length = place
    if length < 8 or start + length > len(data):
        return b"", start + length > len(data)
    # The block begins with how far behind itself the TIFF structure starts, usually past 'Exif\0\0'.
    skip = struct.unpack_from(">I", data, start)[0]
    return data[start + 4 + skip : start + length], False


def _place_of(data: bytes, places: Box, wanted: int, inline: Box | None) -> tuple[int, int] | None:
    """Start and length of an item's first extent."""
    version = data[places.start]
    sizes = struct.unpack_from(">H", data, places.start + 4)[0]
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    position = places.start + 6

    def take(size: int) -> int:
        nonlocal position
        value = int.from_bytes(data[position : position + size], "big")
        position += size
        return value

    for _ in range(min(take(4 if version == 2 else 2), _MOST_BOXES)):
        if position >= places.end:
            return None
        item = take(4 if version == 2 else 2)
        method = take(2) & 15 if version in (1, 2) else 0
        take(2)
        base = take(base_size)
        for extent in range(take(2)):
            if position >= places.end:
                return None
            take(index_size)
            start, length = base + take(offset_size), take(length_size)
            if item == wanted and extent == 0:
                if method == 1:
                    return (inline.start + start, length) if inline else None
                return (start, length) if method == 0 else None
    return None
