"""All vectors in memory, and the nearest to a query by brute force.

Why no index structure: one matrix-vector product over 100,000 x 384 float32 is 38 million multiplications (77 MFLOP),
15 to 25 ms in Pyodide on one core, exact, and it needs no rebuilding when photos come and go. The products go through
`np.einsum`, which is about 1.7 times as fast as `@` in WebAssembly, where numpy has no BLAS, and equal to it natively
(both wait for memory).

Beyond `EXACT_ROWS` memory is what is short, and vectors are kept coded (`chunks.Coded`): every photo is compared along a few
axes, and those that come nearest once more by all that is known of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from shoebox.store.chunks import AXES, SAMPLE, Coded, Exact, Floats, Query, Turn, principal_axes
from shoebox.store.index import HASH_MASK, Hashes, RowIndex

FIRST_CHUNK = 1024
LARGEST_CHUNK = 16384
# Rows that may lie dead before they are cleared away: below both limits, keeping them is cheaper than moving the rest.
DEAD_ROWS = 1024
DEAD_SHARE = 0.25
# With more rows than this (302 MB at 384 numbers) all are kept coded from then on.
EXACT_ROWS = 196_608
# Of coded rows one in so many, and at least so many, are compared closely: ten times what a person looks through.
REFINED_SHARE, LEAST_REFINED = 128, 4096
# Where the nearest begin is read off one row in so many.
_STRIDE = 64


class VectorStore:
    """Unit vectors by row, found by id.

    Rows are kept in chunks that are allocated once and never moved (1,024 rows, then twice as many each time, up to 16,384):
    growing copies nothing, and never needs old and new storage at once, which WebAssembly memory would not give back. Memory is
    4 * dimension bytes a row, so 154 MB for 100,000 x 384, with at most one chunk (25 MB) beyond what is used; coded 452 bytes.

    Rows are numbered from 0 in the order in which they came, and keep their number until `compact`. A removed row stays as a
    tombstone until then.

    Parameters
    ----------
    dimension : int
        Length of the vectors.
    exact : int
        Rows beyond which vectors are kept coded.
    """

    def __init__(self, dimension: int, exact: int = EXACT_ROWS) -> None:
        self.dimension = dimension
        self._exact = exact
        self._turn: Turn | None = None
        self._chunks: list[Exact | Coded] = []
        self._starts: list[int] = []
        self._index = RowIndex()
        self._numbers: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._alive: NDArray[np.bool_] = np.zeros(0, bool)
        self._count = self._living = 0

    def __len__(self) -> int:
        return self._living

    def __contains__(self, number: int) -> bool:
        return self.row(number) is not None

    @property
    def count(self) -> int:
        """Rows with tombstones."""
        return self._count

    @property
    def alive(self) -> NDArray[np.bool_]:
        """(count,) bool: False for tombstones. A view; not to be written to."""
        return self._alive[: self._count]

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the vectors take."""
        return sum(chunk.nbytes for chunk in self._chunks)

    def row(self, number: int) -> int | None:
        """The row of a photo by its id, or None."""
        for row in self._index.rows(number & HASH_MASK):
            if self._numbers[row] == number:
                return row
        return None

    def number(self, row: int) -> int:
        """The id of the photo in a row."""
        return int(self._numbers[row])

    def known(self, numbers: Collection[int]) -> list[int]:
        """Those of some ids that are there."""
        # Nearly always none is, and then one pass in C tells instead of one call for each.
        if self._index.disjoint(_hashes(np.fromiter(numbers, np.uint64, len(numbers)))):
            return []
        return [number for number in numbers if number in self]

    def append(self, numbers: Iterable[int], vectors: NDArray[np.float32]) -> NDArray[np.intp]:
        """Add rows.

        Parameters
        ----------
        numbers : iterable of n int
            Ids that are not there yet.
        vectors : (n, dimension) float32

        Returns
        -------
        (n,) the rows, which are consecutive.
        """
        fresh = list(numbers)
        if vectors.shape != (len(fresh), self.dimension):
            raise ValueError(f"{len(fresh)} vectors of {self.dimension} numbers were expected, not {vectors.shape}")
        if len(set(fresh)) != len(fresh) or self.known(fresh):
            raise ValueError("an id is already there")
        start, end = self._count, self._count + len(fresh)
        self._reserve(end)
        self._write(start, vectors)
        rows = np.arange(start, end)
        self._alive[start:end] = True
        self._numbers[start:end] = fresh
        self._index.put(_hashes(self._numbers[start:end]), rows)
        self._count = end
        self._living += len(fresh)
        return rows

    def remove(self, number: int) -> int | None:
        """Make the row of a photo a tombstone; the row, or None if there is none."""
        row = self.row(number)
        if row is not None:
            self._index.drop(number & HASH_MASK, row)
            self._alive[row] = False
            self._living -= 1
        return row

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """The vectors of some rows, (n, dimension), copied."""
        out = np.empty((len(rows), self.dimension), np.float32)
        for chunk, begin in zip(self._chunks, self._starts, strict=True):
            inside = (rows >= begin) & (rows < begin + len(chunk))
            if inside.any():
                out[inside] = chunk.read(rows[inside] - begin)
        return out

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines of all rows with a query: 2 * count * dimension FLOP and count * 4 bytes.

        Of coded rows, those that are far from the query come with what the axes alone say of them.

        Parameters
        ----------
        query : (dimension,) float32

        Returns
        -------
        (count,) float32; the values of tombstones mean nothing.
        """
        out = np.empty(self._count, np.float32)
        wanted = Query.of(query, self._turn)
        parts = [(chunk, out[begin : begin + len(chunk)]) for chunk, begin in zip(self._chunks, self._starts, strict=True)]
        for chunk, part in parts:
            chunk.score(wanted, part)
        if self._turn is not None:
            least = _nearest_begin(out)
            for chunk, part in parts:
                chunk.refine(wanted, np.flatnonzero(part >= least), part)
        return out

    def reserve(self, rows: int) -> None:
        """Have room for so many rows, but for the vectors themselves, whose chunks are never moved."""
        self._index.reserve(rows)
        if rows > len(self._alive):
            self._widen(rows)

    def crowded(self) -> bool:
        """Whether tombstones have become enough to clear them away."""
        dead = self._count - self._living
        return dead > DEAD_ROWS and dead > DEAD_SHARE * self._count

    def compact(self) -> NDArray[np.intp]:
        """Clear tombstones away, chunk by chunk in place; rows are numbered anew.

        Returns
        -------
        (len,) the old numbers of the rows that stayed, in order, for whoever keeps columns beside these rows.
        """
        kept = np.flatnonzero(self.alive)
        for low in range(0, len(kept), FIRST_CHUNK):
            # Rows only ever move towards the front, so a block that has been copied out may be overwritten.
            moved = self.vectors(kept[low : low + FIRST_CHUNK])
            self._write(low, moved)
        numbers = self._numbers[kept]
        self._count = len(kept)
        while self._starts and self._starts[-1] >= max(self._count, 1):
            self._starts.pop()
            self._chunks.pop()
        capacity = sum(map(len, self._chunks))
        self._alive, self._numbers = np.zeros(capacity, bool), np.zeros(capacity, np.uint64)
        self._alive[: self._count], self._numbers[: self._count] = True, numbers
        self._index.clear()
        self._index.put(_hashes(numbers), np.arange(self._count))
        return kept

    def _write(self, start: int, vectors: NDArray[np.float32]) -> None:
        end = start + len(vectors)
        for chunk, begin in zip(self._chunks, self._starts, strict=True):
            low, high = max(start, begin), min(end, begin + len(chunk))
            if low < high:
                chunk.write(low - begin, vectors[low - start : high - start])

    def _reserve(self, rows: int) -> None:
        if rows > self._exact and self._turn is None:
            self._code()
        while sum(map(len, self._chunks)) < rows:
            size = min(LARGEST_CHUNK, FIRST_CHUNK << len(self._chunks))
            self._starts.append(sum(map(len, self._chunks)))
            self._chunks.append(Exact(size, self.dimension) if self._turn is None else Coded(size, self.dimension, self._turn))
        capacity = sum(map(len, self._chunks))
        if len(self._alive) < capacity:
            self._widen(capacity)

    def _widen(self, rows: int) -> None:
        alive, numbers = np.zeros(rows, bool), np.zeros(rows, np.uint64)
        alive[: len(self._alive)], numbers[: len(self._numbers)] = self._alive, self._numbers
        self._alive, self._numbers = alive, numbers

    def _code(self) -> None:
        """Keep what is there coded, chunk by chunk, and whatever comes."""
        chosen = np.flatnonzero(self.alive)
        if not len(chosen):
            return
        sample = self.vectors(chosen[:: -(-len(chosen) // SAMPLE)])
        self._turn = Turn(principal_axes(sample, min(AXES, self.dimension)))
        for place, chunk in enumerate(self._chunks):
            coded = Coded(len(chunk), self.dimension, self._turn)
            for low in range(0, len(chunk), FIRST_CHUNK):
                coded.write(low, chunk.read(np.arange(low, min(low + FIRST_CHUNK, len(chunk)))))
            self._chunks[place] = coded


def _hashes(numbers: NDArray[np.uint64]) -> Hashes:
    """Ids are the first bits of a sha256, so any of their bits are as good as a hash."""
    return (numbers & np.uint64(HASH_MASK)).astype(np.uint32)


def _nearest_begin(scores: Floats) -> float:
    """A score that about as many rows reach as are to be compared closely."""
    wanted = max(LEAST_REFINED, len(scores) // REFINED_SHARE)
    if wanted >= len(scores):
        return -np.inf
    some = scores[::_STRIDE]
    place = max(0, len(some) - 1 - wanted // _STRIDE)
    return float(np.partition(some, place)[place])


def top_k(
    scores: NDArray[np.floating], k: int, mask: NDArray[np.bool_] | None = None, ties: NDArray[np.floating] | None = None
) -> NDArray[np.intp]:
    """The k best rows, best first, the same ones in the same order whatever the machine.

    Equal scores are ordered by `ties`, larger first (NaN last), and then by row. The k-th score is found by partition (2 ms for
    100,000), so that only k rows are sorted.

    Parameters
    ----------
    scores : (n,) float
    k : int
        How many at most.
    mask : (n,) bool, optional
        Rows that may be chosen.
    ties : (n,) float, optional
        For example the times of the photos.

    Returns
    -------
    (min(k, rows allowed),) row numbers.
    """
    rows = np.arange(len(scores)) if mask is None else np.flatnonzero(mask)
    k = min(k, len(rows))
    if k <= 0:
        return np.zeros(0, np.intp)
    values = scores[rows]
    if k < len(rows):
        last = np.partition(values, len(values) - k)[len(values) - k]
        near = np.flatnonzero(values >= last)
        rows, values = rows[near], values[near]
    second = np.zeros(len(rows)) if ties is None else np.nan_to_num(ties[rows], nan=-np.inf)
    return rows[np.lexsort((rows, -second, -values))[:k]]
