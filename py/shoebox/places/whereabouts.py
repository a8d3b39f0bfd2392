"""In which towns and countries the photos of a library were taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.places.geocoding import Geocoder
from shoebox.places.nearby import Floats
from shoebox.places.table import NOWHERE, PlaceTable

Keys = NDArray[np.int64]

# Photos within this many degrees (about 100 m) were taken in the same place, so that most photos need no looking up.
_STEP = 0.001
_COLUMNS = round(360 / _STEP) + 2


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Where each row was taken.

    Attributes
    ----------
    towns, countries : (count,) int32
        Numbers in the table; `NOWHERE` where there is none, or nothing is known.
    """

    towns: NDArray[np.int32]
    countries: NDArray[np.int32]


class Whereabouts:
    """Looks places up once, and again only those that are new.

    Parameters
    ----------
    library : Library

    Attributes
    ----------
    edits : int
        Goes up when another table is taken.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._geocoder: Geocoder | None = None
        self.edits = 0
        self._forget()

    def _forget(self) -> None:
        self._keys: Keys = np.zeros(0, np.int64)
        self._towns = np.zeros(0, np.int32)
        self._countries = np.zeros(0, np.int32)
        self._taken: tuple[tuple[int, int], Taken] | None = None

    @property
    def table(self) -> PlaceTable | None:
        """The table of places; None until there is one."""
        return None if self._geocoder is None else self._geocoder.table

    def use(self, table: PlaceTable) -> None:
        """Look places up in this table from now on."""
        self._geocoder = Geocoder(table)
        self.edits += 1
        self._forget()

    def located(self) -> NDArray[np.bool_]:
        """(count,) bool: the rows that are there and say where they were taken."""
        library = self._library
        mask: NDArray[np.bool_] = library.vectors.alive & np.isfinite(library.table["latitude"])
        return mask

    def learn(self, most: int) -> tuple[int, int]:
        """Look up so many places at most that are not known yet: how many were, and how many are left."""
        return self._learn(np.flatnonzero(self.located()), most)

    def of_rows(self, rows: NDArray[np.intp]) -> Taken:
        """Where some rows that say so were taken, in their order; what has not been looked up of these is looked up now."""
        self._learn(rows, len(rows))
        if not len(self._keys):
            return Taken(*(np.full(len(rows), NOWHERE, np.int32) for _ in range(2)))
        spots = np.searchsorted(self._keys, self._keys_of(rows))
        return Taken(self._towns[spots], self._countries[spots])

    def _learn(self, rows: NDArray[np.intp], most: int) -> tuple[int, int]:
        keys, first = np.unique(self._keys_of(rows), return_index=True)
        new = np.flatnonzero(~np.isin(keys, self._keys, assume_unique=True))
        if self._geocoder is None or not len(new):
            return 0, 0
        some = new[:most]
        rows = rows[first[some]]
        table = self._library.table
        towns, countries = self._geocoder.locate(table["latitude"][rows], table["longitude"][rows])
        self._keys = np.concatenate([self._keys, keys[some]])
        order = np.argsort(self._keys)
        self._keys = self._keys[order]
        self._towns = np.concatenate([self._towns, towns])[order]
        self._countries = np.concatenate([self._countries, countries])[order]
        return len(some), len(new) - len(some)

    def taken(self) -> Taken:
        """Where each row was taken; what has not been looked up yet is looked up now."""
        library = self._library
        state = (library.edits, library.table.count)
        if self._taken is None or self._taken[0] != state:
            self.learn(library.table.count)
            self._taken = state, self._read()
        return self._taken[1]

    def _read(self) -> Taken:
        towns, countries = (np.full(self._library.table.count, NOWHERE, np.int32) for _ in range(2))
        if len(self._keys):
            rows = np.flatnonzero(self.located())
            spots = np.searchsorted(self._keys, self._keys_of(rows))
            towns[rows], countries[rows] = self._towns[spots], self._countries[spots]
        return Taken(towns, countries)

    def at(self, row: int) -> tuple[int, int]:
        """The town and the country of one row, without looking up any other."""
        known = self.known(row)
        if known is not None:
            return known
        table = self._library.table
        latitude, longitude = (table[name][row : row + 1] for name in ("latitude", "longitude"))
        if self._geocoder is None or not np.isfinite(latitude).all():
            return NOWHERE, NOWHERE
        towns, countries = self._geocoder.locate(latitude, longitude)
        return int(towns[0]), int(countries[0])

    def known(self, row: int) -> tuple[int, int] | None:
        """The town and the country of one row; None if they have not been looked up."""
        if not np.isfinite(self._library.table["latitude"][row]):
            return None
        key = self._keys_of(np.array([row]))[0]
        spot = int(np.searchsorted(self._keys, key))
        if spot == len(self._keys) or self._keys[spot] != key:
            return None
        return int(self._towns[spot]), int(self._countries[spot])

    def _keys_of(self, rows: NDArray[np.intp]) -> Keys:
        table = self._library.table
        return _keys(table["latitude"][rows], table["longitude"][rows])


def _keys(latitudes: Floats, longitudes: Floats) -> Keys:
    """One number for all points in the same cell."""
    south, west = (np.round(each / _STEP).astype(np.int64) for each in (latitudes + 90, longitudes + 180))
    return south * _COLUMNS + west
