"""Which photos may be the same picture: those that the networks find alike, of all photos with all, block by block.

100,000 x 100,000 / 2 products of 384 numbers are 3.8 TFLOP, more than a minute in a browser. So the vectors are first turned to
their principal axes and only the first `AXES` are kept, with the length of the rest as one number more. By Cauchy and Schwarz
the product of two such short vectors is never less than that of the long ones: nothing near is missed by it, and what it finds
too much is weighed again with the long ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates.bursts import likeness_of
from shoebox.duplicates.calibration import FAR, FEW, MOST, NEAR
from shoebox.library.library import Library
from shoebox.people.neighbours import ROWS, near_others
from shoebox.sessions.protocol import Session
from shoebox.store.chunks import SAMPLE, principal_axes

Rows = NDArray[np.intp]

AXES: Final = 63
# Of a block of photos compared with one of others: how many of the nearest are weighed with the long vectors.
_WEIGHED: Final = 12
_AT_ONCE: Final = 4096


class Search:
    """One search for candidates, that goes on block by block.

    Parameters
    ----------
    library : Library
    known : (n,) int
        Rows that were compared with each other before.
    new : (m,) int
        Rows that are to be compared with those and with each other. The library's rows must stay as they are meanwhile.
    session : Session, optional
        Of `people.network.neighbour_network`; without one numpy multiplies.
    """

    def __init__(self, library: Library, known: Rows, new: Rows, session: Session | None = None) -> None:
        self._library, self._session = library, session
        self._rows = np.concatenate([known, new])
        self._place, self.total = len(known), len(self._rows)
        self._first = len(known)
        self._short = _shortened(library, self._rows) if len(new) else np.zeros((0, 0), np.float32)
        self._found: list[tuple[Rows, Rows, NDArray[np.float32]]] = []

    @property
    def done(self) -> int:
        """How many photos have been compared with all others."""
        return self._place

    async def step(self) -> bool:
        """Compare one more block; False where none is left.

        Raises
        ------
        SessionError
            If the session fails; the same block is tried again at the next step.
        """
        low, high = self._place, min(self._place + ROWS, self.total)
        if low >= high:
            return False
        block = self._short[low:high]
        for start, end in ((0, self._first), (low, self.total)):
            left, right, _ = await near_others(block, self._short[start:end], FAR, _WEIGHED, self._session)
            one, other = self._rows[left + low], self._rows[right + start]
            different = one != other
            one, other = one[different], other[different]
            likeness = likeness_of(self._library, one, other)
            near = likeness >= FAR
            self._found.append((one[near], other[near], likeness[near]))
        self._place = high
        return True

    def pairs(self, different: Callable[[Rows, Rows], NDArray[np.bool_]]) -> tuple[Rows, Rows]:
        """Pairs of rows that are worth looking at, each once, by row, and of each row the most alike first.

        Parameters
        ----------
        different : callable
            Which pairs are known not to be the same picture; these take no place among a photo's nearest.
        """
        if not self._found:
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        one, other, likeness = (np.concatenate(part) for part in zip(*self._found, strict=True))
        left, right = np.minimum(one, other), np.maximum(one, other)
        _, first = np.unique(left.astype(np.int64) * self._library.vectors.count + right, return_index=True)
        first = first[~different(left[first], right[first])]
        left, right, likeness = left[first], right[first], likeness[first]
        # A pair's rank is the better of those that it has among the neighbours of its two photos.
        owner, twice = np.concatenate([left, right]), np.concatenate([likeness, likeness])
        order = np.lexsort((-twice, owner))
        ranks = np.empty(len(owner), np.intp)
        ranks[order] = np.arange(len(owner)) - np.searchsorted(owner[order], owner[order])
        rank = ranks.reshape(2, -1).min(axis=0)
        chosen = (rank < FEW) | ((likeness >= NEAR) & (rank < MOST))
        left, right, likeness = left[chosen], right[chosen], likeness[chosen]
        # What came together lies together, and so do its thumbnails.
        order = np.lexsort((-likeness, left))
        return left[order], right[order]


def _shortened(library: Library, rows: Rows) -> NDArray[np.float32]:
    """Vectors (n, AXES + 1) whose products are never less than those of the library's."""
    axes = principal_axes(library.vectors.vectors(rows[:: max(1, len(rows) // SAMPLE)]), AXES)
    short = np.empty((len(rows), axes.shape[1] + 1), np.float32)
    for low in range(0, len(rows), _AT_ONCE):
        long = library.vectors.vectors(rows[low : low + _AT_ONCE])
        part = short[low : low + _AT_ONCE]
        part[:, :-1] = long @ axes
        rest = np.einsum("nd,nd->n", long, long) - np.einsum("nd,nd->n", part[:, :-1], part[:, :-1])
        part[:, -1] = np.sqrt(np.maximum(rest, 0))
    return short
