"""Vectors in memory: rows, tombstones, and the nearest by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.store.vectors import FIRST_CHUNK, LARGEST_CHUNK, VectorStore, top_k


def made(count: int, dimension: int = 4, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "compact"]), st.integers(0, 40)), max_size=40))
def test_any_sequence_of_changes_leaves_the_vectors_of_a_plain_dict(steps: list[tuple[str, int]]) -> None:
    store, model = VectorStore(4), dict[int, np.ndarray]()
    for step, (kind, number) in enumerate(steps):
        if kind == "add":
            fresh = [n for n in range(number, number + 3) if n not in model]
            vectors = made(len(fresh), seed=step)
            store.append(fresh, vectors)
            model.update(zip(fresh, vectors, strict=True))
        elif kind == "remove":
            assert (store.remove(number) is None) == (model.pop(number, None) is None)
        else:
            store.compact()
            assert store.count == len(model)
    assert len(store) == len(model) == store.alive.sum()
    query = made(1, seed=99)[0]
    scores = store.scores(query)
    for number, vector in model.items():
        row = store.row(number)
        assert row is not None
        assert number in store
        np.testing.assert_array_equal(store.vectors(np.array([row]))[0], vector)
        assert scores[row] == pytest.approx(float(vector @ query), abs=1e-5)


def test_rows_are_kept_across_chunks_and_compaction() -> None:
    store = VectorStore(4)
    vectors = made(FIRST_CHUNK * 5 + 17)
    for low in range(0, len(vectors), 700):
        part = vectors[low : low + 700]
        store.append(range(low, low + len(part)), part)
    np.testing.assert_array_equal(store.vectors(np.arange(len(vectors))), vectors)
    for number in range(0, len(vectors), 3):
        store.remove(number)
    before = store.nbytes
    kept = store.compact()
    np.testing.assert_array_equal(kept, [n for n in range(len(vectors)) if n % 3])
    np.testing.assert_array_equal(store.vectors(np.arange(len(kept))), vectors[kept])
    assert store.row(1) == 0
    assert store.nbytes <= before
    np.testing.assert_allclose(store.scores(vectors[1]), vectors[kept] @ vectors[1], atol=1e-5)


def test_growing_never_takes_more_than_one_chunk_too_much() -> None:
    store = VectorStore(4)
    for low in range(0, 40_000, 1000):
        store.append(range(low, low + 1000), made(1000))
        assert store.nbytes - 4 * 4 * store.count <= 4 * 4 * LARGEST_CHUNK


def test_an_id_can_come_back_after_it_left() -> None:
    store = VectorStore(4)
    store.append([7], made(1, seed=1))
    store.remove(7)
    store.append([7], made(1, seed=2))
    np.testing.assert_array_equal(store.vectors(np.array([1])), made(1, seed=2))


def test_what_does_not_fit_is_refused_and_changes_nothing() -> None:
    store = VectorStore(4)
    store.append([1], made(1))
    for numbers, vectors in (([2], made(1, 5)), ([2, 3], made(1)), ([1], made(1)), ([4, 4], made(2))):
        with pytest.raises(ValueError, match=r"expected|already there"):
            store.append(numbers, vectors)
    assert len(store) == store.count == 1


def test_crowding_needs_both_many_and_a_share_of_tombstones() -> None:
    store = VectorStore(1)
    store.append(range(8000), np.ones((8000, 1), np.float32))
    for number in range(1900):
        store.remove(number)
    assert not store.crowded()
    for number in range(1900, 2100):
        store.remove(number)
    assert store.crowded()
    store.compact()
    assert not store.crowded()


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.one_of(st.integers(0, 3), st.just(float("nan"))), st.booleans()), max_size=60),
    st.integers(0, 70),
)
def test_the_best_are_those_of_a_full_sort_ties_by_time_then_row(rows: list[tuple[int, float, bool]], k: int) -> None:
    scores = np.array([score for score, _, _ in rows], np.float32)
    times = np.array([time for _, time, _ in rows], np.float64)
    mask = np.array([allowed for _, _, allowed in rows], bool)
    newest_first = [-np.inf if np.isnan(time) else time for time in times]
    expected = sorted(np.flatnonzero(mask).tolist(), key=lambda row: (-scores[row], -newest_first[row], row))[:k]
    assert top_k(scores, k, mask, times).tolist() == expected


def test_without_mask_and_times_all_rows_count_and_ties_go_by_row() -> None:
    assert top_k(np.array([1.0, 3.0, 3.0, 2.0]), 3).tolist() == [1, 2, 3]
    assert top_k(np.zeros(0), 3).tolist() == []
