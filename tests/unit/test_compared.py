"""What comparing has found, as bytes; and which pairs are looked at."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shoebox.duplicates.compared import Compared, read_compared, write_compared
from shoebox.duplicates.looking import Looking
from shoebox.duplicates.prints import grey_of
from shoebox.errors import StoreError
from shoebox.store.rows import ModelId
from tests.unit.duplicate_making import scene, thumbnail

MODEL = ModelId("colours 1", "squash")
ids = st.integers(0, 2**64 - 1)
scores = st.floats(0, 1, width=32)
compared = st.builds(
    Compared,
    st.just(MODEL),
    st.sets(ids, max_size=20),
    st.dictionaries(st.tuples(ids, ids).filter(lambda pair: pair[0] < pair[1]), scores, max_size=10),
    st.dictionaries(ids, scores, max_size=10),
)


@given(compared)
def test_what_is_known_comes_back_as_it_was(known: Compared) -> None:
    assert read_compared(write_compared(known), MODEL) == known


@given(compared)
def test_of_another_packs_vectors_nothing_comes_back(known: Compared) -> None:
    assert read_compared(write_compared(known), ModelId("colours 2", "squash")) == Compared(ModelId("colours 2", "squash"))


@given(compared, st.data())
def test_a_changed_byte_is_told(known: Compared, data: st.DataObject) -> None:
    stored = bytearray(write_compared(known))
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StoreError):
        read_compared(bytes(stored), MODEL)


def test_a_pair_of_a_photo_with_itself_is_refused() -> None:
    with pytest.raises(StoreError, match="cannot be"):
        read_compared(write_compared(Compared(MODEL, {1}, {(1, 1): 1.0})), MODEL)


@given(compared, st.sets(ids, max_size=5))
def test_nothing_is_kept_of_photos_that_have_left(known: Compared, gone: set[int]) -> None:
    known.forget(gone)
    assert known.photos.isdisjoint(gone)
    assert all(gone.isdisjoint(pair) for pair in known.same)
    assert gone.isdisjoint(known.sharpness)


def look(looking: Looking, greys: Mapping[int, Image.Image | None]) -> tuple[set[tuple[int, int]], list[int]]:
    """All steps: the pairs that are the same picture, and the photos that were asked for, in order."""
    found: set[tuple[int, int]] = set()
    asked: list[int] = []
    while True:
        wanted = looking.wanted()
        if looking.done == looking.total:
            return found, asked
        asked += wanted
        found |= looking.look({photo: greys[photo] for photo in wanted if photo in greys}, lambda photo: 4 / 3).keys()


def test_many_pairs_are_looked_at_in_pieces_and_no_thumbnail_is_asked_for_twice() -> None:
    data = {photo: grey_of(thumbnail(scene(photo % 7), 70)) for photo in range(260)}
    pairs = [(photo, photo + 7) for photo in range(253)]
    found, asked = look(Looking(pairs, lambda one, other: False), data)
    assert found == set(pairs)
    assert sorted(asked) == list(range(260))


def test_photos_without_a_thumbnail_or_that_have_left_are_passed_over() -> None:
    data = {photo: grey_of(thumbnail(scene(1))) for photo in (1, 2)}
    assert look(Looking([(1, 3), (3, 4)], lambda one, other: False), data)[0] == set()
    looking = Looking([(1, 2)], lambda one, other: False)
    looking.wanted()
    assert looking.look(data, lambda photo: None) == {}
    assert looking.done == looking.total == 1


def test_nothing_to_look_at_is_done_at_once() -> None:
    looking = Looking([], lambda one, other: False)
    assert looking.wanted() == []
    assert looking.done == looking.total == 0


def test_thumbnails_that_never_came_are_asked_for_again() -> None:
    data = {photo: grey_of(thumbnail(scene(1))) for photo in (1, 2)}
    looking = Looking([(1, 2)], lambda one, other: False)
    assert looking.wanted() == looking.wanted() == [1, 2]
    assert set(looking.look(data, lambda photo: 4 / 3)) == {(1, 2)}


def test_what_comes_next_is_told_before_it_is_wanted() -> None:
    data = {photo: grey_of(thumbnail(scene(photo % 7), 70)) for photo in range(400)}
    looking = Looking([(photo, photo + 7) for photo in range(393)], lambda one, other: False)
    wanted = looking.wanted()
    soon = looking.soon()
    assert soon and set(wanted).isdisjoint(soon)
    looking.look({photo: data[photo] for photo in wanted}, lambda photo: 4 / 3)
    assert set(looking.wanted()) <= set(soon)
