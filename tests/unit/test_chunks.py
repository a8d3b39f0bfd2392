"""Vectors kept coded: what is lost, and that what they answer fits together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.store import vectors as store_module
from shoebox.store.chunks import AXES, Coded, Exact, Query, Turn, principal_axes
from shoebox.store.vectors import VectorStore, top_k

DIMENSION = 96


def clustered(count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors in clusters of ten, most of what they are along few directions, as photos' are."""
    random = np.random.default_rng(seed)
    spread = np.geomspace(1, 0.05, DIMENSION)
    centres = random.standard_normal((max(1, count // 10), DIMENSION)) * spread
    found = centres[random.integers(0, len(centres), count)] + 0.4 * random.standard_normal((count, DIMENSION)) * spread
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def turn_of(vectors: np.ndarray) -> Turn:
    return Turn(principal_axes(vectors, min(AXES, vectors.shape[1])))


def coded(vectors: np.ndarray) -> Coded:
    chunk = Coded(vectors.shape[0], vectors.shape[1], turn_of(vectors))
    chunk.write(0, vectors)
    return chunk


def test_axes_are_at_right_angles_and_the_first_tells_most() -> None:
    vectors = clustered(500)
    axes = principal_axes(vectors, 8)
    np.testing.assert_allclose(axes.T @ axes, np.eye(8), atol=1e-5)
    told = ((vectors @ axes) ** 2).sum(axis=0)
    assert (np.diff(told) <= 1e-3).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(1, DIMENSION), st.integers(0, 1000))
def test_a_turn_brings_what_is_along_the_axes_first_and_back(count: int, seed: int) -> None:
    vectors = clustered(40, seed)
    axes = principal_axes(clustered(300, seed), count)
    turn = Turn(axes)
    turned = turn.there(vectors)
    np.testing.assert_allclose(turn.back(turned), vectors, atol=1e-5)
    np.testing.assert_allclose(turned @ turned.T, vectors @ vectors.T, atol=1e-5)
    first = turned[:, :count]
    np.testing.assert_allclose(first @ first.T, vectors @ axes @ (vectors @ axes).T, atol=1e-5)


def test_a_turn_can_be_made_of_axes_that_are_first_already() -> None:
    for axes in (np.eye(9, 4, dtype=np.float32), -np.eye(9, 4, dtype=np.float32)):
        turned = Turn(axes).there(clustered(5)[:, :9].copy())
        np.testing.assert_allclose(np.abs(turned), np.abs(clustered(5)[:, :9]), atol=1e-5)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 60), st.integers(0, 1000))
def test_a_coded_vector_comes_back_nearly_as_it_was(count: int, seed: int) -> None:
    vectors = clustered(count, seed)
    found = coded(vectors).read(np.arange(count))
    assert np.linalg.norm(found - vectors, axis=1).max() < 0.02


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 60), st.integers(0, 1000))
def test_scores_compared_closely_are_products_with_what_comes_back(count: int, seed: int) -> None:
    chunk = coded(clustered(count, seed))
    vector = clustered(1, seed + 1)[0]
    query = Query.of(vector, turn_of(clustered(count, seed)))
    out = np.zeros(count, np.float32)
    chunk.score(query, out)
    chunk.refine(query, np.arange(count), out)
    np.testing.assert_allclose(out, chunk.read(np.arange(count)) @ vector, atol=1e-4)


def test_vectors_of_nothing_stay_nothing() -> None:
    vectors = np.concatenate([clustered(5), np.zeros((3, DIMENSION), np.float32)])
    assert (coded(vectors).read(np.array([5, 6, 7])) == 0).all()


def test_coded_takes_less_than_a_third_of_the_room() -> None:
    exact, short = Exact(1000, 384), Coded(1000, 384, turn_of(np.eye(384, dtype=np.float32)))
    assert short.nbytes < 0.3 * exact.nbytes


def test_a_store_that_grows_large_codes_what_it_has_and_goes_on() -> None:
    vectors = clustered(3000)
    store = VectorStore(DIMENSION, exact=2000)
    store.append(range(1500), vectors[:1500])
    exact = store.nbytes
    store.append(range(1500, 3000), vectors[1500:])
    assert store.nbytes < exact * 2
    assert np.linalg.norm(store.vectors(np.arange(3000)) - vectors, axis=1).max() < 0.02
    for number in range(0, 3000, 2):
        store.remove(number)
    kept = store.compact()
    assert np.linalg.norm(store.vectors(np.arange(len(kept))) - vectors[kept], axis=1).max() < 0.03


def test_a_large_store_finds_what_an_exact_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "LEAST_REFINED", 1024)
    vectors, queries = clustered(30_000), clustered(40, seed=9)
    large, plain = VectorStore(DIMENSION, exact=4000), VectorStore(DIMENSION)
    for low in range(0, len(vectors), 2000):
        for store in (large, plain):
            store.append(range(low, low + 2000), vectors[low : low + 2000])
    found = [np.isin(top_k(plain.scores(query), 100), top_k(large.scores(query), 100)).mean() for query in queries]
    assert np.mean(found) >= 0.99


def test_a_large_store_of_equal_vectors_is_no_trouble() -> None:
    store = VectorStore(DIMENSION, exact=100)
    store.append(range(50), np.tile(clustered(1), (50, 1)))
    store.append(range(50, 9000), np.tile(clustered(1), (8950, 1)))
    np.testing.assert_allclose(store.scores(clustered(1)[0]), 1, atol=1e-3)
