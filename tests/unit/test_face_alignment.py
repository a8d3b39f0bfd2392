"""Alignment: transforms that bring points where they belong, and crops that show what lies there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from shoebox.faces.alignment import TOGETHER, crops, five_points, similarity, squares, transform
from tests.photos import picture

TEMPLATE = np.array([[47.5, 46.6], [100.5, 46.6], [74, 76.6], [50.4, 103], [97.6, 103]], np.float32)
STRAIGHT = np.array([[[1, 0, 0], [0, 1, 0]]], np.float32)


def turned(points: NDArray[np.float32], scale: float, angle: float, shift: tuple[float, float]) -> NDArray[np.float32]:
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]) + shift, np.float32)


def ramp(height: int, width: int) -> NDArray[np.uint8]:
    """Red rises to the right, green downwards."""
    photo = np.zeros((height, width, 3), np.uint8)
    photo[..., 0] = np.linspace(0, 250, width)[None]
    photo[..., 1] = np.linspace(0, 250, height)[:, None]
    return photo


@given(st.floats(0.05, 20), st.floats(-3.1, 3.1), st.floats(-500, 500), st.floats(-500, 500))
def test_a_turned_scaled_and_moved_face_is_brought_back_exactly(scale: float, angle: float, x: float, y: float) -> None:
    there = turned(TEMPLATE, scale, angle, (x, y))
    matrices = similarity(TEMPLATE, there[None])
    np.testing.assert_allclose(transform(matrices, TEMPLATE[None])[0], there, atol=0.02 * max(1, scale))


def test_points_that_fit_no_turning_are_met_as_nearly_as_can_be() -> None:
    there = TEMPLATE + np.random.default_rng(0).normal(0, 2, TEMPLATE.shape).astype(np.float32)
    matrix = similarity(TEMPLATE, there[None])
    best = np.square(transform(matrix, TEMPLATE[None]) - there).sum()
    for change in np.random.default_rng(1).normal(0, 0.01, (20, 2, 2)):
        other = matrix.copy()
        other[0, :, :2] += np.array([[change[0, 0], -change[0, 1]], [change[0, 1], change[0, 0]]])
        assert np.square(transform(other, TEMPLATE[None]) - there).sum() >= best - 1e-3


def test_a_mirrored_face_is_not_mirrored_back() -> None:
    matrix = similarity(TEMPLATE, TEMPLATE[None] * np.array([-1, 1], np.float32))[0]
    assert np.linalg.det(matrix[:, :2]) > 0


def test_points_in_one_place_give_a_crop_all_the_same() -> None:
    matrix = similarity(TEMPLATE, np.full((1, 5, 2), 7, np.float32))
    assert np.isfinite(matrix).all()
    assert crops([ramp(20, 20)], np.array([0]), matrix, 8).shape == (1, 8, 8, 3)


def test_five_points_are_the_middles_of_the_eyes_the_nose_and_the_corners_of_the_mouth() -> None:
    points = np.zeros((1, 68, 2), np.float32)
    points[0, 36:42, 0] = np.arange(6)
    points[0, 42:48, 1] = 4
    points[0, 30], points[0, 48], points[0, 54] = (1, 2), (3, 4), (5, 6)
    assert five_points(points)[0].tolist() == [[2.5, 0], [0, 4], [1, 2], [3, 4], [5, 6]]


def test_an_untouched_crop_is_the_photo_itself() -> None:
    photo = np.asarray(picture("astronaut").crop((100, 50, 164, 114)))
    assert np.array_equal(crops([photo], np.array([0]), STRAIGHT, 64)[0], photo)


def test_a_crop_turned_by_a_right_angle_is_the_photo_turned() -> None:
    photo = np.asarray(picture("astronaut").crop((100, 50, 164, 114)))
    # Crop x runs down the photo, crop y to its left.
    quarter = np.array([[[0, -1, 64], [1, 0, 0]]], np.float32)
    assert np.array_equal(crops([photo], np.array([0]), quarter, 64)[0], np.rot90(photo))


def test_a_square_shows_its_box_in_the_middle_and_a_turned_one_too() -> None:
    boxes = np.array([[10, 20, 50, 40], [10, 20, 50, 40]], np.float32)
    matrices = squares(boxes, 100, 1.5, np.array([0, 0.7], np.float32))
    middle = transform(matrices, np.full((2, 1, 2), 50, np.float32))
    np.testing.assert_allclose(middle[:, 0], [[30, 30], [30, 30]], atol=1e-4)
    assert np.hypot(*matrices[1, :, 0]) == pytest.approx(40 * 1.5 / 100)


def test_a_large_face_is_averaged_not_skipped() -> None:
    stripes = np.zeros((600, 600, 3), np.uint8)
    stripes[:, ::2] = 200
    crop = crops([stripes], np.array([0]), squares(np.array([[0, 0, 600, 600]], np.float32), 100, 1.0), 100)
    assert np.abs(crop.astype(int) - 100).max() <= 1


def test_a_shrunk_crop_looks_as_pillow_shrinks_it() -> None:
    photo = picture("astronaut")
    box = np.array([[100, 0, 400, 300]], np.float32)
    ours = crops([np.asarray(photo)], np.array([0]), squares(box, 75, 1.0), 75)[0].astype(int)
    theirs = np.asarray(photo.crop((100, 0, 400, 300)).resize((75, 75), Image.Resampling.BOX)).astype(int)
    assert np.abs(ours - theirs).max() <= 2


@pytest.mark.parametrize("left", [-40.0, 90.0, 500.0])
def test_outside_the_photo_its_border_goes_on(left: float) -> None:
    matrix = np.array([[[1, 0, left], [0, 1, 0]]], np.float32)
    crop = crops([ramp(64, 100)], np.array([0]), matrix, 64)[0]
    expected = ramp(64, 100)[0, np.clip(np.arange(64) + int(left), 0, 99), 0]
    assert np.array_equal(crop[0, :, 0], expected)


def test_many_crops_of_many_photos_are_what_each_is_alone() -> None:
    random = np.random.default_rng(4)
    photos = [random.integers(0, 256, (int(h), int(w), 3), np.uint8) for h, w in random.integers(5, 120, (5, 2))]
    owners = random.integers(0, 5, TOGETHER * 2 + 3)
    angles = random.uniform(-3, 3, len(owners))
    scales = random.uniform(0.1, 6, len(owners))
    matrices = np.stack(
        [
            np.stack([scales * np.cos(angles), -scales * np.sin(angles), random.uniform(-20, 90, len(owners))], -1),
            np.stack([scales * np.sin(angles), scales * np.cos(angles), random.uniform(-20, 90, len(owners))], -1),
        ],
        axis=1,
    ).astype(np.float32)
    together = crops(photos, owners, matrices, 12)
    for row in range(len(owners)):
        alone = crops(photos, owners[row : row + 1], matrices[row : row + 1], 12)
        assert np.array_equal(together[row], alone[0])


def test_a_photo_of_one_pixel_gives_crops_of_its_colour() -> None:
    photo = np.full((1, 1, 3), 77, np.uint8)
    assert (crops([photo], np.array([0]), STRAIGHT * 3, 10) == 77).all()


def test_no_faces_give_no_crops() -> None:
    assert crops([ramp(5, 5)], np.zeros(0, np.intp), np.zeros((0, 2, 3), np.float32), 10).shape == (0, 10, 10, 3)
