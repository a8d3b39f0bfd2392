"""Places in searches: `place:`, `near:` by name, `within:`, and what is offered while typing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from shoebox.library.library import Library
from shoebox.places.gazetteer import TableGazetteer
from shoebox.places.names import PlaceNames
from shoebox.places.whereabouts import Whereabouts
from shoebox.search.candidates import Candidates
from shoebox.search.completion import suggestions
from shoebox.search.fields import Context
from shoebox.search.query import MisreadQuery, parse
from tests.unit.place_making import library, put_in, table

NAN = float("nan")
SPOTS = [
    (48.8584, 2.2945),  # 0 Paris
    (48.8638, 2.4485),  # 1 Montreuil, which is part of Paris
    (48.8049, 2.1204),  # 2 Versailles
    (48.1390, 11.5660),  # 3 Munich
    (33.6600, -95.5550),  # 4 Paris, Texas
    (45.0000, 100.000),  # 5 somewhere in Mongolia
    (0.0, -30.0),  # 6 at sea
    (NAN, NAN),  # 7 nobody knows
    (39.8020, -89.6440),  # 8 Springfield, Illinois
    (37.2150, -93.2980),  # 9 Springfield, Missouri
    (38.8950, -77.0360),  # 10 Washington, D.C.
]
TODAY = date(2026, 11, 21)


def context(made: Library) -> Context:
    whereabouts = Whereabouts(made)
    whereabouts.use(table())
    return Context(TODAY, made, {"place": PlaceNames(made, whereabouts)}, TableGazetteer(table()))


MADE = library(SPOTS)
KNOWN = context(MADE)


def found(query: str) -> list[int]:
    """The photos that pass a query's filters."""
    mask = np.ones(len(SPOTS), bool)
    for condition in parse(query, KNOWN).filters:
        mask &= condition.mask(MADE)
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("place:paris", [0, 1, 4]),
        ('place:"Paris, France"', [0, 1]),
        ('place:"paris, texas"', [4]),
        ('place:"paris, us"', [4]),
        ("place:montreuil", [1]),
        ("place:versailles", [2]),
        ("place:ile-de-france", [0, 1, 2]),
        ('place:"ile de france"', [0, 1, 2]),
        ("place:bavaria", [3]),
        ("place:münchen", [3]),
        ("place:munchen", [3]),
        ('place:"monaco di baviera"', [3]),
        ("place:germany", [3]),
        ("place:usa", [4, 8, 9, 10]),
        ("place:mongolia", [5]),
        ("place:springfield", [8, 9]),
        ('place:"Springfield, Illinois, United States"', [8]),
        ("-place:france", [3, 4, 5, 6, 7, 8, 9, 10]),
        ("place:munich|versailles", [2, 3]),
        ("place:texas", [4]),
        ('place:"Washington, D.C., United States"', [10]),
        ('place:"washington, washington, d.c."', [10]),
        ("place:washington", [10]),
        ("near:munich", [3]),
        ("near:paris", [0, 1, 2]),  # the whole of a large city, 21 km
        ("near:paris,5", [0]),
        ('near:"Paris, Texas"', [4]),
        ('near:"paris, texas, 3"', [4]),
        ("near:nice,5000", [0, 1, 2, 3]),
        ("near:48.86,2.35", [0, 1]),
        ("within:48,2,49,3", [0, 1, 2]),
        ("within:48,2.3,49,3", [1]),
        ("within:-90,90,90,0", [4, 5, 6, 8, 9, 10]),  # across the date line
        ("-within:-90,-180,90,180", [7]),
    ],
)
def test_finds_the_photos_of_a_place(query: str, expected: list[int]) -> None:
    assert found(query) == expected


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("place:pariss", "Did you mean place:Paris"),
        ("place:rome", "there is no place called “rome”"),
        ('place:"paris, bavaria"', "there is no place called"),
        ("place:,", "there is no place called"),
        ("near:atlantis", "not a town that is known here"),
        ('near:"paris,-3"', "not a town"),
        ("near:91,0", "is not a place"),
        ("within:1,2,3", "not a part of the map"),
        ("within:49,2,48,3", "not a part of the map"),
        ("within:nan,2,48,3", "not a part of the map"),
        ("within:paris", "not a part of the map"),
    ],
)
def test_what_is_no_place_says_what_to_do(query: str, words: str) -> None:
    with pytest.raises(MisreadQuery, match=words):
        parse(query, KNOWN)


def test_without_a_table_names_of_places_are_said_to_be_missing() -> None:
    bare = Context(TODAY, MADE)
    for query in ("place:paris", "near:paris"):
        with pytest.raises(MisreadQuery, match="cannot be looked up"):
            parse(query, bare)
    assert parse("near:48.85,2.35", bare).filters


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("place:par", {"Paris, France": 2, "Paris, United States": 1}),
        ("place:spr", {"Springfield, Illinois, United States": 1, "Springfield, Missouri, United States": 1}),
        ("versai", {"Versailles, France": 1}),
        ("near:par", {"Paris, France": 3, "Paris, United States": 1}),
        ("near:bav", {"Bavaria, Germany": None}),
        ("place:france", {"France": 3, "Paris, France": 2, "Montreuil, France": 1, "Versailles, France": 1}),
    ],
)
def test_offers_the_places_that_have_photos(typed: str, expected: dict[str, int | None]) -> None:
    offered = {each.label: each.count for each in suggestions(typed, len(typed), KNOWN, Candidates()) if each.kind == "place"}
    assert {label: offered.get(label) for label in expected} == expected


def test_every_place_that_is_offered_finds_as_many_photos_as_it_says() -> None:
    names = KNOWN.names["place"]
    for label, count in names.counts(MADE):
        assert found(f'place:"{label}"') == np.flatnonzero(names.mask(MADE, label)).tolist()
        assert len(found(f'place:"{label}"')) == count


def test_new_photos_have_places_and_those_that_have_left_have_none() -> None:
    made = library(SPOTS[:3])
    names = context(made).names["place"]
    assert dict(names.counts(made))["France"] == 3
    put_in(made, [10, 11], [(48.138, 11.57), (48.8584, 2.2945)])
    assert dict(names.counts(made)) | {"Munich, Germany": 1, "Paris, France": 3} == dict(names.counts(made))
    made.vectors.remove(made.number_at(0))
    made.edits += 1
    assert dict(names.counts(made))["Paris, France"] == 2


def test_places_are_looked_up_in_portions_and_each_only_once() -> None:
    made = library([*SPOTS, (48.8584, 2.2945)])
    whereabouts = Whereabouts(made)
    assert whereabouts.learn(100) == (0, 0)  # there is no table yet
    whereabouts.use(table())
    assert [whereabouts.learn(4) for _ in range(4)] == [(4, 6), (4, 2), (2, 0), (0, 0)]
    assert whereabouts.known(0) == whereabouts.known(11) == whereabouts.at(0)
    assert whereabouts.taken().towns[11] == whereabouts.taken().towns[0]


def test_towns_of_the_gazetteer_are_found_whether_they_have_photos_or_not() -> None:
    towns = TableGazetteer(table())
    known = {
        name: town and town.name for name in ("nice", "MÜNCHEN", "paris,us", "Paris", "", ",") for town in [towns.find(name)]
    }
    assert known == {
        "nice": "Nice, France",
        "MÜNCHEN": "Munich, Germany",
        "paris,us": "Paris, United States",
        "Paris": "Paris, France",
        "": None,
        ",": None,
    }
