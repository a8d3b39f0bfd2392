"""What the page asks about places and days; `shoebox.worker` lists the arguments and the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.places import days
from shoebox.places.clusters import cluster
from shoebox.places.gazetteer import TableGazetteer
from shoebox.places.names import PlaceNames
from shoebox.places.table import NOWHERE, PlaceTable
from shoebox.places.whereabouts import Whereabouts
from shoebox.places.wording import listed, place_words
from shoebox.search.names import Names
from shoebox.store.rows import id_text
from shoebox.store.sealed import Buffer

Answer = dict[str, Any]

# So many new places are looked up in one call: a few hundred milliseconds, after which others get their turn.
_AT_ONCE = 4000
_MOST_ZOOM = 22.0
# More photos of one day than a strip can show only cost time.
_MOST_OF_A_DAY = 24


class PlaceVerbs:
    """Places and days of a library.

    Parameters
    ----------
    library : Library
    names : mutable mapping of str to Names
        Gets "place" once the table is here.
    quality : callable
        How good the photo of each row is, 0 to 1: covers are chosen by it.

    Attributes
    ----------
    whereabouts : Whereabouts
        In which towns and countries photos were taken.
    """

    def __init__(self, library: Library, names: MutableMapping[str, Names], quality: Callable[[], NDArray[np.float32]]) -> None:
        self._library, self._names, self._quality = library, names, quality
        self.whereabouts = self._whereabouts = Whereabouts(library)
        self._gazetteer: TableGazetteer | None = None

    def gazetteer(self) -> TableGazetteer | None:
        """Where towns are; None until the table is here."""
        return self._gazetteer

    def wanted(self) -> Answer:
        """Is the table worth fetching: `{located, table}`, the photos that say where they were taken, and is it here."""
        return {"located": int(self._whereabouts.located().sum()), "table": self._whereabouts.table is not None}

    def begin(self, table: Buffer) -> Answer:
        """Take the table of places: `{towns}`.

        Raises
        ------
        PlacesError
            If it is damaged.
        """
        read = PlaceTable.from_bytes(bytes(table))
        self._whereabouts.use(read)
        self._gazetteer = TableGazetteer(read)
        self._names["place"] = PlaceNames(self._library, self._whereabouts)
        return {"towns": len(read)}

    def learn(self) -> Answer:
        """Look up some of the places that are new: `{learned, left}`, to be called until none is left."""
        learned, left = self._whereabouts.learn(_AT_ONCE)
        return {"learned": learned, "left": left}

    def of_photo(self, row: int) -> dict[str, str]:
        """The names of the place of a row: `{town, region, country}`, each empty where there is none."""
        return place_words(self._whereabouts.table, *self._whereabouts.at(row))

    def months(self) -> list[Answer]:
        """Where the months were spent: `[{year, month, places}]`, January being 1; places in words."""
        table = self._whereabouts.table
        if table is None:
            return []
        rows = self._dated(self._library.vectors.alive)
        towns = self._whereabouts.taken().towns[rows]
        cities = np.where(towns == NOWHERE, NOWHERE, table.city[towns])
        found = days.month_places(days.months_of(self._library.table["taken"][rows]), cities)
        return [
            {"year": month // 12, "month": month % 12 + 1, "places": listed([table.names[city] for city in those])}
            for month, those in sorted(found.items(), reverse=True)
            if those
        ]

    def on_this_day(self, now: float | None = None) -> list[Answer]:
        """The same day in earlier years, the latest first: `[{year, count, cover, ids, query}]`.

        The cover is the best of them; ids are those of the newest 24 at most.
        """
        rows, today = self._dated(self._library.vectors.alive), requests.today(now)
        found, quality = days.on_this_day(self._library.table["taken"][rows], rows, today), self._quality()
        return [
            {
                "year": each.year,
                "count": len(each.rows),
                "cover": id_text(self._library.number_at(int(each.rows[np.argmax(quality[each.rows])]))),
                "ids": [id_text(self._library.number_at(row)) for row in each.rows[:_MOST_OF_A_DAY].tolist()],
                "query": "in:" + "|".join(days.days_like(today, each.year)),
            }
            for each in found
        ]

    def extent(self) -> Answer:
        """The box around all photos: `{photos, south, west, north, east}`, in degrees; zeros if there are none."""
        rows = np.flatnonzero(self._whereabouts.located())
        names = ("south", "west", "north", "east")
        if not len(rows):
            return {"photos": 0, **dict.fromkeys(names, 0.0)}
        latitudes, longitudes = (self._library.table[name][rows] for name in ("latitude", "longitude"))
        edges = (latitudes.min(), longitudes.min(), latitudes.max(), longitudes.max())
        return {"photos": len(rows), **{name: float(edge) for name, edge in zip(names, edges, strict=True)}}

    def clusters(self, zoom: float, box: Mapping[str, float]) -> list[Answer]:
        """What the map shows of a part of the world, the largest first.

        Returns
        -------
        list of `{x, y, count, cover, place, south, west, north, east}`
            x and y from 0 to 1 over the map, the best photo as cover, and the box around the photos in degrees.
        """
        if not isinstance(zoom, int | float) or not 0 <= zoom <= _MOST_ZOOM:
            raise QueryError(f"zoom should be a number from 0 to {_MOST_ZOOM:g}, not {zoom!r}.")
        rows = np.flatnonzero(self._whereabouts.located() & self._inside(_box(box)))
        table = self._library.table
        made = cluster(
            table["latitude"][rows], table["longitude"][rows], table["taken"][rows], float(zoom), self._quality()[rows]
        )
        covers = rows[made.covers].tolist()
        numbers = (made.x, made.y, made.counts, made.south, made.west, made.north, made.east)
        columns = zip(*(each.tolist() for each in numbers), strict=True)
        return [
            {
                "x": x,
                "y": y,
                "count": count,
                "cover": id_text(self._library.number_at(row)),
                "place": self._near_enough(row),
                **{"south": south, "west": west, "north": north, "east": east},
            }
            for row, (x, y, count, south, west, north, east) in zip(covers, columns, strict=True)
        ]

    def towns(self, box: Mapping[str, float], limit: int = 60) -> list[Answer]:
        """The largest towns of a part of the world: `[{name, latitude, longitude, population}]`; none without the table."""
        table = self._whereabouts.table
        most = requests.whole({"limit": limit}, "limit")
        if table is None:
            return []
        south, west, north, east = _box(box)
        inside = np.flatnonzero(
            (table.latitude >= south)
            & (table.latitude <= north)
            & (table.longitude >= west)
            & (table.longitude <= east)
            & (table.population > 0)
        )
        if len(inside) > most:
            inside = inside[np.argpartition(-table.population[inside].astype(np.int64), most)[:most]]
        inside = inside[np.argsort(-table.population[inside].astype(np.int64), kind="stable")][:most]
        return [
            {
                "name": table.names[town],
                "latitude": float(table.latitude[town]),
                "longitude": float(table.longitude[town]),
                "population": int(table.population[town]),
            }
            for town in inside.tolist()
        ]

    def _near_enough(self, row: int) -> str:
        """A place's name for those who listen; empty while places are being looked up, since a map must not wait for that."""
        table, known = self._whereabouts.table, self._whereabouts.known(row)
        if table is None or known is None:
            return ""
        town, country = known
        city = NOWHERE if town == NOWHERE else int(table.city[town])
        return ", ".join(part for part in (place_words(table, city, country)[key] for key in ("town", "country")) if part)

    def _inside(self, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
        south, west, north, east = box
        latitude, longitude = self._library.table["latitude"], self._library.table["longitude"]
        mask: NDArray[np.bool_] = (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)
        return mask

    def _dated(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.flatnonzero(mask & np.isfinite(self._library.table["taken"]))


def _box(box: Mapping[str, float]) -> tuple[float, float, float, float]:
    """South, west, north and east of a box, checked."""
    values = [box.get(name) for name in ("south", "west", "north", "east")]
    numbers = [float(value) for value in values if isinstance(value, int | float) and np.isfinite(value)]
    if len(numbers) != 4:
        raise QueryError("A part of the map is given as south, west, north and east in degrees.")
    return numbers[0], numbers[1], numbers[2], numbers[3]
