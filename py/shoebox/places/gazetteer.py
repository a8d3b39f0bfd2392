"""Where a town lies that someone names, whether there are photos of it or not: `near:paris`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from shoebox.places.folding import folded
from shoebox.places.geocoding import radii
from shoebox.places.table import PlaceTable
from shoebox.places.wording import lies_in, parts


@dataclass(frozen=True, slots=True)
class Town:
    """A town by name.

    Attributes
    ----------
    name : str
        With its country.
    latitude, longitude : float
        In degrees.
    kilometres : float
        From its middle to its edge.
    """

    name: str
    latitude: float
    longitude: float
    kilometres: float


class TableGazetteer:
    """Finds towns in a table.

    Parameters
    ----------
    table : PlaceTable
    """

    def __init__(self, table: PlaceTable) -> None:
        self._table = table

    def find(self, name: str) -> Town | None:
        """The largest town of that name; with commas the region or the country may follow: "Paris, Texas"."""
        table, wanted = self._table, parts(name)
        if not wanted:
            return None
        found = [
            town
            for town in set(self._called(wanted[0]))
            if lies_in(table, int(table.country[town]), int(table.region[town]), wanted[1:])
        ]
        if not found:
            return None
        largest = max(found, key=lambda town: (int(table.population[town]), -town))
        radius = float(radii(table.population[largest : largest + 1])[0])
        label = f"{table.names[largest]}, {table.countries[int(table.country[largest])]}"
        return Town(label, float(table.latitude[largest]), float(table.longitude[largest]), radius)

    def _called(self, wanted: str) -> Iterator[int]:
        """Towns of a (folded) name, or with another name like it; "New York" is "New York City" too."""
        yield from _places(self._names, f"\n{wanted}\n")
        yield from _places(self._names, f"\n{wanted} city\n")
        yield from (int(self._table.alias_of[place]) for place in _places(self._aliases, f"\n{wanted}\n"))

    # Folding 170,000 names takes longer than a keystroke should, and looking through them does not.
    @functools.cached_property
    def _names(self) -> str:
        return f"\n{folded(chr(10).join(self._table.names))}\n"

    @functools.cached_property
    def _aliases(self) -> str:
        return f"\n{folded(chr(10).join(self._table.aliases))}\n"


def _places(lines: str, line: str) -> Iterator[int]:
    """The numbers of the lines that are this one."""
    start = lines.find(line)
    counted, number = 0, -1
    while start >= 0:
        number += lines.count("\n", counted, start + 1)
        counted = start + 1
        yield number
        start = lines.find(line, start + 1)
