"""From coordinates to places: the nearest town, by how large towns are, and the country where no town is near.

Towns are not points. A photo at the edge of a city is nearer to the centre of some village than to that of the city, and
naming the village is what people complain about in other programs. So a town is a disc here, whose radius follows from the
number of its inhabitants, and a photo belongs

* inside of discs to the one in which it lies most deeply (distance over radius is the least),
* outside of all to the one whose edge is nearest, if that is not too far,

among the places of one country: that of the place that is nearest as the crow flies, so that no city reaches over a border.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shoebox.places.nearby import Floats, Nearby, Places
from shoebox.places.table import NOWHERE, PlaceTable

# Radius in kilometres = 0.035 * inhabitants ** 0.44, as the law of W. Tobler is usually quoted ("Satellite confirmation of
# settlement size coefficients", Area 1, 1969).
_RADIUS_KM, _RADIUS_POWER = 0.035, 0.44
# Farther than this from the edge of the nearest town, a photo is "in Mongolia" rather than in that town: half an hour's drive.
FARTHEST_KM = 30.0
# Where the nearest place is looked for, step by step; the last step is set by the largest town.
_STEPS_KM = (4.0, 16.0)
# Towns are looked at by size, so that only the large ones are looked for far away. Upper bounds of radii in kilometres.
_CLASSES_KM = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, np.inf)
# Reaches are rounded up to these, so that points are taken many at a time.
_REACHES_KM = (1.5, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0)


def radii(population: NDArray[np.integer]) -> Floats:
    """Radius of towns in kilometres by the number of their inhabitants; 0 where that is unknown (0)."""
    return _RADIUS_KM * population.astype(np.float64) ** _RADIUS_POWER


def depth(distances: Floats, radius: Floats) -> Floats:
    """How far outside of a town a point is: kilometres from its edge, or inside of it from -1 (the centre) to 0 (the edge)."""
    inside = distances < radius
    return np.where(inside, distances / np.where(inside, radius, 1.0) - 1, distances - radius)


class Geocoder:
    """Names places by a table.

    Parameters
    ----------
    table : PlaceTable
    """

    def __init__(self, table: PlaceTable) -> None:
        self.table = table
        self._radius = radii(table.population)
        self._everything = Nearby(table.latitude, table.longitude)
        self._reach = FARTHEST_KM + float(self._radius.max(initial=0.0))
        self._classes = list(self._by_size())

    def _by_size(self) -> Iterator[tuple[float, Places, Nearby]]:
        lower = -1.0
        for upper in _CLASSES_KM:
            members = np.flatnonzero((self._radius > lower) & (self._radius <= upper))
            lower = upper
            if len(members):
                largest = float(self._radius[members].max())
                yield largest, members, Nearby(self.table.latitude[members], self.table.longitude[members])

    def locate(self, latitudes: Floats, longitudes: Floats) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The towns and the countries of points.

        Parameters
        ----------
        latitudes, longitudes : (points,) float64
            In degrees.

        Returns
        -------
        towns : (points,) int32
            Places in the table; `NOWHERE` far from all towns.
        countries : (points,) int32
            Numbers of countries; `NOWHERE` at sea.
        """
        # Neighbours one after another: what is looked up for one is still at hand for the next.
        order = np.lexsort((longitudes, np.floor(latitudes)))
        back = np.argsort(order)
        towns = self._towns(latitudes[order], longitudes[order])[back]
        countries = np.where(towns == NOWHERE, self.table.land_at(latitudes, longitudes), self.table.country[towns])
        return towns.astype(np.int32), countries.astype(np.int32)

    def _towns(self, latitudes: Floats, longitudes: Floats) -> NDArray[np.intp]:
        """(points,) intp: the towns of points, or `NOWHERE`."""
        nearest, deepest = self._nearest(latitudes, longitudes)
        towns = np.where(deepest <= FARTHEST_KM, nearest, NOWHERE)
        land = np.where(nearest == NOWHERE, NOWHERE, self.table.country[nearest])
        for largest, members, nearby in self._classes:
            # A town of this size wins only if it is that near.
            reach = np.minimum(np.maximum(deepest, 0.0), FARTHEST_KM) + largest
            for wanted, kilometres in _by_reach(reach, nearest != NOWHERE):
                for asked, found, far in nearby.pairs(latitudes[wanted], longitudes[wanted], kilometres):
                    points, places = wanted[asked], members[found]
                    same = self.table.country[places] == land[points]
                    points, places = points[same], places[same]
                    deep = depth(far[same], self._radius[places])
                    first = _first_of_each(points, deep, places)
                    points, places, deep = points[first], places[first], deep[first]
                    better = deep < deepest[points]
                    deepest[points[better]] = deep[better]
                    towns[points[better]] = places[better]
        towns[deepest > FARTHEST_KM] = NOWHERE
        return towns

    def _nearest(self, latitudes: Floats, longitudes: Floats) -> tuple[NDArray[np.intp], Floats]:
        """The places that are nearest as the crow flies, `NOWHERE` if beyond all reach, and how deep in them the points are."""
        nearest = np.full(len(latitudes), NOWHERE, np.intp)
        deepest = np.full(len(latitudes), np.inf)
        open_ = np.arange(len(latitudes))
        for kilometres in (*_STEPS_KM, self._reach):
            for asked, places, far in self._everything.pairs(latitudes[open_], longitudes[open_], kilometres):
                points = open_[asked]
                first = _first_of_each(points, far, places)
                points, places, far = points[first], places[first], far[first]
                nearest[points] = places
                deepest[points] = depth(far, self._radius[places])
            open_ = open_[nearest[open_] == NOWHERE]
        return nearest, deepest


def _by_reach(reach: Floats, wanted: NDArray[np.bool_]) -> Iterator[tuple[Places, float]]:
    """Points with about the same reach together, and that reach rounded up."""
    left = wanted.copy()
    for kilometres in (*_REACHES_KM, float(reach.max(initial=0.0))):
        those = np.flatnonzero(left & (reach <= kilometres))
        left[those] = False
        if len(those):
            yield those, kilometres


def _first_of_each(points: Places, key: Floats, places: Places) -> Places:
    """Of pairs that stand together by point, the one with the least key, the first place where there are several."""
    if not len(points):
        return np.zeros(0, np.intp)
    starts = np.flatnonzero(np.concatenate([[True], points[1:] != points[:-1]]))
    sizes = np.diff(np.append(starts, len(points)))
    least = np.flatnonzero(key == np.repeat(np.minimum.reduceat(key, starts), sizes))
    # One for each point, or several where keys are equal: then the first place.
    several = points[least]
    new = np.flatnonzero(np.concatenate([[True], several[1:] != several[:-1]]))
    first = np.minimum.reduceat(places[least], new)
    chosen: Places = least[places[least] == np.repeat(first, np.diff(np.append(new, len(least))))]
    return chosen
