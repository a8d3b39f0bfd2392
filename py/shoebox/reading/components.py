"""Connected regions of a picture of yes and no, by runs: stretches of one row that touch a stretch of the next belong together.

Rows of text are long and few, so there are hundreds of runs where there are hundreds of thousands of pixels, and all work on
them is done by numpy at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches of pixels, by rising row and column.

    Attributes
    ----------
    rows, starts, ends : (n,) intp
        Each covers the columns from `starts` up to but without `ends`.
    regions : (n,) intp
        Which region each belongs to, from 0 in the order of their first runs.
    """

    rows: Places
    starts: Places
    ends: Places
    regions: Places

    @property
    def count(self) -> int:
        """How many regions there are."""
        return int(self.regions.max(initial=-1)) + 1


def find_runs(mask: NDArray[np.bool_]) -> Runs:
    """The regions of a mask (height, width), in which pixels that share an edge or a corner belong together."""
    height, width = mask.shape
    edges = np.zeros((height, width + 2), np.int8)
    edges[:, 1:-1] = mask
    steps = np.diff(edges, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    left, right = _touching(rows, starts, ends, width)
    return Runs(rows, starts, ends, _joined(len(rows), left, right))


def _touching(rows: Places, starts: Places, ends: Places, width: int) -> tuple[Places, Places]:
    """All pairs of runs in neighbouring rows that touch: the upper ones, and the lower ones."""
    # One number for row and column, so that one search finds, for each run, the runs of the next row that it reaches.
    stride = width + 3
    begin, end = rows * stride + starts, rows * stride + ends
    first = np.searchsorted(end, begin + stride, "left")
    last = np.searchsorted(begin, end + stride, "right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(first, counts) + within


def _joined(count: int, left: Places, right: Places) -> Places:
    """The parts of a graph of so many nodes, given by its edges: (count,) numbers of parts, by their first nodes."""
    label = np.arange(count)
    while True:
        lower = np.minimum(label[left], label[right])
        fresh = label.copy()
        # Not only the node but the one that it points to learns of the lower number: so far ways are short.
        for side in (left, right):
            np.minimum.at(fresh, label[side], lower)
            np.minimum.at(fresh, side, lower)
        fresh = fresh[fresh]
        if np.array_equal(fresh, label):
            return np.unique(label, return_inverse=True)[1].reshape(-1).astype(np.intp)
        label = fresh
