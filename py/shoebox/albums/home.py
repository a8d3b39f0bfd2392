"""Where home is: the places that photos come back to, week after week; and where they were before, for those who moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.search.filters import EARTH_RADIUS_KM

Floats = NDArray[np.float64]

WEEK_MS: Final = 7 * 86_400_000
# Home is what most weeks of about a year agree on, so that it follows a move but not a summer away.
_WINDOW_WEEKS: Final = 26
# A place with photos in fewer weeks of that year than this, or in a smaller part of those that tell a place, is nobody's home.
_LEAST_WEEKS: Final = 4
_LEAST_SHARE: Final = 0.2
# Photos this near to each other are of one home: the town and its surroundings.
_AROUND_KM: Final = 25.0
# A place far from home is a second one (work, family, a house in the country) if so many weeks and so large a part of them saw
# photos there: going there is no trip. A summer away is less.
_SECOND_WEEKS: Final = 10
_SECOND_SHARE: Final = 0.3
_FAR_KM: Final = 2 * _AROUND_KM
# Photos are counted in cells of this size, of which the ones with the most weeks are looked at as homes.
_CELL_KM: Final = 10.0
_MOST_CELLS: Final = 32
_KM_PER_DEGREE: Final = np.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """Where home was, week by week.

    Attributes
    ----------
    weeks : (w,) int64
        Weeks since 1970 in which photos tell where they were taken, rising.
    latitude, longitude : (homes,) float64
        In degrees.
    lived : (homes, w) bool
        Which of them were homes in that week.
    """

    weeks: NDArray[np.int64]
    latitude: Floats
    longitude: Floats
    lived: NDArray[np.bool_]

    def kilometres(self, latitude: Floats, longitude: Floats, taken: Floats) -> Floats:
        """How far from the nearest home photos were taken.

        Parameters
        ----------
        latitude, longitude : (n,) float64
            In degrees; NaN where unknown.
        taken : (n,) float64
            Milliseconds since 1970; all finite.

        Returns
        -------
        (n,) float64
            NaN where a photo does not tell its place, or there was no home.
        """
        found = np.full(len(taken), np.nan)
        if not len(self.weeks):
            return found
        week = np.clip(np.searchsorted(self.weeks, weeks_of(taken)), 0, len(self.weeks) - 1)
        for north, east, lived in zip(self.latitude, self.longitude, self.lived, strict=True):
            rows = np.flatnonzero(lived[week])
            found[rows] = np.fmin(found[rows], distances(latitude[rows], longitude[rows], north, east))
        return found


def find(latitude: Floats, longitude: Floats, taken: Floats) -> Homes:
    """The homes of whoever took photos.

    Parameters
    ----------
    latitude, longitude : (n,) float64
        In degrees; NaN where unknown.
    taken : (n,) float64
        Milliseconds since 1970; NaN where unknown.

    Notes
    -----
    Weeks are counted, not photos: a fortnight abroad has more photos than a year at home, but in two weeks only.
    """
    rows = np.flatnonzero(np.isfinite(latitude) & np.isfinite(taken))
    if not len(rows):
        return Homes(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros((0, 0), bool))
    latitude, longitude = latitude[rows], longitude[rows]
    weeks, week = np.unique(weeks_of(taken[rows]), return_inverse=True)
    cells, cell = np.unique(_cells(latitude, longitude), return_inverse=True)
    sizes = np.bincount(cell)
    north, east = np.bincount(cell, latitude) / sizes, np.bincount(cell, longitude) / sizes
    visits = np.unique(cell * len(weeks) + week)
    visited, visited_in = np.divmod(visits, len(weeks))
    # Of home and work, which have as many weeks, home has more photos.
    often = np.lexsort((-sizes, -np.bincount(visited, minlength=len(cells))))[:_MOST_CELLS]
    near = distances(north[None, :], east[None, :], north[often, None], east[often, None]) <= _AROUND_KM
    present = np.zeros((len(often), len(weeks)), bool)
    for place in range(len(often)):
        present[place, visited_in[near[place, visited]]] = True
    north, east = north[often], east[often]
    lived = _lived(present, weeks, distances(north[:, None], east[:, None], north, east))
    homes = np.flatnonzero(lived.any(axis=1))
    return Homes(weeks, north[homes], east[homes], lived[homes])


def weeks_of(taken: Floats) -> NDArray[np.int64]:
    """(n,) int64: weeks since 1970, from finite milliseconds."""
    return np.floor(taken / WEEK_MS).astype(np.int64)


def distances(latitude: Floats, longitude: Floats, from_latitude: Floats | float, from_longitude: Floats | float) -> Floats:
    """Kilometres along great circles between places in degrees; NaN where one is unknown."""
    north, south = np.radians(latitude), np.radians(from_latitude)
    half = np.sin((north - south) / 2) ** 2
    half = half + np.cos(north) * np.cos(south) * np.sin(np.radians(longitude - from_longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _lived(present: NDArray[np.bool_], weeks: NDArray[np.int64], apart: Floats) -> NDArray[np.bool_]:
    """Which places were homes in which weeks, from presence.

    For each week that is the place of the most weeks around it, and places far from it that saw enough of them. Where a year
    has too little to tell, the home of all years stands in.

    Parameters
    ----------
    present : (places, w) bool
    weeks : (w,) int64
    apart : (places, places) float64
        Kilometres.

    Returns
    -------
    (places, w) bool
    """
    sums = np.zeros((len(present), len(weeks) + 1), np.int64)
    np.cumsum(present, axis=1, out=sums[:, 1:])
    first, last = np.searchsorted(weeks, weeks - _WINDOW_WEEKS), np.searchsorted(weeks, weeks + _WINDOW_WEEKS, "right")
    around, whole = sums[:, last] - sums[:, first], sums[:, -1]
    # Among equals the one that was lived in longest; among these the first.
    best = np.argmax(around * (len(weeks) + 1) + whole[:, None], axis=0)
    found = np.take_along_axis(around, best[None], axis=0)[0]
    always = int(np.argmax(whole))
    otherwise = always if _is_home(whole[always], np.int64(len(weeks))) else -1
    home = np.where(_is_home(found, last - first), best, otherwise)
    lived = (around >= _SECOND_WEEKS) & (around >= _SECOND_SHARE * (last - first)) & (apart[:, home] >= _FAR_KM)
    lived &= home >= 0
    there = np.flatnonzero(home >= 0)
    lived[home[there], there] = True
    return lived


def _is_home(weeks: NDArray[np.int64] | np.int64, of: NDArray[np.int64] | np.int64) -> NDArray[np.bool_]:
    return np.asarray((weeks >= _LEAST_WEEKS) & (weeks >= _LEAST_SHARE * of))


def _cells(latitude: Floats, longitude: Floats) -> NDArray[np.int64]:
    """One number for all places in the same cell, about `_CELL_KM` high and wide."""
    row = np.floor(latitude * (_KM_PER_DEGREE / _CELL_KM)).astype(np.int64)
    wide = np.cos(np.radians((row + 0.5) * (_CELL_KM / _KM_PER_DEGREE)))
    column = np.floor(longitude * wide * (_KM_PER_DEGREE / _CELL_KM)).astype(np.int64)
    cells: NDArray[np.int64] = row * 100_000 + column
    return cells
