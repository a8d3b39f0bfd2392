"""Points near others: the same as by looking at all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shoebox.places import nearby
from shoebox.places.nearby import Nearby
from shoebox.search.filters import distances

SPOTS = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=12)
# Where windows of longitudes are at their worst.
HARD = [(90.0, 0.0), (-90.0, 17.0), (89.99, 120.0), (0.0, 180.0), (0.0, -180.0), (10.0, 179.999), (10.0, -179.999)]


def found(points: list[tuple[float, float]], asked: list[tuple[float, float]], kilometres: float) -> set[tuple[int, int]]:
    """Pairs by `Nearby`, each of which must come once."""
    (south, west), (north, east) = (np.array(each, float).reshape(-1, 2).T for each in (points, asked))
    pairs = [
        (question, point)
        for questions, places, _ in Nearby(south, west).pairs(north, east, kilometres)
        for question, point in zip(questions.tolist(), places.tolist(), strict=True)
    ]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


@given(SPOTS, SPOTS, st.sampled_from([0.5, 20.0, 900.0, 9000.0]))
@example(HARD, HARD, 20.0)
@example(HARD, HARD, 900.0)
@example([(0.0, 0.0)], [(0.0, 180.0)], 9000.0)
@example([(10.0, 0.0)], [(90.0, 180.0)], 9000.0)
def test_finds_all_that_are_near_and_nobody_else(
    points: list[tuple[float, float]], asked: list[tuple[float, float]], kilometres: float
) -> None:
    pairs = found(points, asked, kilometres)
    for question, (latitude, longitude) in enumerate(asked):
        for point, (north, east) in enumerate(points):
            far = float(distances(np.array([north]), np.array([east]), latitude, longitude)[0])
            # The two ways to measure differ by rounding.
            if abs(far - kilometres) > 1e-3:
                assert ((question, point) in pairs) == (far < kilometres)


def test_many_questions_are_answered_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "_PAIRS_AT_ONCE", 10)
    random = np.random.default_rng(1)
    points, asked = ([tuple(each) for each in random.uniform(-3, 3, (count, 2)).tolist()] for count in (40, 30))
    south, west = np.array(points).T
    whole = {
        (question, point)
        for question, (latitude, longitude) in enumerate(asked)
        for point in np.flatnonzero(distances(south, west, latitude, longitude) <= 150).tolist()
    }
    assert found(points, asked, 150.0) == whole


def test_says_how_far_they_are() -> None:
    london = Nearby(np.array([51.5074]), np.array([-0.1278]))
    pairs = list(london.pairs(np.array([48.8566]), np.array([2.3522]), 400.0))
    assert [far.tolist() for _, _, far in pairs] == [[pytest.approx(343.6, abs=0.1)]]


def test_nobody_is_near_where_there_is_nobody() -> None:
    nothing = np.zeros(0)
    assert not list(Nearby(nothing, nothing).pairs(np.array([1.0]), np.array([2.0]), 10.0))
    assert not list(Nearby(np.array([1.0]), np.array([2.0])).pairs(nothing, nothing, 10.0))
