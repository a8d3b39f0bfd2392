"""When photos were taken, as far as it tells bursts from copies."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.duplicates.calibration import BURST_SECONDS
from shoebox.duplicates.moments import Moments, near_in_time


def moments(*taken: str | None, source: str = "camera") -> Moments:
    facts = [json.dumps({"taken": each, "takenFrom": source if each else None}).encode() for each in taken]
    walls = [np.nan if each is None else float(np.datetime64(each[:23].split("+")[0], "ms").astype(int)) for each in taken]
    return Moments.of(facts, np.array(walls))


def near(found: Moments) -> set[tuple[int, int]]:
    left, right = near_in_time(found, most=8)
    return set(zip(left.tolist(), right.tolist(), strict=True))


def test_seconds_apart_is_near_and_minutes_are_not() -> None:
    assert near(moments("2024-05-01T12:00:00", "2024-05-01T12:00:20.500", "2024-05-01T12:03:00")) == {(0, 1)}


def test_the_true_instants_count_where_both_zones_are_known() -> None:
    travelled = moments("2024-05-01T12:00:00.000+02:00", "2024-05-01T10:00:05.000+00:00", "2024-05-01T12:00:05.000+00:00")
    assert near(travelled) == {(0, 1)}


def test_the_clock_on_the_wall_counts_where_a_zone_is_missing() -> None:
    assert near(moments("2024-05-01T12:00:00.000+02:00", "2024-05-01T12:00:05")) == {(0, 1)}


@pytest.mark.parametrize("unsure", [("2024-05-01", "2024-05-01"), (None, None)])
def test_a_day_alone_or_nothing_is_never_near(unsure: tuple[str | None, str | None]) -> None:
    assert near(moments(*unsure)) == set()


def test_when_a_photo_was_edited_says_nothing_about_when_it_was_taken() -> None:
    assert near(moments("2024-05-01T12:00:00", "2024-05-01T12:00:01", source="edit")) == set()


@pytest.mark.parametrize(
    ("times", "two"),
    [
        (("2024-05-01T12:00:00", "2024-05-01T12:00:02"), True),
        (("2024-05-01T12:00:00", "2024-05-03T08:41:07"), True),
        (("2024-05-01T12:00:00", "2024-05-01T12:00:00.250"), False),
        (("2024-05-01T12:00:00", "2024-05-01T14:00:00"), False),
        (("2024-05-01T12:00:00", "2024-05-01T17:45:00"), False),
        (("2024-05-01T12:00:00", None), False),
    ],
)
def test_a_cameras_clock_tells_two_exposures_from_one_copied(times: tuple[str, str | None], two: bool) -> None:
    assert bool(moments(*times).two_exposures(np.array([0]), np.array([1]))[0]) is two


def test_a_name_is_no_clock_to_tell_exposures_by() -> None:
    named = moments("2024-05-01T12:00:00", "2024-05-01T12:00:02", source="name")
    assert not named.two_exposures(np.array([0]), np.array([1]))[0]


def test_facts_that_cannot_be_read_are_no_moment() -> None:
    found = Moments.of([b"{", b"{}"], np.array([0.0, 1.0]))
    assert np.isnan(found.wall).all()


@given(st.lists(st.floats(0, 300), min_size=2, max_size=20), st.integers(1, 20))
def test_every_pair_is_within_the_time_and_neighbours_in_it_are_all_found(seconds: list[float], most: int) -> None:
    count = len(seconds)
    found = Moments(np.array(seconds), np.full(count, np.nan), np.ones(count, bool))
    left, right = near_in_time(found, most)
    assert (left < right).all()
    assert (np.abs(found.wall[left] - found.wall[right]) <= BURST_SECONDS).all()
    pairs = set(zip(left.tolist(), right.tolist(), strict=True))
    order = np.argsort(found.wall, kind="stable").tolist()
    for one, other in pairwise(order):
        if found.wall[other] - found.wall[one] <= BURST_SECONDS:
            assert (min(one, other), max(one, other)) in pairs
