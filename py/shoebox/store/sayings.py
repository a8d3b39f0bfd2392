"""Stored statements: runs of bytes that each hold some lines of what a person said.

One run is one value in the browser's database, a `sealed` one of kind 3: its field `count` is the number of lines, its
section `lines` holds them, each with a newline after it. What a line says is the business of `library.statements`. Runs may
be read in any order, twice, or with others from elsewhere: the statements in them carry their own time.
"""

from __future__ import annotations

from collections.abc import Sequence

from shoebox.errors import StoreError
from shoebox.store.sealed import STATEMENTS, Buffer, seal, unseal


def write_lines(lines: Sequence[bytes]) -> bytes:
    """Lines, none of which holds a newline, as one run of bytes."""
    return seal(STATEMENTS, {"count": len(lines)}, {"lines": b"".join(line + b"\n" for line in lines)})


def read_lines(data: Buffer) -> list[bytes]:
    """The lines in a run of bytes.

    Raises
    ------
    StoreError
        If it is not as `write_lines` would have written it.
    """
    fields, sections = unseal(STATEMENTS, data)
    if set(sections) != {"lines"}:
        raise StoreError("A stored list of favourites and names does not have the form that it should have.")
    lines = bytes(sections["lines"]).split(b"\n")
    if lines.pop() != b"" or fields.get("count") != len(lines):
        raise StoreError("A stored list of favourites and names is not as long as it says.")
    return lines
