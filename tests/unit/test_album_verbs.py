"""The verbs about albums: what is found in a known life, and what a person says about it, over changes of the library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.api import Shoebox
from shoebox.errors import QueryError
from shoebox.store.journal import Change
from tests.unit.album_making import MUNICH, NICE, NOWHERE, PARIS, Known, Life, everyday, photo, put_in, whole_life
from tests.unit.library_making import number
from tests.unit.place_making import table
from tests.unit.tiny_pack import run, tiny_box


class Tab:
    """A page with the library of a life, and what it has stored."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.said: list[bytes] = []
        self.open()

    def open(self) -> None:
        """As after a reload."""
        self.box: Shoebox = tiny_box()[0]
        put_in(self.box, self.life)
        self.box.places.begin(table().to_bytes())
        self.box.sayings.load(self.said, range(len(self.said)), "a" * 16)

    def say(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["batch"] is not None:
            self.said.append(answer["statements"])
            self.box.accept(answer["batch"], [len(self.said) - 1])
        return answer

    def albums(self) -> list[dict[str, Any]]:
        return self.box.albums.albums()

    def titles(self, kind: str | None = None) -> list[str]:
        return [album["title"] for album in self.albums() if kind in (None, album["kind"])]

    def called(self, title: str) -> dict[str, Any]:
        return next(album for album in self.albums() if album["title"] == title)

    @property
    def verbs(self) -> Any:
        return self.box.albums


@pytest.fixture
def life() -> tuple[Life, Known]:
    return whole_life()


@pytest.fixture
def tab(life: tuple[Life, Known]) -> Tab:
    return Tab(life[0])


@pytest.fixture
def known(life: tuple[Life, Known]) -> Known:
    return life[1]


def test_the_trips_of_a_life_are_found_and_nothing_else_is_one(tab: Tab, known: Known) -> None:
    trips = {album["title"]: set(album["photos"]) for album in tab.albums() if album["kind"] == "trip"}
    assert trips == {
        "Springfield, February and March 2024": set(known.springfield),
        "Nice, August 2023": set(known.nice),
        "Munich, May 2023": set(known.munich),
    }


def test_a_day_out_is_an_event_called_after_the_place_and_a_party_at_home_one_called_after_the_day(
    tab: Tab, known: Known
) -> None:
    events = {album["title"]: set(album["photos"]) for album in tab.albums() if album["kind"] == "event"}
    assert events == {"Hamlet, 12 June 2024": set(known.day_out), "Wednesday, 18 September 2024": set(known.party)}


def test_screenshots_have_an_album_of_their_own_and_are_in_no_other(tab: Tab, known: Known) -> None:
    assert set(tab.called("Screenshots")["photos"]) == set(known.screens)
    others = {each for album in tab.albums() if album["kind"] != "utility" for each in album["photos"]}
    assert others.isdisjoint(known.screens)


def test_an_album_tells_when_and_where_and_shows_its_newest_photos_first(tab: Tab, known: Known) -> None:
    album = tab.called("Munich, May 2023")
    assert album["place"] == "Munich"
    assert (album["from"], album["to"]) == ("2023-05-12T10:00:00", "2023-05-14T18:00:00")
    assert album["photos"] == known.munich[::-1]
    assert album["count"] == len(known.munich)
    assert album["cover"] in known.munich
    assert [album[name] for name in ("named", "pinned", "hidden", "merged")] == [False, False, False, 0]
    assert tab.verbs.albums(photos=2)[0]["photos"] == tab.albums()[0]["photos"][:2]


def test_without_the_table_of_places_trips_are_told_by_the_month(life: tuple[Life, Known]) -> None:
    box: Shoebox = tiny_box()[0]
    put_in(box, life[0])
    titles = [album["title"] for album in box.albums.albums() if album["kind"] == "trip"]
    assert titles == ["Trip, February and March 2024", "Trip, August 2023", "Trip, May 2023"]


def test_an_empty_library_has_no_albums() -> None:
    assert tiny_box()[0].albums.albums() == []


def test_a_title_outlasts_a_reload_and_photos_that_come_before_and_after(tab: Tab, known: Known) -> None:
    tab.say(tab.verbs.name_album(tab.called("Nice, August 2023")["id"], "  The   sea "))
    more = tab.life.take("late", (2023, 8, 21, 9), 4, 5, NICE) + tab.life.take("early", (2023, 8, 15, 20), 3, 2, NICE)
    tab.open()
    album = tab.called("The sea")
    assert album["named"]
    assert set(album["photos"]) == {*known.nice, *more}
    assert "Nice, August 2023" not in tab.titles()


def test_the_address_of_an_album_finds_it_although_photos_came_that_nobody_spoke_of(tab: Tab, known: Known) -> None:
    address = tab.called("Nice, August 2023")["id"]
    tab.life.take("early", (2023, 8, 15, 20), 3, 2, NICE)
    tab.open()
    assert set(known.nice) < set(tab.verbs.album(address)["photos"])


def test_a_trip_that_is_none_any_more_stays_for_whom_it_has_a_name(tab: Tab, known: Known) -> None:
    tab.say(tab.verbs.name_album(tab.called("Munich, May 2023")["id"], "Oktoberfest"))
    gone = [int(each, 16) for each in known.munich[4:]]
    tab.box.library.apply(Change(remove=gone))
    assert set(tab.called("Oktoberfest")["photos"]) == set(known.munich[:4])
    tab.box.library.apply(Change(remove=[int(each, 16) for each in known.munich[:4]]))
    assert "Oktoberfest" not in tab.titles()


def test_every_change_can_be_undone(tab: Tab, known: Known) -> None:
    before = tab.albums()
    trip, other = tab.called("Munich, May 2023")["id"], tab.called("Nice, August 2023")["id"]
    changes: tuple[Callable[[], Any], ...] = (
        lambda: tab.verbs.name_album(trip, "Oktoberfest"),
        lambda: tab.verbs.pin_album(trip),
        lambda: tab.verbs.hide_album(trip),
        lambda: tab.verbs.merge_albums([trip, other]),
        lambda: tab.verbs.add_to_album(trip, known.party[:2]),
        lambda: tab.verbs.remove_from_album(trip, known.munich[:2]),
        lambda: tab.verbs.album_cover(trip, next(each for each in known.munich if each != tab.verbs.album(trip)["cover"])),
        lambda: tab.verbs.create_album("Mine", known.munich),
    )
    for change in changes:
        told = tab.say(change())
        assert told["changed"] > 0
        assert tab.albums() != before
        tab.say(tab.box.sayings.undo(told["undo"]))
        assert tab.albums() == before


def test_an_own_album_holds_what_was_put_in_and_lasts_until_it_is_deleted(tab: Tab, known: Known) -> None:
    made = tab.say(tab.verbs.create_album("Best of", [known.munich[0], known.party[3]]))["album"]
    tab.say(tab.verbs.add_to_album(made, [known.screens[0], known.munich[0]]))
    tab.say(tab.verbs.remove_from_album(made, [known.party[3]]))
    tab.open()
    album = tab.verbs.album(made)
    assert (album["kind"], album["title"]) == ("own", "Best of")
    assert set(album["photos"]) == {known.munich[0], known.screens[0]}
    deleted = tab.say(tab.verbs.delete_album(made))
    with pytest.raises(QueryError, match="no album"):
        tab.verbs.album(made)
    tab.say(tab.box.sayings.undo(deleted["undo"]))
    assert tab.verbs.album(made) == album


def test_an_empty_own_album_is_there_too(tab: Tab) -> None:
    tab.say(tab.verbs.create_album("To come"))
    album = tab.called("To come")
    assert (album["count"], album["cover"], album["from"], album["place"]) == (0, None, None, "")


def test_merged_albums_are_one_under_the_first_title_and_come_apart_again(tab: Tab, known: Known) -> None:
    munich, nice = tab.called("Munich, May 2023")["id"], tab.called("Nice, August 2023")["id"]
    tab.say(tab.verbs.name_album(nice, "The year of the train"))
    tab.say(tab.verbs.merge_albums([nice, munich]))
    tab.open()
    album = tab.called("The year of the train")
    assert set(album["photos"]) == {*known.munich, *known.nice}
    assert album["merged"] == 1
    assert "Munich, May 2023" not in tab.titles()
    assert tab.verbs.album(munich)["id"] == nice
    tab.say(tab.verbs.separate_album(nice))
    assert set(tab.called("Munich, May 2023")["photos"]) == set(known.munich)


def test_albums_merged_in_a_circle_by_two_tabs_are_one_album(tab: Tab, known: Known) -> None:
    munich, nice = tab.called("Munich, May 2023")["id"], tab.called("Nice, August 2023")["id"]
    one, other = tab.verbs.merge_albums([munich, nice]), tab.verbs.merge_albums([nice, munich])
    tab.say(one)
    tab.say(other)
    whole = [album for album in tab.albums() if set(known.munich) <= set(album["photos"])]
    assert [set(album["photos"]) for album in whole] == [{*known.munich, *known.nice}]


def test_photos_taken_out_of_a_merged_album_stay_out(tab: Tab, known: Known) -> None:
    munich, nice = tab.called("Munich, May 2023")["id"], tab.called("Nice, August 2023")["id"]
    tab.say(tab.verbs.merge_albums([munich, nice]))
    tab.say(tab.verbs.remove_from_album(munich, [known.nice[0], known.munich[0]]))
    assert set(tab.verbs.album(munich)["photos"]) == {*known.munich[1:], *known.nice[1:]}


def test_pinned_albums_come_first_and_hidden_ones_are_marked(tab: Tab) -> None:
    tab.say(tab.verbs.pin_album(tab.called("Munich, May 2023")["id"]))
    tab.say(tab.verbs.hide_album(tab.called("Nice, August 2023")["id"]))
    assert tab.titles()[0] == "Munich, May 2023"
    assert tab.called("Nice, August 2023")["hidden"]
    tab.say(tab.verbs.hide_album(tab.called("Munich, May 2023")["id"]))
    assert not tab.called("Munich, May 2023")["pinned"]


def test_a_chosen_cover_stays_while_its_photo_is_in_the_album(tab: Tab, known: Known) -> None:
    album = tab.called("Munich, May 2023")
    wanted = next(each for each in known.munich if each != album["cover"])
    tab.say(tab.verbs.album_cover(album["id"], wanted))
    tab.open()
    assert tab.called("Munich, May 2023")["cover"] == wanted
    tab.say(tab.verbs.remove_from_album(album["id"], [wanted]))
    assert tab.called("Munich, May 2023")["cover"] in set(known.munich) - {wanted}


def test_searches_find_albums_by_title_and_by_a_part_of_it(tab: Tab, known: Known) -> None:
    def found(query: str) -> set[str]:
        return {hit["id"] for hit in run(tab.box.search(query))["results"]}

    assert found('album:"Munich, May 2023"') == set(known.munich)
    assert found("album:munich") == set(known.munich)
    assert found("album:2023") == {*known.munich, *known.nice}
    assert found("-album:munich album:2023") == set(known.nice)
    with pytest.raises(QueryError, match="no album called “Munix”"):
        found("album:Munix")


def test_titles_are_completed_and_hidden_albums_are_not_offered(tab: Tab) -> None:
    def offered() -> list[str]:
        return [each["label"] for each in tab.box.complete("album:", 6)]

    assert "Munich, May 2023" in offered()
    tab.say(tab.verbs.hide_album(tab.called("Munich, May 2023")["id"]))
    assert "Munich, May 2023" not in offered()


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (lambda verbs, trip: verbs.album("f" * 16), "There is no album"),
        (lambda verbs, trip: verbs.album(7), "There is no album"),
        (lambda verbs, trip: verbs.create_album("  "), "needs a title"),
        (lambda verbs, trip: verbs.create_album(None), "is not the title"),
        (lambda verbs, trip: verbs.create_album("x" * 2000), "longer than 1,000 letters"),
        (lambda verbs, trip: verbs.create_album("Mine", "abc"), "list of their ids"),
        (lambda verbs, trip: verbs.create_album("Mine", ["0" * 16]), "There is no photo"),
        (lambda verbs, trip: verbs.delete_album(trip), "would come back"),
        (lambda verbs, trip: verbs.merge_albums([trip, trip]), "only one album"),
        (lambda verbs, trip: verbs.pin_album(trip, "yes"), "neither true nor false"),
        (lambda verbs, trip: verbs.album_cover(trip, photo("out/2024-6-12-10/0.jpg")), "is not in"),
        (lambda verbs, trip: verbs.albums(photos=-1), "should be a whole number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(tab: Tab, wish: Any, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        wish(tab.verbs, tab.called("Munich, May 2023")["id"])
    assert tab.said == []


def test_two_trips_to_one_town_in_one_month_are_told_apart_by_their_days() -> None:
    life = Life()
    everyday(life)
    life.stay("first", (2023, 8, 13), 2, 6, [NICE])
    life.stay("second", (2023, 8, 20), 3, 6, [NICE])
    assert Tab(life).titles("trip") == ["Nice, 20–22 August 2023", "Nice, 13–14 August 2023"]


def test_who_goes_to_work_every_week_is_not_travelling_however_far_it_is() -> None:
    life = Life()
    everyday(life)
    assert Tab(life).titles() == []
    for week in range(50):
        monday = datetime(2023, 1, 9) + timedelta(weeks=week)
        life.stay("office", (monday.year, monday.month, monday.day), 3, 2, [MUNICH])
    assert Tab(life).titles() == []


later = st.builds(
    lambda day, minute, spot: (datetime(2023, 5, 1) + timedelta(days=day, minutes=minute), spot),
    st.integers(0, 30),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from([PARIS, MUNICH, NICE, NOWHERE]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(later, max_size=12))
def test_whatever_photos_come_a_named_album_is_there_once_and_an_own_one_as_it_was(
    photos: list[tuple[datetime, tuple[float, float]]],
) -> None:
    life, known = whole_life()
    tab = Tab(life)
    tab.say(tab.verbs.name_album(tab.called("Munich, May 2023")["id"], "Spring"))
    own = tab.say(tab.verbs.create_album("Mine", known.nice[:3]))["album"]
    for place, (when, spot) in enumerate(photos):
        life.take(f"late{place}", (when.year, when.month, when.day, when.hour, when.minute), 1, 0, spot)
    tab.open()
    assert tab.titles().count("Spring") == 1
    assert set(known.munich) & set(tab.called("Spring")["photos"])
    assert set(tab.verbs.album(own)["photos"]) == set(known.nice[:3])


def test_photos_that_nobody_dated_are_in_no_trip_or_event(tab: Tab) -> None:
    tab.life.take("undated", (2023, 5, 13, 11), 9, 1, NOWHERE)
    for each in tab.life.photos[-9:]:
        each.taken = float("nan")
    before = tab.albums()
    tab.open()
    assert tab.albums() == before
    assert number("undated/2023-5-13-11/0.jpg") in tab.box.library.vectors
