"""Where home is: where photos come back to, week after week, wherever most photos were taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.albums import home
from tests.unit.album_making import MUNICH, NICE, NOWHERE, PARIS, VERSAILLES, Spot

WEEK = home.WEEK_MS


def homes_of(photos: Sequence[tuple[float, Spot]]) -> home.Homes:
    """The homes of someone who took photos in these weeks at these places."""
    taken = np.array([week * WEEK for week, _ in photos], np.float64)
    latitude, longitude = np.array([spot for _, spot in photos], np.float64).reshape(-1, 2).T
    return home.find(latitude, longitude, taken)


def distance(homes: home.Homes, week: float, spot: Spot) -> float:
    columns: list[NDArray[np.float64]] = [np.array([value], np.float64) for value in (*spot, week * WEEK)]
    return float(homes.kilometres(*columns)[0])


def test_home_is_where_most_weeks_were_spent_and_not_where_most_photos_were_taken() -> None:
    homes = homes_of([*((week, PARIS) for week in range(40)), *((20 + part / 1000, NICE) for part in range(500))])
    assert distance(homes, 20, PARIS) < 1
    assert distance(homes, 20, NICE) > 600


def test_work_at_the_other_end_of_town_is_as_good_as_home() -> None:
    homes = homes_of([(week, spot) for week in range(30) for spot in (PARIS, PARIS, VERSAILLES)])
    assert distance(homes, 3, PARIS) < 1
    assert distance(homes, 3, VERSAILLES) < 20


def test_home_follows_a_move() -> None:
    homes = homes_of([*((week, PARIS) for week in range(100)), *((week, MUNICH) for week in range(100, 200))])
    assert distance(homes, 10, PARIS) < 1
    assert distance(homes, 190, MUNICH) < 1


def test_a_summer_away_is_no_move() -> None:
    weeks = [(week, NICE if 40 <= week < 48 else PARIS) for week in range(100)]
    assert distance(homes_of(weeks), 44, PARIS) < 1


def test_work_in_another_town_every_week_is_a_second_home_and_a_month_there_is_none() -> None:
    weeks = [(week, spot) for week in range(60) for spot in (PARIS, MUNICH)]
    homes = homes_of(weeks)
    assert distance(homes, 30, PARIS) < 1
    assert distance(homes, 30, MUNICH) < 1
    assert distance(homes, 30, NICE) > 400
    month = homes_of([*((week, PARIS) for week in range(60)), *((30 + week, MUNICH) for week in range(4))])
    assert distance(month, 31, MUNICH) > 600


def test_a_town_nearby_is_no_second_home_however_often_one_goes_there() -> None:
    homes = homes_of([(week, spot) for week in range(60) for spot in (PARIS, PARIS, VERSAILLES)])
    assert distance(homes, 30, VERSAILLES) > 15


def test_a_year_with_little_to_tell_takes_the_home_of_the_others() -> None:
    homes = homes_of([*((week, PARIS) for week in range(50)), (200.0, NICE)])
    assert distance(homes, 200, PARIS) < 1


@pytest.mark.parametrize(
    "photos",
    [[], [(1.0, NOWHERE)], [(week, PARIS) for week in range(3)], [(week, (week * 0.7, week * 1.3)) for week in range(60)]],
    ids=["no photos", "no places", "three weeks", "somewhere else each week"],
)
def test_who_comes_back_to_no_place_has_no_home(photos: list[tuple[float, Spot]]) -> None:
    assert np.isnan(distance(homes_of(photos), 1, PARIS))


def test_photos_that_say_nothing_are_at_no_distance() -> None:
    assert np.isnan(distance(homes_of([(week, PARIS) for week in range(40)]), 5, NOWHERE))


def test_home_may_lie_on_the_date_line() -> None:
    homes = homes_of([(week, (-16.85, 179.999 if week % 2 else -179.999)) for week in range(40)])
    assert distance(homes, 5, (-16.85, 180.0)) < 1


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distances_are_the_same_both_ways_and_never_longer_than_half_the_globe(a: float, b: float, c: float, d: float) -> None:
    one, other = (home.distances(*(np.array([value]) for value in way))[0] for way in ((a, b, c, d), (c, d, a, b)))
    assert one == pytest.approx(other)
    assert 0 <= one <= 20_016
