"""Bytes that say what they are and whether they are whole: the outer form of blocks, journal entries and statements.

Layout, little endian::

    0    8 bytes   magic "SHOEBOX" 0x1A (a text editor or a text-mode copy breaks it visibly)
    8    uint16    version of the layout, 1
    10   uint16    kind: 1 block, 2 journal entry, 3 statements, 4 faces, 5 people, 6 duplicates, 7 thumbnails; and of an
                   archive 8 the beginning and 9 the end; 10 vectors of the next pack, 11 text
    12   uint32    length of the header in bytes, without padding
    16   uint32    crc32 of the header
    20   uint32    zero
    24   header    JSON, UTF-8: {"fields": {...}, "sections": [[name, length, crc32], ...]}
         sections  in that order, each padded with zeros to a multiple of 8 bytes, as is the header

Every byte is covered: a flipped bit, a missing end or anything appended is a `StoreError`, never a wrong answer.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import json_text
from shoebox.errors import StoreError

MAGIC = b"SHOEBOX\x1a"
VERSION = 1
BLOCK = 1
JOURNAL = 2
STATEMENTS = 3
FACES = 4
PEOPLE = 5
DUPLICATES = 6
PICTURES = 7
ARCHIVE = 8
END = 9
NEXT = 10
TEXTS = 11

_PREAMBLE = struct.Struct("<8sHHIII")
_NAMES = {
    BLOCK: "block",
    JOURNAL: "journal entry",
    STATEMENTS: "list of favourites and names",
    FACES: "list of faces",
    PEOPLE: "list of people",
    DUPLICATES: "list of duplicates",
    PICTURES: "list of thumbnails",
    ARCHIVE: "beginning of an archive",
    END: "end of an archive",
    NEXT: "list of descriptions by another model pack",
    TEXTS: "list of text in photos",
}
Buffer = bytes | bytearray | memoryview


class NewerStore(StoreError):
    """Something was stored by a newer Shoebox; it is not damaged and must be kept."""


def seal(kind: int, fields: Mapping[str, Any], sections: Mapping[str, Buffer]) -> bytes:
    """Sections and fields as one run of bytes.

    Parameters
    ----------
    kind : int
        `BLOCK`, `JOURNAL`, `STATEMENTS`, ...
    fields : mapping
        What JSON can hold.
    sections : mapping of str to buffer
        The columns, each C-contiguous.
    """
    views = {name: memoryview(data).cast("B") if len(data) else memoryview(b"") for name, data in sections.items()}
    table = [[name, len(view), zlib.crc32(view)] for name, view in views.items()]
    header = json.dumps({"fields": dict(fields), "sections": table}, separators=(",", ":")).encode()
    preamble = _PREAMBLE.pack(MAGIC, VERSION, kind, len(header), zlib.crc32(header), 0)
    parts: list[Buffer] = [preamble, header, _padding(len(header))]
    for view in views.values():
        parts += [view, _padding(len(view))]
    return b"".join(parts)


def unseal(kind: int, data: Buffer) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """The fields and sections of `seal`, checked.

    Returns
    -------
    fields : dict
    sections : dict of str to memoryview
        Views into `data`, of bytes.

    Raises
    ------
    StoreError
        If a byte differs from what was sealed, or it is of another kind or version.
    """
    view = memoryview(data).cast("B") if len(data) else memoryview(b"")
    what = _NAMES[kind]
    if len(view) < _PREAMBLE.size:
        raise StoreError(f"A stored {what} is cut off.")
    magic, version, found, length, checksum, zero = _PREAMBLE.unpack_from(view)
    if magic != MAGIC or found != kind or zero:
        raise StoreError(f"Something stored as a {what} is not one.")
    if version > VERSION:
        raise NewerStore(f"A stored {what} was written by a newer Shoebox.", "Reload the page to get the newest version.")
    if version != VERSION:
        raise StoreError(f"A stored {what} has version {version}, which this Shoebox does not know.")
    walk = _Walk(view, _PREAMBLE.size, what)
    fields, table = _header(walk.take(length, checksum), what)
    sections = {name: walk.take(size, crc) for name, size, crc in table}
    if walk.position != len(view):
        raise StoreError(f"A stored {what} has bytes after its end.")
    return fields, sections


def column(sections: Mapping[str, memoryview], name: str, dtype: str, shape: tuple[int, ...], kind: int) -> NDArray[Any]:
    """A section as an array of `shape`: a view into what was unsealed, little-endian, not to be written to.

    Parameters
    ----------
    sections : mapping of str to memoryview
    name : str
    dtype : str
        Such as "<f2".
    shape : tuple of int
    kind : int
        What was unsealed; named in errors, here and below.

    Raises
    ------
    StoreError
        If the section has another length.
    """
    data = sections[name]
    if len(data) != int(np.prod(shape)) * np.dtype(dtype).itemsize:
        raise StoreError(f"The column {name} of a stored {_NAMES[kind]} has the wrong length.")
    return np.frombuffer(data, dtype).reshape(shape)


def whole(fields: Mapping[str, Any], name: str, kind: int) -> int:
    """A field that is a whole number from 0 up; `StoreError` if it is not."""
    value = fields.get(name)
    if type(value) is not int or not 0 <= value < 2**53:
        raise StoreError(f"A stored {_NAMES[kind]} does not say its {name}.")
    return value


def word(fields: Mapping[str, Any], name: str, kind: int) -> str:
    """A field that is text; `StoreError` if it is not."""
    value = fields.get(name)
    if type(value) is not str:
        raise StoreError(f"A stored {_NAMES[kind]} does not say its {name}.")
    return value


class _Walk:
    """Takes padded, checksummed stretches of bytes one after another."""

    def __init__(self, view: memoryview, position: int, what: str) -> None:
        self.view, self.position, self.what = view, position, what

    def take(self, length: int, checksum: int) -> memoryview:
        end = self.position + length
        padded = end + (-length) % 8
        if padded > len(self.view):
            raise StoreError(f"A stored {self.what} is cut off.")
        part = self.view[self.position : end]
        if zlib.crc32(part) != checksum or any(self.view[end:padded]):
            raise StoreError(f"A stored {self.what} is damaged.")
        self.position = padded
        return part


def _header(part: memoryview, what: str) -> tuple[dict[str, Any], list[tuple[str, int, int]]]:
    """The JSON of the header, with every field of the wrong type refused."""
    try:
        header = json_text.parse(bytes(part))
    except ValueError as error:
        raise StoreError(f"The header of a stored {what} cannot be read.") from error
    fields, table = (header.get("fields"), header.get("sections")) if isinstance(header, dict) else (None, None)
    if not isinstance(fields, dict) or not isinstance(table, list):
        raise StoreError(f"The header of a stored {what} is incomplete.")
    return fields, list(_sections(table, what))


def _sections(table: list[Any], what: str) -> Iterator[tuple[str, int, int]]:
    seen: set[str] = set()
    for row in table:
        if not isinstance(row, list) or len(row) != 3 or not isinstance(row[0], str) or row[0] in seen:
            raise StoreError(f"The list of columns of a stored {what} cannot be read.")
        if not all(type(number) is int and 0 <= number < 2**32 for number in row[1:]):
            raise StoreError(f"The list of columns of a stored {what} cannot be read.")
        seen.add(row[0])
        yield row[0], row[1], row[2]


def _padding(length: int) -> bytes:
    return bytes((-length) % 8)
