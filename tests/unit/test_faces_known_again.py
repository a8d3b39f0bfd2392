"""A face is known again by its photo and its box."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.people.faces import Faces, face_key, known_keys, overlaps, parse_key

SIDES = st.tuples(st.integers(-500, 9000), st.integers(-500, 9000), st.integers(1, 3000), st.integers(1, 3000))


@given(st.integers(0, 2**64 - 1), SIDES)
def test_a_key_tells_its_photo_and_its_box(photo: int, box: tuple[int, int, int, int]) -> None:
    assert parse_key(face_key(photo, box)) == (photo, box)


@pytest.mark.parametrize("text", ["", "x/1,2,3,4", "0123456789abcdef/1,2,3", "0123456789abcdef/1,2,3,-4"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="is not a face"):
        parse_key(text)


@given(st.lists(SIDES, min_size=1, max_size=5), st.lists(SIDES, min_size=1, max_size=5))
def test_overlap_is_symmetric_and_one_only_with_oneself(ones: list[tuple[int, ...]], others: list[tuple[int, ...]]) -> None:
    left, right = np.array(ones, np.float64), np.array(others, np.float64)
    np.testing.assert_allclose(overlaps(left, right), overlaps(right, left).T)
    assert ((overlaps(left, right) >= 0) & (overlaps(left, right) <= 1)).all()
    np.testing.assert_allclose(np.diag(overlaps(left, left)), 1)


def test_half_of_a_box_overlaps_by_half() -> None:
    assert overlaps(np.array([[0, 0, 10, 10.0]]), np.array([[0, 0, 5, 10.0]]))[0, 0] == pytest.approx(0.5)


def keys(boxes: list[list[float]], known: list[str], photo: int = 7) -> list[str]:
    return known_keys(np.full(len(boxes), photo, np.uint64), np.array(boxes, np.float32).reshape(-1, 4), known)


def test_a_box_that_lies_a_little_elsewhere_is_the_face_that_was_known() -> None:
    known = face_key(7, (100, 100, 50, 60))
    assert keys([[104, 97, 52, 58]], [known]) == [known]


def test_a_box_elsewhere_or_on_another_photo_is_another_face() -> None:
    known = face_key(7, (100, 100, 50, 60))
    assert keys([[140, 100, 50, 60]], [known]) != [known]
    assert keys([[100, 100, 50, 60]], [known], photo=8) != [known]


def test_of_two_faces_that_touch_each_finds_its_own() -> None:
    known = [face_key(7, (0, 0, 100, 100)), face_key(7, (30, 0, 100, 100))]
    assert keys([[28, 0, 100, 100], [2, 0, 100, 100]], known) == [known[1], known[0]]


def test_one_known_face_is_never_two() -> None:
    known = face_key(7, (0, 0, 100, 100))
    found = keys([[0, 0, 100, 100], [5, 0, 100, 100], [0, 0, 100, 100]], [known])
    assert found[0] == known
    assert len(set(found)) == 3


@given(st.lists(SIDES, max_size=8), st.lists(SIDES, max_size=4))
def test_keys_never_repeat(boxes: list[tuple[int, ...]], known: list[tuple[int, int, int, int]]) -> None:
    found = keys([list(box) for box in boxes], [face_key(7, box) for box in known])
    assert len(set(found)) == len(boxes)


def test_columns_that_do_not_fit_are_refused() -> None:
    one = Faces.none(4)
    with pytest.raises(ValueError, match="different lengths"):
        Faces(["a"], one.photos, one.boxes, one.quality, one.vectors)
    twice = np.zeros((2, 4), np.float32)
    with pytest.raises(ValueError, match="same key"):
        Faces(["a", "a"], np.zeros(2, np.uint64), twice, twice[:, 0], twice)
