"""Boxes: the container of HEIC, AVIF, JPEG 2000, JPEG XL and Canon's CR3 (ISO base media file format).

Bytes may be cut off anywhere and hold anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# The uuid box in which Canon keeps the tags of a CR3 file.
CANON_UUID: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")

#: More boxes on one level than any photo has; a hostile file can hold a million empty ones.
MOST_BOXES: Final = 4096


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, where its content starts, and where it ends (both clipped to the bytes given)."""

    kind: bytes
    start: int
    end: int
    cut: bool


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes on one level, in order; stops at the first that makes no sense."""
    stop = len(data) if end is None else min(end, len(data))
    for _ in range(MOST_BOXES):
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
