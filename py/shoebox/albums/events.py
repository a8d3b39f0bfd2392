"""Events: photos close together in time, where close is what is usual around them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.albums.trips import HOUR_MS

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

# A gap ends an event if it is so many times as long as the gaps around it are on average, in logarithms: Platt, Czerwinski and
# Field, "PhotoTOC: automatic clustering for browsing personal photographs" (2003), with their two constants.
_TIMES: Final = 17.0
_AROUND: Final = 10
# Whatever is usual: an hour's pause ends nothing, and a night and a morning end everything.
_LEAST_GAP_MS: Final = 1.0 * HOUR_MS
_MOST_GAP_MS: Final = 14.0 * HOUR_MS
# An event stands out from the library's own days: so many times as many photos as are usually taken in one go.
_STANDS_OUT: Final = 3.0
# How many that is, fewer times than these do not tell.
_LEAST_TIMES: Final = 10
#: No event has fewer photos than this, and none needs more than that.
LEAST_PHOTOS, ENOUGH_PHOTOS = 8, 30
# Ten photos of one moment are no event.
_LEAST_MINUTES: Final = 4
_MINUTE_MS: Final = 60_000


def find(taken: Floats) -> list[Rows]:
    """The events among photos.

    Parameters
    ----------
    taken : (n,) float64
        Milliseconds since 1970, rising.

    Returns
    -------
    list of (photos,) intp
        Places in `taken`, without gaps.
    """
    if not len(taken):
        return []
    edges = np.concatenate([[0], np.flatnonzero(ends(np.diff(taken))) + 1, [len(taken)]])
    sizes = np.diff(edges)
    usual = float(np.median(sizes)) if len(sizes) >= _LEAST_TIMES else 1.0
    least = min(max(LEAST_PHOTOS, _STANDS_OUT * usual), ENOUGH_PHOTOS)
    minutes = np.floor(taken / _MINUTE_MS)
    return [
        np.arange(edges[place], edges[place + 1])
        for place in np.flatnonzero(sizes >= least).tolist()
        if len(np.unique(minutes[edges[place] : edges[place + 1]])) >= _LEAST_MINUTES
    ]


def ends(gaps: Floats) -> NDArray[np.bool_]:
    """Which gaps, (n,) in milliseconds and never negative, end an event."""
    count = len(gaps)
    # Below a second clocks tell nothing.
    logs = np.log(np.maximum(gaps, 1000.0))
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    first, last = np.maximum(np.arange(count) - _AROUND, 0), np.minimum(np.arange(count) + _AROUND + 1, count)
    usual = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    unusual = logs >= np.log(_TIMES) + usual
    return np.asarray((gaps >= _MOST_GAP_MS) | (unusual & (gaps >= _LEAST_GAP_MS)))
