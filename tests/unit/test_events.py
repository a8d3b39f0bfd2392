"""Events: many photos together in time, where how many is many follows from the library."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums import events

MINUTE, HOUR, DAY = 60_000.0, 3_600_000.0, 86_400_000.0


def party(day: int, count: int = 20, every: float = 10) -> list[float]:
    return [day * DAY + 15 * HOUR + place * every * MINUTE for place in range(count)]


def found(taken: list[float]) -> list[int]:
    """How many photos each event has."""
    return [len(places) for places in events.find(np.array(sorted(taken)))]


def test_a_party_among_single_photos_is_an_event() -> None:
    single = [day * 2 * DAY + 12 * HOUR for day in range(40)]
    assert found([*single, *party(11)]) == [20]


def test_of_two_parties_a_week_apart_each_is_an_event() -> None:
    assert found([*party(3), *party(10)]) == [20, 20]


def test_a_pause_that_is_nothing_in_a_quiet_year_ends_an_event_of_a_busy_day() -> None:
    busy = [*party(3, count=60, every=0.5), *(time + 5 * HOUR for time in party(3, count=60, every=0.5))]
    quiet = [
        *party(3, count=12, every=30),
        party(3)[0] + 10 * HOUR,
        *(party(3)[0] + (10 + place) * HOUR for place in range(1, 4)),
    ]
    assert found(busy) == [60, 60]
    assert found(quiet) == [16]


def test_who_takes_ten_photos_every_day_has_no_event_each_day() -> None:
    every_day = [time for day in range(60) for time in party(day, count=10)]
    assert found(every_day) == []
    assert found([*every_day, *party(70, count=60, every=3)]) == [60]


def test_a_burst_is_no_event() -> None:
    assert found([*party(3, count=30, every=0.01), *(day * DAY for day in range(10, 40))]) == []


def test_no_photos_have_no_events() -> None:
    assert found([]) == []
    assert found([0.0]) == []


@given(st.lists(st.floats(0, 60 * DAY), max_size=80))
def test_events_are_apart_in_order_and_never_small(taken: list[float]) -> None:
    rows = events.find(np.array(sorted(taken)))
    every = np.concatenate([*rows, np.zeros(0, np.intp)])
    assert (np.diff(every) > 0).all()
    assert all(len(places) >= events.LEAST_PHOTOS for places in rows)


@given(st.lists(st.floats(0, 30 * DAY), min_size=1, max_size=60), st.floats(0.5, 2))
def test_no_event_ends_within_an_hour_and_every_one_within_a_day_without_photos(gaps: list[float], scale: float) -> None:
    lengths = np.array(gaps) * scale
    ended = events.ends(lengths)
    assert not ended[lengths < HOUR].any()
    assert ended[lengths >= DAY].all()
