"""Photos put together for the map."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.places.clusters import CLUSTER_PIXELS, NORTHMOST, WORLD_PIXELS, Clusters, cluster, project

SPOTS = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=40)


def clusters(spots: list[tuple[float, float]], zoom: float, taken: list[float] | None = None) -> Clusters:
    latitudes, longitudes = np.array(spots, float).reshape(-1, 2).T
    return cluster(latitudes, longitudes, np.array(taken if taken is not None else [np.nan] * len(spots)), zoom)


@given(SPOTS, st.floats(0, 22))
def test_every_photo_is_in_one_cluster_and_inside_of_its_box(spots: list[tuple[float, float]], zoom: float) -> None:
    found = clusters(spots, zoom)
    assert int(found.counts.sum()) == len(spots)
    assert np.all(np.diff(found.counts) <= 0)
    assert len(set(found.covers.tolist())) == len(found.covers)
    for place, photo in enumerate(found.covers.tolist()):
        latitude, longitude = spots[photo]
        assert found.south[place] <= latitude <= found.north[place]
        assert found.west[place] <= longitude <= found.east[place]


@given(SPOTS, st.floats(0, 22))
def test_a_cluster_is_not_much_wider_than_its_reach(spots: list[tuple[float, float]], zoom: float) -> None:
    found = clusters(spots, zoom)
    west, east = (project(np.zeros(len(found.counts)), each)[0] for each in (found.west, found.east))
    # Its own cell and those beside it.
    assert np.all((east - west) * WORLD_PIXELS * 2**zoom <= 3 * CLUSTER_PIXELS + 1e-6)


@given(SPOTS, st.floats(0, 20))
def test_clusters_do_not_depend_on_the_order_of_photos(spots: list[tuple[float, float]], zoom: float) -> None:
    there, back = clusters(spots, zoom), clusters(spots[::-1], zoom)
    assert there.counts.tolist() == back.counts.tolist()


def test_nearby_photos_come_apart_when_one_looks_closer() -> None:
    spots = [(48.8584, 2.2945), (48.8606, 2.3376), (51.5081, -0.0759)]
    assert [clusters(spots, zoom).counts.tolist() for zoom in (0, 6, 16)] == [[3], [2, 1], [1, 1, 1]]


def test_a_line_of_the_grid_cuts_nothing_apart() -> None:
    # Two photos 10 pixels from each other, moved over a whole cell in small steps.
    pixel = 360 / (WORLD_PIXELS * 2**5)
    for step in range(0, 80, 3):
        spots = [(10.0, (step + offset) * pixel) for offset in (0, 10)]
        assert clusters(spots, 5).counts.tolist() == [2]


def test_the_best_photo_is_the_cover_and_the_newest_of_equals() -> None:
    here, there = np.full(4, 48.85), np.full(4, 2.35)
    taken = np.array([5.0, 6.0, 9.0, 7.0])
    assert cluster(here, there, taken, 3, np.array([0.5, 0.9, 0.1, 0.9], np.float32)).covers.tolist() == [3]


def test_the_newest_photo_is_the_cover_where_nobody_says_which_is_best() -> None:
    here = [(1.0, 1.0)] * 4
    assert clusters(here, 3, [5.0, np.nan, 9.0, 7.0]).covers.tolist() == [2]
    assert clusters(here, 3, [np.nan] * 4).covers.tolist() == [0]


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"), [(0, 0, 0.5, 0.5), (NORTHMOST, -180, 0, 0), (-NORTHMOST, 180, 1, 1), (90, 0, 0.5, 0)]
)
def test_the_map_is_a_square(latitude: float, longitude: float, x: float, y: float) -> None:
    found = project(np.array([latitude], float), np.array([longitude], float))
    assert [float(each[0]) for each in found] == pytest.approx([x, y], abs=1e-12)
