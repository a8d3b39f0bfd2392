"""Pieces of memory that hold vectors: exactly, or in less than a third of the room where there are very many.

Exact, a vector of 384 numbers takes 1,536 bytes; a million of them are more than a browser gives a page. Coded, it takes 452.
It is turned, so that its first `AXES` numbers are its products with the principal axes of the library, and then kept as

- these numbers as int16. They hold most of what tells photos apart (0.85 of the squares of 14,728 photos with the default
  pack), so they alone say which photos may be near a query;
- the others as int8 with one scale, from which the products of those few photos are completed.

Against exact float32, of the hundred nearest of 1,000,000 made-up photos 99.9 % are found, to photos and to other queries
alike. The shortlist itself lost none, there and among 14,728 photographs.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

AXES: Final = 64
# Vectors that the axes are made of, and how many are multiplied at a time: in pieces that stay in the cache, without which the
# product takes four times as long where numpy has no BLAS, as in Pyodide.
SAMPLE: Final = 4096
_PIECE: Final = 512
_FULL: Final = 127.0
# No number of a unit vector is larger than one in any direction; rounding may carry it a little beyond.
_STEP: Final = 1.001 / 32767
_NO_BLAS: Final = sys.platform == "emscripten"


def principal_axes(sample: Floats, count: int) -> Floats:
    """The directions in which vectors differ most, the first first.

    Parameters
    ----------
    sample : (n, d) float32
        About `SAMPLE` vectors; they are not centred.
    count : int
        How many, at most d.

    Returns
    -------
    (d, count) float32
        Columns of length one, at right angles to each other.
    """
    products = np.zeros((sample.shape[1], sample.shape[1]), np.float32)
    for low in range(0, len(sample), _PIECE):
        piece = sample[low : low + _PIECE]
        products += piece.T @ piece
    _, turned = np.linalg.eigh(products)
    return np.ascontiguousarray(turned[:, ::-1][:, :count], np.float32)


class Turn:
    """A turn of the whole space after which what was along some axes stands in the first numbers.

    It is I - Y M Y', a block of Householder's reflections in closed form: with the axes A, the first unit vectors E and any
    orthogonal S, Y = A - E S and M = (Y' A)^-1 give an orthogonal matrix that takes A to E S, in two thin products instead of
    one with the whole matrix. S is the one for which Y' A is best conditioned (its singular values lie between 1 and 2).

    Parameters
    ----------
    axes : (d, k) float32
        As `principal_axes`.

    Attributes
    ----------
    along : int
        k, how many numbers come first.
    """

    def __init__(self, axes: Floats) -> None:
        self.along = axes.shape[1]
        exact = axes.astype(np.float64)
        left, _, right = np.linalg.svd(exact[: self.along])
        beside = exact.copy()
        beside[: self.along] += left @ right
        inner = np.linalg.inv(beside.T @ exact)
        # Both as (k, d): rows are multiplied fastest with rows.
        self._first = np.ascontiguousarray(beside.T, np.float32)
        self._there = np.ascontiguousarray(inner.T @ beside.T, np.float32)
        self._back = np.ascontiguousarray(inner @ beside.T, np.float32)

    def there(self, vectors: Floats) -> Floats:
        """(n, d) float32: turned."""
        return np.asarray(vectors - _expanded(_products(vectors, self._first), self._there))

    def back(self, turned: Floats) -> Floats:
        """(n, d) float32: as they were before `there`."""
        return np.asarray(turned - _expanded(_products(turned, self._first), self._back))


def _products(left: Floats, right: Floats) -> Floats:
    """The product of `left` and `right.T`; where numpy has no BLAS, as in Pyodide, `einsum` takes less than half the time."""
    return np.asarray(np.einsum("ij,kj->ik", left, right) if _NO_BLAS else left @ right.T)


def _expanded(left: Floats, right: Floats) -> Floats:
    """The product of `left` and `right`."""
    return np.asarray(np.einsum("ik,kj->ij", left, right) if _NO_BLAS else left @ right)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is compared with vectors.

    Attributes
    ----------
    whole : (d,) float32
    turned : (d,) float32 or None
        As the vectors of coded chunks are; None where there are none.
    """

    whole: Floats
    turned: Floats | None = None

    @classmethod
    def of(cls, vector: NDArray[np.floating], turn: Turn | None) -> Query:
        """A query for chunks that are turned so."""
        whole = np.ascontiguousarray(vector, np.float32)
        return cls(whole, None if turn is None else turn.there(whole[None])[0])


class Exact:
    """Vectors as they are."""

    def __init__(self, size: int, dimension: int) -> None:
        self.values = np.zeros((size, dimension), np.float32)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.values.nbytes

    def write(self, start: int, vectors: Floats) -> None:
        """Put vectors from this place on."""
        self.values[start : start + len(vectors)] = vectors

    def read(self, places: NDArray[np.integer]) -> Floats:
        """Those at some places, copied."""
        return np.asarray(self.values[places])

    def score(self, query: Query, out: Floats) -> None:
        """Products of the first vectors, as many as `out` has room for."""
        np.einsum("ij,j->i", self.values[: len(out)], query.whole, out=out)

    def refine(self, query: Query, places: NDArray[np.integer], out: Floats) -> None:
        """Nothing: they are exact."""


class Coded:
    """Vectors turned and coded.

    Parameters
    ----------
    size : int
    dimension : int
    turn : Turn
    """

    def __init__(self, size: int, dimension: int, turn: Turn) -> None:
        self._turn = turn
        self.along = np.zeros((size, turn.along), np.int16)
        self.codes = np.zeros((size, dimension - turn.along), np.int8)
        self.scales = np.zeros(size, np.float32)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.along.nbytes + self.codes.nbytes + self.scales.nbytes

    def write(self, start: int, vectors: Floats) -> None:
        """Put vectors from this place on, each at most of length one."""
        part = slice(start, start + len(vectors))
        turned = self._turn.there(vectors)
        along, beside = turned[:, : self._turn.along], turned[:, self._turn.along :]
        self.along[part] = np.rint(along / np.float32(_STEP))
        scales = np.abs(beside).max(axis=1, initial=0) / _FULL
        self.scales[part] = scales
        # A vector of nothing but zeros stands for a photo of another pack.
        self.codes[part] = np.rint(beside / np.maximum(scales, np.finfo(np.float32).tiny)[:, None])

    def read(self, places: NDArray[np.integer]) -> Floats:
        """Those at some places, as nearly as they are known: products with them are as `refine` gives them."""
        along = self.along[places].astype(np.float32) * np.float32(_STEP)
        return self._turn.back(np.concatenate([along, self._rounded(places)], axis=1))

    def score(self, query: Query, out: Floats) -> None:
        """What the axes say of the products of the first vectors, as many as `out` has room for."""
        assert query.turned is not None
        along = query.turned[: self._turn.along] * np.float32(_STEP)
        np.einsum("ij,j->i", self.along[: len(out)], along, out=out)

    def refine(self, query: Query, places: NDArray[np.integer], out: Floats) -> None:
        """Add what the codes say to what `score` gave for some places."""
        assert query.turned is not None
        out[places] += self._rounded(places) @ query.turned[self._turn.along :]

    def _rounded(self, places: NDArray[np.integer]) -> Floats:
        return np.asarray(self.codes[places].astype(np.float32) * self.scales[places, None])
