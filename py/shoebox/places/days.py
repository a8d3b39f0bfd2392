"""Photos by the calendar: where the months were spent, and what happened on this day in other years."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shoebox.places.table import NOWHERE

# A place is worth naming if so much of what is known of a month was taken there, and a month if so much of it is known.
_SHARE = 0.15
_KNOWN = 0.25
_MOST_NAMES = 2
# Days that come only in leap years are remembered on the day before in the others.
_LEAP_DAY = (2, 29)
# Photos whose dates are taken apart at a time: what is made for each takes a hundred bytes.
_PIECE = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """What happened on a day of some year.

    Attributes
    ----------
    year : int
    rows : (photos,) intp
        Newest first.
    """

    year: int
    rows: NDArray[np.intp]


def months_of(taken: NDArray[np.float64]) -> NDArray[np.int64]:
    """(photos,) int64: months since January of the year 0, from milliseconds since 1970; all finite."""
    return taken.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64) + 12 * 1970


def month_places(months: NDArray[np.int64], places: NDArray[np.integer]) -> dict[int, list[int]]:
    """The places where most photos of each month were taken, for months of which enough is known.

    Parameters
    ----------
    months : (photos,) int64
    places : (photos,) integer
        `NOWHERE` where unknown.

    Returns
    -------
    dict of int to list of int
        By month; at most two places, the most photographed first.
    """
    every, sizes = np.unique(months, return_counts=True)
    whole = dict(zip(every.tolist(), sizes.tolist(), strict=True))
    known = places != NOWHERE
    pairs, counts = np.unique(np.stack([months[known], places[known].astype(np.int64)]), axis=1, return_counts=True)
    by_month: dict[int, list[tuple[int, int]]] = {}
    for month, place, count in zip(*pairs.tolist(), counts.tolist(), strict=True):
        by_month.setdefault(month, []).append((count, place))
    return {
        month: [place for count, place in _largest(each) if count >= _SHARE * located]
        for month, each in by_month.items()
        if (located := sum(count for count, _ in each)) >= _KNOWN * whole[month]
    }


def _largest(counted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(counted, key=lambda pair: (-pair[0], pair[1]))[:_MOST_NAMES]


def days_like(today: date, year: int) -> list[str]:
    """The days of a year that are remembered today: "2020-05-03"."""
    there = [each for each in _days(today) if each != _LEAP_DAY or calendar.isleap(year)]
    return [f"{year}-{month:02}-{day:02}" for month, day in there]


def _days(today: date) -> list[tuple[int, int]]:
    """Months and days that are remembered today."""
    own = (today.month, today.day)
    return [own, _LEAP_DAY] if own == (2, 28) and not calendar.isleap(today.year) else [own]


def on_this_day(taken: NDArray[np.float64], rows: NDArray[np.intp], today: date) -> list[Year]:
    """The photos of the same day in earlier years, the latest year first.

    Parameters
    ----------
    taken : (photos,) float64
        Milliseconds since 1970; all finite.
    rows : (photos,) intp
    today : date
    """
    pieces = [_same_day(taken[low : low + _PIECE], today) for low in range(0, len(taken), _PIECE)]
    same = np.flatnonzero(np.concatenate(pieces)) if pieces else np.zeros(0, np.intp)
    years = taken[same].astype("datetime64[ms]").astype("datetime64[Y]").astype(np.int64) + 1970
    found = []
    for year in np.unique(years[years < today.year])[::-1].tolist():
        those = same[years == year]
        found.append(Year(year, rows[those[np.argsort(-taken[those], kind="stable")]]))
    return found


def _same_day(taken: NDArray[np.float64], today: date) -> NDArray[np.bool_]:
    days = taken.astype("datetime64[ms]").astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month, day = months.astype(np.int64) % 12 + 1, (days - months).astype(np.int64) + 1
    same = np.zeros(len(taken), bool)
    for wanted in _days(today):
        same |= (month == wanted[0]) & (day == wanted[1])
    return same
