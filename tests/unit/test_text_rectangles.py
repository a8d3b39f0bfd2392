"""The smallest rectangle around points, and what is done with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.reading.rectangles import Rectangles, smallest

POINTS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=30)
TURNS = st.floats(-0.7, 0.7)


def rectangle(x: float = 50, y: float = 40, width: float = 60, height: float = 12, angle: float = 0.0) -> Rectangles:
    return Rectangles(
        np.array([[x, y]], np.float32),
        np.array([[width, height]], np.float32),
        np.array([angle], np.float32),
        np.ones(1, np.float32),
    )


def as_rectangle(found: tuple[float, ...]) -> Rectangles:
    return rectangle(*found)


@given(POINTS)
@settings(max_examples=150, deadline=None)
def test_all_points_lie_within_and_no_upright_rectangle_is_smaller(points: list[tuple[int, int]]) -> None:
    chosen = np.array(points, np.float64)
    found = smallest(chosen)
    grown = as_rectangle((*found[:2], found[2] + 0.02, found[3] + 0.02, found[4]))
    assert grown.holding(chosen.astype(np.float32)).all()
    assert found[2] * found[3] <= np.prod(np.ptp(chosen, axis=0)) + 1e-6
    assert -np.pi / 4 - 1e-9 <= found[4] <= np.pi / 4 + 1e-9


@given(TURNS, st.floats(30, 100), st.floats(5, 20))
@settings(max_examples=80, deadline=None)
def test_a_turned_rectangle_is_found_again_from_its_corners(angle: float, width: float, height: float) -> None:
    drawn = rectangle(width=width, height=height, angle=angle)
    x, y, along, across, turn = smallest(drawn.corners()[0].astype(np.float64))
    assert (x, y, along, across, turn) == pytest.approx((50, 40, width, height, angle), abs=1e-3)


def test_points_on_a_line_have_a_rectangle_without_height() -> None:
    points = np.array([[0, 0], [5, 5], [9, 9]], np.float64)
    _, _, width, height, _ = smallest(points)
    assert min(width, height) == pytest.approx(0, abs=1e-9)


@given(TURNS)
def test_corners_go_round_from_the_top_left(angle: float) -> None:
    corners = rectangle(angle=angle).corners()[0]
    assert corners[0] @ [1, 1] == min(corners @ [1, 1]) or angle != 0
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    assert sides == pytest.approx([60, 12, 60, 12], abs=1e-3)
    # Clockwise on the screen, where down is positive.
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[1]
    assert ax * by - ay * bx > 0


def test_what_is_grown_by_the_ratio_that_shrank_it_is_as_before() -> None:
    width, height, ratio = 100.0, 20.0, 1.6
    grown = rectangle(width=width, height=height).grown(ratio)
    more = 2 * ratio * width * height / (2 * (width + height))
    assert grown.sizes[0].tolist() == pytest.approx([width + more, height + more])


def test_a_rectangle_of_a_part_is_moved_to_its_place_in_the_whole() -> None:
    moved = rectangle(x=10, y=5, width=20, height=4).moved(2.0, 100, 200)
    assert moved.centres[0].tolist() == [120, 210]
    assert moved.sizes[0].tolist() == [40, 8]


def test_only_points_within_are_held() -> None:
    turned = rectangle(angle=0.5)
    inside = np.array([[50, 40]], np.float32)
    outside = np.array([[50, 55], [50 + 31, 40]], np.float32)
    assert turned.holding(inside).all()
    assert not turned.holding(outside).any()
