"""The verbs about places and days, as the page calls them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from shoebox.api import Shoebox
from shoebox.errors import PlacesError, QueryError
from shoebox.store.journal import Change
from shoebox.store.rows import id_text
from tests.unit.library_making import number, rows
from tests.unit.place_making import table
from tests.unit.tiny_pack import DIMENSION, run, tiny_box

NAN = float("nan")
WORLD = {"south": -90.0, "west": -180.0, "north": 90.0, "east": 180.0}
SPOTS = [(48.8584, 2.2945), (48.8638, 2.4485), (48.139, 11.566), (NAN, NAN), (0.0, -30.0)]
TAKEN = [(2024, 5, 3), (2024, 5, 9), (2021, 5, 3), (2021, 6, 1), (2019, 5, 3)]


def moment(*day: int) -> float:
    return datetime(*day, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type, misc]


@pytest.fixture
def box() -> Shoebox:
    """A library of five photos: two in Paris, one in Munich, one nobody knows where, one at sea."""
    made: Shoebox = tiny_box()[0]
    found = rows([(place, [(f"{place}.jpg", 0.0)]) for place in range(len(SPOTS))], made.pack.model, DIMENSION)
    found.columns["latitude"][:], found.columns["longitude"][:] = np.array(SPOTS).T
    found.columns["taken"][:] = [moment(*day) for day in TAKEN]
    made.library.apply(Change(rows=found))
    return made


def photo(content: int) -> str:
    return id_text(number(content))


def test_the_table_is_wanted_where_photos_say_where_they_were_taken(box: Shoebox) -> None:
    assert box.places.wanted() == {"located": 4, "table": False}
    assert box.places.begin(table().to_bytes()) == {"towns": len(table())}
    assert box.places.wanted() == {"located": 4, "table": True}
    assert tiny_box()[0].places.wanted() == {"located": 0, "table": False}


def test_a_damaged_table_is_refused_and_nothing_else_is_lost(box: Shoebox) -> None:
    with pytest.raises(PlacesError, match="damaged"):
        box.places.begin(table().to_bytes()[:500])
    assert not box.places.wanted()["table"]
    assert run(box.search("near:48.85,2.35"))["total"] == 2


def test_a_photo_tells_the_name_of_its_place(box: Shoebox) -> None:
    unnamed: dict[str, Any] = {"latitude": 48.8638, "longitude": 2.4485, "town": "", "region": "", "country": ""}
    assert box.photo(photo(1))["place"] == unnamed
    box.places.begin(table().to_bytes())
    named = {"town": "Montreuil", "region": "Ile-de-France", "country": "France"}
    assert box.photo(photo(1))["place"] == {**unnamed, **named}
    assert box.photo(photo(4))["place"]["country"] == ""
    assert box.photo(photo(3))["place"] is None


def test_places_can_be_searched_once_the_table_is_here(box: Shoebox) -> None:
    with pytest.raises(QueryError, match="cannot be looked up"):
        run(box.search("place:paris"))
    assert not [each for each in box.complete("place:pa", 8) if each["kind"] == "place"]
    box.places.begin(table().to_bytes())
    answer = run(box.search("place:paris"))
    assert {hit["id"] for hit in answer["results"]} == {photo(0), photo(1)}
    assert answer["explanation"] == "2 photos taken in “Paris, France”, newest first."
    assert [chip["text"] for chip in answer["chips"]] == ["Paris, France"]
    assert [(each["text"], each["count"]) for each in box.complete("place:pa", 8)] == [('"Paris, France"', 2)]
    near = run(box.search("near:paris"))
    assert near["explanation"] == "2 photos within 21 km of Paris, France, newest first."


def test_new_places_are_looked_up_until_none_is_left(box: Shoebox) -> None:
    box.places.begin(table().to_bytes())
    assert box.places.learn() == {"learned": 4, "left": 0}
    assert box.places.learn() == {"learned": 0, "left": 0}


def test_months_say_where_they_were_spent(box: Shoebox) -> None:
    assert box.places.months() == []
    box.places.begin(table().to_bytes())
    assert box.places.months() == [
        {"year": 2024, "month": 5, "places": "Paris"},
        {"year": 2021, "month": 5, "places": "Munich"},
    ]


def test_this_day_in_other_years(box: Shoebox) -> None:
    assert box.places.on_this_day(moment(2026, 5, 3)) == [
        {"year": 2024, "count": 1, "cover": photo(0), "ids": [photo(0)], "query": "in:2024-05-03"},
        {"year": 2021, "count": 1, "cover": photo(2), "ids": [photo(2)], "query": "in:2021-05-03"},
        {"year": 2019, "count": 1, "cover": photo(4), "ids": [photo(4)], "query": "in:2019-05-03"},
    ]
    for year in box.places.on_this_day(moment(2026, 5, 3)):
        assert [hit["id"] for hit in run(box.search(year["query"]))["results"]] == year["ids"]
    assert box.places.on_this_day(moment(2026, 5, 4)) == []


def test_the_map_shows_all_photos_that_have_a_place(box: Shoebox) -> None:
    assert box.places.extent() == {"photos": 4, "south": 0.0, "west": -30.0, "north": 48.8638, "east": 11.566}
    found = box.places.clusters(5, WORLD)
    assert [(each["count"], each["cover"], each["place"]) for each in found] == [
        (2, photo(1), ""),
        (1, photo(2), ""),
        (1, photo(4), ""),
    ]
    box.places.begin(table().to_bytes())
    box.places.learn()
    assert [each["place"] for each in box.places.clusters(5, WORLD)] == ["Paris, France", "Munich, Germany", ""]
    assert [each["count"] for each in box.places.clusters(5, {**WORLD, "west": 5.0})] == [1]
    assert tiny_box()[0].places.extent()["photos"] == 0
    assert tiny_box()[0].places.clusters(3, WORLD) == []


def test_the_map_names_the_largest_towns(box: Shoebox) -> None:
    assert box.places.towns(WORLD) == []
    box.places.begin(table().to_bytes())
    assert [town["name"] for town in box.places.towns(WORLD, 3)] == ["Paris", "Munich", "Nice"]
    assert [town["name"] for town in box.places.towns({**WORLD, "west": 9, "east": 12})] == [
        "Munich",
        "Konstanz",
        "Kreuzlingen",
    ]
    assert box.places.towns(WORLD, 0) == []


def test_what_is_no_part_of_the_map_is_refused(box: Shoebox) -> None:
    for zoom, part in ((-1, WORLD), (23, WORLD), (True, {}), (3, {"south": 0.0}), (3, {**WORLD, "east": NAN}), (NAN, WORLD)):
        with pytest.raises(QueryError):
            box.places.clusters(zoom, part)


def test_deleting_all_photos_leaves_no_places(box: Shoebox) -> None:
    box.places.begin(table().to_bytes())
    assert box.places.months()
    box.clear()
    assert (box.places.months(), box.places.clusters(5, WORLD), box.complete("place:pa", 8)) == ([], [], [])
