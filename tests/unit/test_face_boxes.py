"""Boxes: overlap, containment, and one box for each face."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.faces.boxes import areas, contained, overlaps, suppress

SIDES = st.floats(0, 100, width=32)
BOXES = st.lists(st.tuples(SIDES, SIDES, SIDES, SIDES), max_size=30).map(
    lambda rows: np.array([(x, y, x + w, y + h) for x, y, w, h in rows], np.float32).reshape(-1, 4)
)


def box(*sides: float) -> NDArray[np.float32]:
    return np.array([sides], np.float32)


def test_a_box_overlaps_itself_wholly_and_a_distant_one_not_at_all() -> None:
    assert overlaps(box(0, 0, 10, 10), box(0, 0, 10, 10))[0, 0] == 1
    assert overlaps(box(0, 0, 10, 10), box(10, 0, 20, 10))[0, 0] == 0


def test_half_a_box_overlaps_the_whole_by_half() -> None:
    assert overlaps(box(0, 0, 10, 10), box(0, 0, 5, 10))[0, 0] == 0.5


def test_what_lies_inside_is_contained_wholly_whichever_comes_first() -> None:
    assert contained(box(0, 0, 10, 10), box(2, 2, 4, 4))[0, 0] == 1
    assert contained(box(2, 2, 4, 4), box(0, 0, 10, 10))[0, 0] == 1


def test_boxes_without_area_overlap_nothing() -> None:
    nothing = box(3, 3, 3, 9)
    assert overlaps(nothing, nothing)[0, 0] == 0
    assert areas(box(5, 5, 2, 2))[0] == 0


def test_of_two_boxes_on_one_face_the_better_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]], np.float32)
    assert suppress(boxes, np.array([0.6, 0.9, 0.5], np.float32), 0.4).tolist() == [1, 2]


def test_a_part_of_a_face_goes_only_where_asked() -> None:
    boxes = np.array([[0, 0, 20, 20], [0, 0, 20, 6]], np.float32)
    scores = np.array([0.9, 0.8], np.float32)
    assert suppress(boxes, scores, 0.4).tolist() == [0, 1]
    assert suppress(boxes, scores, 0.4, inside=0.75).tolist() == [0]


@given(BOXES)
def test_those_that_stay_overlap_little_and_every_other_overlaps_a_better_one(boxes: NDArray[np.float32]) -> None:
    scores = np.linspace(1, 0.1, len(boxes)).astype(np.float32) if len(boxes) else np.zeros(0, np.float32)
    kept = suppress(boxes, scores, 0.5)
    among = overlaps(boxes[kept], boxes[kept])
    assert (among[~np.eye(len(kept), dtype=bool)] < 0.5).all()
    for place in set(range(len(boxes))) - set(kept.tolist()):
        better = kept[kept < place]
        assert (overlaps(boxes[better], boxes[place : place + 1]) >= 0.5).any()
