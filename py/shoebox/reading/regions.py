"""From a map of how likely each pixel is text to the rectangles of lines.

The way is that of PaddleOCR's `DBPostProcess`: what is likely enough, connected, the smallest rectangle around each region, its
mean, and the rectangle grown back to the size of the letters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shoebox.reading.components import Runs, find_runs
from shoebox.reading.rectangles import Rectangles, around_regions

# Of 255: from here on a pixel is text.
_FULL = 255.0
# Narrower regions are noise, and so is what is narrower when it has grown: no letters are legible there (PaddleOCR has 3 and
# 5).
LEAST_SIDE, LEAST_GROWN = 3.0, 6.0
# A picture full of specks must not hold everything up: only the largest regions are looked at.
MOST_REGIONS = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """When something counts as text.

    Attributes
    ----------
    pixel : float
        From which on a pixel belongs to a region, 0 to 1.
    sure : float
        From which mean on a region is text.
    growth : float
        See `Rectangles.grown`.
    """

    pixel: float
    sure: float
    growth: float

    def down_to(self, glimpse: float) -> Limits:
        """The same for regions that are less sure, too."""
        return replace(self, sure=min(self.sure, glimpse))


def find_regions(likely: NDArray[np.uint8], limits: Limits) -> Rectangles:
    """The rectangles of the text in a map.

    Parameters
    ----------
    likely : (height, width) uint8
        255 where there is surely text.
    limits : Limits

    Returns
    -------
    Rectangles
        In pixels of the map, whose pixel (0, 0) reaches from 0 to 1.
    """
    runs = find_runs(likely >= limits.pixel * _FULL)
    if not runs.count:
        return Rectangles.none()
    weights = _weights(likely, runs)
    if runs.count > MOST_REGIONS:
        heaviest = np.sort(np.argsort(-weights, kind="stable")[:MOST_REGIONS])
        runs, weights = _only(runs, heaviest), weights[heaviest]
    found = around_regions(runs, weights / _FULL)
    kept = (found.sizes.min(axis=1) >= LEAST_SIDE) & (found.scores >= limits.sure)
    grown = found[kept].grown(limits.growth)
    return grown[grown.sizes.min(axis=1) >= LEAST_GROWN]


def _weights(likely: NDArray[np.uint8], runs: Runs) -> NDArray[np.float64]:
    """What the pixels of each region add up to: (regions,)."""
    sums = np.zeros((likely.shape[0], likely.shape[1] + 1), np.int64)
    np.cumsum(likely, axis=1, dtype=np.int64, out=sums[:, 1:])
    of_runs = sums[runs.rows, runs.ends] - sums[runs.rows, runs.starts]
    return np.bincount(runs.regions, of_runs, runs.count).astype(np.float64)


def _only(runs: Runs, regions: NDArray[np.intp]) -> Runs:
    """Some of the regions, in rising order."""
    kept = np.isin(runs.regions, regions)
    return Runs(runs.rows[kept], runs.starts[kept], runs.ends[kept], np.searchsorted(regions, runs.regions[kept]))
