"""Which photo lies under each path on this device, and since when its file has been as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.store.index import HASH_MASK, Hashes, RowIndex
from shoebox.store.packed import Packed


class Owners(Mapping[str, int]):
    """The ids of photos by path.

    Nearly every photo lies under one path, its name, and that stands beside its row already; here are only a hash that leads
    back to the row, and a time. What else a photo lies under is kept as it comes.

    Parameters
    ----------
    names : Packed of str
        The name of each row. It may only be changed while the row has no path here.
    number : callable
        The id of the photo in a row.
    """

    def __init__(self, names: Packed[str], number: Callable[[int], int]) -> None:
        self._names, self._number = names, number
        self._index = RowIndex()
        # By row: when the file under its name was last modified, milliseconds since 1970; NaN where none lies there.
        self._times: NDArray[np.float64] = np.zeros(0)
        self._count = 0
        self._copies: dict[str, tuple[int, float]] = {}

    def __len__(self) -> int:
        return self._count + len(self._copies)

    def __getitem__(self, path: str) -> int:
        row = self._row(path)
        return self._copies[path][0] if row is None else self._number(row)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (path in self._copies or self._row(path) is not None)

    def __iter__(self) -> Iterator[str]:
        for row in np.flatnonzero(~np.isnan(self._times)).tolist():
            yield self._names[row]
        yield from self._copies

    def time(self, path: str) -> float:
        """When the file under a path was last modified, milliseconds since 1970.

        Raises
        ------
        KeyError
            If no photo lies there.
        """
        row = self._row(path)
        return self._copies[path][1] if row is None else float(self._times[row])

    def file(self, path: str) -> tuple[int | None, float] | None:
        """The id and the time of what lies under a path, or None."""
        row = self._row(path)
        return self._copies.get(path) if row is None else (self._number(row), float(self._times[row]))

    def disjoint(self, paths: Collection[str]) -> bool:
        """Whether no photo lies under any of some paths; may be False by chance, once in thousands of libraries."""
        return self._copies.keys().isdisjoint(paths) and self._index.disjoint(_hashes(paths))

    def enter(self, names: Sequence[str], times: NDArray[np.float64]) -> None:
        """The newest rows lie under their names, which are these, where nothing lay."""
        end = len(self._names)
        rows = np.arange(end - len(names), end)
        self._grow()
        self._times[rows] = times
        self._count += len(rows)
        self._index.put(_hashes(names), rows)

    def lay(self, row: int, time: float) -> None:
        """A photo now lies under the name of its row, where nothing lay."""
        self._grow()
        self._times[row] = time
        self._count += 1
        self._index.put(_hashes([self._names[row]]), np.array([row]))

    def copy(self, path: str, number: int, time: float) -> None:
        """A photo also lies under a path that is not its name, and under which nothing lay."""
        self._copies[path] = number, time

    def touch(self, path: str, time: float) -> None:
        """The file under a path, where a photo lies, was modified."""
        row = self._row(path)
        if row is None:
            self._copies[path] = self._copies[path][0], time
        else:
            self._times[row] = time

    def lift(self, path: str) -> float | None:
        """Nothing lies under a path any more; the time of what did, or None."""
        row = self._row(path)
        if row is None:
            _, time = self._copies.pop(path, (0, None))
            return time
        time = float(self._times[row])
        self._index.drop(_hash(path), row)
        self._times[row] = np.nan
        self._count -= 1
        return time

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Only these rows were kept, in this order."""
        self._grow()
        self._times = self._times[rows]
        here = np.flatnonzero(~np.isnan(self._times))
        values = self._index.hashes(rows[here])
        self._index.clear()
        self._index.put(values, here)

    def _row(self, path: str) -> int | None:
        for row in self._index.rows(_hash(path)):
            if self._names[row] == path:
                return row
        return None

    def reserve(self, rows: int) -> None:
        """Have room for so many rows."""
        self._index.reserve(rows)
        self._widen(rows)

    def _grow(self) -> None:
        have, need = len(self._times), len(self._names)
        if need > have:
            self._widen(max(need, have + have // 8))

    def _widen(self, rows: int) -> None:
        grown = np.full(rows, np.nan)
        grown[: len(self._times)] = self._times
        self._times = grown


def _hash(path: str) -> int:
    return hash(path) & HASH_MASK


def _hashes(paths: Collection[str]) -> Hashes:
    return np.fromiter(map(_hash, paths), np.uint32, len(paths))
