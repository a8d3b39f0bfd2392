"""The faces of a library as they are stored: staged, folded, tidied, and read back whatever the order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import QueryError, StoreError
from shoebox.faces.gallery import BELONGING_KEY, Gallery
from shoebox.faces.rows import FaceRows
from shoebox.findings.findings import LOOSE_LISTS
from shoebox.people.calibration import Calibration
from shoebox.store.faces import Belonging, FaceList, read_belonging, read_faces, write_belonging, write_faces
from shoebox.store.rows import ModelId
from shoebox.store.sealed import FACES, seal, unseal

MODEL, OTHER = ModelId("drawn 1", "faces-1"), ModelId("drawn 2", "faces-1")
DIMENSION = 8


def rows(owners: list[int], seed: int = 0) -> FaceRows:
    """A face of each of these places, in rising order."""
    count = len(owners)
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, DIMENSION))
    return FaceRows(
        photos=np.array(owners, np.int32),
        boxes=np.tile(np.array([3, 4, 50, 60], np.int32), (count, 1)) + np.arange(count, dtype=np.int32)[:, None],
        scores=random.random(count).astype(np.float32),
        quality=random.random(count).astype(np.float32),
        parts=random.random((count, 4)).astype(np.float32),
        eyes=random.random(count).astype(np.float32),
        points=random.random((count, 5, 2)).astype(np.float32),
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16),
    )


class Shelf:
    """The page's store of faces."""

    def __init__(self, gallery: Gallery) -> None:
        self.gallery = gallery
        self.values: dict[int, bytes] = {}

    def store(self, answer: dict[str, Any] | None) -> None:
        assert answer is not None
        for key in answer["delete"]:
            self.values.pop(key, None)
        self.values.update(dict(answer["put"]))
        self.gallery.settle(answer["batch"], True)

    def read(self) -> Gallery:
        fresh = Gallery()
        assert fresh.load(list(self.values.values()), list(self.values)) == []
        return fresh


@pytest.fixture
def shelf() -> Shelf:
    """Three photos: with two faces, with none, with one."""
    shelf = Shelf(Gallery())
    shelf.store(shelf.gallery.stage_look([10, 11, 12], rows([0, 0, 2]), MODEL))
    return shelf


def test_what_was_seen_comes_back_as_it_was(shelf: Shelf) -> None:
    again = shelf.read()
    assert len(again) == 3
    assert again.count() == 3
    before, after = shelf.gallery.of(10), again.of(10)
    assert before is not None
    assert after is not None
    assert len(after) == 2
    np.testing.assert_array_equal(after.boxes, before.boxes)
    np.testing.assert_array_equal(after.vectors, before.vectors)


def test_a_photo_without_faces_was_looked_at_all_the_same(shelf: Shelf) -> None:
    assert shelf.gallery.sought(11)
    assert shelf.gallery.sought(11, MODEL)
    assert not shelf.gallery.sought(11, OTHER)
    assert not shelf.gallery.sought(99)
    found = shelf.gallery.of(11)
    assert found is not None
    assert len(found) == 0
    assert shelf.gallery.of(99) is None


def test_what_could_not_be_stored_never_happened(shelf: Shelf) -> None:
    answer = shelf.gallery.stage_look([20], rows([0]), MODEL)
    assert not shelf.gallery.sought(20)
    shelf.gallery.settle(answer["batch"], False)
    assert not shelf.gallery.sought(20)
    with pytest.raises(QueryError, match="no staged change"):
        shelf.gallery.settle(answer["batch"], True)


