"""Small tables of places to test with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shoebox.library.library import Library
from shoebox.places.table import NOWHERE, PlaceTable
from shoebox.store.journal import Change
from tests.unit.library_making import DIMENSION, MODEL, rows

# Name, latitude, longitude, inhabitants, country, region, the city that it is part of.
TOWNS: list[tuple[str, float, float, int, str, str, str]] = [
    ("Paris", 48.853, 2.349, 2_138_551, "FR", "Ile-de-France", "Paris"),
    ("Montreuil", 48.864, 2.443, 111_240, "FR", "Ile-de-France", "Paris"),
    ("Versailles", 48.804, 2.134, 85_416, "FR", "Ile-de-France", "Versailles"),
    ("Nice", 43.703, 7.266, 342_669, "FR", "", "Nice"),
    ("Munich", 48.137, 11.575, 1_260_391, "DE", "Bavaria", "Munich"),
    ("Konstanz", 47.660, 9.176, 84_446, "DE", "", "Konstanz"),
    ("Kreuzlingen", 47.650, 9.175, 20_000, "CH", "Thurgau", "Kreuzlingen"),
    ("Paris", 33.661, -95.556, 24_782, "US", "Texas", "Paris"),
    ("Springfield", 39.802, -89.644, 116_565, "US", "Illinois", "Springfield"),
    ("Springfield", 37.215, -93.298, 166_810, "US", "Missouri", "Springfield"),
    ("Taveuni", -16.850, 179.970, 9_000, "FJ", "", "Taveuni"),
    ("Washington", 38.895, -77.036, 89_545, "US", "Washington, D.C.", "Washington"),
    ("Hamlet", 48.700, 3.200, 0, "FR", "", "Hamlet"),
]
COUNTRIES = {"CH": "Switzerland", "DE": "Germany", "FJ": "Fiji", "FR": "France", "MN": "Mongolia", "US": "United States"}


def table() -> PlaceTable:
    """These towns; Mongolia is all land from 42 to 50 degrees north and from 90 to 115 east."""
    codes = list(COUNTRIES)
    regions = sorted({town[5] for town in TOWNS if town[5]})
    firsts = {(name, country): place for place, (name, _, _, _, country, *_) in enumerate(TOWNS)}
    cities = [place if city == name else firsts[city, country] for place, (name, _, _, _, country, _, city) in enumerate(TOWNS)]
    land = np.zeros((180, 360), np.uint8)
    land[90 - 50 : 90 - 42, 180 + 90 : 180 + 115] = codes.index("MN") + 1
    return PlaceTable(
        latitude=np.array([town[1] for town in TOWNS]),
        longitude=np.array([town[2] for town in TOWNS]),
        population=np.array([town[3] for town in TOWNS], np.uint32),
        country=np.array([codes.index(town[4]) for town in TOWNS], np.int16),
        region=np.array([regions.index(town[5]) if town[5] else NOWHERE for town in TOWNS], np.int16),
        city=np.array(cities, np.int32),
        names=tuple(town[0] for town in TOWNS),
        countries=tuple(COUNTRIES.values()),
        codes=tuple(codes),
        regions=tuple(regions),
        aliases=("München", "Monaco di Baviera"),
        alias_of=np.array([4, 4], np.int32),
        land=land,
    )


def library(spots: Sequence[tuple[float, float]], taken: Sequence[float] | None = None) -> Library:
    """A library of photos taken there (NaN for nobody knows where), and then."""
    made = Library(MODEL, DIMENSION)
    put_in(made, range(len(spots)), spots, taken)
    return made


def put_in(
    library: Library, contents: Sequence[int], spots: Sequence[tuple[float, float]], taken: Sequence[float] | None = None
) -> None:
    """Put photos of these contents in."""
    found = rows([(content, [(str(content), 0.0)]) for content in contents])
    found.columns["latitude"][:], found.columns["longitude"][:] = np.array(spots).reshape(-1, 2).T
    if taken is not None:
        found.columns["taken"][:] = taken
    library.apply(Change(rows=found))
