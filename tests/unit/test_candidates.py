"""Which photos are worth looking at closely."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.duplicates.calibration import FAR, FEW, MOST, NEAR
from shoebox.duplicates.candidates import Search
from shoebox.library.library import Library
from tests.unit.library_making import MODEL, rows
from tests.unit.tiny_pack import run

DIMENSION = 96  # more than the search's axes


def library(vectors: NDArray[np.float64]) -> Library:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    made = rows([(place, [(f"{place}.jpg", 0.0)]) for place in range(len(unit))], MODEL, DIMENSION)
    made.vectors[:] = unit.astype(np.float16).astype(np.float32)
    found = Library(MODEL, DIMENSION)
    found.enter(made, 1)
    return found


def clustered(count: int, seed: int = 0) -> NDArray[np.float64]:
    """Photos of occasions, five each, more or less alike."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((count // 5, DIMENSION))
    noise = random.standard_normal((count, DIMENSION)) * random.uniform(0.1, 1.0, (count, 1))
    return np.repeat(centres, 5, axis=0) + noise


def found(library: Library, known: list[int], new: list[int]) -> set[tuple[int, int]]:
    search = Search(library, np.array(known, np.intp), np.array(new, np.intp))

    async def all_steps() -> None:
        while await search.step():
            pass

    run(all_steps())
    left, right = search.pairs(lambda left, right: np.zeros(len(left), bool))
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    vectors = library.vectors.vectors(np.arange(library.vectors.count))
    likeness = [float(vectors[one] @ vectors[other]) for one, other in pairs]
    assert np.all((np.diff(likeness) <= 1e-5) | (np.diff(left) > 0)), "of one row the most alike come first"
    return set(pairs)


def wanted(library: Library) -> set[tuple[int, int]]:
    """What should be found, worked out in full."""
    vectors = library.vectors.vectors(np.arange(library.vectors.count))
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    rank = np.argsort(np.argsort(-likeness, axis=1), axis=1)
    rank = np.minimum(rank, rank.T)
    chosen = (likeness >= FAR) & ((rank < FEW) | ((likeness >= NEAR) & (rank < MOST)))
    left, right = np.nonzero(np.triu(chosen, 1))
    return set(zip(left.tolist(), right.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_short_vectors_find_what_the_long_ones_would(seed: int) -> None:
    made = library(clustered(120, seed))
    assert found(made, [], list(range(120))) == wanted(made) != set()


def test_new_photos_are_compared_with_the_known_ones_and_with_each_other() -> None:
    made = library(clustered(60, 9))
    known, new = list(range(0, 60, 2)), list(range(1, 60, 2))
    pairs = found(made, known, new)
    assert all(one in new or other in new for one, other in pairs)
    assert {pair for pair in wanted(made) if set(pair) & set(new)} <= pairs


def test_where_nothing_is_new_nothing_is_found() -> None:
    made = library(clustered(20))
    assert found(made, list(range(20)), []) == set()


def test_what_is_known_to_be_different_takes_no_place_among_the_nearest() -> None:
    random = np.random.default_rng(1)
    centre = random.standard_normal(DIMENSION)
    # Ten of one series that are all alike, and a copy that is less so.
    vectors = np.vstack(
        [centre + 0.02 * random.standard_normal((10, DIMENSION)), centre + 0.6 * random.standard_normal(DIMENSION)]
    )
    made = library(vectors)
    search = Search(made, np.zeros(0, np.intp), np.arange(11))
    run(search.step())
    left, right = search.pairs(lambda left, right: (left < 10) & (right < 10))
    assert set(right.tolist()) == {10}
    assert len(left) >= FEW
