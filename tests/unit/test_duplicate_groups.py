"""Groups out of pairs."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from shoebox.duplicates.groups import groups

numbers = st.integers(0, 15)
pairs = st.lists(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=40)


def told(apart: list[tuple[int, int]]) -> Callable[[int, int], bool]:
    """What somebody said, as `groups` asks for it."""
    return lambda one, other: (one, other) in apart or (other, one) in apart


def test_what_hangs_together_is_one_group() -> None:
    assert groups([(3, 1), (5, 3), (7, 8)]) == [[1, 3, 5], [7, 8]]


def test_the_surer_pair_wins_where_two_cannot_both_hold() -> None:
    assert groups([(1, 2), (2, 3)], apart=told([(1, 3)])) == [[1, 2]]
    assert groups([(2, 3), (1, 2)], apart=told([(3, 1)])) == [[2, 3]]


@given(pairs, pairs)
def test_nothing_is_together_that_somebody_told_apart(found: list[tuple[int, int]], apart: list[tuple[int, int]]) -> None:
    for group in groups(found, told(apart)):
        assert not any(one in group and other in group for one, other in apart)


@given(pairs, pairs)
def test_groups_share_nothing_hold_two_or_more_and_only_what_was_paired(
    found: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    made = groups(found, told(apart))
    members = [member for group in made for member in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in made)
    assert set(members) <= {each for pair in found for each in pair}


@given(pairs)
def test_without_such_words_every_pair_is_in_one_group(found: list[tuple[int, int]]) -> None:
    made = groups(found)
    for one, other in found:
        assert any(one in group and other in group for group in made)


@given(pairs, st.randoms(use_true_random=False))
def test_without_such_words_the_order_of_the_pairs_does_not_matter(found: list[tuple[int, int]], random: object) -> None:
    shuffled = [*found]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(shuffled) == groups(found)
