"""Where and how closely photos are looked at: whole, in windows, closer where something small was glimpsed."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.faces.boxes import Floats
from shoebox.faces.detectors import GRAIN, Detections
from shoebox.faces.looking import LEAST_SIDE, MOST_LOOKS, View, find_faces, merge, squares_over, whole_views, windows
from shoebox.faces.pack import DetectorModel, FacePack
from tests.unit.face_making import MANIFEST, RedDetector, blank, draw
from tests.unit.tiny_pack import run

MODEL = FacePack.from_manifest(MANIFEST.encode()).detector
CLOSE = dataclasses.replace(MODEL, sides=(64,), closer=48, glimpse=0.1, sure=0.5)


def find(photo: NDArray[np.uint8], model: DetectorModel = MODEL, detector: RedDetector | None = None) -> Floats:
    (found,) = run(find_faces([photo], detector or RedDetector(), model))
    return found.boxes


def test_a_face_is_found_where_it_is_in_pixels_of_the_photo() -> None:
    photo = blank(300, 400)
    draw(photo, 100, 50, 120)
    np.testing.assert_allclose(find(photo), [[100, 50, 220, 170]], atol=4)


def test_a_photo_without_faces_has_none() -> None:
    assert find(blank(300, 400)).shape == (0, 4)


@pytest.mark.parametrize("shape", [(1, 1), (LEAST_SIDE - 1, 500), (0, 10)])
def test_a_photo_too_small_for_any_face_is_not_looked_at(shape: tuple[int, int]) -> None:
    detector = RedDetector()
    assert len(find(np.full((*shape, 3), 255, np.uint8), MODEL, detector)) == 0
    assert detector.shapes == []


def test_a_face_that_was_seen_at_two_sizes_is_one() -> None:
    photo = blank(128, 128)
    draw(photo, 32, 32, 64)
    assert len(find(photo)) == 1


def test_a_face_cut_by_the_border_has_a_box_within_the_photo() -> None:
    photo = blank(200, 200)
    draw(photo, 150, 0, 50)
    (box,) = find(photo)
    assert box[1] == 0
    assert 195 <= box[2] <= 200


def test_photos_of_one_shape_are_looked_at_together() -> None:
    detector = RedDetector()
    run(find_faces([blank(60, 90), blank(60, 90), blank(90, 60)], detector, dataclasses.replace(MODEL, sides=(128,))))
    assert sorted(shape[0] for shape in detector.shapes) == [1, 2]


def test_a_small_face_is_looked_at_closer_and_found() -> None:
    photo = blank(960, 1280)
    draw(photo, 700, 300, 80)
    whole_only = dataclasses.replace(CLOSE, closer=0)
    assert len(find(photo, whole_only)) == 0, "4 px of the whole are not surely a face"
    np.testing.assert_allclose(find(photo, dataclasses.replace(CLOSE, closer=240)), [[700, 300, 780, 380]], atol=2)


def test_nothing_is_looked_at_closer_where_nothing_was_glimpsed() -> None:
    detector = RedDetector()
    find(blank(960, 1280), CLOSE, detector)
    assert len(detector.shapes) == 1


def test_a_photo_that_was_seen_in_full_detail_is_not_looked_at_again() -> None:
    photo = blank(48, 64)
    draw(photo, 10, 10, 5)
    detector = RedDetector()
    find(photo, CLOSE, detector)
    assert len(detector.shapes) == 1


def test_two_hundred_faces_in_one_photo_are_all_found() -> None:
    photo = blank(960, 1280)
    places = [(60 * (i % 20) + 20, 90 * (i // 20) + 30) for i in range(200)]
    for left, top in places:
        draw(photo, left, top, 30)
    found = find(photo, dataclasses.replace(MODEL, sides=(640,)))
    assert len(found) == 200
    middles = (found[:, :2] + found[:, 2:]) / 2
    assert {(round((x - 15) / 5), round((y - 15) / 5)) for x, y in middles} == {(x // 5, y // 5) for x, y in places}


def test_a_panorama_is_looked_at_in_windows_and_its_faces_found() -> None:
    photo = blank(200, 10_000)
    for left in (30, 5_000, 9_850):
        draw(photo, left, 60, 100)
    found = find(photo)
    assert sorted(int(round(box[0], -1)) for box in found) == [30, 5_000, 9_850]


def test_a_grey_photo_is_a_photo_like_any_other() -> None:
    photo = np.full((80, 80, 3), 200, np.uint8)
    assert find(photo).shape == (0, 4)


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_windows_cover_the_photo_and_share_its_shorter_side(height: int, width: int) -> None:
    parts = windows(height, width)
    covered = np.zeros(max(height, width), bool)
    along = 1 if height > width else 0
    for part in parts:
        covered[part[along] : part[along + 2]] = True
        assert (part[1 - along], part[3 - along]) == (0, min(height, width))
    assert covered.all()
    for one, other in itertools.pairwise(parts):
        assert one[along + 2] - other[along] >= min(height, width) - 1


@given(st.integers(LEAST_SIDE, 4000), st.integers(LEAST_SIDE, 4000))
def test_views_keep_the_shape_of_what_they_show(height: int, width: int) -> None:
    for view in whole_views(0, (height, width), (256, 640)):
        assert max(view.width, view.height) <= 640
        assert view.width / view.height == pytest.approx((view.right - view.left) / (view.bottom - view.top), rel=0.05)
        assert all(side % GRAIN == 0 for side in view.shape)


def test_a_picture_is_filled_up_with_black() -> None:
    view = View(0, 0, 0, 50, 40, 50, 40)
    made = view.picture(np.full((40, 50, 3), 9, np.uint8))
    assert made.shape == (64, 64, 3)
    assert (made[:40, :50] == 9).all()
    assert made[40:].max() == made[:, 50:].max() == 0


@given(st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 900), st.integers(1, 60)), max_size=60))
def test_closer_looks_show_every_box_whole(places: list[tuple[int, int, int]]) -> None:
    boxes = np.array([(x, y, x + side, y + side) for x, y, side in places], np.float32).reshape(-1, 4)
    clipped = np.clip(boxes, 0, [1280, 960, 1280, 960])
    chosen = squares_over(0, (960, 1280), boxes, 256)
    assert len(chosen) <= min(len(places), MOST_LOOKS)
    for left, top, right, bottom in clipped:
        assert any(v.left <= left and v.top <= top and right <= v.right and bottom <= v.bottom for v in chosen)


def test_a_box_larger_than_what_squares_share_is_looked_at_where_its_middle_is() -> None:
    (view,) = squares_over(0, (1000, 1000), np.array([[0, 0, 900, 900]], np.float32), 256)
    assert view.left <= 450 <= view.right
    assert view.top <= 450 <= view.bottom


def test_a_crowd_is_looked_at_only_so_often() -> None:
    x, y = np.meshgrid(np.arange(0, 4000, 100), np.arange(0, 4000, 100))
    corners = np.stack([x.ravel(), y.ravel()], axis=1)
    boxes = np.concatenate([corners, corners + 20], axis=1).astype(np.float32)
    assert len(squares_over(0, (4000, 4000), boxes, 128)) == MOST_LOOKS


def test_points_move_with_their_boxes_when_views_are_merged() -> None:
    view = View(0, 100, 50, 300, 250, 100, 100)
    points = np.full((1, 5, 2), 10, np.float32)
    found = Detections(np.array([[5, 5, 15, 15]], np.float32), np.array([0.9], np.float32), points)
    merged = merge([(view, found)], (400, 400), 0.5)
    assert merged.boxes.tolist() == [[110, 60, 130, 80]]
    assert merged.points is not None
    assert merged.points[0, 0].tolist() == [120, 70]


def test_what_lies_wholly_outside_the_photo_is_no_face() -> None:
    view = View(0, 0, 0, 64, 64, 64, 64)
    found = Detections(np.array([[70, 70, 90, 90]], np.float32), np.array([0.9], np.float32))
    assert len(merge([(view, found)], (64, 64), 0.5)) == 0
