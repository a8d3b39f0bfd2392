"""Times in words: what words can stand for, and beside which others that is safe. `spoken` makes conditions of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shoebox.search import dates
from shoebox.search.date_words import (
    AMBIGUOUS_MONTHS,
    AMOUNTS,
    AT,
    BEFORE,
    DAY_NUMBER,
    DECADE,
    DURING,
    FEASTS,
    FIRST_YEAR,
    FIRST_YEAR_ALONE,
    IN,
    LAST_YEAR,
    MONTHS,
    NUMBERS,
    ON,
    SEASONS,
    SHORT_MONTHS,
    UNITS,
    WEEKDAYS,
    YEARS,
)
from shoebox.search.dates import WEEKDAYS as WEEKDAY_NAMES
from shoebox.search.dates import Occasion, Period, Yearly


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Some days of every week, Monday being 0."""

    days: tuple[int, ...]
    name: str


When = Period | Occasion | Weekdays


@dataclass(frozen=True, slots=True)
class Thing:
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
    after: frozenset[str] = BEFORE
    article: bool = True


class Times:
    """What words may mean as times. Each method yields what those from a place on may mean, safe or not.

    Parameters
    ----------
    words : sequence of str
        In small letters.
    today : date
        What "yesterday" and "last summer" start from.
    """

    def __init__(self, words: Sequence[str], today: date) -> None:
        self._words, self._today = words, today

    def things(self, place: int) -> Iterator[Thing]:
        """All that stands for a time, safe or not."""
        yield from self._relative(place)
        yield from self._days(place)
        yield from self._months(place)
        yield from self._years(place)
        yield from self._occasions(place)
        yield from self._weekdays(place)

    def word(self, place: int) -> str:
        """The word at a place; empty behind the last."""
        return self._words[place] if place < len(self._words) else ""

    def _relative(self, place: int) -> Iterator[Thing]:
        word, after, today = self.word(place), self.word(place + 1), self._today
        if word == "today":
            yield Thing(place + 1, dates.day(today))
        if word == "yesterday":
            yield Thing(place + 1, dates.day(today - timedelta(days=1)))
        if tuple(self._words[place : place + 3]) == ("day", "before", "yesterday"):
            yield Thing(place + 3, dates.day(today - timedelta(days=2)))
        count = _count(word)
        if count and after in UNITS and self.word(place + 2) == "ago":
            yield Thing(place + 3, self._one(UNITS[after], count))
        if word in {"last", "past"}:
            many = _count(after)
            if many and many > 0 and self.word(place + 2) in UNITS and after not in {"a", "an"}:
                yield Thing(place + 3, self._stretch(UNITS[self.word(place + 2)], many))
        if word == "past" and after in {"week", "month", "year"}:
            yield Thing(place + 2, self._stretch(after, 1))
        if word in {"last", "this"}:
            back = int(word == "last")
            if after in {"week", "month", "year"}:
                yield Thing(place + 2, self._one(after, back))
            if after == "weekend":
                sunday = today + timedelta(days=6 - today.weekday())
                sunday -= timedelta(days=7) * back
                yield Thing(place + 2, dates.stretch(sunday - timedelta(days=1), sunday))
            if back and after in WEEKDAYS:
                ago = (today.weekday() - WEEKDAYS[after] - 1) % 7 + 1
                yield Thing(place + 2, dates.day(today - timedelta(days=ago)))
            yield from self._last_or_this(place, back)

    def _last_or_this(self, place: int, back: int) -> Iterator[Thing]:
        """The last May that is over; this year's May, or the winter that we are in."""
        known: list[tuple[int, Occasion | None]] = [*self._feasts(place + 1)]
        known += [(place + 2, self._month_at(place + 1)), (place + 2, SEASONS.get(self.word(place + 1)))]
        for end, occasion in known:
            if occasion is None:
                continue
            periods = self.lately(occasion)
            if back:
                periods = [period for period in periods if period.last < self._today]
            else:
                here = [period for period in periods if period.first <= self._today <= period.last]
                periods = here or [period for period in periods if period.first.year == self._today.year]
            # "This may be a dog."
            alone = bool(back) or self.word(place + 1) not in AMBIGUOUS_MONTHS
            yield from (Thing(end, period, alone) for period in periods[:1])

    def lately(self, occasion: Occasion) -> list[Period]:
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
        number = MONTHS.get(self.word(place)) or SHORT_MONTHS.get(self.word(place))
        return dates.month_of_any_year(number) if number else None

    def _days(self, place: int) -> Iterator[Thing]:
        """Days: "5 may", "the 5th of may 2019", "may 5, 2019"."""
        number, month = self._day_number(place), self._month_at(place)
        of = self.word(place + 1) == "of"
        if number and (later := self._month_at(place + 1 + of)):
            yield from self._day(place + 2 + of, later.begin[0], number)
        follows = self._day_number(place + 1)
        if month and follows:
            yield from self._day(place + 2, month.begin[0], follows)

    def _day(self, end: int, month: int, number: int) -> Iterator[Thing]:
        year = self._year(end)
        try:
            if year:
                yield Thing(end + 1, dates.day(date(year, month, number)))
            date(2000, month, number)  # a leap year: is there such a day at all?
        except ValueError:
            return
        if self.word(end) not in AMOUNTS:
            yield Thing(end, dates.day_of_any_year(month, number))

    def _months(self, place: int) -> Iterator[Thing]:
        """Months: "may 2019", "may of 2019", "may"."""
        month = self._month_at(place)
        if not month:
            return
        of = self.word(place + 1) == "of"
        year = self._year(place + 1 + of)
        if year:
            yield Thing(place + 2 + of, dates.month(year, month.begin[0]))
        word = self.word(place)
        yield Thing(place + 1, month, word in MONTHS and word not in AMBIGUOUS_MONTHS, IN, False)

    def _years(self, place: int) -> Iterator[Thing]:
        """Years and digits: "2019", "2019-05", "2019-05-03", "2015-2018", "the 1990s"."""
        word = self.word(place)
        year = self._year(place) if word[:1].isdigit() else None
        if year and self.word(place + 1) not in AMOUNTS and year <= self._today.year:
            yield Thing(place + 1, dates.year(year), year >= FIRST_YEAR_ALONE)
        period = dates.written(word) if "-" in word else None
        if period and FIRST_YEAR <= period.first.year <= LAST_YEAR:
            yield Thing(place + 1, period)
        years = YEARS.fullmatch(word)
        if years and FIRST_YEAR <= int(years[1]) < int(years[2]) <= LAST_YEAR:
            yield Thing(place + 1, dates.through(dates.year(int(years[1])), dates.year(int(years[2]))))
        decade = DECADE.fullmatch(word)
        if decade:
            century = decade[1] or ("20" if int(decade[2]) <= self._today.year % 100 else "19")
            begin = int(century + decade[2])
            name = f"the {begin}s"
            yield Thing(place + 1, Period(date(begin, 1, 1), date(begin + 9, 12, 31), name, f"in {name}"), False, DURING)

    def _occasions(self, place: int) -> Iterator[Thing]:
        """Seasons and feasts: "summer 2018", "summer of 2018", "christmas 2019", "summer"."""
        season = SEASONS.get(self.word(place))
        known: list[tuple[int, Occasion, frozenset[str]]] = [(place + 1, season, IN)] if season else []
        known += [(end, feast, AT) for end, feast in self._feasts(place)]
        for end, occasion, after in known:
            of = self.word(end) == "of"
            year = self._year(end + of)
            period = occasion.of(year) if year else None
            if period:
                yield Thing(end + 1 + of, period)
            yield Thing(end, occasion, False, after)

    def _feasts(self, place: int) -> list[tuple[int, Occasion]]:
        return [
            (place + len(words), feast)
            for words, feast in FEASTS.items()
            if tuple(self._words[place : place + len(words)]) == words
        ]

    def _weekdays(self, place: int) -> Iterator[Thing]:
        """Days of the week: "sunday", "sundays", "weekends"."""
        word = self.word(place)
        one = word.removesuffix("s")
        if one in WEEKDAYS:
            day = WEEKDAYS[one]
            yield Thing(place + 1, Weekdays((day,), f"{WEEKDAY_NAMES[day]}s"), word != one, ON | {"since"})
        if one == "weekend":
            yield Thing(place + 1, Weekdays((5, 6), "weekends"), word != one, ON | {"at"})

    def _year(self, place: int) -> int | None:
        """Whole years: "2019", "'19"."""
        word = self.word(place)
        if len(word) == 3 and word[0] == "'" and word[1:].isascii() and word[1:].isdigit():
            return int(word[1:]) + (2000 if int(word[1:]) <= self._today.year % 100 else 1900)
        year = int(word) if len(word) == 4 and word.isascii() and word.isdigit() else 0
        return year if FIRST_YEAR <= year <= LAST_YEAR else None

    def _day_number(self, place: int) -> int | None:
        found = DAY_NUMBER.fullmatch(self.word(place))
        return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _count(word: str) -> int | None:
    """A number up to 99, in letters or digits."""
    if word.isascii() and word.isdigit() and len(word) <= 2:
        return int(word)
    return NUMBERS.get(word)
