"""Where relevance ends, in libraries made of clusters: what a query shows, what it does not, and rivals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.pack import Space
from shoebox.search.relevance import TAGS, Ending, Judgement, Wish, judge, rivalled

DIMENSION = 64
THING, OTHER, RIVAL = np.eye(DIMENSION, dtype=np.float32)[:3]
# Photos in general spread by 0.1 in every direction.
SPACE = Space(np.zeros(DIMENSION, np.float32), np.zeros((DIMENSION, 1), np.float32), 0.1, 2.25)
RIVALS = np.stack([RIVAL, np.eye(DIMENSION, dtype=np.float32)[3]])


def photos(count: int, *directions: tuple[np.ndarray, float], seed: int = 0) -> np.ndarray:
    """Unit vectors of photos that have nothing in common but these directions."""
    noise = 0.1 * np.random.default_rng(seed).standard_normal((count, DIMENSION))
    noise[:, :4] *= 0.5
    vectors = noise + sum((weight * direction for direction, weight in directions), np.zeros(DIMENSION))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


def ask(
    library: np.ndarray,
    wish: Wish | None = None,
    without: tuple[np.ndarray, ...] = (),
    mask: np.ndarray | None = None,
    space: Space = SPACE,
) -> Judgement:
    every = np.ones(len(library), bool) if mask is None else mask
    wanted = Wish(THING, short=True) if wish is None and not without else wish
    return judge(lambda query: library @ query, lambda rows: library[rows], space, RIVALS, wanted, without, every)


def believed(judgement: Judgement) -> list[int]:
    return np.flatnonzero(judgement.heights >= judgement.cut).tolist()


def test_one_photo_among_five_thousand_is_found_alone() -> None:
    library = np.concatenate([photos(4999), photos(1, (THING, 2.0), seed=1)])
    assert believed(ask(library)) == [4999]


def test_where_all_photos_show_it_all_are_relevant() -> None:
    assert believed(ask(photos(2000, (THING, 2.0)))) == list(range(2000))


def test_where_no_photo_shows_it_nothing_is_relevant() -> None:
    library = photos(5000)
    judgement = ask(library)
    assert believed(judgement) == []
    assert np.argmax(judgement.heights) in np.argsort(-(library @ THING))[:50]


def test_half_a_large_library_is_shown_although_only_some_photos_are_compared_with_rivals() -> None:
    library = np.concatenate([photos(3000), photos(3000, (THING, 2.0), seed=1)])
    assert believed(ask(library)) == list(range(3000, 6000))


@pytest.mark.parametrize("count", [0, 1, 2, 10])
def test_small_libraries_are_judged_like_large_ones(count: int) -> None:
    assert believed(ask(photos(count))) == []
    assert believed(ask(photos(count, (THING, 2.0)))) == list(range(count))


def test_a_word_is_not_believed_of_a_photo_that_another_concept_explains_better() -> None:
    library = np.concatenate([photos(500), photos(1, (THING, 1.0), (RIVAL, 1.3), seed=1), photos(1, (THING, 1.0), seed=2)])
    assert believed(ask(library)) == [501]


def test_another_name_for_the_same_thing_is_no_rival() -> None:
    library = np.concatenate([photos(500), photos(1, (THING, 2.0), seed=1)])
    alike = (THING + 0.3 * OTHER) / np.float32(np.linalg.norm(THING + 0.3 * OTHER))
    found = judge(
        lambda query: library @ query, lambda rows: library[rows], SPACE, alike[None], Wish(THING, True), [], np.ones(501, bool)
    )
    # With no rival left, the word stands by its own score, which a single word must bring further.
    assert int(np.argmax(found.heights)) == 500


def test_sentences_have_no_rivals() -> None:
    library = np.concatenate([photos(500), photos(1, (THING, 1.0), (RIVAL, 1.3), seed=1)])
    assert believed(ask(library, Wish(THING))) == [500]


def test_photos_that_may_not_come_set_no_scale() -> None:
    library = np.concatenate([photos(50), photos(1, (THING, 1.0), seed=1), photos(1, (THING, 50.0), seed=2)])
    mask = np.ones(52, bool)
    mask[51] = False
    alone = ask(library[:51])
    np.testing.assert_allclose(ask(library, mask=mask).heights[:51], alone.heights, atol=1e-6)


def test_what_should_not_be_shown_is_not_believed_and_the_rest_stays() -> None:
    library = np.concatenate([photos(500), photos(1, (THING, 2.0), seed=1), photos(1, (THING, 2.0), (OTHER, 2.0), seed=2)])
    assert believed(ask(library)) == [500, 501]
    assert believed(ask(library, Wish(THING, True), (OTHER,))) == [500]


def test_with_nothing_wanted_all_are_relevant_but_those_that_show_what_should_not_be() -> None:
    library = np.concatenate([photos(20), photos(3, (OTHER, 2.0), seed=1)])
    assert believed(ask(library, None, (OTHER,))) == list(range(20))


def test_tags_that_cover_a_concept_decide_and_end_at_a_share_of_the_surest() -> None:
    chances = np.zeros(300, np.float32)
    chances[:4] = [0.9, 0.5, 0.9 * TAGS.share - 0.01, TAGS.best]
    judgement = ask(photos(300), Wish(THING, True, chances, covered=True))
    assert believed(judgement) == [0, 1]
    assert judgement.heights[0] > judgement.heights[1]


def test_weak_tags_alone_convince_of_nothing() -> None:
    chances = np.full(300, TAGS.best * 0.9, np.float32)
    assert believed(ask(photos(300), Wish(THING, True, chances, covered=True))) == []


def test_tags_add_to_what_words_find_where_they_do_not_cover_it() -> None:
    library = np.concatenate([photos(300), photos(1, (THING, 2.0), seed=1)])
    chances = np.zeros(301, np.float32)
    chances[7] = 0.8
    assert believed(ask(library, Wish(THING, True, chances))) == [7, 300]


def test_an_ending_needs_a_best_and_keeps_a_share_of_it() -> None:
    ending = Ending(best=5.0, floor=3.0, share=0.5)
    assert ending.cut(4.9) == np.inf
    assert ending.cut(5.0) == 3.0
    assert ending.cut(8.0) == 4.0
    assert ending.cut(-np.inf) == np.inf


@given(st.integers(0, 2000), st.integers(1, 20), st.integers(0, 3))
def test_photos_that_have_nothing_to_do_with_it_change_nothing(more: int, shown: int, seed: int) -> None:
    clear = photos(shown, (THING, 2.0), seed=seed)
    library = np.concatenate([clear, photos(200 + more, seed=seed + 10)])
    assert believed(ask(library)) == list(range(shown))


@given(st.integers(0, 700), st.booleans(), st.booleans(), st.integers(0, 5))
def test_scores_are_finite_chances_and_do_not_depend_on_the_order_of_rows(
    count: int, short: bool, tagged: bool, seed: int
) -> None:
    random = np.random.default_rng(seed)
    library = photos(count, (THING, float(random.random())), seed=seed)
    chances = random.random(count).astype(np.float32) if tagged else None
    turned = random.permutation(count)
    one = ask(library, Wish(THING, short, chances))
    two = ask(library[turned], Wish(THING, short, None if chances is None else chances[turned]))
    every = np.arange(count)
    scores = one.scores(every)
    assert np.isfinite(scores).all() and ((scores >= 0) & (scores <= 1)).all()
    assert ((scores >= 0.5) == (one.heights >= one.cut)).all(), "relevance ends at 0.5"
    np.testing.assert_allclose(scores[turned], two.scores(every), atol=1e-4)


def test_the_lead_over_rivals_of_photos_between_is_read_off_those_that_were_compared() -> None:
    library = np.concatenate([photos(4000), photos(1000, (THING, 1.0), seed=1)])
    standard = (library @ THING) / np.float32(0.1)
    exact = 2 * standard - np.maximum((library @ RIVALS.T / 0.1).max(axis=1), 0)
    found = rivalled(standard, lambda rows: library[rows], SPACE, RIVALS, THING, np.ones(5000, bool))
    assert np.corrcoef(found, exact)[0, 1] > 0.95
    closest = np.argsort(-standard)[:100]
    np.testing.assert_allclose(found[closest], exact[closest], rtol=1e-4)


def test_rows_are_finite_even_where_the_background_has_no_spread() -> None:
    flat = Space(np.zeros(DIMENSION, np.float32), np.zeros((DIMENSION, 1), np.float32), 0.0, 2.25)
    assert np.isfinite(ask(photos(30), space=flat).heights).all()


def test_the_background_of_a_query_is_the_mean_and_spread_of_unrelated_photos() -> None:
    random = np.random.default_rng(0)
    space = Space(0.2 * THING, 0.1 * np.eye(DIMENSION, 2, dtype=np.float32), 0.05, 2.25)
    library = space.mean + random.standard_normal((100_000, 2)) @ space.factor.T
    library += space.rest * random.standard_normal((100_000, DIMENSION))
    for query in (THING, (THING + OTHER + RIVAL) / np.sqrt(3), RIVAL):
        scores = library @ query
        mean, deviation = space.background(query)
        assert mean == pytest.approx(scores.mean(), abs=2e-3)
        assert deviation == pytest.approx(scores.std(), rel=0.02)
