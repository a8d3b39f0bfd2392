"""Names of places in searches: `place:paris`, `place:bavaria`, `place:"Paris, Texas"`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.places.table import NOWHERE, PlaceTable
from shoebox.places.whereabouts import Whereabouts
from shoebox.places.wording import called_so, country_names, lies_in, parts


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A town, a region or a country that has photos.

    Attributes
    ----------
    label : str
        Its full name: "Paris, France", "Bavaria, Germany", "France".
    called : frozenset of str
        All that it may be called, folded.
    country, region : int
        Where it lies; the region is `NOWHERE` for countries.
    rows : (photos,) intp
        The photos that were taken there.
    """

    label: str
    called: frozenset[str]
    country: int
    region: int
    rows: NDArray[np.intp]


class PlaceNames:
    """All places that have photos, as `shoebox.search.names.Names`.

    Parameters
    ----------
    library : Library
    whereabouts : Whereabouts
    """

    def __init__(self, library: Library, whereabouts: Whereabouts) -> None:
        self._library, self._whereabouts = library, whereabouts
        self._known: tuple[tuple[int, int, int], list[Area]] | None = None

    @property
    def edits(self) -> int:
        """Goes up whenever names are different without a change of the library."""
        return self._whereabouts.edits

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """Every place with the number of its photos."""
        rows: dict[str, list[NDArray[np.intp]]] = {}
        for area in self.areas():
            rows.setdefault(area.label, []).append(area.rows)
        return [(label, len(_together(each))) for label, each in rows.items()]

    def find(self, library: Library, name: str) -> Sequence[str]:
        """The places that are called so; failing these, those whose name begins or ends with these words."""
        table, wanted = self._whereabouts.table, parts(name)
        if table is None or not wanted:
            return []
        # A name may have commas of its own: "Washington, D.C.".
        for length in range(len(wanted), 0, -1):
            name = ", ".join(wanted[:length])
            fitting = [area for area in self.areas() if lies_in(table, area.country, area.region, wanted[length:])]
            found = [area.label for area in fitting if name in area.called]
            if found:
                return list(dict.fromkeys(found))
        found = [area.label for area in fitting if any(_begins_or_ends(each, wanted[0]) for each in area.called)]
        return list(dict.fromkeys(found))

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows that were taken there."""
        mask = np.zeros(library.vectors.count, bool)
        for area in self.areas():
            if area.label == full:
                mask[area.rows] = True
        return mask

    def areas(self) -> list[Area]:
        """All places that have photos, made once for each state of the library."""
        library = self._library
        state = (library.edits, library.table.count, self._whereabouts.edits)
        if self._known is None or self._known[0] != state:
            table = self._whereabouts.table
            taken = self._whereabouts.taken()
            self._known = state, [] if table is None else areas_of(table, taken.towns, taken.countries)
        return self._known[1]


def areas_of(table: PlaceTable, towns: NDArray[np.int32], countries: NDArray[np.int32]) -> list[Area]:
    """The countries, regions and towns of photos, each with its rows; a city has those of its quarters too."""
    found: list[Area] = []
    for country, rows in _grouped(countries):
        found.append(Area(table.countries[country], frozenset(country_names(table, country)), country, NOWHERE, rows))
    in_town = np.where(towns == NOWHERE, NOWHERE, table.region[towns])
    for region, rows in _grouped(in_town):
        country, name = int(countries[rows[0]]), table.regions[region]
        found.append(Area(f"{name}, {table.countries[country]}", frozenset({called_so(name)}), country, region, rows))
    of_town = dict(_grouped(towns))
    for city, rows in _grouped(np.where(towns == NOWHERE, NOWHERE, table.city[towns])):
        of_town[city] = rows
    labels, aliases = _labels(table, list(of_town)), _aliases(table, list(of_town))
    for town, rows in of_town.items():
        called = frozenset({called_so(table.names[town]), *aliases.get(town, ())})
        found.append(Area(labels[town], called, int(table.country[town]), int(table.region[town]), rows))
    return found


def _grouped(numbers: NDArray[np.integer]) -> list[tuple[int, NDArray[np.intp]]]:
    """The rows of each number, without `NOWHERE`."""
    order = np.argsort(numbers, kind="stable")
    values, first = np.unique(numbers[order], return_index=True)
    runs = np.split(order, first[1:])
    return [(int(value), run) for value, run in zip(values.tolist(), runs, strict=False) if value != NOWHERE]


def _labels(table: PlaceTable, towns: Sequence[int]) -> dict[int, str]:
    """Full names of towns; where two of a country have one name, the region stands in them."""
    short = {town: f"{table.names[town]}, {table.countries[int(table.country[town])]}" for town in towns}
    often = Counter(short.values())
    return {town: _with_region(table, town) if often[label] > 1 else label for town, label in short.items()}


def _with_region(table: PlaceTable, town: int) -> str:
    region = int(table.region[town])
    middle = "" if region == NOWHERE else f"{table.regions[region]}, "
    return f"{table.names[town]}, {middle}{table.countries[int(table.country[town])]}"


def _aliases(table: PlaceTable, towns: Sequence[int]) -> dict[int, list[str]]:
    """Other names of towns, folded, by town."""
    found: dict[int, list[str]] = {}
    for place in np.flatnonzero(np.isin(table.alias_of, towns)).tolist():
        found.setdefault(int(table.alias_of[place]), []).append(called_so(table.aliases[place]))
    return found


def _begins_or_ends(name: str, words: str) -> bool:
    return name.startswith(f"{words} ") or name.endswith(f" {words}")


def _together(rows: Sequence[NDArray[np.intp]]) -> NDArray[np.intp]:
    return rows[0] if len(rows) == 1 else np.unique(np.concatenate(rows))
