"""Titles of albums that nobody has named: of trips, events and things, no two alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums.album import Album
from shoebox.albums.identity import EVENT, OWN, THING, TRIP
from shoebox.albums.titles import titles
from tests.unit.album_making import moment


def album(kind: str, first: tuple[int, ...], last: tuple[int, ...], name: str = "") -> Album:
    return Album("", kind, np.arange(3), title=name, first=moment(*first), last=moment(*last))


@pytest.mark.parametrize(
    ("made", "topic", "title"),
    [
        (album(TRIP, (2024, 5, 3), (2024, 5, 9)), "San Francisco", "San Francisco, May 2024"),
        (album(TRIP, (2024, 4, 28), (2024, 5, 9)), "", "Trip, April and May 2024"),
        (album(EVENT, (2024, 5, 4, 15), (2024, 5, 4, 22)), "Birthday cake", "Birthday cake, 4 May 2024"),
        (album(EVENT, (2024, 5, 4, 15), (2024, 5, 4, 22)), "", "Saturday, 4 May 2024"),
        (album(EVENT, (2024, 5, 4, 15), (2024, 5, 5, 2)), "", "4–5 May 2024"),
        (album(THING, (2019, 5, 4), (2024, 5, 5), "Dog"), "", "Dog"),
        (Album("", EVENT, np.arange(3)), "Beach", "Album"),
        (Album("", OWN, np.arange(0)), "", "Album"),
    ],
)
def test_a_title_says_what_and_when(made: Album, topic: str, title: str) -> None:
    assert titles([made], [topic]) == [title]


def test_two_trips_to_one_place_in_one_month_are_told_apart_by_their_days() -> None:
    trips = [album(TRIP, (2024, 5, 3), (2024, 5, 5)), album(TRIP, (2024, 5, 20), (2024, 5, 24))]
    assert titles(trips, ["Nice", "Nice"]) == ["Nice, 3–5 May 2024", "Nice, 20–24 May 2024"]
    assert titles(trips, ["Nice", "Rome"]) == ["Nice, May 2024", "Rome, May 2024"]


def test_two_events_of_one_day_are_told_apart_by_when_they_began() -> None:
    events = [album(EVENT, (2024, 5, 4, 9), (2024, 5, 4, 12)), album(EVENT, (2024, 5, 4, 20), (2024, 5, 4, 23))]
    assert titles(events, ["", ""]) == ["Saturday, 4 May 2024, morning", "Saturday, 4 May 2024, evening"]


moments = st.tuples(st.integers(2023, 2024), st.integers(1, 2), st.integers(1, 3), st.integers(0, 23))


@given(st.lists(st.tuples(st.sampled_from([TRIP, EVENT]), moments, st.sampled_from(["", "Nice"])), max_size=12))
def test_no_two_titles_are_the_same(made: list[tuple[str, tuple[int, ...], str]]) -> None:
    albums = [album(kind, when, when) for kind, when, _ in made]
    found = titles(albums, [topic for *_, topic in made])
    assert len(set(found)) == len(found)
