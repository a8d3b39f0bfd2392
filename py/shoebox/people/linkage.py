"""Average linkage on a sparse graph, with pairs that may never come together.

The likeness of two groups is the mean of the inner products of their members, which needs only their sums: S_a . S_b / n_a n_b.
This linkage is reducible: a merge never brings the result nearer to a third group than the nearer of its two parts was. So all
pairs of groups that are each other's nearest can be merged at once, whatever else is merged, and the outcome is that of the
classic algorithm that merges one pair after another (reciprocal nearest neighbours: Murtagh, "A survey of recent advances in
hierarchical clustering algorithms", The Computer Journal 26(4), 1983; in parallel rounds: Sumengen et al., "Scaling
hierarchical agglomerative clustering to billion-sized datasets", arXiv:2105.11653). Forbidden pairs
count as infinitely unlike, and so do the groups that hold them, which keeps the property.

A person with thousands of faces would take them in one a round. So in one round a large group takes several that are nearest
to it, as long as all are nearly as near as the nearest (`SLACK`) and together add little to it (`GROWTH`): what it is like then
hardly changes in between (the idea of Dhulipala et al., "Hierarchical agglomerative graph clustering in poly-logarithmic
depth", arXiv:2206.11654).

Only edges above the floor are needed: if the mean over A + B reaches it, that over A or over B does. An edge that falls below
it is dropped for good, so the graph shrinks with every round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.people.neighbours import Pairs

# Edges whose likeness is computed at once: 2 x 32,768 x 128 float32 are 32 MB.
AT_ONCE = 32_768
# How much less near than the nearest a group may be that is taken in beside it in one round, and by which part a group may
# grow by these. Measured on 5,000 made-up faces (`tests/bench/people.py`): 245 rounds instead of 2,697, precision 1 either
# way, BCubed recall 0.668 instead of 0.681; a slack of 0.004 takes 121 rounds and recall falls to 0.613.
SLACK = 0.001
GROWTH = 0.1

Edges = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]


@dataclass(slots=True)
class Nodes:
    """What is to be linked: single faces, or groups of faces that are one already.

    Attributes
    ----------
    sums : (m, d) float32
        Sums of the vectors of each.
    sizes : (m,) float32
        How many vectors each sum holds, at least 1.
    marks : list of m sets of int
        Two nodes that have a mark in common are never linked: the photo of a face is one, since nobody is on a photo twice.
    """

    sums: NDArray[np.float32]
    sizes: NDArray[np.float32]
    marks: list[set[int]]

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def means(self) -> NDArray[np.float32]:
        """(m, d) float32: their inner product is the likeness of two nodes."""
        return self.sums / self.sizes[:, None]

    def contracted(self, roots: NDArray[np.intp]) -> tuple[Nodes, NDArray[np.intp]]:
        """The nodes that are left after `link`, which has done their sums already, and for each old node its new one."""
        left, labels = np.unique(roots, return_inverse=True)
        return Nodes(self.sums[left], self.sizes[left], [self.marks[node] for node in left.tolist()]), labels


def likeness(nodes: Nodes, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.float32]:
    """The mean inner product of the members of pairs of nodes, (p,)."""
    out = np.empty(len(left), np.float32)
    for low in range(0, len(left), AT_ONCE):
        part = slice(low, low + AT_ONCE)
        np.einsum("ij,ij->i", nodes.sums[left[part]], nodes.sums[right[part]], out=out[part])
    out /= nodes.sizes[left] * nodes.sizes[right]
    return out


def link(nodes: Nodes, pairs: Pairs, floor: float) -> NDArray[np.intp]:
    """Merge nodes by average linkage until no allowed pair reaches the floor.

    Parameters
    ----------
    nodes : Nodes
        Changed in place: the roots take in the sums, sizes and marks of what they absorb.
    pairs : Pairs
        Candidates: two nodes can only come together along them.
    floor : float
        The least likeness of two groups that are merged.

    Returns
    -------
    (m,) intp: for each node the node that it is part of now.
    """
    roots = np.arange(len(nodes))
    for each in rounds(nodes, pairs, floor):
        roots = each
    return roots


def rounds(nodes: Nodes, pairs: Pairs, floor: float) -> Iterator[NDArray[np.intp]]:
    """`link`, round by round, for who has something else to do in between; the last of what it gives counts."""
    roots = np.arange(len(nodes))
    edges = _sorted((pairs[0].astype(np.intp), pairs[1].astype(np.intp), pairs[2]), floor)
    while len(edges[0]):
        chosen = _chosen(edges, len(nodes))
        target, settled = _merge(nodes, edges[0][chosen], edges[1][chosen])
        roots = target[roots]
        keep = np.ones(len(edges[0]), bool)
        keep[chosen[settled]] = False
        left, right, weight = edges
        edges = _sorted(_redirected(nodes, target, (left[keep], right[keep], weight[keep])), floor)
        yield roots


def _sorted(edges: Edges, floor: float) -> Edges:
    """The edges that reach the floor, best first. The sort is fast where most of them come in order."""
    left, right, weight = edges
    keep = np.flatnonzero(weight >= floor)
    order = keep[np.argsort(-weight[keep], kind="stable")]
    return left[order], right[order], weight[order]


def _chosen(edges: Edges, count: int) -> NDArray[np.intp]:
    """Which of the edges, best first, are the best of one end and the best of the other, or nearly so."""
    left, right, weight = edges
    places = np.arange(len(left))
    first = np.full(count, len(left))
    # Written from the last to the first: of several values for one place the last one stays.
    first[left[::-1]] = places[::-1]
    other = np.full(count, len(left))
    other[right[::-1]] = places[::-1]
    np.minimum(first, other, out=first)
    at_left, at_right = first[left], first[right]
    best = np.minimum(at_left, at_right)
    return np.flatnonzero((np.maximum(at_left, at_right) == places) & (weight >= weight[best] - SLACK))


def _merge(nodes: Nodes, left: NDArray[np.intp], right: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[int]]:
    """Merge along these edges, best first, as far as marks allow and no group takes in too much.

    Returns
    -------
    target : (m,) intp
        For each node what it is part of now.
    settled : list of int
        Places of the edges that are done with: merged, or forbidden.
    """
    target = np.arange(len(nodes))
    taken: dict[int, float] = {}  # what each group has taken in, in this round
    gone: set[int] = set()
    settled = []
    sizes = dict(zip(ends := np.concatenate([left, right]).tolist(), nodes.sizes[ends].tolist(), strict=True))
    for place, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if a in gone or b in gone:
            continue
        if not nodes.marks[a].isdisjoint(nodes.marks[b]):
            settled.append(place)
            continue
        if b in taken or (a not in taken and sizes[b] > sizes[a]):
            a, b = b, a
        if b in taken or (a in taken and taken[a] + sizes[b] > GROWTH * sizes[a]):
            continue
        taken[a] = taken.get(a, 0.0) + sizes[b]
        gone.add(b)
        target[b] = a
        nodes.sums[a] += nodes.sums[b]
        nodes.sizes[a] += nodes.sizes[b]
        _take_over(nodes.marks, a, b)
        settled.append(place)
    return target, settled


def _take_over(marks: list[set[int]], a: int, b: int) -> None:
    """Put the marks of `b` to those of `a`, moving the fewer of them."""
    if len(marks[a]) < len(marks[b]):
        marks[a], marks[b] = marks[b], marks[a]
    marks[a] |= marks[b]
    marks[b] = set()


def _redirected(nodes: Nodes, target: NDArray[np.intp], edges: Edges) -> Edges:
    """Edges between the groups as they are now, each once, with the likeness of groups that have grown computed anew."""
    left, right, weight = edges
    grown = np.zeros(len(nodes), bool)
    moved = np.flatnonzero(target != np.arange(len(nodes)))
    grown[target[moved]] = True
    left, right = target[left], target[right]
    changed = grown[left] | grown[right]
    low, high = np.minimum(left, right)[changed], np.maximum(left, right)[changed]
    fresh = np.unique((low * len(nodes) + high)[low != high])
    low, high = fresh // len(nodes), fresh % len(nodes)
    still = ~changed
    return (
        np.concatenate([left[still], low]),
        np.concatenate([right[still], high]),
        np.concatenate([weight[still], likeness(nodes, low, high)]),
    )
