"""What lies under what: concepts under concepts, and under those the classes of the image network.

Each concept lies under a handful of others, so the hierarchy is kept as short lists: a table of all pairs would be a megabyte
and more, and what is multiplied with it would cost milliseconds a photo where numpy has no BLAS (Pyodide).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Photos that are counted at a time: what is made for each is twenty times as large as its tags.
_PIECE = 16_384


class Hierarchy:
    """Which of n concepts lie under which.

    Parameters
    ----------
    parents : sequence of n sequences of int
        What each concept is a kind of; all come before it.
    classes : sequence of n sequences of int
        The classes that mean just this concept; each belongs to one concept.

    Attributes
    ----------
    above : (n + 1, k) uint16
        Row by row a concept and then all above it, filled up with n; the last row, for no concept, has only n.
    leaves : (n,) bool
        Concepts under which none lies.
    covered : (n,) bool
        Concepts to which classes belong: their own, or those of concepts under them.
    """

    def __init__(self, parents: Sequence[Sequence[int]], classes: Sequence[Sequence[int]]) -> None:
        self._parents = tuple(tuple(each) for each in parents)
        count = len(self._parents)
        lines: list[frozenset[int]] = []
        for number, each in enumerate(self._parents):
            lines.append(frozenset((number,)).union(*(lines[parent] for parent in each)))
        self.above = np.full((count + 1, max(map(len, lines), default=1)), count, np.uint16)
        for number, line in enumerate(lines):
            self.above[number, : len(line)] = [number, *sorted(line - {number})]
        self.leaves = np.ones(count, bool)
        self.leaves[[parent for each in self._parents for parent in each]] = False
        # Pairs (concept, class) by concept: what is summed for each concept stands together.
        pairs = sorted((above, own) for number, line in enumerate(lines) for own in classes[number] for above in line)
        concepts = np.array([concept for concept, _ in pairs], np.intp)
        self._summed = np.array([own for _, own in pairs], np.intp)
        self._summing, self._starts = np.unique(concepts, return_index=True)
        self.covered = np.zeros(count, bool)
        self.covered[self._summing] = True

    def ancestors(self, number: int) -> tuple[int, ...]:
        """All concepts above one, nearest first; those equally near by number."""
        found: list[int] = []
        level: Sequence[int] = (number,)
        while level:
            level = sorted({parent for each in level for parent in self._parents[each]} - set(found))
            found += level
        return tuple(found)

    def under(self, number: int) -> NDArray[np.bool_]:
        """(n,): the concept itself and all that lie under it."""
        found: NDArray[np.bool_] = (self.above[:-1] == number).any(axis=1)
        return found

    def rolled_up(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of concepts: each the sum over the classes that belong to it.

        Parameters
        ----------
        probabilities : (m, classes) float32
            Rows add up to 1.

        Returns
        -------
        (m, n) float32
            0 to 1; 0 for concepts without classes.
        """
        found = np.zeros((len(probabilities), len(self.covered)), np.float32)
        if len(self._starts):
            sums = np.add.reduceat(probabilities[:, self._summed], self._starts, axis=1)
            found[:, self._summing] = np.minimum(sums, 1)
        return found

    def deepest(self, reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Those of the concepts of each row, (m, n) bool, that no other of them lies under."""
        rows, numbers = np.nonzero(reached)
        implied = np.zeros((len(reached), len(self.covered) + 1), bool)
        implied[rows[:, None], self.above[numbers, 1:]] = True
        deepest: NDArray[np.bool_] = reached & ~implied[:, :-1]
        return deepest

    def counts(self, tags: NDArray[np.uint16]) -> NDArray[np.int64]:
        """In how many rows each concept, or one under it, stands.

        Parameters
        ----------
        tags : (m, t) uint16
            Numbers of concepts; other numbers count for nothing.

        Returns
        -------
        (n,) int64
        """
        count = len(self.covered)
        width = tags.shape[1] * self.above.shape[1]
        found = np.zeros(count + 1, np.int64)
        for low in range(0, len(tags), _PIECE):
            piece = tags[low : low + _PIECE]
            shown = np.sort(self.above[np.minimum(piece, count)].reshape(len(piece), width), axis=1)
            first = np.ones(shown.shape, bool)
            first[:, 1:] = shown[:, 1:] != shown[:, :-1]
            found += np.bincount(shown[first], minlength=count + 1)
        return found[:count]