def test_of_two_looks_at_one_photo_the_later_holds(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shoebox.faces.gallery.now", lambda: 2**52)
    shelf.store(shelf.gallery.stage_look([10], rows([0], seed=1), OTHER))
    for gallery in (shelf.gallery, shelf.read()):
        found = gallery.of(10)
        assert found is not None
        assert len(found) == 1
        assert gallery.count() == 2
        assert gallery.models() == [MODEL, OTHER]
        assert [photo for photo, _ in gallery.photos(MODEL)] == [12]
        assert [gallery.seen(photo) for photo in (10, 11, 12, 13)] == [1, 0, 1, 0]
        photos, parts = gallery.faces(lambda _: True, MODEL)
        assert (photos.tolist(), [len(part) for part in parts]) == ([12], [1])


def test_what_another_pack_sees_beside_counts_only_when_it_takes_the_place(shelf: Shelf) -> None:
    measured = Calibration(same=0.4, tight=0.2, ask=0.5, founding=0.3)
    shelf.store(shelf.gallery.stage_look([10, 11], rows([0, 0, 0, 1], seed=1), OTHER, measured, beside=True))
    shelf.gallery.news.clear()
    for gallery in (shelf.gallery, shelf.read()):
        assert gallery.models() == [MODEL]
        assert (gallery.seen(10), gallery.count()) == (2, 3)
        assert gallery.sought(10, OTHER)
        assert not gallery.sought(12, OTHER)
        assert not gallery.shows(OTHER.__eq__)
        assert gallery.calibration(OTHER) == measured
        assert [len(faces.ids) for faces in gallery.lists()] == [3]
        assert len(gallery.faces(lambda _: True, OTHER)[0]) == 0
    assert shelf.gallery.problems(list(shelf.values.values())) == []
    shelf.store(shelf.gallery.stage_change(OTHER))
    assert {10, 11} <= shelf.gallery.news
    for gallery in (shelf.gallery, shelf.read()):
        assert gallery.models() == [OTHER, MODEL]
        assert [gallery.seen(photo) for photo in (10, 11, 12)] == [3, 1, 1]
        assert gallery.shows(OTHER.__eq__)
        assert gallery.calibration(OTHER) == measured
        assert not gallery.sought(10, MODEL)
    assert len(shelf.values) == 2
    assert shelf.gallery.stage_change(OTHER) is None
    assert shelf.gallery.problems(list(shelf.values.values())) == []


def test_what_a_pack_saw_that_nobody_wants_any_more_is_let_go_of(shelf: Shelf) -> None:
    shelf.store(shelf.gallery.stage_look([10, 11], rows([0], seed=1), OTHER, beside=True))
    assert shelf.gallery.fold(lambda _: True, tidy=False, wanted=OTHER.__eq__) is None
    shelf.store(shelf.gallery.fold(lambda _: True, tidy=False, wanted=MODEL.__eq__))
    assert len(shelf.values) == 1
    for gallery in (shelf.gallery, shelf.read()):
        assert not gallery.sought(10, OTHER)
        assert gallery.seen(10) == 2


def test_lists_seen_beside_are_folded_among_themselves(shelf: Shelf) -> None:
    for photo in range(100, 100 + LOOSE_LISTS + 2):
        shelf.store(shelf.gallery.stage_look([photo], rows([0], seed=photo), OTHER, beside=True))
    shelf.store(shelf.gallery.fold(lambda _: True, tidy=False, wanted=OTHER.__eq__))
    assert len(shelf.values) == 2
    again = shelf.read()
    assert again.models() == [MODEL]
    assert again.sought(100, OTHER)


def test_a_list_that_says_what_cannot_be_of_likeness_is_damaged(shelf: Shelf) -> None:
    fields, sections = unseal(FACES, next(iter(shelf.values.values())))
    for numbers in ([0.1, 0.2], [0.5, 0.4, 0.3, 0.2], "all", [0.1, 0.05, float(10), 0.3]):
        with pytest.raises(StoreError, match="cannot be"):
            read_faces(seal(FACES, {**fields, "people": numbers}, sections))


def test_many_small_lists_are_folded_into_few_and_nothing_is_lost(shelf: Shelf) -> None:
    assert shelf.gallery.fold(lambda _: True, tidy=False) is None
    for photo in range(100, 100 + LOOSE_LISTS + 1):
        shelf.store(shelf.gallery.stage_look([photo], rows([0], seed=photo), MODEL))
    before = {photo: shelf.gallery.of(photo) for photo, _ in shelf.gallery.photos(MODEL)}
    looks = dict(shelf.gallery.photos(MODEL))
    shelf.gallery.news.clear()
    shelf.store(shelf.gallery.fold(lambda _: True, tidy=False))
    assert dict(shelf.gallery.photos(MODEL)) == looks, "folding is no look"
    assert shelf.gallery.news == set()
    assert len(shelf.values) == 1
    again = shelf.read()
    assert {photo for photo, _ in again.photos(MODEL)} == before.keys()
    for photo, faces in before.items():
        found = again.of(photo)
        assert found is not None
        assert faces is not None
        np.testing.assert_array_equal(found.vectors, faces.vectors)


def test_the_faces_of_photos_that_left_are_deleted(shelf: Shelf) -> None:
    assert shelf.gallery.fold({10, 11, 12}.__contains__, tidy=True) is None
    shelf.store(shelf.gallery.fold({11, 12}.__contains__, tidy=True))
    for gallery in (shelf.gallery, shelf.read()):
        assert not gallery.sought(10)
        assert gallery.count() == 1
    shelf.store(shelf.gallery.fold(lambda _: False, tidy=True))
    assert shelf.values == {}


def test_while_something_is_staged_nothing_is_folded(shelf: Shelf) -> None:
    shelf.gallery.stage_look([20], rows([0]), MODEL)
    assert shelf.gallery.fold(lambda _: False, tidy=True) is None


def test_a_damaged_list_is_told_passed_over_and_cleared_away(shelf: Shelf) -> None:
    key = next(iter(shelf.values))
    shelf.values[key] = shelf.values[key][:-8] + b"\0" * 8
    shelf.values[77] = write_faces(FaceList(1, MODEL, np.array([50], np.uint64), rows([])))
    gallery = Gallery()
    assert len(gallery.load(list(shelf.values.values()), list(shelf.values))) == 1
    assert gallery.sought(50)
    assert not gallery.sought(10)
    shelf.gallery = gallery
    shelf.store(gallery.fold(lambda _: True, tidy=False))
    assert list(shelf.values) == [77]


def test_what_is_shown_but_not_stored_is_told(shelf: Shelf) -> None:
    assert shelf.gallery.problems(list(shelf.values.values())) == []
    assert "3 photos" in shelf.gallery.problems([])[0]


def test_who_is_who_is_kept_under_a_key_of_its_own(shelf: Shelf) -> None:
    belonging = Belonging(np.array([10], np.uint64), np.array([[1, 2, 3, 4]], np.int32), np.array([2**64 - 1], np.uint64), 7)
    shelf.values[BELONGING_KEY] = shelf.gallery.keep(belonging)
    again = shelf.read().belonging
    assert again is not None
    assert again.grouped == 7
    assert again.persons.tolist() == [2**64 - 1]
    assert shelf.gallery.problems(list(shelf.values.values())) == []


@settings(deadline=None)
@given(st.data())
def test_flipped_bytes_are_noticed_never_believed(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([_list(), _who()]))
    read = read_faces if whole == _list() else read_belonging
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StoreError):
        read(bytes(flipped))


def test_a_list_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(StoreError, match="whose photos"):
        FaceList(1, MODEL, np.array([5, 5], np.uint64), rows([0]))
    with pytest.raises(StoreError, match="whose photos"):
        FaceList(1, MODEL, np.array([5], np.uint64), rows([1]))
    with pytest.raises(StoreError, match="different lengths"):
        FaceRows.joined([rows([0]), FaceRows.none(DIMENSION + 1)], [0, 1])


def _list() -> bytes:
    return write_faces(FaceList(3, MODEL, np.array([5, 6], np.uint64), rows([0, 1])))


def _who() -> bytes:
    return write_belonging(Belonging(np.array([5], np.uint64), np.zeros((1, 4), np.int32), np.array([1], np.uint64), 0))


def test_of_faces_stored_before_eyes_were_looked_at_nothing_is_known() -> None:
    faces = FaceList(1, MODEL, np.array([5], np.uint64), rows([0, 0]))
    fields, sections = unseal(FACES, write_faces(faces))
    earlier = {name: bytes(data) for name, data in sections.items() if name != "eyes"}
    found = read_faces(seal(FACES, fields, earlier))
    assert np.isnan(found.rows.eyes).all()
    np.testing.assert_array_equal(found.rows.points, faces.rows.points)
