"""Pieces of memory that hold vectors: exactly, or in a third of the room where there are very many.

Exact, a vector of 384 numbers takes 1,536 bytes; a million of them are more than a browser gives a page. Coded, it takes 644:

- its product with each of `AXES` principal axes of the library, as float32. They hold most of what tells photos apart (0.85 of
  the squares of 14,728 photos with the default pack), so they alone say which photos may be near a query;
- all its numbers as int8 with one scale, from which the products of those few photos are worked out.

Of these products only what lies outside of the axes is taken from the codes, so rounding counts only there. Against exact
float32, of the hundred nearest of 1,000,000 made-up photos 99.7 % are found for photos and 99.5 % for words (98.9 % from codes
alone); the shortlist itself lost none, there and among 14,728 photographs.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is compared with vectors.

    Attributes
    ----------
    whole : (d,) float32
    along : (AXES,) float32 or None
        Its products with the axes; None where there are none.
    beside : (d,) float32 or None
        What of it lies outside of them.
    """

    whole: Floats
    along: Floats | None = None
    beside: Floats | None = None

    @classmethod
    def of(cls, vector: NDArray[np.floating], axes: Floats | None) -> Query:
        """A query for chunks with these axes."""
        whole = np.ascontiguousarray(vector, np.float32)
        if axes is None:
            return cls(whole)
        along = whole @ axes
        return cls(whole, along, whole - axes @ along)


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
    """Vectors in axes and codes.

    Parameters
    ----------
    size : int
    axes : (d, AXES) float32
        As `principal_axes`.
    """

    def __init__(self, size: int, axes: Floats) -> None:
        self._axes = axes
        self.along = np.zeros((size, axes.shape[1]), np.float32)
        self.codes = np.zeros((size, axes.shape[0]), np.int8)
        self.scales = np.zeros(size, np.float32)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.along.nbytes + self.codes.nbytes + self.scales.nbytes

    def write(self, start: int, vectors: Floats) -> None:
        """Put vectors from this place on."""
        part = slice(start, start + len(vectors))
        self.along[part] = vectors @ self._axes
        scales = np.abs(vectors).max(axis=1, initial=0) / _FULL
        self.scales[part] = scales
        # A vector of nothing but zeros stands for a photo of another pack.
        self.codes[part] = np.rint(vectors / np.maximum(scales, np.finfo(np.float32).tiny)[:, None])

    def read(self, places: NDArray[np.integer]) -> Floats:
        """Those at some places, as nearly as they are known: products with them are as `refine` gives them."""
        rounded = self._rounded(places)
        return np.asarray(rounded + (self.along[places] - rounded @ self._axes) @ self._axes.T)

    def score(self, query: Query, out: Floats) -> None:
        """What the axes say of the products of the first vectors, as many as `out` has room for."""
        assert query.along is not None
        np.einsum("ij,j->i", self.along[: len(out)], query.along, out=out)

    def refine(self, query: Query, places: NDArray[np.integer], out: Floats) -> None:
        """Add what the codes say to what `score` gave for some places."""
        assert query.beside is not None
        out[places] += self._rounded(places) @ query.beside

    def _rounded(self, places: NDArray[np.integer]) -> Floats:
        return np.asarray(self.codes[places].astype(np.float32) * self.scales[places, None])
