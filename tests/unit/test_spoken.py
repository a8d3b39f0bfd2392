"""Dates in plain words: which are read, which are left alone, and what they come to."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.search.date_filters import Every, OnDays, Taken
from shoebox.search.dates import MONTHS, WEEKDAYS, moment
from shoebox.search.spoken import read, said_as_date

# A Saturday.
TODAY = date(2026, 11, 21)


def whole(text: str, today: date = TODAY) -> object:
    """The one date that all of a text says."""
    words = text.split()
    (reading,) = read(words, today)
    assert (reading.first, reading.end) == (0, len(words))
    return reading.condition


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("in 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-05", date(2019, 5, 1), date(2019, 5, 31)),
        ("2015-2018", date(2015, 1, 1), date(2018, 12, 31)),
        ("from 2015 to 2018", date(2015, 1, 1), date(2018, 12, 31)),
        ("between May 2015 and july 2016", date(2015, 5, 1), date(2016, 7, 31)),
        ("november to february 2020", date(2019, 11, 1), date(2020, 2, 29)),
        ("in the 90s", date(1990, 1, 1), date(1999, 12, 31)),
        ("from the 2010s", date(2010, 1, 1), date(2019, 12, 31)),
        ("may 2019", date(2019, 5, 1), date(2019, 5, 31)),
        ("Jan. 2020", date(2020, 1, 1), date(2020, 1, 31)),
        ("may of 2019", date(2019, 5, 1), date(2019, 5, 31)),
        ("May 5, 2019", date(2019, 5, 5), date(2019, 5, 5)),
        ("the 5th of may 2019", date(2019, 5, 5), date(2019, 5, 5)),
        ("on the 3rd of march 2019", date(2019, 3, 3), date(2019, 3, 3)),
        ("summer 2018", date(2018, 6, 1), date(2018, 8, 31)),
        ("in the summer of '18", date(2018, 6, 1), date(2018, 8, 31)),
        ("fall 2018", date(2018, 9, 1), date(2018, 11, 30)),
        ("winter 2018", date(2018, 12, 1), date(2019, 2, 28)),
        ("last summer", date(2026, 6, 1), date(2026, 8, 31)),
        ("last winter", date(2025, 12, 1), date(2026, 2, 28)),
        ("last autumn", date(2025, 9, 1), date(2025, 11, 30)),
        ("this autumn", date(2026, 9, 1), date(2026, 11, 30)),
        ("last may", date(2026, 5, 1), date(2026, 5, 31)),
        ("last november", date(2025, 11, 1), date(2025, 11, 30)),
        ("christmas 2019", date(2019, 12, 24), date(2019, 12, 26)),
        ("last christmas", date(2025, 12, 24), date(2025, 12, 26)),
        ("at easter 2021", date(2021, 4, 2), date(2021, 4, 5)),
        ("on new year’s eve 2020", date(2020, 12, 31), date(2020, 12, 31)),
        ("today", TODAY, TODAY),
        ("yesterday", date(2026, 11, 20), date(2026, 11, 20)),
        ("the day before yesterday", date(2026, 11, 19), date(2026, 11, 19)),
        ("this week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("past week", date(2026, 11, 15), TODAY),
        ("last 3 months", date(2026, 8, 22), TODAY),
        ("last weekend", date(2026, 11, 14), date(2026, 11, 15)),
        ("this weekend", date(2026, 11, 21), date(2026, 11, 22)),
        ("last saturday", date(2026, 11, 14), date(2026, 11, 14)),
        ("last friday", date(2026, 11, 20), date(2026, 11, 20)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
        ("two years ago", date(2024, 1, 1), date(2024, 12, 31)),
        ("3 weeks ago", date(2026, 10, 26), date(2026, 11, 1)),
        ("a day ago", date(2026, 11, 20), date(2026, 11, 20)),
        ("11 months ago", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_single_stretches_of_time(text: str, first: date, last: date) -> None:
    condition = whole(text)
    assert isinstance(condition, Taken)
    assert condition.start == moment(first)
    assert condition.end == moment(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in may", "in May of any year"),
        ("every march", "in March of any year"),
        ("october", "in October of any year"),
        ("in the fall", "in autumn of any year"),
        ("in spring", "in spring of any year"),
        ("from may to july", "from May to July of any year"),
        ("5 may", "on 5 May of any year"),
        ("on the 29th of february", "on 29 February of any year"),
        ("at christmas", "at Christmas of any year"),
        ("over easter", "at Easter of any year"),
        ("on halloween", "on Halloween of any year"),
    ],
)
def test_what_comes_every_year(text: str, said: str) -> None:
    condition = whole(text)
    assert isinstance(condition, Every)
    assert condition.said == f"taken {said}"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on sunday", (6,)),
        ("on a monday", (0,)),
        ("Sundays", (6,)),
        ("every friday", (4,)),
        ("weekends", (5, 6)),
        ("at the weekend", (5, 6)),
    ],
)
def test_days_of_the_week(text: str, days: tuple[int, ...]) -> None:
    condition = whole(text)
    assert isinstance(condition, OnDays)
    assert condition.days == days


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since 2015", date(2015, 1, 1), None),
        ("after may 2019", date(2019, 5, 1), None),
        ("before may 2019", None, date(2019, 5, 1)),
        ("until 2015", None, date(2016, 1, 1)),
        ("since may", date(2026, 5, 1), None),
        ("since december", date(2025, 12, 1), None),
        ("before christmas", None, date(2025, 12, 24)),
        ("since monday", date(2026, 11, 16), None),
        ("since last week", date(2026, 11, 9), None),
    ],
)
def test_before_and_after(text: str, start: date | None, end: date | None) -> None:
    condition = whole(text)
    assert isinstance(condition, Taken)
    assert condition.start == (moment(start) if start else -math.inf)
    assert condition.end == (moment(end) if end else math.inf)


@pytest.mark.parametrize(
    "text",
    [
        *("may", "march", "fall", "spring", "summer", "autumn leaves", "winter coat", "sunday roast", "the sun", "jan", "dec"),
        *(
            "christmas tree",
            "easter bunny",
            "new year",
            "this may be a dog",
            "a march past",
            "in the march",
            "waterfall in the fog",
        ),
        *("2000 people", "500", "12345", "room 1899", "in 2049", "1850", "1920s dress", "feb 30", "in", "last", "last supper"),
        *("two dogs", "a year", "since the rain", "before the wedding", "the day", "from paris to rome", "second of three"),
    ],
)
def test_what_may_mean_something_else_is_left_alone(text: str) -> None:
    assert read(text.split(), TODAY) == []


def test_readings_take_the_longest_and_leave_the_rest() -> None:
    text = "two dogs in the summer of 2018, on sundays at the beach since last year"
    words = text.split()
    assert [words[reading.first : reading.end] for reading in read(words, TODAY)] == [
        ["in", "the", "summer", "of", "2018,"],
        ["on", "sundays"],
        ["since", "last", "year"],
    ]


def test_a_field_may_say_what_would_not_be_safe_in_free_words() -> None:
    for text in ("may", "spring", "christmas", "sunday", "march"):
        assert read([text], TODAY) == []
        assert said_as_date(text, TODAY)
    for text in ("", "dog", "may dog", "in"):
        assert said_as_date(text, TODAY) is None


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.sampled_from([*WEEKDAYS, *MONTHS, "spring", "summer", "autumn", "winter"]),
)
def test_the_last_one_is_over_and_at_most_a_year_old(today: date, name: str) -> None:
    condition = whole(f"last {name}", today)
    assert isinstance(condition, Taken)
    assert condition.end <= moment(today)
    longest = 7 if name in WEEKDAYS else 366 + 92
    assert condition.start >= moment(today - timedelta(days=longest))


PIECES = (
    "in on at from since until before between and to the a of last this every past may march jan summer fall sunday sundays "
    "weekend christmas easter new year's eve day 2019 '19 2019-05 2015-2018 90s 1990s 5 5th 31 two weeks years ago dog today"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=8), st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_readings_are_in_order_and_never_overlap_and_never_fail(words: list[str], today: date) -> None:
    readings = read(words, today)
    place = 0
    for reading in readings:
        assert place <= reading.first < reading.end <= len(words)
        assert reading.condition.said.startswith("taken ")
        assert reading.condition.brief
        place = reading.end
