"""Covers: good photos that are typical."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.albums import covers

# Nine photos of one thing, and a tenth of another.
VECTORS = np.array([[1.0, 0.05 * place] for place in range(9)] + [[0.0, 1.0]], np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
ROWS = np.arange(10)
NOBODY = np.zeros(10, bool)


def vectors(rows: NDArray[np.intp]) -> NDArray[np.float32]:
    return VECTORS[rows]


def quality(best: int, by: float = 0.3) -> NDArray[np.float32]:
    found = np.full(10, 0.5, np.float32)
    found[best] += by
    return found


def test_the_best_of_the_typical_photos_is_the_cover() -> None:
    assert covers.choose(ROWS, quality(3), NOBODY, vectors) == 3


def test_a_good_photo_of_something_else_is_not() -> None:
    assert covers.choose(ROWS, quality(9), NOBODY, vectors) != 9


def test_a_favourite_goes_before_a_photo_that_is_hardly_better() -> None:
    loved = NOBODY.copy()
    loved[4] = True
    assert covers.choose(ROWS, quality(3, by=0.02), loved, vectors) == 4


def test_photos_without_vectors_are_judged_by_quality_alone() -> None:
    assert covers.choose(ROWS, quality(9), NOBODY, lambda rows: np.zeros((len(rows), 2), np.float32)) == 9


@given(st.sets(st.integers(0, 9), min_size=1), st.integers(0, 9))
def test_the_cover_is_one_of_the_photos(rows: set[int], best: int) -> None:
    assert covers.choose(np.array(sorted(rows)), quality(best), NOBODY, vectors) in rows
