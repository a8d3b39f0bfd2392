"""Photos that were taken out come back as they were, unless their place is taken."""

from __future__ import annotations

import numpy as np
import pytest

from shoebox.errors import StoreError
from shoebox.library.library import Library
from shoebox.library.removal import keepsakes, returning
from shoebox.store.journal import Change
from shoebox.store.table import IN_JOURNAL
from tests.unit.library_making import DIMENSION, MODEL, OTHER_MODEL, number, rows

DOG, CAT = number("dog"), number("cat")


@pytest.fixture
def library() -> Library:
    made = Library(MODEL, DIMENSION)
    made.enter(rows([("dog", [("dog.jpg", 1), ("copy.jpg", 2)]), ("cow", [("cow.jpg", 3)])], camera="Pixel"), IN_JOURNAL)
    made.enter(rows([("cat", [("cat.jpg", 4)])], model=OTHER_MODEL), IN_JOURNAL)
    return made


def restore(library: Library, kept: list[bytes]) -> None:
    for change in returning(library, kept):
        library.apply(change)


def known(library: Library, photo: int) -> tuple[object, ...]:
    row = library.row_of(photo)
    assert row is not None
    camera = library.table["camera"][row]
    return (
        library.paths_of(photo),
        library.facts[row],
        library.vectors.vectors(np.array([row])).tolist(),
        library.table.cameras.words[camera] if camera < len(library.table.cameras.words) else None,
        library.table["taken"][row].tobytes(),
        library.is_comparable(photo),
    )


def test_removed_photos_come_back_as_they_were(library: Library) -> None:
    before = {photo: known(library, photo) for photo in (DOG, CAT)}
    kept = keepsakes(library, [DOG, CAT, 12345])
    library.apply(Change(remove=[DOG, CAT]))
    assert len(library) == 1
    restore(library, kept)
    assert {photo: known(library, photo) for photo in (DOG, CAT)} == before


def test_a_photo_that_came_back_by_itself_is_left_alone(library: Library) -> None:
    kept = keepsakes(library, [DOG])
    library.apply(Change(remove=[DOG]))
    library.enter(rows([("dog", [("dog.jpg", 99)])]), IN_JOURNAL)
    restore(library, kept)
    assert library.paths_of(DOG) == [("dog.jpg", 99)]


def test_a_photo_whose_place_another_has_taken_stays_away(library: Library) -> None:
    kept = keepsakes(library, [DOG, number("cow")])
    library.apply(Change(remove=[DOG, number("cow")]))
    library.enter(rows([("edited dog", [("dog.jpg", 5)])]), IN_JOURNAL)
    restore(library, kept)
    assert library.row_of(DOG) is None
    assert library.row_of(number("cow")) is not None
    assert library.owners["dog.jpg"] == number("edited dog")


def test_bytes_that_are_no_photos_bring_nothing_back(library: Library) -> None:
    with pytest.raises(StoreError):
        returning(library, [b"photos"])


def test_nothing_is_kept_of_nothing(library: Library) -> None:
    assert keepsakes(library, []) == []
    assert returning(library, []) == []
