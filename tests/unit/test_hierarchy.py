"""What lies under what, against sets: ancestors, sums over classes, the most specific, and counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.hierarchy import Hierarchy
from shoebox.store.rows import NONE

CLASSES = 7
# Two ways lead from the last one up.
ANIMAL, PET, MAMMAL, DOG, PUG = range(5)
SHAPE = Hierarchy([(), (ANIMAL,), (ANIMAL,), (PET, MAMMAL), (DOG,)], [(), (), (2,), (1,), (0,)])


@st.composite
def hierarchies(draw: st.DrawFn) -> tuple[list[set[int]], list[list[int]]]:
    """Any parents that come first, and seven classes shared out among the concepts."""
    count = draw(st.integers(1, 12))
    owners = draw(st.lists(st.integers(0, count - 1), min_size=CLASSES, max_size=CLASSES))
    parents = [draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set() for number in range(count)]
    return parents, [[own for own, owner in enumerate(owners) if owner == number] for number in range(count)]


def made(shape: tuple[list[set[int]], list[list[int]]]) -> tuple[Hierarchy, list[set[int]]]:
    """The hierarchy, and for each concept itself and all above it."""
    parents, classes = shape
    lines: list[set[int]] = []
    for number, each in enumerate(parents):
        lines.append({number}.union(*(lines[parent] for parent in each)))
    return Hierarchy([sorted(each) for each in parents], classes), lines


def test_ancestors_come_nearest_first_and_once() -> None:
    assert SHAPE.ancestors(PUG) == (DOG, PET, MAMMAL, ANIMAL)
    assert SHAPE.ancestors(ANIMAL) == ()
    assert SHAPE.leaves.tolist() == [False, False, False, False, True]


def test_a_concept_without_classes_under_it_is_not_covered() -> None:
    hierarchy = Hierarchy([(), (), (1,)], [(0,), (), ()])
    assert hierarchy.covered.tolist() == [True, False, False]
    assert hierarchy.rolled_up(np.ones((1, 1), np.float32)).tolist() == [[1, 0, 0]]


def test_concepts_without_any_class_have_no_probability() -> None:
    assert Hierarchy([(), (0,)], [(), ()]).rolled_up(np.zeros((2, 0), np.float32)).tolist() == [[0, 0], [0, 0]]


@given(hierarchies())
def test_a_concept_is_under_itself_and_under_all_above_it(shape: tuple[list[set[int]], list[list[int]]]) -> None:
    hierarchy, lines = made(shape)
    for number, line in enumerate(lines):
        assert set(hierarchy.ancestors(number)) == line - {number}
        assert hierarchy.under(number).tolist() == [number in other for other in lines]
        assert hierarchy.above[number, 0] == number
        assert set(hierarchy.above[number].tolist()) - {len(lines)} == line


@given(hierarchies(), st.lists(st.floats(0, 1), min_size=CLASSES, max_size=CLASSES))
def test_a_concept_is_as_likely_as_the_classes_under_it_together(
    shape: tuple[list[set[int]], list[list[int]]], weights: list[float]
) -> None:
    hierarchy, lines = made(shape)
    likely = np.array(weights, np.float32) / max(sum(weights), 1e-6)
    found = hierarchy.rolled_up(likely[None].astype(np.float32))[0]
    for number in range(len(lines)):
        under = [own for other, classes in enumerate(shape[1]) if number in lines[other] for own in classes]
        assert found[number] == pytest.approx(min(float(likely[under].sum()), 1), abs=1e-5)
        assert hierarchy.covered[number] == bool(under)


@given(hierarchies(), st.lists(st.sets(st.integers(0, 11)), max_size=4))
def test_the_deepest_of_some_concepts_imply_the_others_and_not_each_other(
    shape: tuple[list[set[int]], list[list[int]]], rows: list[set[int]]
) -> None:
    hierarchy, lines = made(shape)
    reached = np.array([[number in row for number in range(len(lines))] for row in rows], bool).reshape(-1, len(lines))
    for before, after in zip(reached, hierarchy.deepest(reached), strict=True):
        wanted, kept = set(np.flatnonzero(before)), set(np.flatnonzero(after))
        assert kept == {each for each in wanted if not any(each in lines[other] - {other} for other in wanted)}


@given(hierarchies(), st.lists(st.lists(st.sampled_from([*range(12), NONE]), min_size=3, max_size=3), max_size=6))
def test_a_row_counts_once_for_a_concept_and_for_all_above_it(
    shape: tuple[list[set[int]], list[list[int]]], tags: list[list[int]]
) -> None:
    hierarchy, lines = made(shape)
    shown = [set().union(*(lines[tag] for tag in row if tag < len(lines))) for row in tags]
    expected = [sum(number in row for row in shown) for number in range(len(lines))]
    assert hierarchy.counts(np.array(tags, np.uint16).reshape(-1, 3)).tolist() == expected
