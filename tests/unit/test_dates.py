"""Stretches of the calendar and how they are called."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.search import dates
from shoebox.search.dates import MILLISECONDS_A_DAY, Easter, Yearly, written


@pytest.mark.parametrize(
    ("text", "first", "last", "said"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), "in 2019"),
        ("2020-2", date(2020, 2, 1), date(2020, 2, 29), "in February 2020"),
        ("2019-05-03", date(2019, 5, 3), date(2019, 5, 3), "on 3 May 2019"),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31), "in December 9999"),
    ],
)
def test_digits_are_a_year_a_month_or_a_day(text: str, first: date, last: date, said: str) -> None:
    period = written(text)
    assert period
    assert (period.first, period.last, period.said) == (first, last, said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "19",
        "2019-13",
        "2019-02-30",
        "2019-1-1-1",
        "2019-",
        "2019-00",
        "2019-05-00",
        "yesterday",
        "２０１９",
        "0000",
        "2019-005",
    ],
)
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert written(text) is None


@given(st.dates())
def test_moments_are_those_of_datetime(day: date) -> None:
    assert dates.moment(day) == datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000
    assert dates.day_of(dates.moment(day)) == day
    assert dates.day_of(dates.moment(day) + MILLISECONDS_A_DAY - 1) == day


# Easter Sundays as the U.S. Census Bureau lists them, with the earliest and the latest that can be.
@pytest.mark.parametrize(
    "sunday", [date(1818, 3, 22), date(1943, 4, 25), date(2000, 4, 23), date(2019, 4, 21), date(2024, 3, 31), date(2038, 4, 25)]
)
def test_easter_is_when_it_was(sunday: date) -> None:
    assert dates.easter_sunday(sunday.year) == sunday
    easter = Easter().of(sunday.year)
    assert easter
    assert easter.first <= sunday < easter.last


def test_an_occasion_may_begin_in_one_year_and_end_in_the_next_or_not_be_there() -> None:
    winter = Yearly("winter", "in", (12, 1), (3, 1)).of(2019)
    assert winter
    assert (winter.first, winter.last, winter.name) == (date(2019, 12, 1), date(2020, 2, 29), "winter 2019/20")
    leap_day = dates.day_of_any_year(2, 29)
    assert leap_day.of(2019) is None
    assert leap_day.of(2020) == dates.day(date(2020, 2, 29))
    assert dates.month_of_any_year(12).of(2019) == dates.month(2019, 12)
    assert Yearly("winter", "in", (12, 1), (3, 1)).of(9999) is None


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2019, 5, 3), date(2019, 5, 3), "3 May 2019"),
        (date(2019, 5, 3), date(2019, 5, 9), "3 to 9 May 2019"),
        (date(2019, 5, 30), date(2019, 6, 2), "30 May to 2 June 2019"),
        (date(2019, 12, 30), date(2020, 1, 2), "30 December 2019 to 2 January 2020"),
    ],
)
def test_a_stretch_is_named_as_briefly_as_can_be(first: date, last: date, name: str) -> None:
    stretch = dates.stretch(first, last)
    assert stretch.name == name
    assert (stretch.begins, stretch.ends) == (dates.day(first).name, dates.day(last).name)
