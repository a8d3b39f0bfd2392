"""Orders of photos, and where relevance ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.pack import Space
from shoebox.search.ranking import Judgement, judge, newest, order

DIMENSION = 6


def unit(*numbers: float) -> np.ndarray:
    vector = np.zeros(DIMENSION, np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.float32(np.linalg.norm(vector))


SPACE = Space(0.2 * np.eye(DIMENSION, dtype=np.float32)[5], 0.1 * np.eye(DIMENSION, 2, dtype=np.float32), 0.05, 3.0)
PHOTOS = np.array([unit(1), unit(1, 1), unit(0, 1), unit(0, 0, 1), unit(1, 0, 0, 0.2)])


def score(query: np.ndarray) -> np.ndarray:
    return np.asarray(PHOTOS @ query)


def test_the_background_of_a_query_is_the_mean_and_spread_of_unrelated_photos() -> None:
    photos = SPACE.mean + np.random.default_rng(0).standard_normal((200_000, 2)) @ SPACE.factor.T
    photos += SPACE.rest * np.random.default_rng(1).standard_normal((200_000, DIMENSION))
    for query in (unit(1), unit(1, 2, 3, 4, 5, 6), unit(0, 0, 0, 1)):
        scores = photos @ query
        mean, deviation = SPACE.background(query)
        assert mean == pytest.approx(scores.mean(), abs=2e-3)
        assert deviation == pytest.approx(scores.std(), rel=0.02)


def test_one_vector_is_ranked_by_cosine_and_cut_at_z_deviations_above_its_background() -> None:
    judgement = judge(score, SPACE, [unit(1)], [])
    np.testing.assert_allclose(judgement.scores, score(unit(1)), atol=1e-6)
    mean, deviation = SPACE.background(unit(1))
    assert judgement.cut == pytest.approx(mean + 3 * deviation)


def test_several_wishes_are_met_best_by_photos_that_meet_them_all() -> None:
    assert int(np.argmax(judge(score, SPACE, [unit(1), unit(0, 1)], []).scores)) == 1


def test_wishes_that_cancel_each_other_out_still_rank() -> None:
    assert np.isfinite(judge(score, SPACE, [unit(1), -unit(1)], []).scores).all()


def test_what_should_not_be_shown_loses_and_the_rest_stays() -> None:
    plain, less = judge(score, SPACE, [unit(1)], []), judge(score, SPACE, [unit(1)], [unit(0, 1)])
    assert less.scores[1] < plain.scores[1] - 0.1
    assert less.scores[0] == pytest.approx(plain.scores[0])
    assert less.cut == pytest.approx(plain.cut)
    assert (plain.scores >= plain.cut).tolist() == [True, True, False, False, True]
    assert (less.scores >= less.cut).tolist() == [True, False, False, False, True]


def test_with_nothing_wanted_all_are_relevant_but_those_that_show_what_should_not_be() -> None:
    judgement = judge(score, SPACE, [], [unit(1)])
    assert (judgement.scores >= judgement.cut).tolist() == [False, False, True, True, False]
    assert judgement.scores[0] < judgement.scores[1] < judgement.scores[2]


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
