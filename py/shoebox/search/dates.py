"""Stretches of the calendar: single ones (May 2019) and those that come again (every May, Sundays).

All times are the clock at the place of the photo, as the column `taken` holds them: milliseconds since 1970 as if it were
UTC. Weeks begin on Monday (ISO 8601). Seasons are the northern, meteorological ones: summer is June to August.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

MILLISECONDS_A_DAY = 86_400_000.0
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Some days on end.

    Attributes
    ----------
    first, last : date
    name : str
        Such as "May 2019".
    said : str
        As it follows "taken", such as "in May 2019".
    """

    first: date
    last: date
    name: str
    said: str

    @property
    def start(self) -> float:
        """Its first moment."""
        return moment(self.first)

    @property
    def end(self) -> float:
        """The first moment after it."""
        return moment(self.last) + MILLISECONDS_A_DAY

    @property
    def begins(self) -> str:
        """A name for its beginning."""
        return self.name if not self._composed else day(self.first).name

    @property
    def ends(self) -> str:
        """A name for its end."""
        return self.name if not self._composed else day(self.last).name

    @property
    def _composed(self) -> bool:
        """Has it a name of the kind "from ... to ..."?"""
        return self.said.startswith("from ")


class Occasion(Protocol):
    """What comes once a year."""

    @property
    def name(self) -> str:
        """Such as "May"."""
        ...

    @property
    def said(self) -> str:
        """As it follows "taken", such as "in May of any year"."""
        ...

    def of(self, year: int) -> Period | None:
        """The one that begins in a year, if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Yearly:
    """The same days every year.

    Attributes
    ----------
    name : str
    preposition : str
        "in" or "on" or "at".
    begin : (month, day)
    end : (month, day) or None
        The day after the last, in the next year if it lies before `begin`; None for a single day.
    """

    name: str
    preposition: str
    begin: tuple[int, int]
    end: tuple[int, int] | None = None

    @property
    def said(self) -> str:
        """As it follows "taken"."""
        return f"{self.preposition} {self.name} of any year"

    def of(self, year: int) -> Period | None:
        """The one that begins in a year; a 29th of February is rarely there."""
        try:
            first = date(year, *self.begin)
            after = date(year + (self.end <= self.begin), *self.end) if self.end else first + _ONE_DAY
        except (ValueError, OverflowError):
            return None
        last = after - _ONE_DAY
        if self.end is None:
            return day(first)
        if self.begin[1] == 1 and (last - first).days < 31:
            return month(year, self.begin[0])
        name = f"{self.name} {year}" if last.year == year else f"{self.name} {year}/{last.year % 100:02}"
        return Period(first, last, name, f"{self.preposition} {name}")


@dataclass(frozen=True, slots=True)
class Easter:
    """Good Friday to Easter Monday."""

    name: str = "Easter"
    said: str = "at Easter of any year"

    def of(self, year: int) -> Period | None:
        """The Easter of a year."""
        if not 1583 <= year <= 9999:
            return None
        sunday = easter_sunday(year)
        return Period(sunday - 2 * _ONE_DAY, sunday + _ONE_DAY, f"Easter {year}", f"at Easter {year}")


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, after the "anonymous" algorithm (Nature, 20 April 1876; Meeus, ch. 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 19 * golden + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - correction - rest % 4) % 7
    shift = (golden + 11 * correction + 22 * weekday) // 451
    months, days = divmod(correction + weekday - 7 * shift + 114, 31)
    return date(year, months, days + 1)


def month_of_any_year(number: int) -> Yearly:
    """A month, 1 to 12, every year."""
    return Yearly(MONTHS[number - 1], "in", (number, 1), (number % 12 + 1, 1))


def day_of_any_year(month: int, day: int) -> Yearly:
    """A day of a month, every year."""
    return Yearly(f"{day} {MONTHS[month - 1]}", "on", (month, day))


def moment(of: date) -> float:
    """The first moment of a day, in milliseconds since 1970."""
    return (of.toordinal() - date(1970, 1, 1).toordinal()) * MILLISECONDS_A_DAY


def day_of(milliseconds: float) -> date:
    """The day of a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).date()


def day(of: date) -> Period:
    """A single day."""
    name = f"{of.day} {MONTHS[of.month - 1]} {of.year}"
    return Period(of, of, name, f"on {name}")


def month(year: int, number: int) -> Period:
    """A month of a year."""
    last = date(year, 12, 31) if number == 12 else date(year, number + 1, 1) - _ONE_DAY
    name = f"{MONTHS[number - 1]} {year}"
    return Period(date(year, number, 1), last, name, f"in {name}")


def year(number: int) -> Period:
    """A year."""
    return Period(date(number, 1, 1), date(number, 12, 31), str(number), f"in {number}")


def stretch(first: date, last: date) -> Period:
    """The days from one to another, both with it."""
    if first == last:
        return day(first)
    end = day(last).name
    if first.year != last.year:
        begin = day(first).name
    elif first.month != last.month:
        begin = f"{first.day} {MONTHS[first.month - 1]}"
    else:
        begin = str(first.day)
    return Period(first, last, f"{begin} to {end}", f"from {begin} to {end}")


def through(first: Period, last: Period) -> Period:
    """From the beginning of one to the end of another that does not lie before it."""
    name = f"{first.name} to {last.name}"
    return Period(first.first, last.last, name, f"from {name}")


def week(of: date) -> Period:
    """The week that a day lies in, Monday to Sunday."""
    monday = of - timedelta(days=of.weekday())
    return stretch(monday, monday + timedelta(days=6))


def months_before(of: date, count: int) -> tuple[int, int]:
    """Year and month so many months before a day."""
    years, months = divmod(of.year * 12 + of.month - 1 - count, 12)
    return years, months + 1


def written(text: str) -> Period | None:
    """A year, month or day as digits ("2019", "2019-05", "2019-05-03"), or None."""
    found = _ISO.fullmatch(text)
    if not found:
        return None
    numbers = [int(part) for part in found.groups() if part]
    try:
        return (year, month, lambda *of: day(date(*of)))[len(numbers) - 1](*numbers)
    except (ValueError, IndexError):
        return None
