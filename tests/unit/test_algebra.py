"""Sums of photos and words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.pack import Space
from shoebox.search.algebra import combine

DIMENSION = 5
# Scores with the first axis spread ten times as wide as with the second.
SPACE = Space(np.zeros(DIMENSION, np.float32), 0.5 * np.eye(DIMENSION, 1, dtype=np.float32), 0.05, 3.0)


def axis(place: int) -> np.ndarray:
    return np.asarray(np.eye(DIMENSION, dtype=np.float32)[place])


def test_a_summand_counts_in_units_of_its_own_spread() -> None:
    total = combine([(axis(0), False), (axis(1), False)], SPACE)
    assert total[1] / total[0] == pytest.approx(SPACE.background(axis(0))[1] / SPACE.background(axis(1))[1], rel=1e-5)
    assert total[1] > 9 * total[0]


def test_what_is_subtracted_turns_the_direction_away() -> None:
    total = combine([(axis(1), False), (axis(2), True)], SPACE)
    assert total @ axis(2) < 0 < total @ axis(1)


def test_what_cancels_out_leaves_the_first() -> None:
    assert combine([(axis(1), False), (axis(1), True)], SPACE).tolist() == axis(1).tolist()


VECTORS = (
    st.lists(st.floats(-1, 1, width=32), min_size=DIMENSION, max_size=DIMENSION)
    .map(lambda numbers: np.array(numbers, np.float32))
    .filter(lambda vector: float(np.linalg.norm(vector)) > 0.1)
)


@given(st.lists(st.tuples(VECTORS, st.booleans()), min_size=1, max_size=5))
def test_a_sum_is_a_direction_and_its_order_does_not_matter(terms: list[tuple[np.ndarray, bool]]) -> None:
    units = [(np.asarray(vector / np.linalg.norm(vector), np.float32), minus) for vector, minus in terms]
    total = combine(units, SPACE)
    assert np.linalg.norm(total) == pytest.approx(1, abs=1e-4)
    weighed = sum((-1 if minus else 1) * vector / SPACE.background(vector)[1] for vector, minus in units)
    if np.linalg.norm(weighed) > 1e-3:
        assert combine(units[::-1], SPACE) @ total == pytest.approx(1, abs=1e-3)
