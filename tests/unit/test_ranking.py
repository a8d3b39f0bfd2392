"""Orders of photos."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoebox.search.ranking import newest, order
from shoebox.search.relevance import Judgement


@given(
    st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 3) | st.just(float("nan"))), max_size=30),
    st.integers(0, 35),
    st.integers(0, 35),
    st.booleans(),
)
def test_pages_put_together_are_one_order_with_the_relevant_first(
    photos: list[tuple[int, bool, float]], first: int, count: int, by_date: bool
) -> None:
    scores = np.array([value for value, _, _ in photos], np.float32)
    mask = np.array([allowed for _, allowed, _ in photos], bool)
    taken = np.array([time for _, _, time in photos], np.float64)
    judgement = Judgement(scores, 3.0)
    whole, relevant = order(judgement, mask, taken, by_date, 0, len(photos))
    page, same = order(judgement, mask, taken, by_date, first, count)
    assert page.tolist() == whole.tolist()[first : first + count]
    assert same == relevant == int((mask & (scores >= 3)).sum())
    assert sorted(whole.tolist()) == np.flatnonzero(mask).tolist()
    assert (scores[whole[:relevant]] >= 3).all()
    assert (scores[whole[relevant:]] < 3).all()
    if by_date:
        times = np.nan_to_num(taken[whole[:relevant]], nan=-1)
        assert (np.diff(times) <= 0).all()
    else:
        assert (np.diff(scores[whole]) <= 0).all()


def test_the_newest_come_first_and_those_without_a_time_last() -> None:
    taken = np.array([np.nan, 5.0, 9.0, 5.0, np.nan, 7.0])
    assert newest(np.array([1, 1, 1, 1, 1, 0], bool), taken).tolist() == [2, 1, 3, 0, 4]
