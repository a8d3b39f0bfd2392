"""Journal entries: one change to the library each, appended until `compact` folds them into blocks.

An entry is a `sealed` run of bytes of kind 2. Its field `sequence` is its number, which is also its key in the
database; entries are applied in that order. What it changes, in the order in which it is done:

1. `remove`: ids of photos that leave, with all their paths;
2. the section `rows`, if it is there: a whole block with new photos. A row whose id is there already is replaced;
3. `paths`: [name, id, mtime]: the photo now (also) lies there. A photo that lay there before loses the path;
4. `drop`: names that are gone.

A photo leaves when its last path does. What names an unknown photo is passed over, so that doing an entry twice is doing it
once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shoebox.errors import StoreError
from shoebox.store.blocks import Block, read_block, write_block
from shoebox.store.rows import LAST_MOMENT, Rows
from shoebox.store.sealed import JOURNAL, Buffer, seal, unseal


@dataclass(slots=True)
class Change:
    """One change to the library.

    Attributes
    ----------
    remove : list of int
        Ids of photos, as numbers.
    rows : Rows or None
    paths : list of (name, id, mtime)
    drop : list of str
    """

    remove: list[int] = field(default_factory=list)
    rows: Rows | None = None
    paths: list[tuple[str, int, float]] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.remove) + (len(self.rows) if self.rows is not None else 0) + len(self.paths) + len(self.drop)


def write_entry(sequence: int, change: Change) -> bytes:
    """The bytes of a journal entry."""
    fields = {
        "sequence": sequence,
        # Ids as text: JSON's numbers are exact only to 53 bits in other readers.
        "remove": [f"{number:016x}" for number in change.remove],
        "paths": [[name, f"{number:016x}", mtime] for name, number, mtime in change.paths],
        "drop": change.drop,
    }
    sections = {} if change.rows is None else {"rows": write_block(Block(0, sequence, change.rows))}
    return seal(JOURNAL, fields, sections)


def read_entry(data: Buffer) -> tuple[int, Change]:
    """The number and the change of a journal entry, every field checked.

    Raises
    ------
    StoreError
        If anything in it is not as `write_entry` would have written it.
    """
    fields, sections = unseal(JOURNAL, data)
    sequence, drop = fields.get("sequence"), fields.get("drop")
    if type(sequence) is not int or not 0 < sequence < 2**53:
        raise StoreError("A stored journal entry does not say its number.")
    if not isinstance(drop, list) or not all(type(name) is str for name in drop):
        raise StoreError("The names in a stored journal entry cannot be read.")
    if set(sections) - {"rows"} or set(fields) != {"sequence", "remove", "paths", "drop"}:
        raise StoreError("A stored journal entry holds something that this Shoebox does not know.")
    rows = read_block(sections["rows"]).rows if "rows" in sections else None
    remove = [_number(text) for text in _list(fields["remove"])]
    return sequence, Change(remove, rows, [_path(item) for item in _list(fields["paths"])], drop)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise StoreError("A list in a stored journal entry cannot be read.")
    return value


def _number(text: Any) -> int:
    if type(text) is not str or len(text) != 16 or set(text) - set("0123456789abcdef"):
        raise StoreError("The id of a photo in a stored journal entry cannot be read.")
    return int(text, 16)


def _path(item: Any) -> tuple[str, int, float]:
    if not isinstance(item, list) or len(item) != 3 or type(item[0]) is not str or not item[0]:
        raise StoreError("A path in a stored journal entry cannot be read.")
    if not isinstance(item[2], int | float) or not abs(item[2]) <= LAST_MOMENT:
        raise StoreError("The time of a file in a stored journal entry cannot be read.")
    return item[0], _number(item[1]), float(item[2])
