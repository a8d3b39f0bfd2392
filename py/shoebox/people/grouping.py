"""From faces to groups of faces: who is whom, as far as their vectors tell and what a person said allows.

Two stages: faces that are very near come together first and then count as one, which keeps the graph of neighbours small; then
average linkage of their sums, on a graph made anew, until nothing merges any more. Poor faces take no part in that: each joins
the nearest group afterwards, or none.

Cost for n good faces: n² d FLOP for the first graph (1,280 GFLOP for 100,000 x 128, 51 for 20,000), less for the others, and
linking, which grows with the number of near pairs. Memory: the vectors three times (51 MB each for 100,000 x 128), one block of
products (32 MB), and 12 bytes a pair, at most `NEIGHBOURS` for each face and block.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.people.calibration import Calibration
from shoebox.people.faces import Faces
from shoebox.people.linkage import Nodes, link, rounds
from shoebox.people.neighbours import Pairs, near_by_numpy, near_others, near_pairs
from shoebox.sessions.protocol import Session

# Group numbers of faces that have none: to be grouped, and said to be nobody's.
FREE, OUT = -1, -2
# Nearest neighbours of a face that are looked at in each block of `neighbours.COLUMNS`. On 5,000 made-up faces 1,000 of them,
# linked without slack, gave BCubed recall 0.674, and 32 gave 0.681: the nearest say all that matters.
NEIGHBOURS = 32
# Rounds of a new graph and linking after the first; on 5,000 made-up faces the second left 604 groups and the third 598.
MOST_ROUNDS = 4
# So long (in seconds) linking goes on before others have their turn.
LONGEST_BREATH = 0.05
# The mark that all confirmed persons share.
CONFIRMED = -1

Labels = NDArray[np.int64]


class Grouping:
    """One run of grouping.

    Parameters
    ----------
    faces : Faces
    calibration : Calibration
    fixed : (n,) int64
        The group that each face is in already, from 0, `FREE`, or `OUT`. Faces of one fixed group stay together.
    confirmed : set of int
        Fixed groups that no other of them may be merged with.
    apart : sequence of (face, group)
        Faces that may not come to a fixed group, nor may whatever group they are in.
    strangers : sequence of (face, face)
        Faces that may not come together.
    """

    def __init__(
        self,
        faces: Faces,
        calibration: Calibration,
        fixed: Labels,
        confirmed: set[int] = frozenset(),  # type: ignore[assignment]
        apart: Sequence[tuple[int, int]] = (),
        strangers: Sequence[tuple[int, int]] = (),
    ) -> None:
        self._faces, self._calibration = faces, calibration
        good = faces.quality >= calibration.founding
        self._single = np.flatnonzero((fixed == FREE) & good)
        self._poor = np.flatnonzero((fixed == FREE) & ~good)
        self._groups = int(fixed.max(initial=-1)) + 1
        self._node = fixed.copy()
        self._node[self._single] = self._groups + np.arange(len(self._single))
        self._photos = faces.photos.tolist()
        self._extra: dict[int, set[int]] = {}
        self._nodes = self._make_nodes(good, confirmed)
        for number, (row, group) in enumerate(apart):
            self._mark(row, CONFIRMED - 1 - number)
            self._nodes.marks[group].add(CONFIRMED - 1 - number)
        for number, pair in enumerate(strangers, start=len(apart)):
            if fixed[pair[0]] < 0 or fixed[pair[0]] != fixed[pair[1]]:
                for row in pair:
                    self._mark(row, CONFIRMED - 1 - number)

    async def anew(self, session: Session | None = None) -> Labels:
        """Group all faces; fixed groups grow and, unless confirmed, merge.

        Returns
        -------
        (n,) int64: groups from 0, in no order; `FREE` for poor faces that nobody resembles, `OUT` as before.

        Raises
        ------
        SessionError
            If the session fails.
        """
        calibration = self._calibration
        await self._round(1 - calibration.tight, session)
        for _ in range(MOST_ROUNDS):
            if not await self._round(1 - calibration.same, session):
                break
        good = self._good_nodes()
        rows = self._faces.vectors[self._poor]
        self._attach(good, await near_others(rows, self._nodes.means[good], 1 - calibration.same, NEIGHBOURS, session))
        return self._labels()

    def joining(self) -> Labels:
        """Let the free faces join groups or found new ones; cheap where they are few, and never networks.

        Returns
        -------
        (n,) int64, as `anew`. A new face may bring together two fixed groups that are not confirmed.
        """
        floor = 1 - self._calibration.same
        means = self._nodes.means
        low, columns, likeness = near_by_numpy(means[self._groups :], means, floor, NEIGHBOURS)
        left = low + np.int32(self._groups)
        keep = left != columns
        self._contract(link(self._nodes, _once((left[keep], columns[keep], likeness[keep])), floor))
        good = self._good_nodes()
        self._attach(good, near_by_numpy(self._faces.vectors[self._poor], self._nodes.means[good], floor, NEIGHBOURS))
        return self._labels()

    def _mark(self, row: int, mark: int) -> None:
        """Put a mark to the node that a face is in, or to the face itself while it is in none."""
        node = int(self._node[row])
        if node >= 0:
            self._nodes.marks[node].add(mark)
        else:
            self._extra.setdefault(row, set()).add(mark)

    def _make_nodes(self, good: NDArray[np.bool_], confirmed: set[int]) -> Nodes:
        faces, count = self._faces, self._groups + len(self._single)
        sums = np.zeros((count, faces.vectors.shape[1]), np.float32)
        sizes = np.ones(count, np.float32)
        marks: list[set[int]] = [set() for _ in range(count)]
        sums[self._groups :] = faces.vectors[self._single]
        rows = np.flatnonzero((self._node >= 0) & (self._node < self._groups))
        if len(rows):
            # Poor faces do not shape their group, unless it has no others.
            has_good = np.bincount(self._node[rows], good[rows], self._groups) > 0
            counted = rows[good[rows] | ~has_good[self._node[rows]]]
            counted = counted[np.argsort(self._node[counted], kind="stable")]
            present, starts = np.unique(self._node[counted], return_index=True)
            sums[present] = np.add.reduceat(faces.vectors[counted], starts, axis=0)
            sizes[: self._groups] = np.maximum(np.bincount(self._node[counted], minlength=self._groups), 1)
        for row in np.flatnonzero(self._node >= 0).tolist():
            marks[int(self._node[row])].add(self._photos[row])
        for group in confirmed:
            marks[group].add(CONFIRMED)
        return Nodes(sums, sizes, marks)

    async def _round(self, floor: float, session: Session | None) -> bool:
        """Whether a new graph brought anything together."""
        before = len(self._nodes)
        pairs = await near_pairs(self._nodes.means, floor, NEIGHBOURS, session)
        roots = np.arange(before)
        breath = time.perf_counter()
        for linked in rounds(self._nodes, pairs, floor):
            roots = linked
            # Where networks run elsewhere, somebody may be waiting for an answer to a search.
            if session is not None and time.perf_counter() - breath > LONGEST_BREATH:
                await asyncio.sleep(0)
                breath = time.perf_counter()
        self._contract(roots)
        return len(self._nodes) < before

    def _contract(self, roots: NDArray[np.intp]) -> None:
        self._nodes, labels = self._nodes.contracted(roots)
        inside = self._node >= 0
        self._node[inside] = labels[self._node[inside]]

    def _good_nodes(self) -> NDArray[np.intp]:
        """Nodes that somebody is in."""
        return np.flatnonzero(np.bincount(self._node[self._node >= 0], minlength=len(self._nodes)) > 0)

    def _attach(self, nodes: NDArray[np.intp], pairs: Pairs) -> None:
        """Each poor face goes to the most alike group that may have it, the most alike first."""
        rows, places, likeness = pairs
        marks = self._nodes.marks
        for pair in np.argsort(-likeness, kind="stable").tolist():
            row, node = int(self._poor[rows[pair]]), int(nodes[places[pair]])
            own = {self._photos[row]} | self._extra.get(row, set())
            if self._node[row] == FREE and marks[node].isdisjoint(own):
                self._node[row] = node
                marks[node] |= own

    def _labels(self) -> Labels:
        return self._node


def _once(pairs: Pairs) -> Pairs:
    """Each pair once, whichever way round it was found."""
    left, right, likeness = pairs
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low))
    low, high, likeness = low[order], high[order], likeness[order]
    keep = np.ones(len(low), bool)
    keep[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return low[keep], high[keep], likeness[keep]


def heirs(labels: Labels, former: Labels, kept: dict[int, int]) -> dict[int, int]:
    """Which new group goes on as which former one.

    Parameters
    ----------
    labels, former : (n,) int64
        New and former groups of the same faces; negative where there is none.
    kept : dict of int to int
        By new group, the former one that it must be.

    Returns
    -------
    dict of int to int
        Former groups by new ones: those of `kept`, and then whichever share the most faces. Each occurs once on either side.
    """
    found = dict(kept)
    used = set(kept.values())
    both = (labels >= 0) & (former >= 0)
    width = int(former.max(initial=0)) + 1
    codes, counts = np.unique(labels[both] * width + former[both], return_counts=True)
    for code in codes[np.argsort(-counts, kind="stable")].tolist():
        new, old = divmod(code, width)
        if new not in found and old not in used:
            found[new] = old
            used.add(old)
    return found
