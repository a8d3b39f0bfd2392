"""Dates as people say them: "may 2019", "last summer", "on sundays", "christmas 2019", "two years ago".

Only what can hardly mean anything else is read as a date: "in may" and "may 2019" are, "may" alone is not, nor are "march",
"fall", "autumn leaves", "sunday roast" or "christmas tree". A reading is made of whole words, the longest that fits, from the
left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shoebox.search import dates
from shoebox.search.dates import MONTHS, WEEKDAYS, Easter, Occasion, Period, Yearly
from shoebox.search.filters import Every, Filter, OnDays, Taken

# The first photograph that is left was taken in 1826 or 1827; a number below 1900 by itself is rarely a year.
FIRST_YEAR, FIRST_YEAR_ALONE, LAST_YEAR = 1826, 1900, 2099

_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_SHORT_MONTHS = {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
# Months whose names are words of everyday English.
_AMBIGUOUS_MONTHS = {"may", "march"}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
_SPRING = Yearly("spring", "in", (3, 1), (6, 1))
_SUMMER = Yearly("summer", "in", (6, 1), (9, 1))
_AUTUMN = Yearly("autumn", "in", (9, 1), (12, 1))
_WINTER = Yearly("winter", "in", (12, 1), (3, 1))
_SEASONS = {"spring": _SPRING, "summer": _SUMMER, "autumn": _AUTUMN, "fall": _AUTUMN, "winter": _WINTER}
_NEW_YEAR = Yearly("New Year", "at", (12, 31), (1, 2))
_FEASTS: dict[tuple[str, ...], Occasion] = {
    ("christmas", "eve"): Yearly("Christmas Eve", "on", (12, 24)),
    ("christmas", "day"): Yearly("Christmas Day", "on", (12, 25)),
    ("christmas",): Yearly("Christmas", "at", (12, 24), (12, 27)),
    ("xmas",): Yearly("Christmas", "at", (12, 24), (12, 27)),
    ("boxing", "day"): Yearly("Boxing Day", "on", (12, 26)),
    ("new", "year's", "eve"): Yearly("New Year's Eve", "on", (12, 31)),
    ("new", "year's", "day"): Yearly("New Year's Day", "on", (1, 1)),
    ("new", "year's"): _NEW_YEAR,
    ("new", "year"): _NEW_YEAR,
    ("halloween",): Yearly("Halloween", "on", (10, 31)),
    ("valentine's", "day"): Yearly("Valentine's Day", "on", (2, 14)),
    ("easter",): Easter(),
}
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"a": 1, "an": 1}
_UNITS = {"day": "day", "days": "day", "week": "week", "weeks": "week"} | {
    "month": "month",
    "months": "month",
    "year": "year",
    "years": "year",
}
# A number before one of these is an amount.
_AMOUNTS = {"m", "km", "metres", "meters", "feet", "ft", "miles", "people", "photos", "pieces", "euros", "dollars", "pounds"}

_DURING = frozenset({"in", "during", "from", "throughout"})
_OPEN = frozenset({"since", "after", "before", "until", "till"})
_EACH = frozenset({"every", "each"})
_ON = frozenset({"on"}) | _EACH
_AT = frozenset({"at", "on", "over", "during", "for", "from"}) | _EACH | _OPEN
_IN = _DURING | _EACH | _OPEN
_BEFORE = _DURING | _OPEN | _AT | _ON

_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_DECADE = re.compile(r"'?((?:19|20)?)([0-9]0)'?s")
_YEARS = re.compile(r"([0-9]{4})[-–]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Reading:
    """Some words that say a date: from the word `first` up to but without `end`."""

    first: int
    end: int
    condition: Filter


@dataclass(frozen=True, slots=True)
class _Weekdays:
    """Some days of every week, Monday being 0."""

    days: tuple[int, ...]
    name: str


When = Period | Occasion | _Weekdays


@dataclass(frozen=True, slots=True)
class _Thing:
    """What words up to `end` may mean, and when that is safe.

    Attributes
    ----------
    alone : bool
        Safe by itself.
    after : frozenset of str
        Safe after one of these words.
    article : bool
        May stand after "the" or "a".
    """

    end: int
    when: When
    alone: bool = True
    after: frozenset[str] = _BEFORE
    article: bool = True


def read(words: Sequence[str], today: date) -> list[Reading]:
    """The dates that words say, from the left; none overlap.

    Parameters
    ----------
    words : sequence of str
        As they were typed; a comma or the like at the end of one does not matter.
    today : date
        What "yesterday" and "last summer" start from.
    """
    reader = _Reader([word.lower().replace("’", "'").rstrip(",.;:!?") for word in words], today)
    found: list[Reading] = []
    place = 0
    while place < len(words):
        reading = reader.longest(place)
        if reading:
            found.append(reading)
        place = reading.end if reading else place + 1
    return found


def said_as_date(text: str, today: date) -> Filter | None:
    """The date that a text says as a whole; without the caution that free text needs ("may" is a date here)."""
    words = text.split()
    whole = [reading.condition for reading in read(words, today) if reading.end - reading.first == len(words)]
    if whole or not words:
        return whole[0] if whole else None
    things = _Reader([word.lower().replace("’", "'") for word in words], today).things(0)
    return next((_condition(thing.when) for thing in things if thing.end == len(words)), None)


class _Reader:
    """Reads dates from words in small letters. Each method yields what the words from a place on may mean."""

    def __init__(self, words: Sequence[str], today: date) -> None:
        self._words, self._today = words, today

    def longest(self, place: int) -> Reading | None:
        """The longest safe reading that begins at a place."""
        found = [*self._ranges(place), *self._with_preposition(place)]
        the = self._word(place) == "the"
        things = [thing for thing in self.things(place + the) if thing.alone and (thing.article or not the)]
        found += [Reading(place, thing.end, _condition(thing.when)) for thing in things]
        return max(found, key=lambda reading: reading.end, default=None)

    def things(self, place: int) -> Iterator[_Thing]:
        """All that stands for a time, safe or not."""
        yield from self._relative(place)
        yield from self._days(place)
        yield from self._months(place)
        yield from self._years(place)
        yield from self._occasions(place)
        yield from self._weekdays(place)

    def _word(self, place: int) -> str:
        return self._words[place] if place < len(self._words) else ""

    def _with_preposition(self, place: int) -> Iterator[Reading]:
        word = self._word(place)
        if word not in _BEFORE:
            return
        article = self._word(place + 1) in {"the", "a", "an"}
        for begin in (place + 1, place + 2) if article else (place + 1,):
            for thing in self.things(begin):
                if word in thing.after and (begin == place + 1 or thing.article):
                    condition = self._open(word, thing.when) if word in _OPEN else _condition(thing.when)
                    if condition:
                        yield Reading(place, thing.end, condition)

    def _open(self, word: str, when: When) -> Filter | None:
        """Before or after something; of what comes again, the last that has begun is meant."""
        if isinstance(when, _Weekdays):
            days = [self._today - timedelta(days=back) for back in range(7)]
            when = next(dates.day(day) for day in days if day.weekday() in when.days)
        if not isinstance(when, Period):
            begun = [period for period in self._lately(when) if period.first <= self._today]
            if not begun:
                return None
            when = begun[0]
        if word in {"until", "till"}:
            return Taken.until(when)
        return Taken.before(when) if word == "before" else Taken.since(when)

    def _ranges(self, place: int) -> Iterator[Reading]:
        word = self._word(place)
        lead = word in {"from", "between"}
        for one in self.things(place + lead):
            joins = {"and"} if word == "between" else {"to", "until", "till", "-", "–"}
            if self._word(one.end) not in joins:
                continue
            for other in self.things(one.end + 1):
                when = _between(one.when, other.when)
                if when and (lead or isinstance(other.when, Period)):
                    yield Reading(place, other.end, _condition(when))

    def _relative(self, place: int) -> Iterator[_Thing]:
        word, after, today = self._word(place), self._word(place + 1), self._today
        if word == "today":
            yield _Thing(place + 1, dates.day(today))
        if word == "yesterday":
            yield _Thing(place + 1, dates.day(today - timedelta(days=1)))
        if tuple(self._words[place : place + 3]) == ("day", "before", "yesterday"):
            yield _Thing(place + 3, dates.day(today - timedelta(days=2)))
        count = _count(word)
        if count and after in _UNITS and self._word(place + 2) == "ago":
            yield _Thing(place + 3, self._one(_UNITS[after], count))
        if word in {"last", "past"}:
            many = _count(after)
            if many and many > 0 and self._word(place + 2) in _UNITS and after not in {"a", "an"}:
                yield _Thing(place + 3, self._stretch(_UNITS[self._word(place + 2)], many))
        if word == "past" and after in {"week", "month", "year"}:
            yield _Thing(place + 2, self._stretch(after, 1))
        if word in {"last", "this"}:
            back = int(word == "last")
            if after in {"week", "month", "year"}:
                yield _Thing(place + 2, self._one(after, back))
            if after == "weekend":
                sunday = today + timedelta(days=6 - today.weekday())
                sunday -= timedelta(days=7) * back
                yield _Thing(place + 2, dates.stretch(sunday - timedelta(days=1), sunday))
            if back and after in _WEEKDAYS:
                ago = (today.weekday() - _WEEKDAYS[after] - 1) % 7 + 1
                yield _Thing(place + 2, dates.day(today - timedelta(days=ago)))
            yield from self._last_or_this(place, back)

    def _last_or_this(self, place: int, back: int) -> Iterator[_Thing]:
        """The last May that is over; this year's May, or the winter that we are in."""
        known: list[tuple[int, Occasion | None]] = [*self._feasts(place + 1)]
        known += [(place + 2, self._month_at(place + 1)), (place + 2, _SEASONS.get(self._word(place + 1)))]
        for end, occasion in known:
            if occasion is None:
                continue
            periods = self._lately(occasion)
            if back:
                periods = [period for period in periods if period.last < self._today]
            else:
                here = [period for period in periods if period.first <= self._today <= period.last]
                periods = here or [period for period in periods if period.first.year == self._today.year]
            # "This may be a dog."
            alone = bool(back) or self._word(place + 1) not in _AMBIGUOUS_MONTHS
            yield from (_Thing(end, period, alone) for period in periods[:1])

    def _lately(self, occasion: Occasion) -> list[Period]:
        """The last nine, newest first: a 29th of February may be that long ago."""
        periods = (occasion.of(year) for year in range(self._today.year, self._today.year - 9, -1))
        return [period for period in periods if period]

    def _one(self, unit: str, back: int) -> Period:
        """The day, week, month or year that lies so many of them back."""
        today = self._today
        if unit == "day":
            return dates.day(today - timedelta(days=back))
        if unit == "week":
            return dates.week(today - timedelta(days=7 * back))
        return dates.month(*dates.months_before(today, back)) if unit == "month" else dates.year(today.year - back)

    def _stretch(self, unit: str, count: int) -> Period:
        """So many days, weeks, months or years up to today."""
        today = self._today
        if unit in {"day", "week"}:
            return dates.stretch(today - timedelta(days=count * (7 if unit == "week" else 1) - 1), today)
        year, month = dates.months_before(today, count * (12 if unit == "year" else 1))
        last = dates.month(year, month).last.day
        return dates.stretch(date(year, month, min(today.day, last)) + timedelta(days=1), today)

    def _month_at(self, place: int) -> Yearly | None:
        number = _MONTHS.get(self._word(place)) or _SHORT_MONTHS.get(self._word(place))
        return dates.month_of_any_year(number) if number else None

    def _days(self, place: int) -> Iterator[_Thing]:
        """Days: "5 may", "the 5th of may 2019", "may 5, 2019"."""
        number, month = self._day_number(place), self._month_at(place)
        of = self._word(place + 1) == "of"
        if number and (later := self._month_at(place + 1 + of)):
            yield from self._day(place + 2 + of, later.begin[0], number)
        follows = self._day_number(place + 1)
        if month and follows:
            yield from self._day(place + 2, month.begin[0], follows)

    def _day(self, end: int, month: int, number: int) -> Iterator[_Thing]:
        year = self._year(end)
        try:
            if year:
                yield _Thing(end + 1, dates.day(date(year, month, number)))
            date(2000, month, number)  # a leap year: is there such a day at all?
        except ValueError:
            return
        if self._word(end) not in _AMOUNTS:
            yield _Thing(end, dates.day_of_any_year(month, number))

    def _months(self, place: int) -> Iterator[_Thing]:
        """Months: "may 2019", "may of 2019", "may"."""
        month = self._month_at(place)
        if not month:
            return
        of = self._word(place + 1) == "of"
        year = self._year(place + 1 + of)
        if year:
            yield _Thing(place + 2 + of, dates.month(year, month.begin[0]))
        word = self._word(place)
        yield _Thing(place + 1, month, word in _MONTHS and word not in _AMBIGUOUS_MONTHS, _IN, False)

    def _years(self, place: int) -> Iterator[_Thing]:
        """Years and digits: "2019", "2019-05", "2019-05-03", "2015-2018", "the 1990s"."""
        word = self._word(place)
        year = self._year(place) if word[:1].isdigit() else None
        if year and self._word(place + 1) not in _AMOUNTS and year <= self._today.year:
            yield _Thing(place + 1, dates.year(year), year >= FIRST_YEAR_ALONE)
        period = dates.written(word) if "-" in word else None
        if period and FIRST_YEAR <= period.first.year <= LAST_YEAR:
            yield _Thing(place + 1, period)
        years = _YEARS.fullmatch(word)
        if years and FIRST_YEAR <= int(years[1]) < int(years[2]) <= LAST_YEAR:
            yield _Thing(place + 1, dates.through(dates.year(int(years[1])), dates.year(int(years[2]))))
        decade = _DECADE.fullmatch(word)
        if decade:
            century = decade[1] or ("20" if int(decade[2]) <= self._today.year % 100 else "19")
            begin = int(century + decade[2])
            name = f"the {begin}s"
            yield _Thing(place + 1, Period(date(begin, 1, 1), date(begin + 9, 12, 31), name, f"in {name}"), False, _DURING)

    def _occasions(self, place: int) -> Iterator[_Thing]:
        """Seasons and feasts: "summer 2018", "summer of 2018", "christmas 2019", "summer"."""
        season = _SEASONS.get(self._word(place))
        known: list[tuple[int, Occasion, frozenset[str]]] = [(place + 1, season, _IN)] if season else []
        known += [(end, feast, _AT) for end, feast in self._feasts(place)]
        for end, occasion, after in known:
            of = self._word(end) == "of"
            year = self._year(end + of)
            period = occasion.of(year) if year else None
            if period:
                yield _Thing(end + 1 + of, period)
            yield _Thing(end, occasion, False, after)

    def _feasts(self, place: int) -> list[tuple[int, Occasion]]:
        return [
            (place + len(words), feast)
            for words, feast in _FEASTS.items()
            if tuple(self._words[place : place + len(words)]) == words
        ]

    def _weekdays(self, place: int) -> Iterator[_Thing]:
        """Days of the week: "sunday", "sundays", "weekends"."""
        word = self._word(place)
        one = word.removesuffix("s")
        if one in _WEEKDAYS:
            day = _WEEKDAYS[one]
            yield _Thing(place + 1, _Weekdays((day,), f"{WEEKDAYS[day]}s"), word != one, _ON | {"since"})
        if one == "weekend":
            yield _Thing(place + 1, _Weekdays((5, 6), "weekends"), word != one, _ON | {"at"})

    def _year(self, place: int) -> int | None:
        """Whole years: "2019", "'19"."""
        word = self._word(place)
        if len(word) == 3 and word[0] == "'" and word[1:].isascii() and word[1:].isdigit():
            return int(word[1:]) + (2000 if int(word[1:]) <= self._today.year % 100 else 1900)
        year = int(word) if len(word) == 4 and word.isascii() and word.isdigit() else 0
        return year if FIRST_YEAR <= year <= LAST_YEAR else None

    def _day_number(self, place: int) -> int | None:
        found = _DAY_NUMBER.fullmatch(self._word(place))
        return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _count(word: str) -> int | None:
    """A number up to 99, in letters or digits."""
    if word.isascii() and word.isdigit() and len(word) <= 2:
        return int(word)
    return _NUMBERS.get(word)


def _between(one: When, other: When) -> When | None:
    """From one to the other, if they can be ends of the same stretch."""
    if isinstance(one, Yearly) and isinstance(other, Yearly):
        return Yearly(f"{one.name} to {other.name}", "from", one.begin, other.end) if one.end and other.end else None
    if isinstance(one, Yearly) and isinstance(other, Period):
        periods = [one.of(other.first.year), one.of(other.first.year - 1)]
        one = next((period for period in periods if period and period.first <= other.first), one)
    if isinstance(one, Period) and isinstance(other, Period) and one.first <= other.first:
        return dates.through(one, other)
    return None


def _condition(when: When) -> Filter:
    if isinstance(when, Period):
        return Taken.within(when)
    return OnDays(when.days, when.name) if isinstance(when, _Weekdays) else Every(when)
