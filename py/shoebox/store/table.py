"""The columns of the library in memory, beside the vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.store.rows import NONE, SCHEMA

# Columns that only memory has: which of the table's models made the vector, and the block that the row stands in (or JOURNAL).
_OWN: dict[str, tuple[str, tuple[int, ...]]] = {"model": ("u1", ()), "block": ("<i8", ())}
IN_JOURNAL = -1
_FIRST = 1024
# Columns grow by half, but by no more rows than these (7 MB): a page has not enough memory for room that is not needed.
_MOST_GROWN = 65_536


class Words:
    """Words by number, each once: cameras, formats."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """The number of a word, which is given one if it has none."""
        if word not in self._numbers:
            self._numbers[word] = len(self.words)
            self.words.append(word)
        return self._numbers[word]

    def renumber(self, codes: NDArray[np.uint16], words: list[str]) -> NDArray[np.uint16]:
        """Codes into another list as codes into this one; `NONE` stays."""
        table = np.full(NONE + 1, NONE, np.uint16)
        table[: len(words)] = [self.number(word) for word in words]
        return table[codes]


class Table:
    """Columns of equal length that grow together, by `rows.SCHEMA` and two of their own (`model`, `block`).

    About 110 bytes a photo: 11 MB for 100,000.
    """

    def __init__(self) -> None:
        self.count = 0
        self.cameras = Words()
        self.formats = Words()
        self._columns = {name: np.zeros((0, *shape), kind) for name, (kind, shape) in {**SCHEMA, **_OWN}.items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column, a view of `count` rows that may be written to."""
        return self._columns[name][: self.count]

    def append(
        self, columns: dict[str, NDArray[Any]], count: int, model: int, block: int, cameras: list[str], formats: list[str]
    ) -> None:
        """Add `count` rows whose codes point into `cameras` and `formats`."""
        start, end = self.count, self.count + count
        have = len(self._columns["hash"])
        if end > have:
            self.reserve(max(end, _FIRST, have + min(have // 2, _MOST_GROWN)))
        self.count = end
        for name in SCHEMA:
            self._columns[name][start:end] = columns[name]
        self._columns["camera"][start:end] = self.cameras.renumber(columns["camera"], cameras)
        self._columns["format"][start:end] = self.formats.renumber(columns["format"], formats)
        self._columns["model"][start:end] = model
        self._columns["block"][start:end] = block

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Keep only these rows, in this order."""
        for name, column in self._columns.items():
            self._columns[name] = column[rows]
        self.count = len(rows)

    def take(self, rows: NDArray[np.intp]) -> tuple[dict[str, NDArray[Any]], list[str], list[str]]:
        """Some rows as the columns of a block, with only the words that they use."""
        columns = {name: self._columns[name][rows] for name in SCHEMA}
        columns["camera"], cameras = _used(columns["camera"], self.cameras.words)
        columns["format"], formats = _used(columns["format"], self.formats.words)
        return columns, cameras, formats

    def reserve(self, rows: int) -> None:
        """Have room for so many rows: columns that need not grow leave no holes behind in memory."""
        if rows <= len(self._columns["hash"]):
            return
        for name, column in self._columns.items():
            grown = np.zeros((rows, *column.shape[1:]), column.dtype)
            grown[: self.count] = column[: self.count]
            self._columns[name] = grown


def _used(codes: NDArray[np.uint16], words: list[str]) -> tuple[NDArray[np.uint16], list[str]]:
    used = Words()
    table = np.full(NONE + 1, NONE, np.uint16)
    for code in np.unique(codes).tolist():
        if code != NONE:
            table[code] = used.number(words[code])
    return table[codes], used.words
