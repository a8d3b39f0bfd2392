"""Which photos are among the best: good ones, and of those that show the same only one."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
#: From a row and other rows to the cosines of the one with the others.
Alike = Callable[[int, Sequence[int]], Floats]

#: The part of a library that is called its best, at most; small libraries have at least so many.
SHARE: Final = 0.1
FEWEST: Final = 12
#: Photos below this are among nobody's best, however few there are.
LEAST_QUALITY: Final = 0.55
# Two photos so close in time and in what they show (cosine of the default pack's vectors) are of one moment. Of photos of a
# holiday, those taken within minutes of one another lie at 0.8 and more where they show the same thing.
_MOMENT_MS: Final = 10 * 60_000
_SAME_SCENE: Final = 0.8


def choose(quality: Floats, taken: NDArray[np.float64], alike: Alike, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The best photos.

    Parameters
    ----------
    quality : (n,) float32
        0 to 1.
    taken : (n,) float64
        Milliseconds; NaN where it is not known.
    alike : callable
        Compares a row with others; only asked of allowed ones.
    allowed : (n,) bool
        Which photos are there to choose from.

    Returns
    -------
    (n,) bool
        At most `SHARE` of the allowed ones (but `FEWEST` at least, where so many are good enough), the best first, and no two
        of one moment. Among equals the first row goes before.
    """
    chosen = np.zeros(len(quality), bool)
    wanted = max(FEWEST, round(SHARE * int(allowed.sum())))
    candidates = np.flatnonzero(allowed & (quality >= LEAST_QUALITY))
    order = candidates[np.argsort(-quality[candidates], kind="stable")]
    times: list[tuple[float, int]] = []
    left = wanted
    for row in order.tolist():
        if not left:
            break
        when = float(taken[row])
        if not np.isnan(when):
            if _is_shown(row, when, times, alike):
                continue
            insort(times, (when, row))
        chosen[row] = True
        left -= 1
    return chosen


def _is_shown(row: int, when: float, times: list[tuple[float, int]], alike: Alike) -> bool:
    """Whether a better photo of the same moment has been chosen already."""
    first, last = bisect_left(times, (when - _MOMENT_MS, -1)), bisect_left(times, (when + _MOMENT_MS, sys.maxsize))
    rows = [other for _, other in times[first:last]]
    return bool(rows) and float(alike(row, rows).max()) >= _SAME_SCENE
