"""Trips: away from home over a night, with a handful of photos, and without coming home in between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums import trips

HOUR = float(trips.HOUR_MS)
NAN, FAR, HOME = float("nan"), 500.0, 3.0


def found(photos: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The hours of the photos of each trip, from (hour, kilometres from home) in order."""
    hours = np.array([hour for hour, _ in photos], np.float64)
    rows = trips.find(hours * HOUR, np.array([far for _, far in photos], np.float64))
    return [hours[places].tolist() for places in rows]


def away(first: float, count: int = 6, every: float = 6, far: float = FAR) -> list[tuple[float, float]]:
    return [(first + every * place, far) for place in range(count)]


def test_photos_taken_away_over_a_night_are_a_trip() -> None:
    assert found([(0, HOME), *away(10), (100, HOME)]) == [[10, 16, 22, 28, 34, 40]]


@pytest.mark.parametrize(
    "photos",
    [
        away(10, far=60),
        away(10, count=4, every=8),
        away(10, count=10, every=1),
        away(18, count=8, every=1),
        [(hour, NAN) for hour, _ in away(10)],
        [(10, FAR), *((hour, NAN) for hour, _ in away(11)), (60, FAR)],
    ],
    ids=["near", "few", "by day", "until after midnight", "nobody knows where", "hardly anything says where"],
)
def test_what_is_no_trip(photos: list[tuple[float, float]]) -> None:
    assert found([(0, HOME), *photos, (100, HOME)]) == []


def test_who_was_home_in_between_made_two_trips() -> None:
    assert len(found([*away(10), (60, HOME), *away(70)])) == 2


def test_who_took_no_photo_for_five_days_may_have_been_home() -> None:
    assert len(found([*away(10), *away(40 + 5 * 24)])) == 2
    assert len(found([*away(10), *away(40 + 2 * 24)])) == 1


def test_photos_of_a_camera_that_does_not_know_where_it_is_are_in_the_trip_that_was_under_way() -> None:
    between = [(hour + 1, NAN) for hour, _ in away(10)][:-1]
    around = [(8.5, NAN), (41.5, NAN)]
    photos = sorted([(0, HOME), *away(10), *between, *around, (100, HOME)])
    assert found(photos) == [[hour for hour, _ in photos[1:-1]]]


def test_photos_long_before_and_after_a_trip_are_not_in_it() -> None:
    assert found([(0, NAN), *away(10), (100, NAN)]) == [[10, 16, 22, 28, 34, 40]]


def test_a_library_without_a_photo_has_no_trip() -> None:
    assert found([]) == []


@given(st.lists(st.tuples(st.floats(0, 2000), st.sampled_from([NAN, HOME, FAR])), max_size=60))
def test_trips_are_apart_and_hold_no_photo_from_home(photos: list[tuple[float, float]]) -> None:
    photos.sort(key=lambda photo: photo[0])
    hours = np.array([hour for hour, _ in photos], np.float64)
    kilometres = np.array([far for _, far in photos], np.float64)
    rows = trips.find(hours * HOUR, kilometres)
    every = np.concatenate([*rows, np.zeros(0, np.intp)])
    assert len(np.unique(every)) == len(every)
    for places in rows:
        assert len(places) >= trips.LEAST_PHOTOS
        assert (np.diff(places) == 1).all()
        assert not (kilometres[places] == HOME).any()
