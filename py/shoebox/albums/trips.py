"""Trips: photos taken away from home, over at least one night, without coming home in between."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
# The travel industry of the United States speaks of a trip from 50 miles one way (U.S. Travel Association); most commutes are
# shorter.
AWAY_KM: Final = 80.0
#: A handful of photos.
LEAST_PHOTOS: Final = 5
# Of these so many must say themselves that they were taken away.
_LEAST_LOCATED: Final = 3
# Whoever takes no photo for longer may have been home in between.
_GAP_MS: Final = 4 * DAY_MS
# From evening to morning; less is a day out, also one that ends after midnight.
_NIGHT_MS: Final = 12 * HOUR_MS
# A camera that does not know where it is was where the phone was, if both took photos within this time.
_TOGETHER_MS: Final = 3 * HOUR_MS


def find(taken: Floats, kilometres: Floats) -> list[Rows]:
    """The trips among photos.

    Parameters
    ----------
    taken : (n,) float64
        Milliseconds since 1970, rising.
    kilometres : (n,) float64
        From home; NaN where unknown.

    Returns
    -------
    list of (photos,) intp
        Places in `taken`, without gaps.
    """
    away = _away(taken, kilometres)
    known = np.isfinite(kilometres)
    starts = np.flatnonzero(away & ~(np.concatenate([[False], away[:-1]]) & (np.diff(taken, prepend=-np.inf) <= _GAP_MS)))
    ends = np.flatnonzero(away & ~(np.concatenate([away[1:], [False]]) & (np.diff(taken, append=np.inf) <= _GAP_MS))) + 1
    located = np.concatenate([[0], np.cumsum(known)])
    long = taken[ends - 1] - taken[starts] >= _NIGHT_MS
    nights = np.floor(taken[ends - 1] / DAY_MS) > np.floor(taken[starts] / DAY_MS)
    worth = (ends - starts >= LEAST_PHOTOS) & (located[ends] - located[starts] >= _LEAST_LOCATED) & long & nights
    return [np.arange(start, end) for start, end in zip(starts[worth].tolist(), ends[worth].tolist(), strict=True)]


def _away(taken: Floats, kilometres: Floats) -> NDArray[np.bool_]:
    """(n,) bool: who was away; photos that do not say where follow those before and after them."""
    known = np.flatnonzero(np.isfinite(kilometres))
    away = np.zeros(len(taken), bool)
    if not len(known):
        return away
    away[known] = kilometres[known] >= AWAY_KM
    unknown = np.flatnonzero(~np.isfinite(kilometres))
    place = np.searchsorted(known, unknown)
    before, after = known[np.maximum(place - 1, 0)], known[np.minimum(place, len(known) - 1)]
    # Beyond the first and the last that says where there is nobody to ask on that side.
    since = np.where(place > 0, taken[unknown] - taken[before], np.inf)
    until = np.where(place < len(known), taken[after] - taken[unknown], np.inf)
    between = away[before] & away[after] & np.isfinite(since) & np.isfinite(until)
    nearest = np.where(since <= until, before, after)
    away[unknown] = between | (away[nearest] & (np.minimum(since, until) <= _TOGETHER_MS))
    return away
