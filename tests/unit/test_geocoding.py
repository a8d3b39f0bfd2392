"""From coordinates to towns and countries, by a small table; the real one is tested in tests/tooling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.places.geocoding import FARTHEST_KM, Geocoder, depth, radii
from shoebox.places.table import NOWHERE
from shoebox.search.filters import distances
from tests.unit.place_making import table

TABLE = table()
GEOCODER = Geocoder(TABLE)


def where(latitude: float, longitude: float) -> tuple[str, str]:
    """The town and the country of a point; a dash where there is none."""
    towns, countries = GEOCODER.locate(np.array([latitude]), np.array([longitude]))
    town, country = int(towns[0]), int(countries[0])
    return (
        "-" if town == NOWHERE else TABLE.names[town],
        "-" if country == NOWHERE else TABLE.codes[country],
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "town", "country"),
    [
        (48.8584, 2.2945, "Paris", "FR"),
        (48.8049, 2.1204, "Versailles", "FR"),
        (48.8638, 2.4485, "Montreuil", "FR"),
        (47.6635, 9.1755, "Konstanz", "DE"),
        (47.6480, 9.1740, "Kreuzlingen", "CH"),
        (-16.85, -179.99, "Taveuni", "FJ"),  # beyond the date line from the town
        (48.7005, 3.2005, "Hamlet", "FR"),
        (45.0, 100.0, "-", "MN"),
        (0.0, -30.0, "-", "-"),
        (90.0, 0.0, "-", "-"),
    ],
)
def test_a_point_belongs_to_the_town_in_which_it_lies(latitude: float, longitude: float, town: str, country: str) -> None:
    assert where(latitude, longitude) == (town, country)


def test_no_city_reaches_over_a_border() -> None:
    # By size alone, Konstanz would have the centre of Kreuzlingen.
    south, west = np.array([47.6500]), np.array([9.1750])
    from_konstanz = distances(TABLE.latitude[5:6], TABLE.longitude[5:6], 47.65, 9.175)
    assert float(depth(from_konstanz, radii(TABLE.population[5:6]))[0]) < -0.5
    assert TABLE.names[int(GEOCODER.locate(south, west)[0][0])] == "Kreuzlingen"


def by_looking_at_all(latitude: float, longitude: float) -> int:
    """The rule itself, town by town."""
    far = distances(TABLE.latitude, TABLE.longitude, latitude, longitude)
    deep = depth(far, radii(TABLE.population))
    nearest = int(np.argmin(far))
    deep[TABLE.country != TABLE.country[nearest]] = np.inf
    best = int(np.argmin(deep))
    reachable = far[nearest] <= FARTHEST_KM + float(radii(TABLE.population).max())
    return best if reachable and deep[best] <= FARTHEST_KM else NOWHERE


@given(
    st.lists(
        st.one_of(
            st.tuples(st.floats(47.0, 49.5), st.floats(1.0, 12.0)),
            st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_a_point_gets_what_the_rule_says(spots: list[tuple[float, float]]) -> None:
    latitudes, longitudes = np.array(spots).T
    towns, _ = GEOCODER.locate(latitudes, longitudes)
    for town, (latitude, longitude) in zip(towns.tolist(), spots, strict=True):
        expected = by_looking_at_all(latitude, longitude)
        if town != expected:
            # Only where two are equally deep to the last digit, or at the very edge of what is still named.
            far = distances(TABLE.latitude, TABLE.longitude, latitude, longitude)
            deep = depth(far, radii(TABLE.population))
            sides = [FARTHEST_KM if each == NOWHERE else float(deep[each]) for each in (town, expected)]
            assert sides[0] == pytest.approx(sides[1], abs=1e-6)


def test_points_do_not_depend_on_each_other() -> None:
    random = np.random.default_rng(2)
    latitudes, longitudes = random.uniform(47, 49, 200), random.uniform(1, 10, 200)
    towns, countries = GEOCODER.locate(latitudes, longitudes)
    for place in range(200):
        alone = GEOCODER.locate(latitudes[place : place + 1], longitudes[place : place + 1])
        assert (int(alone[0][0]), int(alone[1][0])) == (int(towns[place]), int(countries[place]))


def test_no_points_have_no_places() -> None:
    towns, countries = GEOCODER.locate(np.zeros(0), np.zeros(0))
    assert (len(towns), len(countries)) == (0, 0)


def test_larger_towns_are_larger_discs_and_unknown_ones_are_points() -> None:
    found = radii(np.array([0, 1_000, 100_000, 10_000_000], np.uint32))
    assert found[0] == 0
    assert np.all(np.diff(found) > 0)
    assert found.tolist() == pytest.approx([0, 0.73, 5.55, 42.1], abs=0.1)


def test_depth_grows_without_a_jump_from_the_middle_outwards() -> None:
    far = np.linspace(0, 20, 2001)
    deep = depth(far, np.full(2001, 8.0))
    assert deep[0] == -1
    assert np.all(np.diff(deep) > 0)
    assert np.all(np.diff(deep) < 0.02)
