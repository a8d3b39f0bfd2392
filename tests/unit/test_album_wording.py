"""Days, months and places in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums import wording
from shoebox.places.table import NOWHERE
from tests.unit.place_making import COUNTRIES, TOWNS, table

CODES = list(COUNTRIES)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 5, 3), date(2024, 5, 9), "May 2024"),
        (date(2024, 4, 28), date(2024, 5, 2), "April and May 2024"),
        (date(2024, 4, 28), date(2024, 6, 2), "April to June 2024"),
        (date(2023, 12, 28), date(2024, 1, 2), "December 2023 to January 2024"),
    ],
)
def test_months_in_words(first: date, last: date, words: str) -> None:
    assert wording.in_months(first, last) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 5, 3), date(2024, 5, 3), "3 May 2024"),
        (date(2024, 5, 3), date(2024, 5, 9), "3–9 May 2024"),
        (date(2024, 4, 28), date(2024, 5, 2), "28 April – 2 May 2024"),
        (date(2023, 12, 28), date(2024, 1, 2), "28 December 2023 – 2 January 2024"),
    ],
)
def test_days_in_words(first: date, last: date, words: str) -> None:
    assert wording.in_days(first, last) == words


def place(*spots: str) -> str:
    """The words for photos in these towns, or for a country's code in that country far from towns."""
    names = [town[0] for town in TOWNS]
    towns = [names.index(spot) if spot in names else NOWHERE for spot in spots]
    lands = [
        CODES.index(TOWNS[town][4]) if town != NOWHERE else CODES.index(spot) if spot in CODES else NOWHERE
        for town, spot in zip(towns, spots, strict=True)
    ]
    return wording.place_of(table(), np.array(towns, np.int32), np.array(lands, np.int32))


@pytest.mark.parametrize(
    ("spots", "words"),
    [
        (["Paris", "Paris", "Versailles"], "Paris"),
        (["Paris", "Montreuil", "Nice"], "Paris"),
        (["Nice", "Nice", "Munich", "Munich"], "Nice and Munich"),
        (["Paris", "Nice", "Versailles", "Hamlet"], "France"),
        (["Paris", "Versailles", "FR", "FR"], "France"),
        (["Nice", "Hamlet", "Munich", "Konstanz", "Kreuzlingen", "Kreuzlingen"], "Switzerland, Germany and France"),
        (["MN", "MN"], "Mongolia"),
        (["?", "?"], ""),
        (["?", "?", "Nice"], "Nice"),
        ([], ""),
    ],
)
def test_places_in_few_words(spots: list[str], words: str) -> None:
    assert place(*spots) == words


def test_places_have_no_words_without_the_table() -> None:
    assert wording.place_of(None, np.zeros(3, np.int32), np.zeros(3, np.int32)) == ""


@given(st.floats(-8.64e15, 8.64e15))
def test_every_moment_that_a_photo_may_have_can_be_written(milliseconds: float) -> None:
    assert wording.iso(milliseconds)[-9] == "T"
