"""Conditions on the columns: which rows they let through."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.statements import FAVOURITE, Statement
from shoebox.search.date_filters import Every, OnDays
from shoebox.search.dates import Easter, Occasion, Yearly, day_of, day_of_any_year, month_of_any_year
from shoebox.search.fields import Context
from shoebox.search.filters import AnyOf, Filter, Named, Not, distances
from shoebox.search.query import MisreadQuery, parse
from shoebox.store.journal import Change
from shoebox.store.rows import SCREENSHOT
from tests.unit.library_making import DIMENSION, MODEL, number, rows

DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.fixture
def library() -> Library:
    """Five photos: 0 in Paris by a Pixel in 2019, 1 in London by a Nikon in 2020, 2 a screenshot, 3 a PNG, 4 without facts."""
    library = Library(MODEL, DIMENSION)
    for content, camera in enumerate(("Google Pixel 3", "Nikon D5300", "", "", "")):
        made = rows([(content, [(str(content), 0.0)])], camera=camera)
        made.columns["taken"][:] = (1_556_712_000_000.0, 1_588_334_400_000.0, 1_556_712_000_000.0, np.nan, np.nan)[content]
        made.columns["latitude"][:] = (48.8566, 51.5074, np.nan, np.nan, np.nan)[content]
        made.columns["longitude"][:] = (2.3522, -0.1278, np.nan, np.nan, np.nan)[content]
        made.columns["flags"][:] = SCREENSHOT if content == 2 else 0
        made.formats = ["PNG" if content in (2, 3) else "JPEG"]
        library.apply(Change(rows=made))
    library.statements.merge([Statement(subjects.photo(number(1)), FAVOURITE, True, 1, "0123456789abcdef")])
    return library


def dated(moments: list[float]) -> Library:
    """A library of photos taken at these moments."""
    library = Library(MODEL, DIMENSION)
    made = rows([(place, [(str(place), 0.0)]) for place in range(len(moments))])
    made.columns["taken"][:] = moments
    library.apply(Change(rows=made))
    return library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in:2019", [0, 2]),
        ("in:2019-05", [0, 2]),
        ("in:2019-05-01", [0, 2]),
        ("in:2019-05-02", []),
        ("after:2020", [1]),
        ("before:2020", [0, 2]),
        ("-in:2019", [1, 3, 4]),
        ("camera:pixel", [0]),
        ("camera:D5300", [1]),
        ("-camera:nikon", [0, 2, 3, 4]),
        ('camera:"pixel 3"', [0]),
        ("camera:canon", []),
        ("type:png", [2, 3]),
        ("type:jpg", [0, 1, 4]),
        ("type:raw", []),
        ("type:screenshot", [2]),
        ("-type:screenshot", [0, 1, 3, 4]),
        ("near:48.85,2.35", [0]),
        ("near:48.85,2.35,400", [0, 1]),
        ("near:0,0", []),
        ("in:2019 type:png", [2]),
        ("in:may", [0, 1, 2]),
        ("in:june", []),
        ("in:wednesdays", [0, 2]),
        ("in:fridays", [1]),
        ("in:2020|june", [1]),
        ("camera:nikon or type:screenshot", [1, 2]),
        ("-camera:nikon|pixel", [2, 3, 4]),
        ("is:screenshot", [2]),
        ("is:favourite", [1]),
        ("-is:favourite", [0, 2, 3, 4]),
    ],
)
def test_a_field_lets_through_what_it_says(library: Library, text: str, expected: list[int]) -> None:
    mask = np.logical_and.reduce([condition.mask(library) for condition in parse(text).filters])
    assert np.flatnonzero(mask).tolist() == expected


def test_conditions_work_on_an_empty_library() -> None:
    empty = Library(MODEL, DIMENSION)
    for text in ("in:2019", "camera:x", "type:png", "type:screenshot", "near:1,2", "-type:png"):
        assert parse(text).filters[0].mask(empty).shape == (0,)


@pytest.mark.parametrize(
    ("text", "said", "brief"),
    [
        ("in:2019", "taken in 2019", "2019"),
        ("in:2019-05-03", "taken on 3 May 2019", "3 May 2019"),
        ("after:2019-05", "taken since May 2019", "since May 2019"),
        ("before:2019", "taken before 2019", "before 2019"),
        ("in:may", "taken in May of any year", "every May"),
        ("in:sundays", "taken on Sundays", "Sundays"),
        ("camera:pixel", "by the camera “pixel”", "pixel"),
        ("type:png|gif", "of the type PNG or of the type GIF", "PNG or GIF"),
        ("type:screenshot", "that are screenshots", "screenshots"),
        ("-type:screenshot", "that are not screenshots", "not screenshots"),
        ("near:1,2", "within 10 km of 1, 2", "within 10 km of 1, 2"),
        ("-in:2019", "not taken in 2019", "not 2019"),
    ],
)
def test_every_condition_can_be_said(text: str, said: str, brief: str) -> None:
    condition = parse(text).filters[0]
    assert (condition.said, condition.brief) == (said, brief)


# What `datetime` can hold, what it cannot, and no time at all.
MOMENTS = st.one_of(
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(lambda of: of.replace(tzinfo=UTC).timestamp() * 1000),
    st.integers(-62_000_000_000_000, 250_000_000_000_000).map(float),
    st.sampled_from([float("nan"), 8.64e15, -8.64e15, 0.0, -1.0]),
)
OCCASIONS: st.SearchStrategy[Occasion] = st.one_of(
    st.integers(1, 12).map(month_of_any_year),
    st.builds(day_of_any_year, st.integers(1, 12), st.integers(1, 29)),
    st.sampled_from([Yearly("winter", "in", (12, 1), (3, 1)), Yearly("New Year", "at", (12, 31), (1, 2)), Easter()]),
)


def reference(occasion: Occasion, taken: float) -> bool:
    """Does a moment lie on an occasion, asked of it and of the year before?"""
    if not -6.2e13 <= taken <= 2.534e14:
        return False
    day = day_of(taken)
    periods = [occasion.of(year) for year in (day.year - 1, day.year) if year > 0]
    return any(period.first <= day <= period.last for period in periods if period)


@given(st.lists(MOMENTS, max_size=12), OCCASIONS)
@example([0.0], day_of_any_year(2, 29))  # no photo is of a year that has it
def test_occasions_are_those_of_the_calendar(moments: list[float], occasion: Occasion) -> None:
    mask = Every(occasion).mask(dated(moments))
    assert mask.tolist() == [reference(occasion, taken) for taken in moments]


@given(st.lists(MOMENTS, max_size=12), st.sets(st.integers(0, 6), min_size=1))
def test_days_of_the_week_are_those_of_datetime(moments: list[float], days: set[int]) -> None:
    mask = OnDays(tuple(days), "some days").mask(dated(moments))
    inside = [-6.2e13 <= taken <= 2.534e14 for taken in moments]
    expected = [known and day_of(taken).weekday() in days for taken, known in zip(moments, inside, strict=True)]
    assert [let for let, known in zip(mask.tolist(), inside, strict=True) if known] == [
        let for let, known in zip(expected, inside, strict=True) if known
    ]


@given(st.lists(MOMENTS, max_size=12), st.lists(st.integers(1, 12).map(month_of_any_year), min_size=1, max_size=3))
def test_any_of_some_conditions_is_their_union_and_not_is_the_rest(moments: list[float], months: list[Yearly]) -> None:
    library = dated(moments)
    conditions: list[Filter] = [Every(month) for month in months]
    either = AnyOf(tuple(conditions)).mask(library)
    assert either.tolist() == np.logical_or.reduce([condition.mask(library) for condition in conditions]).tolist()
    assert Not(AnyOf(tuple(conditions))).mask(library).tolist() == (~either).tolist()


class Animals:
    """Names of a library whose photos show animals."""

    shown = ("Ann the cat", "Anna", "Anna", "Bob", "")

    def counts(self, _: Library) -> list[tuple[str, int]]:
        return [("Ann the cat", 1), ("Anna", 2), ("Bob", 1)]

    def find(self, _: Library, name: str) -> list[str]:
        return [known for known, _count in self.counts(_) if known.casefold().startswith(name.casefold())]

    def mask(self, _: Library, full: str) -> NDArray[np.bool_]:
        return np.array([shown == full for shown in self.shown])


def test_names_are_looked_up_where_they_are_known(library: Library) -> None:
    context = Context(date(2026, 11, 21), library, {"person": Animals()})
    (condition,) = parse("person:ann", context).filters
    assert isinstance(condition, Named)
    assert np.flatnonzero(condition.mask(library)).tolist() == [0, 1, 2]
    assert condition.said == "of “Ann the cat” or “Anna”"
    (turned,) = parse("-person:bob", context).filters
    assert np.flatnonzero(turned.mask(library)).tolist() == [0, 1, 2, 4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("person:Bobb", r"there is no person called “Bobb”\. Did you mean person:Bob\?"),
        ("person:Xaver", r"there is no person called “Xaver”\. Leave it out"),
        ("person:", "Write a name after it: person:Anna"),
        ("place:Paris", "cannot be looked up"),
    ],
)
def test_names_that_nobody_knows_are_said_to_be_unknown(library: Library, text: str, says: str) -> None:
    with pytest.raises(MisreadQuery, match=says):
        parse(text, Context(date(2026, 11, 21), library, {"person": Animals()}))


@given(DEGREES, DEGREES)
def test_distances_are_those_on_a_sphere(one: tuple[float, float], other: tuple[float, float]) -> None:
    def point(latitude: float, longitude: float) -> np.ndarray:
        a, b = np.radians(latitude), np.radians(longitude)
        return np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])

    chord = np.linalg.norm(point(*one) - point(*other))
    expected = 2 * 6371.0088 * np.arcsin(min(float(chord) / 2, 1.0))
    found = distances(np.array([one[0]]), np.array([one[1]]), *other)[0]
    assert found == pytest.approx(expected, abs=0.5)


def test_known_distances_are_right() -> None:
    paris_to = distances(np.array([51.5074, 40.7128, np.nan]), np.array([-0.1278, -74.0060, np.nan]), 48.8566, 2.3522)
    assert paris_to[0] == pytest.approx(343.6, abs=1)
    assert paris_to[1] == pytest.approx(5837, abs=5)
    assert np.isnan(paris_to[2])
