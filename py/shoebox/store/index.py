"""Rows by what stands in them, found by a hash: 10 to 17 bytes a row, where a dict of Python's numbers takes 70.

Open addressing with linear probing (Knuth, The Art of Computer Programming, 6.4, algorithm L) over row numbers alone. What
stands in a row is not kept here: a hash leads to the rows that may be meant, mostly one or none, and who asks looks at them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

#: What of a larger number is a hash here.
HASH_MASK: Final = 0xFFFFFFFF
# A slot that was never used, and one whose row has left: a search goes on behind the latter.
_FREE: Final = -1
_LEFT: Final = -2
# At least three slots for two rows: a row that is not there is then known after three slots or so.
_FEWEST: Final = 64


class RowIndex:
    """Rows found by hashes that are spread evenly over 32 bits."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Become empty."""
        self._used = 0
        self._hashes: Hashes = np.zeros(0, np.uint32)
        self._take(_FEWEST)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self._slots.nbytes + self._hashes.nbytes

    def hashes(self, rows: NDArray[np.intp]) -> Hashes:
        """Under what some rows were put."""
        return self._hashes[rows]

    def rows(self, value: int) -> list[int]:
        """The rows that were put under a hash."""
        slots, hashes, mask = self._fast, self._known, self._mask
        slot, found = value & mask, []
        while (row := slots[slot]) != _FREE:
            if row != _LEFT and hashes[row] == value:
                found.append(row)
            slot = (slot + 1) & mask
        return found

    def disjoint(self, values: Hashes) -> bool:
        """Whether no row was put under any of some hashes."""
        place = (values & np.uint32(self._mask)).astype(np.intp)
        while len(place):
            rows = self._slots[place]
            met = rows >= 0
            if (self._hashes[rows[met]] == values[met]).any():
                return False
            on = rows != _FREE
            place, values = (place[on] + 1) & self._mask, values[on]
        return True

    def put(self, values: Hashes, rows: NDArray[np.intp]) -> None:
        """Put rows under their hashes; none of them is in yet."""
        if not len(rows):
            return
        if self._used + len(rows) > len(self._slots) * 2 // 3:
            self._grow(len(rows))
        need = int(rows.max()) + 1
        if need > len(self._hashes):
            self._widen(max(need, len(self._hashes) * 9 // 8))
        self._hashes[rows] = values
        self._insert(values, rows)

    def drop(self, value: int, row: int) -> None:
        """Take out a row that was put under a hash."""
        slots, mask = self._fast, self._mask
        slot = value & mask
        while (there := slots[slot]) != row:
            if there == _FREE:
                raise KeyError(row)
            slot = (slot + 1) & mask
        slots[slot] = _LEFT

    def reserve(self, rows: int) -> None:
        """Have room for rows up to this one."""
        if self._used + rows > len(self._slots) * 2 // 3:
            self._grow(rows)
        if rows > len(self._hashes):
            self._widen(rows)

    def _widen(self, rows: int) -> None:
        grown = np.zeros(rows, np.uint32)
        grown[: len(self._hashes)] = self._hashes
        self._hashes = grown
        self._known = grown.data

    def _take(self, size: int) -> None:
        self._slots = np.full(size, _FREE, np.int32)
        self._mask = size - 1
        # Of single numbers a memoryview makes Python's own in a third of the time.
        self._fast = self._slots.data
        self._known = self._hashes.data

    def _grow(self, more: int) -> None:
        """Make room, and clear away what has left."""
        rows = self._slots[self._slots >= 0].astype(np.intp)
        size = len(self._slots)
        while (len(rows) + more) * 3 > size * 2:
            size *= 2
        self._take(size)
        self._used = 0
        self._insert(self._hashes[rows], rows)

    def _insert(self, values: Hashes, rows: NDArray[np.intp]) -> None:
        """All rows at once: each tries its slot, those who find it taken try the next."""
        self._used += len(rows)
        place = (values & np.uint32(self._mask)).astype(np.intp)
        while len(rows):
            free = self._slots[place] == _FREE
            self._slots[place[free]] = rows[free]
            # Of several that wanted one slot the last one has it.
            waiting = self._slots[place] != rows
            place, rows = (place[waiting] + 1) & self._mask, rows[waiting]
