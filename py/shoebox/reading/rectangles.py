"""Turned rectangles: the smallest around a region, larger ones around it, and where their corners are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.reading.components import Runs

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Rectangles:
    """Where text stands.

    Attributes
    ----------
    centres : (n, 2) float32
        Across and down, in pixels.
    sizes : (n, 2) float32
        Along the line that is written, and across it.
    angles : (n,) float32
        How far the first side is turned from the horizontal, clockwise on the screen, in radians from -pi/4 to pi/4.
    scores : (n,) float32
        How surely there is text, 0 to 1.
    """

    centres: Floats
    sizes: Floats
    angles: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.centres)

    @staticmethod
    def none() -> Rectangles:
        """No rectangles."""
        empty = np.zeros((0, 2), np.float32)
        return Rectangles(empty, empty, empty[:, 0], empty[:, 0])

    @staticmethod
    def joined(parts: list[Rectangles]) -> Rectangles:
        """Those of all parts, in their order."""
        if not parts:
            return Rectangles.none()
        names = ("centres", "sizes", "angles", "scores")
        return Rectangles(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def __getitem__(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Rectangles:
        return Rectangles(self.centres[chosen], self.sizes[chosen], self.angles[chosen], self.scores[chosen])

    def moved(self, scale: float, left: float, top: float) -> Rectangles:
        """As they lie in the picture of which theirs is a part, shrunk `scale` times."""
        corner = np.array([left, top], np.float32)
        return Rectangles(
            (self.centres * np.float32(scale) + corner).astype(np.float32),
            (self.sizes * np.float32(scale)).astype(np.float32),
            self.angles,
            self.scores,
        )

    def grown(self, ratio: float) -> Rectangles:
        """Larger on all sides, by `ratio` times their area over their circumference.

        Networks of this kind mark text shrunk by just that (Liao et al., "Real-time Scene Text Detection with Differentiable
        Binarization", 2020, equation 10).
        """
        around = np.maximum(2 * self.sizes.sum(axis=1), 1e-6)
        more = 2 * ratio * self.sizes.prod(axis=1) / around
        return Rectangles(self.centres, (self.sizes + more[:, None]).astype(np.float32), self.angles, self.scores)

    def corners(self) -> Floats:
        """(n, 4, 2): top left, top right, bottom right, bottom left, as the text stands."""
        along = np.stack([np.cos(self.angles), np.sin(self.angles)], axis=1)
        down = np.stack([-along[:, 1], along[:, 0]], axis=1)
        half = self.sizes / 2
        across, below = along * half[:, :1], down * half[:, 1:]
        middle = self.centres
        return np.stack([middle - across - below, middle + across - below, middle + across + below, middle - across + below], 1)

    def spread(self, counts: tuple[int, int]) -> Floats:
        """So many points along and across each, evenly spread over it: (n, product of the counts, 2)."""
        along = np.stack([np.cos(self.angles), np.sin(self.angles)], axis=1)
        down = np.stack([-along[:, 1], along[:, 0]], axis=1)
        right, below = (((np.arange(count) + 0.5) / count - 0.5).astype(np.float32) for count in counts)
        across = along[:, None] * (self.sizes[:, :1] * right)[:, :, None]
        under = down[:, None] * (self.sizes[:, 1:] * below)[:, :, None]
        points: Floats = self.centres[:, None, None] + across[:, :, None] + under[:, None]
        return points.reshape(len(self), counts[0] * counts[1], 2)

    def holding(self, points: Floats) -> NDArray[np.bool_]:
        """Which rectangles hold which of the points (m, 2): (n, m) bool."""
        along = np.stack([np.cos(self.angles), np.sin(self.angles)], axis=1)
        down = np.stack([-along[:, 1], along[:, 0]], axis=1)
        away = points - self.centres[:, None]
        across = np.abs((away * along[:, None]).sum(axis=2)) <= self.sizes[:, :1] / 2
        below = np.abs((away * down[:, None]).sum(axis=2)) <= self.sizes[:, 1:] / 2
        return np.asarray(across & below)

    def bounds(self) -> Floats:
        """(n, 4): left, top, right and bottom of the upright rectangles around them."""
        corners = self.corners()
        return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def around_regions(runs: Runs, weights: NDArray[np.float64]) -> Rectangles:
    """The smallest rectangle around each region.

    Parameters
    ----------
    runs : Runs
    weights : (regions,) float64
        What the pixels of each region add up to; the score is that for each pixel of its rectangle, so what fills its rectangle
        badly is less sure.
    """
    found = [smallest(outline) for outline in _outlines(runs)]
    if not found:
        return Rectangles.none()
    numbers = np.array(found, np.float64)
    areas = np.maximum(numbers[:, 2:4].prod(axis=1), 1e-6)
    made = numbers.astype(np.float32)
    return Rectangles(made[:, :2], made[:, 2:4], made[:, 4], np.clip(weights / areas, 0, 1).astype(np.float32))


def smallest(points: NDArray[np.float64]) -> tuple[float, float, float, float, float]:
    """The rectangle of least area around points (n, 2): its centre (2), its sides (2), its angle.

    One of its sides lies on a side of the convex hull (Freeman and Shapira, 1975), so only those are tried.
    """
    hull = _hull(points)
    sides = np.roll(hull, -1, axis=0) - hull
    angles = np.arctan2(sides[:, 1], sides[:, 0])
    # A rectangle looks the same after a quarter turn; of its two directions the one nearer to the horizontal is that of the
    # text.
    angles = np.unique(np.append((angles + np.pi / 4) % (np.pi / 2) - np.pi / 4, 0.0))
    along = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    down = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across, below = hull @ along.T, hull @ down.T
    widths, heights = np.ptp(across, axis=0), np.ptp(below, axis=0)
    best = int(np.argmin(widths * heights))
    middle = (across[:, best].min() + across[:, best].max()) / 2 * along[best]
    middle = middle + (below[:, best].min() + below[:, best].max()) / 2 * down[best]
    return float(middle[0]), float(middle[1]), float(widths[best]), float(heights[best]), float(angles[best])


def _outlines(runs: Runs) -> Iterator[NDArray[np.float64]]:
    """For each region the corners of its pixels that can lie on its hull: the ends of each of its rows."""
    order = np.argsort(runs.regions, kind="stable")
    bounds = np.searchsorted(runs.regions[order], np.arange(runs.count + 1))
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        part = order[low:high]
        rows, starts, ends = runs.rows[part], runs.starts[part], runs.ends[part]
        first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
        left, right, row = np.minimum.reduceat(starts, first), np.maximum.reduceat(ends, first), rows[first]
        across = np.concatenate([left, right, left, right])
        down = np.concatenate([row, row, row + 1, row + 1])
        yield np.stack([across, down], axis=1).astype(np.float64)


def _hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners of the convex hull, in order (Andrew's monotone chain)."""
    ordered = np.unique(points, axis=0).tolist()
    if len(ordered) < 3:
        return np.array(ordered)
    return np.array([*_chain(ordered), *_chain(ordered[::-1])])


def _chain(points: list[list[float]]) -> list[list[float]]:
    """One side of the hull, without its last point."""
    kept: list[list[float]] = []
    for x, y in points:
        while len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            kept.pop()
        kept.append([x, y])
    return kept[:-1]
