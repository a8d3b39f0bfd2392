"""The table of places as it is built, against places in the world whose answers are known; and how it is put together."""

from __future__ import annotations

import numpy as np
import pytest

from shoebox.places.gazetteer import TableGazetteer
from shoebox.places.geocoding import Geocoder
from shoebox.places.table import NOWHERE, PlaceTable
from tests.photos import REPOSITORY
from tooling.atlas import Atlas, Country, read_atlas
from tooling.place_table import aliases_of, cities_of, draw_land, folded, make_table
from tooling.site import ATLAS

pytestmark = pytest.mark.skipif(not ATLAS.is_dir(), reason="needs web/node_modules; run: python build.py build")

BUILT = REPOSITORY / "dist" / "places" / "towns.npz"

# Latitude, longitude, town, the city that it is part of, region, country.
KNOWN = {
    "Eiffel Tower": (48.8584, 2.2945, "Paris", "Paris", "Ile-de-France", "France"),
    "palace of Versailles": (48.8049, 2.1204, "Versailles", "Versailles", "Ile-de-France", "France"),
    "town hall of Montreuil": (48.8638, 2.4485, "Montreuil", "Paris", "Ile-de-France", "France"),
    "Mont-Saint-Michel": (48.6360, -1.5115, "Roz-sur-Couesnon", "Roz-sur-Couesnon", "Brittany", "France"),
    "cliffs of Étretat": (49.7069, 0.2006, "Étretat", "Étretat", "Normandy", "France"),
    "Bryggen in Bergen": (60.3975, 5.3246, "Bergen", "Bergen", "Vestland", "Norway"),
    "Brandenburg Gate": (52.5163, 13.3777, "Berlin", "Berlin", "Berlin", "Germany"),
    "Tower of London": (51.5081, -0.0759, "London", "London", "England", "United Kingdom"),
    "Colosseum": (41.8902, 12.4922, "Rome", "Rome", "Latium", "Italy"),
    "St Peter's Basilica": (41.9022, 12.4539, "Vatican City", "Vatican City", "", "Vatican"),
    "Golden Gate Bridge": (37.8199, -122.4783, "San Francisco", "San Francisco", "California", "United States"),
    "Statue of Liberty": (40.6892, -74.0445, "New York City", "New York City", "New York", "United States"),
    "Times Square": (40.7580, -73.9855, "Times Square", "New York City", "New York", "United States"),
    "Yosemite Valley": (37.7456, -119.5936, "Yosemite Valley", "Yosemite Valley", "California", "United States"),
    "Shibuya Crossing": (35.6595, 139.7005, "Shibuya", "Tokyo", "Tokyo", "Japan"),
    "Sydney Opera House": (-33.8568, 151.2153, "Sydney", "Sydney", "New South Wales", "Australia"),
    "Taj Mahal": (27.1751, 78.0421, "Agra", "Agra", "Uttar Pradesh", "India"),
    "Machu Picchu": (-13.1631, -72.5450, "Machupicchu", "Machupicchu", "Cusco", "Peru"),
    "harbour of Konstanz": (47.6603, 9.1753, "Konstanz", "Konstanz", "Baden-Wuerttemberg", "Germany"),
    "Kreuzlingen, a mile from there": (47.6500, 9.1750, "Kreuzlingen", "Kreuzlingen", "Thurgau", "Switzerland"),
    "Windsor, opposite Detroit": (42.3100, -83.0400, "Windsor", "Windsor", "Ontario", "Canada"),
    "Merlion of Singapore": (1.2868, 103.8545, "Singapore", "Singapore", "", "Singapore"),
    "Wrangel Island, beyond the date line": (71.2, -179.5, "", "", "", "Russia"),
    "South Pole": (-89.99, 0.0, "", "", "", "Antarctica"),
    "Taveuni, beyond the date line": (-16.8500, -179.9700, "", "", "", "Fiji"),
    "middle of the Sahara": (24.0, 2.0, "", "", "", "Algeria"),
    "ice of Greenland": (72.0, -40.0, "", "", "", "Greenland"),
    "middle of the Atlantic": (30.0, -40.0, "", "", "", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def table() -> PlaceTable:
    """The table of the last build, or, where there was none, a fresh one."""
    if BUILT.is_file():
        return PlaceTable.from_bytes(BUILT.read_bytes())
    return PlaceTable.from_bytes(make_table(read_atlas(ATLAS / "countries-10m.json")).to_bytes())


@pytest.fixture(scope="module")
def geocoder(table: PlaceTable) -> Geocoder:
    return Geocoder(table)


def name(names: tuple[str, ...], number: int) -> str:
    return "" if number == NOWHERE else names[number]


@pytest.mark.parametrize("spot", KNOWN)
def test_the_place_of_a_known_spot(geocoder: Geocoder, spot: str) -> None:
    latitude, longitude, *expected = KNOWN[spot]
    table = geocoder.table
    towns, countries = geocoder.locate(np.array([latitude]), np.array([longitude]))
    town = int(towns[0])
    city, region = (NOWHERE, NOWHERE) if town == NOWHERE else (int(table.city[town]), int(table.region[town]))
    found = [
        name(table.names, town),
        name(table.names, city),
        name(table.regions, region),
        name(table.countries, int(countries[0])),
    ]
    assert found == expected


def test_every_town_is_found_at_its_own_place_or_in_a_larger_one_around_it(geocoder: Geocoder) -> None:
    table = geocoder.table
    chosen = np.random.default_rng(3).choice(len(table), 3000, replace=False)
    towns, countries = geocoder.locate(table.latitude[chosen], table.longitude[chosen])
    assert np.all(countries == table.country[chosen])
    other = towns != chosen
    # Where several towns are said to lie at one place, the largest is named.
    assert np.all(table.population[towns[other]] >= table.population[chosen[other]])
    assert other.mean() < 0.05


def test_capitals_lie_where_they_are(table: PlaceTable) -> None:
    gazetteer = TableGazetteer(table)
    places = {"paris": (48.85, 2.35), "münchen": (48.14, 11.58), "new york": (40.71, -74.01), "paris, texas": (33.66, -95.56)}
    for called, (latitude, longitude) in places.items():
        found = gazetteer.find(called)
        assert found is not None
        assert (found.latitude, found.longitude) == pytest.approx((latitude, longitude), abs=0.02)


def test_the_table_is_small_and_whole(table: PlaceTable) -> None:
    assert len(table) > 150_000
    assert len(table.countries) > 240
    assert len(table.to_bytes()) < 2_600_000
    assert (table.region != NOWHERE).mean() > 0.9


def test_quarters_belong_to_cities_and_towns_beside_them_do_not() -> None:
    latitude = np.array([48.853, 48.860, 48.860, 48.804, 48.858])
    longitude = np.array([2.349, 2.346, 2.347, 2.134, 2.340])
    population = np.array([2_138_551, 20_000, 20_000, 85_416, 1_000_000], np.uint32)
    group = np.array([0, 0, 1, 0, 0])
    # A quarter; one of another region; a town too far away; a city that is nearly as large.
    assert cities_of(latitude, longitude, population, group).tolist() == [0, 0, 2, 3, 4]


def test_other_names_are_those_that_people_type() -> None:
    others = ["MUC", "München", "Munchen", "Мюнхен", "Monaco di Baviera", "Munich", "Mun"]
    towns = [
        {"name": "Munich", "population": 1_260_391, "alternatenames": others},
        {"name": "Schwabing", "population": 5_000, "alternatenames": ["Schwabingen"]},
    ]
    names, owners = aliases_of(towns)
    assert {folded(each) for each in names} == {"munchen", "monaco di baviera"}
    assert set(owners) == {0}


def test_land_reaches_a_cell_out_to_sea_and_no_farther() -> None:
    square = np.array([[10.0, 10.0], [20.0, 10.0], [20.0, 20.0], [10.0, 20.0], [10.0, 10.0]])
    atlas = Atlas([square], [Country(7, "Squareland", [[[0]]])])
    land = draw_land(atlas, {7: 3}, {})
    rows, columns = land.shape

    def at(latitude: float, longitude: float) -> int:
        return int(land[int((90 - latitude) * rows / 180), int((longitude + 180) * columns / 360)])

    assert [at(15, 15), at(15, 20.05), at(15, 20.45), at(25, 15)] == [4, 4, 0, 0]
