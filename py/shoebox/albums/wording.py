"""Days, months and places in the titles of albums."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.places.table import NOWHERE, PlaceTable
from shoebox.places.wording import listed, region_of
from shoebox.search.dates import MONTHS

# A trip is named after one city that so much of it was spent in, or two that most of it was spent in; after the region or the
# country that most of it was spent in; else after the countries that are worth a mention.
_ONE_CITY: Final = 0.6
_TWO_CITIES, _SECOND_CITY = 0.75, 0.2
_MOST: Final = 0.75
_MENTION: Final = 0.15
_MOST_COUNTRIES: Final = 3
# What the calendar of Python holds, in milliseconds since 1970.
_FIRST_MOMENT, _LAST_MOMENT = -62_135_596_800_000, 253_402_300_799_000


def moment_of(milliseconds: float) -> datetime:
    """A moment on the clock at the place of the photo; the years 1 and 9999 stand for all before and after them."""
    inside = min(max(milliseconds, _FIRST_MOMENT), _LAST_MOMENT)
    return datetime(1970, 1, 1) + timedelta(milliseconds=inside)


def iso(milliseconds: float) -> str:
    """A moment on the clock at the place of the photo, ISO 8601 without a zone."""
    return moment_of(milliseconds).isoformat(timespec="seconds")


def in_months(first: date, last: date) -> str:
    """Months: "May 2024", "April and May 2024", "April to June 2024", "December 2023 to January 2024"."""
    start, end = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first.year != last.year:
        return f"{start} {first.year} to {end} {last.year}"
    if first.month == last.month:
        return f"{start} {first.year}"
    return f"{start} {'and' if last.month - first.month == 1 else 'to'} {end} {last.year}"


def in_days(first: date, last: date) -> str:
    """Days: "12 August 2023", "3–9 April 2023", "28 April – 2 May 2024", "30 December 2023 – 2 January 2024"."""
    end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {MONTHS[first.month - 1]}"
    return f"{start} – {end}" if first.year == last.year else f"{start} {first.year} – {end}"


def place_of(table: PlaceTable | None, towns: NDArray[np.int32], countries: NDArray[np.int32]) -> str:
    """Where photos were taken, in few words; empty where nothing is known.

    Parameters
    ----------
    table : PlaceTable or None
    towns, countries : (photos,) int32
        Numbers in the table; `NOWHERE` where there is none.
    """
    if table is None:
        return ""
    known = np.flatnonzero(countries != NOWHERE)
    if not len(known):
        return ""
    cities = Counter(int(table.city[town]) for town in towns[known].tolist() if town != NOWHERE)
    named = _cities(table, cities, len(known)) or _region(table, cities, len(known))
    if named:
        return named
    lands = Counter(countries[known].tolist())
    often = [table.countries[land] for land, count in _ranked(lands) if count >= _MENTION * len(known)]
    most, count = _ranked(lands)[0]
    return table.countries[most] if count >= _MOST * len(known) else listed(often[:_MOST_COUNTRIES] or [table.countries[most]])


def _cities(table: PlaceTable, cities: Counter[int], photos: int) -> str:
    ranked = _ranked(cities)[:2]
    if ranked and ranked[0][1] >= _ONE_CITY * photos:
        return table.names[ranked[0][0]]
    if len(ranked) == 2 and ranked[1][1] >= _SECOND_CITY * photos and ranked[0][1] + ranked[1][1] >= _TWO_CITIES * photos:
        return listed([table.names[city] for city, _ in ranked])
    return ""


def _region(table: PlaceTable, cities: Counter[int], photos: int) -> str:
    regions: Counter[tuple[int, str]] = Counter()
    for city, count in cities.items():
        if name := region_of(table, city):
            regions[int(table.country[city]), name] += count
    best = max(regions.items(), key=lambda item: (item[1], item[0]), default=None)
    return best[0][1] if best and best[1] >= _MOST * photos else ""


def _ranked(counted: Counter[int]) -> list[tuple[int, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
