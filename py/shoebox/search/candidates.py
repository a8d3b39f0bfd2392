"""The values that fields can have in a library, with the photos that each finds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.search import spoken
from shoebox.search.dates import MONTHS, WEEKDAYS
from shoebox.search.fields import Context, near_town
from shoebox.store.rows import NONE, SCREENSHOT

NAMED = ("person", "place", "album", "tag", "text")

_RELATIVE = (
    *("today", "yesterday", "this week", "last week", "last weekend", "this month", "last month", "this year", "last year"),
    *("last spring", "last summer", "last autumn", "last winter", "last christmas"),
    *(f"last {day.lower()}" for day in WEEKDAYS),
    *(f"on {day.lower()}s" for day in WEEKDAYS),
    *("on weekends", "at christmas", "at easter"),
)
# Months, January being 0, that come every year.
_EVERY_YEAR = {f"in {name.lower()}": [place] for place, name in enumerate(MONTHS)} | {
    "in spring": [2, 3, 4],
    "in summer": [5, 6, 7],
    "in autumn": [8, 9, 10],
    "in winter": [11, 0, 1],
}
_FIRST_YEAR, _LAST_YEAR = 1825, 2199


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field may have.

    Attributes
    ----------
    label : str
    count : callable
        The photos that it finds; asked only for what fits, and quick the second time.
    """

    label: str
    count: Callable[[], int]


class Candidates:
    """Candidates by field, looked up and counted once for each state of the library."""

    def __init__(self) -> None:
        self._state: Any = None
        self._known: dict[str, list[Candidate]] = {}

    def of(self, key: str, context: Context, library: Library) -> list[Candidate]:
        """The values of a field, or of "date" in free words; none for fields that have no list of values."""
        alive, said = library.vectors.alive, library.statements
        counts = (library.table.count, int(alive.sum()), int(library.comparable.sum()), len(said), said.newest)
        # Who is on which photo changes without a photo or a word of the person's.
        state = (*counts, context.today, *(getattr(names, "edits", 0) for names in context.names.values()))
        if state != self._state:
            self._state, self._known = state, {}
        if key not in self._known:
            self._known[key] = _candidates(key, context, library)
        return self._known[key]


def _candidates(key: str, context: Context, library: Library) -> list[Candidate]:
    if key in NAMED:
        names = context.names.get(key)
        return [_counted(name, count) for name, count in names.counts(library)] if names else []
    if key == "near":
        places = context.names.get("place")
        labels = [name for name, _ in places.counts(library)] if places else []
        return [Candidate(label, functools.cache(partial(_near, label, context, library))) for label in labels]
    if key == "camera":
        return _coded(library, "camera", library.table.cameras.words)
    if key == "type":
        flags = library.table["flags"][library.vectors.alive]
        formats = _coded(library, "format", [word.lower() for word in library.table.formats.words])
        return [*formats, _counted("screenshot", np.count_nonzero(flags & SCREENSHOT))]
    if key == "is":
        favourites = _counted("favourite", (library.favourites() & library.vectors.alive).sum())
        names = context.names.get(key)
        return [favourites, *(_counted(name, count) for name, count in (names.counts(library) if names else ()))]
    if key == "date":
        return list(_dates(context, library, digits=False))
    if key == "in":
        return list(_dates(context, library, digits=True))
    if key in {"after", "before"}:
        # "Before every May" says nothing.
        return [each for each in _dates(context, library, digits=True) if each.label.split()[0] not in {"in", "on", "at"}]
    return []


def _counted(label: str, count: Any) -> Candidate:
    return Candidate(label, partial(int, count))


def _coded(library: Library, column: str, words: list[str]) -> list[Candidate]:
    """The words of a column that points into a list of words."""
    codes = library.table[column][library.vectors.alive]
    counts = np.bincount(codes[codes != NONE], minlength=len(words)).tolist()
    return [_counted(word, count) for word, count in zip(words, counts, strict=True)]


def _dates(context: Context, library: Library, digits: bool) -> Iterator[Candidate]:
    """Years and months that have photos, the newest first, and dates in words."""
    months = _months(library)
    years = months.sum(axis=1)
    for place in np.flatnonzero(years)[::-1].tolist():
        yield _counted(str(_FIRST_YEAR + place), years[place])
    for phrase in _RELATIVE:
        yield Candidate(phrase, functools.cache(partial(_found, phrase, context, library)))
    for phrase, those in _EVERY_YEAR.items():
        yield _counted(phrase, months[:, those].sum())
    for place in np.flatnonzero(months)[::-1].tolist():
        year, month = divmod(place, 12)
        count = months[year, month]
        yield _counted(f"{MONTHS[month].lower()} {_FIRST_YEAR + year}", count)
        if digits:
            yield _counted(f"{_FIRST_YEAR + year}-{month + 1:02}", count)


def _months(library: Library) -> NDArray[np.intp]:
    """Photos by year (from `_FIRST_YEAR` to `_LAST_YEAR`) and month: (years, 12)."""
    taken = library.table["taken"][library.vectors.alive]
    since_1970 = taken[np.isfinite(taken)].astype("datetime64[ms]").astype("datetime64[M]").astype(np.intp)
    places = since_1970 - 12 * (_FIRST_YEAR - 1970)
    size = 12 * (_LAST_YEAR - _FIRST_YEAR + 1)
    return np.bincount(places[(places >= 0) & (places < size)], minlength=size).reshape(-1, 12)


def _near(label: str, context: Context, library: Library) -> int:
    """How many photos were taken near a town; none where the label is that of a region or a country."""
    town = context.gazetteer.find(label) if context.gazetteer else None
    return 0 if town is None else int((near_town(town).mask(library) & library.vectors.alive).sum())


def _found(phrase: str, context: Context, library: Library) -> int:
    """How many photos a date in words finds."""
    readings = spoken.read(phrase.split(), context.today)
    return int((readings[0].condition.mask(library) & library.vectors.alive).sum())
