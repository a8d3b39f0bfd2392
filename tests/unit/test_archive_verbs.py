"""The verbs with which the page saves a copy and opens one: what they answer, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from shoebox.api import Shoebox
from shoebox.errors import ArchiveError, QueryError
from shoebox.store.rows import ModelId, id_text
from tests.fuzzing.archives import small_library
from tests.unit.archive_making import add, empty, known, take, thumbnails
from tests.unit.library_making import number

DOG = id_text(number("dog"))


@pytest.fixture
def box() -> Shoebox:
    return small_library()


def written(box: Shoebox, **options: Any) -> tuple[bytes, list[list[str]]]:
    """A copy as the page writes it, and which thumbnails were asked for."""
    total = box.archive.export_begin(**options)["photos"]
    parts, asked = [], []
    given: dict[str, Any] = {}
    known_ones = thumbnails("dog", "cat")
    while not (step := box.archive.export_step(**given))["done"]:
        parts.append(step["bytes"])
        asked.append(step["wanted"])
        here = [id for id in step["wanted"] if id in known_ones]
        jpegs, sizes = [known_ones[id][0] for id in here], [known_ones[id][1:] for id in here]
        given = {"ids": here, "pictures": jpegs, "sizes": sizes}
    assert step["photos"] == total
    return b"".join(parts), [ids for ids in asked if ids]


def checked(box: Shoebox, data: bytes) -> dict[str, Any]:
    """A file that was checked and can be taken."""
    assert box.archive.import_begin(data[:4096]) == {"locked": False}
    box.archive.import_check(data)
    return box.archive.import_checked()


def test_a_copy_is_written_in_steps_that_ask_for_thumbnails(box: Shoebox) -> None:
    data, asked = written(box)
    assert [sorted(ids) for ids in asked] == [sorted([DOG, id_text(number("cat"))])]
    assert take(empty(), data) == thumbnails("dog", "cat")
    plain, asked = written(box, thumbnails=False, paths=True)
    assert asked == []
    again = empty()
    take(again, plain, own=True)
    assert known(again) == known(box)


def test_a_copy_is_taken_in_as_changes_to_be_stored_and_settled(box: Shoebox) -> None:
    data, _ = written(box)
    other = empty()
    assert checked(other, data) == {"photos": 2, "people": 2}
    assert not len(other.library)
    answer = other.archive.import_take(data)
    photos, *rest = answer["changes"]
    assert [picture["id"] for picture in photos["pictures"]] == sorted(thumbnails("dog", "cat"))
    for staged in photos["staged"]:
        other.accept(staged["batch"])
    for change in rest:
        assert change["staged"] == []
        if change["faces"]:
            other.seeking.settle(change["faces"]["batch"], True)
        if change["statements"]:
            other.accept(change["statements"]["batch"], [1])
    ended = other.archive.import_end()
    assert (ended["photos"], ended["people"], ended["added"], ended["unsearchable"]) == (2, 2, 2, 0)
    assert [key for key, _ in ended["put"]] == [0]
    # Who is who holds once it is stored, and not before: what could not be stored is answered again.
    assert other._gallery.belonging is None
    assert other.archive.import_end() == ended
    other.archive.import_settle()
    assert known(other)["people"] == known(box)["people"]
    assert other.photo(DOG)["favourite"] is True


def test_a_file_that_changed_after_it_was_checked_leaves_nothing_behind(box: Shoebox) -> None:
    data, _ = written(box)
    other = empty()
    checked(other, data)
    with pytest.raises(ArchiveError):
        other.archive.import_take(data[:-300] + b"?" + data[-299:])
    assert other.stats()["unsettled"] == 0
    take(other, data)
    assert len(other.library) == 2


def test_a_file_that_is_given_up_leaves_the_library_as_it_was(box: Shoebox) -> None:
    add(box, ("cow", [("cow.jpg", 1.0)]), model=ModelId("another 1", "squash"))
    data, _ = written(box)
    other = empty()
    checked(other, data)
    assert other.archive.import_cancel() == {"staged": [], "removed": []}
    checked(other, data)
    answer = next(
        told for low in range(0, len(data), 64) if (told := other.archive.import_take(data[low : low + 64]))["changes"]
    )
    assert answer["late"] is False
    (change,) = answer["changes"]
    for staged in change["staged"]:
        other.accept(staged["batch"])
    here = {id_text(photo) for photo in other.library.vectors.known(list(map(number, ("dog", "cat", "cow"))))}
    assert 0 < len(here) < 3
    taken_back = other.archive.import_cancel()
    assert set(taken_back["removed"]) == here
    for staged in taken_back["staged"]:
        other.accept(staged["batch"])
    assert known(other) == known(empty())
    with pytest.raises(QueryError, match="Nothing is being taken in"):
        other.archive.import_take(data)
    checked(other, data)
    assert other.archive.import_take(data)["late"] is True


def test_photos_of_another_pack_are_counted(box: Shoebox) -> None:
    add(box, ("cow", [("cow.jpg", 1.0)]), model=ModelId("another 1", "squash"))
    data, _ = written(box)
    other = empty()
    checked(other, data)
    for change in other.archive.import_take(data)["changes"]:
        for staged in change["staged"]:
            other.accept(staged["batch"])
    ended = other.archive.import_end()
    assert (ended["added"], ended["unsearchable"]) == (3, 1)


def test_steps_out_of_their_order_are_refused(box: Shoebox) -> None:
    with pytest.raises(QueryError, match="Nothing is being saved"):
        box.archive.export_step()
    with pytest.raises(QueryError, match="true or false"):
        box.archive.export_begin(thumbnails="yes")  # type: ignore[arg-type]
    for verb in (box.archive.import_checked, box.archive.import_cancel, box.archive.import_end, box.archive.import_settle):
        with pytest.raises(QueryError, match="Nothing is being taken in"):
            verb()
    box.archive.import_begin(b"")
    with pytest.raises(QueryError, match="checked first"):
        box.archive.import_take(b"")


def test_a_locked_file_is_looked_at_before_its_passphrase_is_worked_on(box: Shoebox) -> None:
    head = b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" %d\n"
    assert box.archive.import_begin(head % 18) == {"locked": True}
    with pytest.raises(ArchiveError, match="memory"):
        box.archive.import_begin(head % 30)
