"""How open eyes are, from the points around them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.faces.alignment import LEFT_EYE, RIGHT_EYE
from shoebox.faces.eyes import OPEN, SHUT, openness


def face(left: float, right: float, turn: float = 0.0, size: float = 10.0) -> np.ndarray:
    """68 points (1, 68, 2) of a face whose eyes have these ratios of height to width, turned and scaled."""
    marks = np.random.default_rng(0).random((68, 2))
    for part, ratio, middle in ((LEFT_EYE, left, -1.0), (RIGHT_EYE, right, 1.0)):
        up = ratio / 2
        corners = np.array([[-0.5, 0], [-0.2, -up], [0.2, -up], [0.5, 0], [0.2, up], [-0.2, up]])
        marks[part] = corners + np.array([middle, 0])
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.asarray(size * marks @ rotation.T + 100, np.float32)[None]


def test_shut_eyes_are_0_and_open_ones_1() -> None:
    assert openness(face(SHUT - 0.02, SHUT - 0.02))[0] == 0
    assert openness(face(OPEN + 0.02, OPEN + 0.02))[0] == 1


def test_a_wink_is_no_blink() -> None:
    assert openness(face(0.1, 0.45))[0] > 0.5


@given(st.floats(0.05, 0.5), st.floats(-3, 3), st.floats(2, 500))
def test_how_a_face_is_turned_and_how_large_it_is_makes_no_difference(ratio: float, turn: float, size: float) -> None:
    assert openness(face(ratio, ratio, turn, size))[0] == pytest.approx(openness(face(ratio, ratio))[0], abs=0.02)


def test_five_points_do_not_tell() -> None:
    assert np.isnan(openness(np.zeros((3, 5, 2), np.float32))).all()


def test_eyes_that_are_a_single_spot_count_as_shut() -> None:
    assert openness(np.zeros((1, 68, 2), np.float32)).tolist() == [0]


def test_no_faces_are_no_trouble() -> None:
    assert openness(np.zeros((0, 68, 2), np.float32)).shape == (0,)
