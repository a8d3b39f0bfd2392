"""The background that the library itself gives: near the truth with many photos, sane with few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.search.background import SAMPLE, Background, Sample
from shoebox.store.table import IN_JOURNAL
from tests.unit.library_making import MODEL, OTHER_MODEL, rows
from tests.unit.tiny_pack import tiny_pack, unit

DIMENSION = 64


def cone(count: int, seed: int = 1, common: float = 0.7) -> NDArray[np.float32]:
    """Unit vectors around a common direction, wider in some directions than in others, as CLIP's photos lie."""
    random = np.random.default_rng(seed)
    wide = np.linspace(3, 0.3, DIMENSION)
    vectors = unit(random.standard_normal((count, DIMENSION)) * wide) * np.sqrt(1 - common**2)
    vectors[:, -1] += common
    return unit(vectors)


def queries(count: int = 50) -> NDArray[np.float32]:
    return unit(np.random.default_rng(5).standard_normal((count, DIMENSION)))


def test_many_photos_give_the_mean_and_the_spread_of_a_querys_scores() -> None:
    sample, others = Sample(cone(SAMPLE), 2.0), cone(20_000, seed=2)
    for query in queries():
        mean, deviation = sample.background(query)
        scores = others @ query
        assert mean == pytest.approx(float(scores.mean()), abs=0.02)
        assert deviation == pytest.approx(float(scores.std()), rel=0.2)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_what_many_photos_show_still_stands_out(share: float) -> None:
    photos = cone(3000)
    query = queries(1)[0]
    showing = int(share * len(photos))
    photos[:showing] = unit(photos[:showing] + 0.8 * query)
    scores = photos @ query
    mean, deviation = Sample(photos[::2], 2.0).background(query)
    heights = (scores - mean) / deviation
    assert np.median(heights[:showing]) > 3
    assert np.median(heights[showing:]) < 0.5
    assert (heights[showing:] > 3).mean() < 0.02


@pytest.mark.parametrize("count", [2, 5, 20, 60])
def test_few_photos_do_not_make_a_query_surer_than_it_can_be(count: int) -> None:
    sample, others = Sample(cone(count), 2.0), cone(20_000, seed=2)
    ratios = [sample.background(query)[1] / float((others @ query).std()) for query in queries()]
    assert 0.5 < float(np.median(ratios)) < 2


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_any_library_gives_numbers_that_can_be_reckoned_with(count: int, seed: int) -> None:
    vectors = np.repeat(cone(1, seed), count, axis=0) if seed % 2 else cone(count, seed)
    means, deviations = Sample(vectors, 2.0).backgrounds(queries(3))
    assert np.isfinite(means).all()
    assert (deviations > 1e-2).all()


def test_many_queries_at_once_are_measured_as_one_by_one() -> None:
    for measure in (Sample(cone(100), 2.0), tiny_pack().space):
        assert measure is not None
        some = queries(4) if isinstance(measure, Sample) else queries(4)[:, :16]
        some = unit(some)
        means, deviations = measure.backgrounds(some)
        for place, query in enumerate(some):
            assert measure.background(query) == pytest.approx((means[place], deviations[place]), rel=1e-4, abs=1e-5)


def test_a_pack_that_brings_its_own_background_keeps_it() -> None:
    pack = tiny_pack()
    assert Background(Library(MODEL, 8), pack).measure() is pack.space


def test_the_background_is_measured_anew_when_the_library_has_grown_and_not_for_every_photo() -> None:
    library = Library(MODEL, 8)
    background = Background(library, replace(tiny_pack(), space=None, z=1.5))
    empty = background.measure()
    assert empty.z == 1.5
    library.enter(rows([(content, [(f"{content}.jpg", 0.0)]) for content in range(20)]), IN_JOURNAL)
    first = background.measure()
    assert first is not empty
    assert isinstance(first, Sample)
    assert len(first.vectors) == 20
    library.enter(rows([("one more", [("more.jpg", 0.0)])]), IN_JOURNAL)
    assert background.measure() is first
    library.enter(rows([(content, [(f"{content}.jpg", 0.0)]) for content in range(30, 40)]), IN_JOURNAL)
    last = background.measure()
    assert isinstance(last, Sample)
    assert len(last.vectors) == 31


def test_photos_of_another_pack_are_no_background() -> None:
    library = Library(MODEL, 8)
    library.enter(rows([("old", [("old.jpg", 0.0)])], OTHER_MODEL), IN_JOURNAL)
    assert Background(library, replace(tiny_pack(), space=None)).measure().background(np.ones(8, np.float32)) == (0.0, 0.25)
