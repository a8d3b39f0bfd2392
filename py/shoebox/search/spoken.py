"""Dates as people say them: "may 2019", "last summer", "on sundays", "christmas 2019", "two years ago".

Only what can hardly mean anything else is read as a date: "in may" and "may 2019" are, "may" alone is not, nor are "march",
"fall", "autumn leaves", "sunday roast" or "christmas tree". A reading is made of whole words, the longest that fits, from the
left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shoebox.search import dates
from shoebox.search.date_filters import Every, OnDays, Taken
from shoebox.search.date_words import BEFORE, OPEN
from shoebox.search.dates import Period, Yearly
from shoebox.search.filters import Filter
from shoebox.search.times import Times, Weekdays, When


@dataclass(frozen=True, slots=True)
class Reading:
    """Some words that say a date: from the word `first` up to but without `end`."""

    first: int
    end: int
    condition: Filter


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
    things = Times([word.lower().replace("’", "'") for word in words], today).things(0)
    return next((_condition(thing.when) for thing in things if thing.end == len(words)), None)


class _Reader:
    """Finds the safe readings of words in small letters."""

    def __init__(self, words: Sequence[str], today: date) -> None:
        self._times, self._today = Times(words, today), today

    def longest(self, place: int) -> Reading | None:
        """The longest safe reading that begins at a place."""
        found = [*self._ranges(place), *self._with_preposition(place)]
        the = self._times.word(place) == "the"
        things = [thing for thing in self._times.things(place + the) if thing.alone and (thing.article or not the)]
        found += [Reading(place, thing.end, _condition(thing.when)) for thing in things]
        return max(found, key=lambda reading: reading.end, default=None)

    def _with_preposition(self, place: int) -> Iterator[Reading]:
        word = self._times.word(place)
        if word not in BEFORE:
            return
        article = self._times.word(place + 1) in {"the", "a", "an"}
        for begin in (place + 1, place + 2) if article else (place + 1,):
            for thing in self._times.things(begin):
                if word in thing.after and (begin == place + 1 or thing.article):
                    condition = self._open(word, thing.when) if word in OPEN else _condition(thing.when)
                    if condition:
                        yield Reading(place, thing.end, condition)

    def _open(self, word: str, when: When) -> Filter | None:
        """Before or after something; of what comes again, the last that has begun is meant."""
        if isinstance(when, Weekdays):
            days = [self._today - timedelta(days=back) for back in range(7)]
            when = next(dates.day(day) for day in days if day.weekday() in when.days)
        if not isinstance(when, Period):
            begun = [period for period in self._times.lately(when) if period.first <= self._today]
            if not begun:
                return None
            when = begun[0]
        if word in {"until", "till"}:
            return Taken.until(when)
        return Taken.before(when) if word == "before" else Taken.since(when)

    def _ranges(self, place: int) -> Iterator[Reading]:
        word = self._times.word(place)
        lead = word in {"from", "between"}
        for one in self._times.things(place + lead):
            joins = {"and"} if word == "between" else {"to", "until", "till", "-", "–"}
            if self._times.word(one.end) not in joins:
                continue
            for other in self._times.things(one.end + 1):
                when = _between(one.when, other.when)
                if when and (lead or isinstance(other.when, Period)):
                    yield Reading(place, other.end, _condition(when))


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
    return OnDays(when.days, when.name) if isinstance(when, Weekdays) else Every(when)
