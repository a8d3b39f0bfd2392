"""A list of short texts that takes little more room than their bytes.

A million names as Python's own strings take some 50 bytes each beside their letters, and lie scattered over the memory of the
page, which is never given back. Here they lie one behind the other, in runs of about a thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

# A run that holds fewer is made longer by what comes next; copying one is a matter of microseconds.
RUN: Final = 1024
# Names of files may hold half of a surrogate pair (Windows allows it).
_LONE: Final = "surrogatepass"

Value = TypeVar("Value", str, bytes)


class _Run:
    """Some values: their bytes one after another, and where each ends."""

    __slots__ = ("ends", "joined")

    def __init__(self, values: Sequence[bytes]) -> None:
        self.joined = b"".join(values)
        self.ends: NDArray[np.uint32] = np.fromiter(accumulate(map(len, values)), np.uint32, len(values))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> bytes:
        return self.joined[int(self.ends[place - 1]) if place else 0 : int(self.ends[place])]

    def __iter__(self) -> Iterator[bytes]:
        start = 0
        for end in self.ends.tolist():
            yield self.joined[start:end]
            start = end


class Packed(Generic[Value]):
    """Values by row, packed: added at the end, seldom changed.

    Parameters
    ----------
    kind : type
        `str` or `bytes`, what is put in and comes out.
    """

    def __init__(self, kind: type[Value]) -> None:
        self._kind: type[Value] = kind
        self._reset()

    def _reset(self) -> None:
        self._runs: list[_Run] = []
        self._starts: list[int] = []
        self._count = 0
        # What stands in the place of packed values until rows are kept anew.
        self._changed: dict[int, Value] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> Value:
        if not 0 <= row < self._count:
            raise IndexError(f"there is no row {row} among {self._count}")
        if row in self._changed:
            return self._changed[row]
        place = bisect_right(self._starts, row) - 1
        return self._read(self._runs[place][row - self._starts[place]])

    def __setitem__(self, row: int, value: Value) -> None:
        if not 0 <= row < self._count:
            raise IndexError(f"there is no row {row} among {self._count}")
        self._changed[row] = value

    def __iter__(self) -> Iterator[Value]:
        row = 0
        for run in self._runs:
            for packed in run:
                yield self._changed[row] if row in self._changed else self._read(packed)
                row += 1

    @property
    def nbytes(self) -> int:
        """Bytes of memory, but for what was changed."""
        return sum(len(run.joined) + run.ends.nbytes for run in self._runs)

    def extend(self, values: Sequence[Value]) -> None:
        """Add values at the end."""
        fresh: list[bytes] = [_packed(value) for value in values]
        if self._runs and len(self._runs[-1]) < RUN:
            self._starts.pop()
            fresh = [*self._runs.pop(), *fresh]
        for low in range(0, len(fresh), RUN):
            self._starts.append(self._count + len(values) - len(fresh) + low)
            self._runs.append(_Run(fresh[low : low + RUN]))
        self._count += len(values)

    def keep(self, rows: Sequence[int]) -> None:
        """Keep only these rows, in this order."""
        kept = [self[row] for row in rows]
        self._reset()
        self.extend(kept)

    def _read(self, packed: bytes) -> Value:
        return packed.decode("utf-8", _LONE) if self._kind is str else packed  # type: ignore[return-value]


def _packed(value: str | bytes) -> bytes:
    return value.encode("utf-8", _LONE) if isinstance(value, str) else value
