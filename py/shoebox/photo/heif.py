"""HEIC and AVIF: what the container says about its main image, without decoding it (ISO/IEC 23008-12).

Bytes may be cut off anywhere and hold anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shoebox.photo.boxes import MOST_BOXES, Box, boxes, find

# Quarter turns anticlockwise (`irot`), alone or with a mirror (`imir` and its axis) behind them, as an EXIF orientation.
_TURNS: Final = {0: 1, 1: 8, 2: 3, 3: 6}
_MIRRORED: Final = {
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip

#: `colour_primaries` of a file that does not say (ISO/IEC 23091-2).
UNSPECIFIED_PRIMARIES: Final = 2
# Profiles are some hundred bytes; printers' have megabytes of tables, which nothing here reads.
_LONGEST_PROFILE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class HeifFacts:
    """What a HEIC or AVIF container says about its main image.

    Attributes
    ----------
    width, height : int
        Stored size, cropped but before rotation; 0 if unknown.
    orientation : int
        As EXIF counts, 1 to 8, from the container's rotation and mirror.
    exif : bytes
        The EXIF block from its byte order mark on; b'' if there is none.
    profile : bytes
        The ICC profile; b'' if there is none.
    primaries : int
        `colour_primaries` of the file's colour description: 1 as sRGB, 12 as Display P3; 2 where it does not say.
    cut : bool
        Whether something that is there lies behind the last byte given.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    exif: bytes = b""
    profile: bytes = b""
    primaries: int = UNSPECIFIED_PRIMARIES
    cut: bool = False


def read_heif(data: bytes) -> HeifFacts:
    """Read size, rotation, colours and EXIF block of a HEIC or AVIF file's main image. Never raises."""
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
    crop: tuple[int, int] | None = None
    colours: list[tuple[int, int]] = []
    for kind, start, end in _properties(data, inside, main):
        if kind == b"ispe" and end - start >= 12:
            width, height = struct.unpack_from(">II", data, start + 4)
        elif kind == b"clap" and end - start >= 16:
            crop = _cropped(*struct.unpack_from(">4I", data, start))
        elif kind == b"irot" and end > start:
            # Properties apply in the order listed, and turning behind a mirror is mirroring behind the opposite turn.
            turns = (data[start] if mirror is None else -data[start]) & 3
        elif kind == b"imir" and end > start:
            mirror = data[start] & 1
        elif kind == b"colr":
            colours.append((start, end))
    if crop is not None and crop[0] <= width and crop[1] <= height:
        width, height = crop
    orientation = _TURNS[turns] if mirror is None else _MIRRORED[turns, mirror]
    # A picture put together of tiles may leave it to the tiles what their numbers mean.
    profile, primaries = _colours(
        data, colours or [(box.start, box.end) for box in _shared(data, inside) if box.kind == b"colr"]
    )
    exif, cut = _exif_item(data, inside)
    return HeifFacts(width, height, orientation, exif, profile, primaries, cut or meta.cut)


def _shared(data: bytes, inside: dict[bytes, Box]) -> list[Box]:
    """All properties of all items."""
    container = inside.get(b"iprp")
    found = None if container is None else find(data, b"ipco", start=container.start, end=container.end)
    return [] if found is None else list(boxes(data, found.start, found.end))


def _colours(data: bytes, places: list[tuple[int, int]]) -> tuple[bytes, int]:
    """The first ICC profile and the first `colour_primaries` in colour properties that lie from start to end."""
    profile, primaries = b"", UNSPECIFIED_PRIMARIES
    for start, end in reversed(places):
        kind = data[start : start + 4]
        if kind in (b"prof", b"rICC") and end - start <= _LONGEST_PROFILE:
            profile = data[start + 4 : end]
        elif kind == b"nclx":
            primaries = struct.unpack_from(">H", data, start + 4)[0]
    return profile, primaries


def _cropped(width: int, width_parts: int, height: int, height_parts: int) -> tuple[int, int] | None:
    """The size of a clean aperture, given as two fractions; None where it makes no sense."""
    if not width_parts or not height_parts:
        return None
    size = round(width / width_parts), round(height / height_parts)
    return size if min(size) > 0 else None


def _properties(data: bytes, inside: dict[bytes, Box], item: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each property that belongs to an item, in order."""
    listed, container = _shared(data, inside), inside.get(b"iprp")
    if container is None:
        return
    for box in boxes(data, container.start, container.end):
        if box.kind != b"ipma":
            continue
        version, wide = data[box.start], data[box.start + 3] & 1
        count = struct.unpack_from(">I", data, box.start + 4)[0]
        position = box.start + 8
        for _ in range(min(count, MOST_BOXES)):
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

    for _ in range(min(take(4 if version == 2 else 2), MOST_BOXES)):
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
