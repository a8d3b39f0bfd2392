"""Saving a library as one file and taking it in: the same again, merged, and whatever comes between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox import archive
from shoebox.api import Shoebox
from shoebox.errors import ArchiveError, QueryError, StoreError
from shoebox.library.statements import COPIES, FAVOURITE
from shoebox.store.journal import Change
from shoebox.store.rows import ModelId, id_text
from tests.unit.archive_making import (
    AUTHORS,
    FACES,
    add,
    belong,
    empty,
    jpeg,
    known,
    look,
    read,
    saved,
    say,
    settle,
    take,
    thumbnails,
)
from tests.unit.library_making import number, rows
from tests.unit.test_people_verbs import Tab
from tests.unit.tiny_pack import DIMENSION, NumpySessions, tiny_pack

OTHER = ModelId("another 1", "squash")


@st.composite
def devices(draw: st.DrawFn) -> Shoebox:
    """A library as some device may have it: of the same photos, under other names, indexed at other times, and so on."""
    box = empty()
    contents = draw(st.lists(st.integers(0, 7), unique=True, max_size=6))
    for content in contents:
        names = draw(st.lists(st.sampled_from("abc"), unique=True, min_size=1, max_size=2))
        paths = [(f"{name}/{content}.jpg", 1.0) for name in names]
        add(box, (content, paths), model=OTHER if draw(st.integers(0, 2)) == 0 else None, indexed=draw(st.integers(0, 2)))
        if draw(st.booleans()):
            at = draw(st.integers(1, 3))
            who = list(range(content, content + at - 1))
            look(box, content, who, at)
            grouped = draw(st.booleans())
            if who and grouped:
                belong(box, (content, 0, draw(st.integers(1, 3))))
    for content in contents:
        if draw(st.booleans()):
            at = draw(st.integers(1, 3))
            read(box, content, [f"line {place} of {content}" for place in range(at - 1)], at)
    for content in draw(st.lists(st.integers(0, 9), max_size=4)):
        predicate, value = draw(st.sampled_from([(FAVOURITE, True), (FAVOURITE, None), (COPIES, 2)]))
        say(box, content, value, draw(st.integers(1, 3)), draw(st.sampled_from(AUTHORS)), predicate)
    return box


@pytest.fixture
def box() -> Shoebox:
    """Anna on two photos, one of them a favourite; a photo with a copy; one that another pack has looked at."""
    box = empty()
    add(box, ("dog", [("2019/dog.jpg", 5.0), ("copy.jpg", 6.0)]), ("cat", [("2019/cat.jpg", 7.0)]), indexed=3.0)
    add(box, ("cow", [("cow.jpg", 1.0)]), model=OTHER)
    look(box, "dog", [0, 1])
    look(box, "cat", [0])
    belong(box, ("dog", 0, 7), ("dog", 1, 8), ("cat", 0, 7))
    say(box, "dog", True, 4)
    return box


@given(devices())
@settings(max_examples=30, deadline=None)
def test_a_saved_library_is_the_same_library_again(box: Shoebox) -> None:
    again = empty()
    take(again, saved(box), own=True)
    assert known(again) == known(box)
    assert again.verify()["problems"] == (
        again.sayings.problems(()) + again._gallery.problems(()) + again._readings.problems(())
    )
    assert box.library.elsewhere == again.library.elsewhere


@given(devices(), devices())
@settings(max_examples=30, deadline=None)
def test_files_may_be_taken_in_in_any_order(one: Shoebox, other: Shoebox) -> None:
    files = [saved(one), saved(other)]
    there, back = empty(), empty()
    for data in files:
        take(there, data)
    for data in reversed(files):
        take(back, data)
    assert known(there) == known(back)


@given(devices(), devices(), devices())
@settings(max_examples=20, deadline=None)
def test_it_does_not_matter_who_merges_with_whom_first(one: Shoebox, two: Shoebox, three: Shoebox) -> None:
    both, left = empty(), empty()
    take(both, saved(two))
    take(both, saved(three))
    for data in (saved(one), saved(both)):
        take(left, data)
    right = empty()
    for box in (one, two, three):
        take(right, saved(box))
    assert known(left) == known(right)


@given(devices(), devices())
@settings(max_examples=30, deadline=None)
def test_taking_a_file_in_twice_changes_nothing(box: Shoebox, other: Shoebox) -> None:
    data = saved(other)
    take(box, data)
    before = known(box), box._gallery.belonging
    edits = box.library.edits, box.library.statements.edits
    take(box, data)
    assert (known(box), box._gallery.belonging) == before
    assert (box.library.edits, box.library.statements.edits) == edits


@given(devices(), devices())
@settings(max_examples=30, deadline=None)
def test_nothing_is_lost_on_either_side(box: Shoebox, other: Shoebox) -> None:
    mine, theirs = known(box), known(other)
    here = {photo: box.library.paths_of(photo) for photo in mine["photos"]}
    take(box, saved(other))
    after = known(box)
    assert after["photos"].keys() == mine["photos"].keys() | theirs["photos"].keys()
    assert after["faces"].keys() == mine["faces"].keys() | theirs["faces"].keys()
    assert after["people"].keys() == mine["people"].keys() | theirs["people"].keys()
    assert {photo: box.library.paths_of(photo) for photo in here} == here
    latest: dict[Any, Any] = {}
    for side in (box.library.statements, other.library.statements):
        for said in side:
            at = (said.subject, said.predicate)
            latest[at] = max(latest.get(at, said), said, key=lambda each: each.rank)
    assert after["said"] == {said.line() for said in latest.values()}


@given(devices(), devices(), st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_crash_in_the_middle_loses_nothing_and_the_same_file_completes_it(box: Shoebox, other: Shoebox, after: int) -> None:
    twin = empty()
    take(twin, saved(box), own=True)
    data = saved(other)
    take(twin, data)
    take(box, data, crash_after=after)
    assert box.verify()["problems"] == box.sayings.problems(()) + box._gallery.problems(()) + box._readings.problems(())
    take(box, data)
    assert known(box) == known(twin)


@given(devices(), devices(), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_giving_up_among_the_photos_leaves_the_library_as_it_was(box: Shoebox, other: Shoebox, groups: int) -> None:
    before, elsewhere = known(box), dict(box.library.elsewhere)
    stored = len(box.verify()["problems"])
    taking = box.archive.taking()
    data = saved(other)
    taking.check(data)
    taking.checked()
    changes = taking.take(data)
    for _ in range(groups):
        taken = next(changes, None)
        if taking.late:
            with pytest.raises(QueryError, match="cannot be taken back"):
                taking.take_back()
            return
        if taken is not None:
            settle(box, taken)
    for staged in taking.take_back()["staged"]:
        box.accept(staged["batch"])
    assert known(box) == before
    assert box.library.elsewhere == elsewhere
    assert len(box.verify()["problems"]) == stored
    take(box, data)
    after = known(box)
    assert after["photos"].keys() == before["photos"].keys() | known(other)["photos"].keys()


def test_a_photo_from_elsewhere_is_found_but_lies_nowhere(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box))
    told = other.photo(id_text(number("dog")))
    assert told["elsewhere"] is True
    assert told["name"] == "2019/dog.jpg"
    assert told["copies"] == []
    assert told["favourite"] is True
    assert other.library.paths_of(number("dog")) == []
    assert other.stats()["elsewhere"] == 3
    assert other.stats()["copies"] == 0
    assert other.duplicates.duplicates("identical") == []
    assert other.verify()["problems"] == other.sayings.problems(()) + other._gallery.problems(())


def test_names_are_not_told_unless_that_is_wanted(box: Shoebox) -> None:
    data = saved(box, paths=False)
    for name in (b"dog.jpg", b"cat.jpg", b"2019", b"copy"):
        assert name not in data
    other = empty()
    take(other, data)
    assert other.photo(id_text(number("dog")))["name"] == ""
    assert len(other.library) == 3


def test_a_photo_without_a_name_gets_it_from_another_file(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box, paths=False))
    take(other, saved(box))
    assert other.photo(id_text(number("dog")))["name"] == "2019/dog.jpg"


def test_a_folder_of_the_same_name_takes_nothing_away(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box))
    add(other, ("here", [("2019/here.jpg", 1.0)]))
    assert other.sweep("2019", ["2019/here.jpg"], True)["removed"] == []
    assert len(other.library) == 4


def test_a_photo_that_is_here_keeps_its_own_name_and_place(box: Shoebox) -> None:
    other = empty()
    add(other, ("dog", [("mine.jpg", 9.0)]), ("new", [("2019/cat.jpg", 1.0)]), indexed=1.0)
    take(other, saved(box))
    assert other.library.paths_of(number("dog")) == [("mine.jpg", 9.0)]
    assert other.library.paths_of(number("new")) == [("2019/cat.jpg", 1.0)]
    assert other.photo(id_text(number("cat")))["elsewhere"] is True


def test_the_file_of_a_photo_from_elsewhere_turns_up_and_it_is_simply_that_photo(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box, thumbnails("dog", "cat", "cow")))
    digest = other.photo(id_text(number("dog")))["hash"]
    entry = {"name": "pictures/d.jpg", "size": 100, "mtime": 3.0, "hash": digest}
    assert other.plan([entry])["work"] == [0]
    found = other.inspect(entry, b"")
    assert (found["action"], found["kind"]) == ("skip", "unchanged")
    other.accept(found["batch"])
    told = other.photo(id_text(number("dog")))
    assert (told["elsewhere"], told["name"], told["copies"]) == (False, "pictures/d.jpg", [])
    assert other.plan([entry])["work"] == []
    assert other.stats()["elsewhere"] == 2
    again = empty()
    take(again, saved(other), own=True)
    assert known(again) == known(other)


def test_a_photo_that_came_without_a_thumbnail_is_looked_at_when_its_file_turns_up(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box))
    entry = {"name": "d.jpg", "size": 100, "mtime": 3.0, "hash": other.photo(id_text(number("dog")))["hash"]}
    assert other.inspect(entry, jpeg()[0], True)["action"] == "decode"
    take(other, saved(box, thumbnails("dog", "cat")))
    assert other.inspect(entry, b"")["action"] == "skip"


def test_a_removed_photo_from_elsewhere_comes_back_when_that_is_undone(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box))
    before = known(other)
    answer = other.remove([id_text(number("dog"))], keep=True)
    other.accept(answer["batch"])
    assert len(other.library) == 2
    for staged in other.restore(answer["kept"])["staged"]:
        other.accept(staged["batch"])
    assert known(other) == before


def test_a_vector_that_only_the_file_has_makes_a_photo_searchable() -> None:
    box, other = empty(), empty()
    add(box, ("dog", [("dog.jpg", 1.0)]), model=OTHER)
    add(other, ("dog", [("elsewhere.jpg", 1.0)]))
    take(box, saved(other))
    assert box.library.is_comparable(number("dog"))
    assert box.library.paths_of(number("dog")) == [("dog.jpg", 1.0)]


def test_a_later_look_at_the_same_photo_stands_and_one_by_another_pack_does_not(box: Shoebox) -> None:
    other = empty()
    add(other, ("dog", [("x.jpg", 1.0)]), ("cat", [("y.jpg", 1.0)]))
    look(other, "dog", [0, 1, 2], at=9)
    look(other, "cat", [3], at=9, model=ModelId("stranger 1", "faces-1"))
    take(box, saved(other))
    assert box._gallery.seen(number("dog")) == 3
    assert box._gallery.sought(number("cat"), FACES)


def test_a_later_reading_of_the_same_photo_stands_and_one_by_another_pack_does_not(box: Shoebox) -> None:
    read(box, "dog", ["beware of the dog"], at=5)
    other = empty()
    add(other, ("dog", [("a.jpg", 1.0)]), ("cat", [("b.jpg", 1.0)]))
    read(other, "dog", ["of the"], at=4)
    read(other, "cat", ["a cat"], at=1, model=OTHER)
    take(box, saved(other))
    assert box.photo(id_text(number("dog")))["text"] == ["beware of the dog"]
    assert box.photo(id_text(number("cat")))["text"] == ["a cat"]
    read(other, "dog", ["beware of the cat", "and the dog"], at=6)
    take(box, saved(other))
    assert box.photo(id_text(number("dog")))["text"] == ["beware of the cat", "and the dog"]


def test_a_file_without_text_is_one_that_an_older_shoebox_reads(box: Shoebox) -> None:
    assert saved(box)[8:10] == b"\1\0"
    read(box, "dog", ["beware of the dog"])
    assert saved(box)[8:10] == b"\2\0"


def test_what_is_not_today_s_pack_is_kept_and_never_compared(box: Shoebox) -> None:
    other = empty()
    take(other, saved(box))
    assert not other.library.is_comparable(number("cow"))
    assert other.photo(id_text(number("cow")))["models"] == {"pack": OTHER.pack, "preprocessing": OTHER.preprocessing}


def test_photos_whose_vectors_another_pack_has_let_go_come_back_without_them(box: Shoebox) -> None:
    add(box, ("today", [("today.jpg", 1.0)]))
    other = Shoebox(tiny_pack("2"), NumpySessions())
    take(other, saved(box))
    assert not other.library.comparable.any()
    back = empty()
    take(back, saved(other))
    assert len(back.library) == 4
    assert not back.library.is_comparable(number("today"))
    take(back, saved(box))
    assert back.library.is_comparable(number("today"))


def test_people_come_with_their_names_and_with_what_was_said_about_them() -> None:
    tab = Tab()
    tab.photos(4)
    tab.seen([[0], [0, 1], [0], [1]])
    tab.group()
    anna = tab.who(0)
    tab.say(tab.box.people.name_person(anna, "Anna"))
    other = empty()
    take(other, saved(tab.box))
    assert other.people.people() == tab.box.people.people()
    assert other.people.photos_of("Anna").tolist() == tab.box.people.photos_of("Anna").tolist()
    tab.say(tab.box.people.name_person(anna, "Anna K."))
    take(other, saved(tab.box))
    assert other.people.all_names() == ["Anna K."]


def test_people_who_were_found_on_both_devices_are_grouped_anew_and_keep_their_names() -> None:
    here, there = Tab(), Tab()
    for tab, seen in ((here, [[0], [0], [1]]), (there, [[0], [0], [1], [1]])):
        tab.photos(4)
        tab.seen(seen)
        tab.group()
    there.say(there.box.people.name_person(there.who(3), "Ben"))
    take(here.box, saved(there.box))
    here.group()
    assert here.people() == {"Ben": 2, here.who(0): 2}


def test_a_library_that_is_not_empty_cannot_become_another(box: Shoebox) -> None:
    with pytest.raises(StoreError, match="empty"):
        box.archive.taking(own=True)


def test_photos_that_leave_while_a_file_is_written_are_left_out(box: Shoebox) -> None:
    export = box.archive.export(True, True)
    parts = [export.step({}), export.step({})]
    box.accept(box._ledger.answer(Change(remove=[number("dog")]))["batch"])  # type: ignore[arg-type]
    while (piece := export.step({})) is not None:
        parts.append(piece)
    other = empty()
    take(other, b"".join(piece.data for piece in parts if piece is not None))
    assert set(known(other)["photos"]) == {number("cat"), number("cow")}


def test_many_photos_and_faces_go_through_in_groups() -> None:
    box = empty()
    made = rows([(place, [(f"{place}.jpg", 0.0)]) for place in range(1300)], box.pack.model, DIMENSION)
    box.accept(box._ledger.answer(Change(rows=made))["batch"])  # type: ignore[arg-type]
    for place in range(0, 1300, 100):
        look(box, place, [0, 1])
    thumbs = thumbnails(*range(1300))
    other = empty()
    assert take(other, saved(box, thumbs), own=True) == thumbs
    assert known(other) == known(box)


def test_a_file_is_saved_and_loaded(box: Shoebox, tmp_path: Path) -> None:
    thumbs = thumbnails("dog")
    archive.save(box, tmp_path / "library.shoebox", thumbnails=thumbs)
    again = empty()
    found: dict[str, archive.Thumbnail] = {}
    assert archive.load(again, tmp_path / "library.shoebox", thumbnails=found) == {"photos": 3, "people": 2, "added": 3}
    assert known(again) == known(box)
    assert found == thumbs
    assert [path.name for path in tmp_path.iterdir()] == ["library.shoebox"]


def test_a_file_that_cannot_be_written_leaves_what_was_there(box: Shoebox, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        archive.save(box, tmp_path / "nowhere" / "library.shoebox")
    with pytest.raises(ArchiveError, match="cannot be read"):
        archive.load(empty(), tmp_path / "library.shoebox")
