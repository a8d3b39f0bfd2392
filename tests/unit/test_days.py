"""Months and the places where they were spent; this day in other years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.places.days import days_like, month_places, months_of, on_this_day
from shoebox.places.table import NOWHERE


def moment(*parts: int) -> float:
    """Milliseconds since 1970."""
    return datetime(*parts, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type, misc]


@given(st.lists(st.datetimes(datetime(1850, 1, 1), datetime(2199, 12, 31)), max_size=20))
def test_months_are_counted_from_the_year_0(moments: list[datetime]) -> None:
    taken = np.array([each.replace(tzinfo=UTC).timestamp() * 1000 for each in moments])
    assert months_of(taken).tolist() == [12 * each.year + each.month - 1 for each in moments]


def places(*counted: tuple[int, int]) -> dict[int, list[int]]:
    """The places of one month with so many photos in each."""
    found = [place for place, count in counted for _ in range(count)]
    return month_places(np.full(len(found), 24_000), np.array(found, np.int32))


@pytest.mark.parametrize(
    ("counted", "named"),
    [
        ([(7, 10)], [7]),
        ([(7, 10), (3, 20)], [3, 7]),
        ([(7, 10), (3, 1)], [7]),  # one photo on the way is not worth a word
        ([(1, 5), (2, 5), (3, 5)], [1, 2]),  # two names at most
        ([(7, 30), (NOWHERE, 70)], [7]),
    ],
)
def test_a_month_is_named_by_its_main_places(counted: list[tuple[int, int]], named: list[int]) -> None:
    assert places(*counted) == {24_000: named}


def test_a_month_of_which_little_is_known_has_no_name() -> None:
    assert places((7, 10), (NOWHERE, 90)) == {}
    assert places((NOWHERE, 5)) == {}
    assert places() == {}


def days(moments: list[float], today: date) -> list[tuple[int, list[int]]]:
    """Years with their photos, by their places in the list."""
    taken = np.array(moments)
    return [(each.year, each.rows.tolist()) for each in on_this_day(taken, np.arange(len(moments)), today)]


def test_this_day_in_earlier_years_the_latest_first() -> None:
    moments = [
        moment(2020, 5, 3, 0, 0),
        moment(2020, 5, 3, 23, 59),
        moment(2020, 5, 4),
        moment(2024, 5, 3, 12),
        moment(2026, 5, 3, 8),  # this very day
        moment(1969, 5, 3, 8),
        moment(2024, 6, 3),
    ]
    assert days(moments, date(2026, 5, 3)) == [(2024, [3]), (2020, [1, 0]), (1969, [5])]
    assert days(moments, date(2026, 5, 5)) == []


def test_29_february_is_remembered_every_year() -> None:
    leap, before = moment(2020, 2, 29, 10), moment(2021, 2, 28, 10)
    assert days([leap, before], date(2026, 2, 28)) == [(2021, [1]), (2020, [0])]
    assert days([leap, before], date(2024, 2, 28)) == [(2021, [1])]
    assert days([leap, before], date(2024, 2, 29)) == [(2020, [0])]
    assert days([leap, before], date(2026, 3, 1)) == []
    assert days_like(date(2026, 2, 28), 2020) == ["2020-02-28", "2020-02-29"]
    assert days_like(date(2026, 2, 28), 2021) == ["2021-02-28"]
    assert days_like(date(2024, 2, 29), 2020) == ["2020-02-29"]


@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2030, 12, 31)), max_size=30),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)).filter(lambda day: (day.month, day.day) != (2, 28)),
)
def test_only_photos_of_that_day_and_all_of_them(moments: list[datetime], today: date) -> None:
    found = days([each.replace(tzinfo=UTC).timestamp() * 1000 for each in moments], today)
    wanted = {
        place
        for place, each in enumerate(moments)
        if (each.month, each.day) == (today.month, today.day) and each.year < today.year
    }
    assert {place for _, those in found for place in those} == wanted
    assert [year for year, _ in found] == sorted({moments[place].year for place in wanted}, reverse=True)
