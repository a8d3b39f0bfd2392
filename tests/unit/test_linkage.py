"""Neighbours and average linkage against the plain way of doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.people import linkage
from shoebox.people.linkage import Nodes, link
from shoebox.people.neighbours import COLUMNS, ROWS, near_by_numpy, near_others, near_pairs
from shoebox.people.network import neighbour_network
from shoebox.sessions.protocol import Arrays, SessionError
from tests.unit.people_making import vectors
from tests.unit.tiny_pack import run

FLOOR = 0.94


class Answering:
    """A session that gives what a function makes of its inputs."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        return dict(self._answer(inputs))


def as_network(inputs: Mapping[str, NDArray[Any]]) -> Arrays:
    """What the network computes, by numpy."""
    scores = inputs["rows"] @ inputs["columns"].T
    place = np.argsort(-scores, axis=1, kind="stable")[:, : int(inputs["most"][0])]
    return {"likeness": np.take_along_axis(scores, place, 1), "place": place.astype(np.int32)}


def plain_pairs(made: NDArray[np.float32]) -> set[tuple[int, int]]:
    left, right = np.nonzero(np.triu(made @ made.T, 1) >= FLOOR)
    return set(zip(left.tolist(), right.tolist(), strict=True))


@pytest.mark.parametrize("session", [None, Answering(as_network)])
def test_near_pairs_are_all_pairs_above_the_floor(session: Any) -> None:
    made = vectors([n % 20 for n in range(200)])
    left, right, likeness = run(near_pairs(made, FLOOR, 300, session))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == plain_pairs(made)
    np.testing.assert_allclose(likeness, (made[left] * made[right]).sum(1), atol=1e-5)


def test_blocks_meet_without_a_gap_or_an_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COLUMNS % ROWS == 0
    monkeypatch.setattr("shoebox.people.neighbours.ROWS", 16)
    monkeypatch.setattr("shoebox.people.neighbours.COLUMNS", 32)
    made = vectors([n % 20 for n in range(150)])
    left, right, _ = run(near_pairs(made, FLOOR, 300))
    assert len(left) == len(plain_pairs(made))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == plain_pairs(made)
    rows, columns, _ = near_by_numpy(made[:40], made[40:], FLOOR, 300)
    others = run(near_others(made[:40], made[40:], FLOOR, 300, Answering(as_network)))
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == set(
        zip(others[0].tolist(), others[1].tolist(), strict=True)
    )


def test_of_many_neighbours_the_nearest_are_kept() -> None:
    made = vectors([0] * 50)
    rows, columns, likeness = near_by_numpy(made[:1], made, 0.5, 5)
    assert sorted(columns.tolist()) == sorted(np.argsort(-(made @ made[0]))[:5].tolist())
    assert len(rows) == len(likeness) == 5


@pytest.mark.parametrize(
    "answer",
    [
        lambda inputs: {},
        lambda inputs: {"likeness": np.ones((3, 1), np.float32), "place": np.zeros((3, 1), np.int32)},
        lambda inputs: {name: value + 1000 for name, value in as_network(inputs).items()},
    ],
)
def test_a_session_that_gives_nonsense_is_found_out(answer: Any) -> None:
    with pytest.raises(SessionError):
        run(near_pairs(vectors([0] * 10), FLOOR, 5, Answering(answer)))


@pytest.mark.cpython_only
def test_the_network_is_sound_and_gives_what_numpy_gives() -> None:
    import onnx
    import onnxruntime

    data = neighbour_network()
    onnx.checker.check_model(onnx.load_model_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data)
    made = vectors([n % 9 for n in range(90)])
    inputs = {"rows": made[:30], "columns": made, "most": np.array([7])}
    likeness, place = session.run(["likeness", "place"], inputs)
    assert place.dtype == np.int32
    np.testing.assert_allclose(likeness, as_network(inputs)["likeness"], atol=1e-5)
    np.testing.assert_allclose((made[:30, None] * made[place]).sum(-1), likeness, atol=1e-5)


def plain_linkage(made: NDArray[np.float32], marks: list[set[int]], floor: float) -> set[frozenset[int]]:
    """The classic algorithm: again and again, the two groups that are the most alike and allowed."""
    groups = [[row] for row in range(len(made))]
    while True:
        best, chosen = floor, None
        for a in range(len(groups)):
            for b in range(a):
                value = float((made[groups[a]] @ made[groups[b]].T).mean())
                ours, theirs = (set().union(*(marks[row] for row in groups[g])) for g in (a, b))
                if value >= best and not ours & theirs:
                    best, chosen = value, (a, b)
        if chosen is None:
            return {frozenset(group) for group in groups}
        a, b = chosen
        groups[b] += groups.pop(a)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 12), min_size=2, max_size=24))
def test_without_slack_it_is_the_classic_algorithm(seed: int, photos: list[int]) -> None:
    made = vectors([n % 3 for n in range(len(photos))], spread=0.06, seed=seed)
    marks = [{photo} for photo in photos]
    expected = plain_linkage(made.astype(np.float64), marks, FLOOR)
    slack, linkage.SLACK = linkage.SLACK, 0.0
    try:
        roots = link(
            Nodes(made.copy(), np.ones(len(made), np.float32), [set(each) for each in marks]),
            run(near_pairs(made, FLOOR, 100)),
            FLOOR,
        )
    finally:
        linkage.SLACK = slack
    assert {frozenset(np.flatnonzero(roots == root).tolist()) for root in set(roots.tolist())} == expected


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 30), min_size=2, max_size=60))
def test_groups_keep_marks_apart_and_sums_right(seed: int, photos: list[int]) -> None:
    made = vectors([n % 4 for n in range(len(photos))], spread=0.05, seed=seed)
    nodes = Nodes(made.copy(), np.ones(len(made), np.float32), [{photo} for photo in photos])
    roots = link(nodes, run(near_pairs(made, FLOOR, 100)), FLOOR)
    left, labels = nodes.contracted(roots)
    for group in range(len(left)):
        rows = np.flatnonzero(labels == group)
        assert len({photos[row] for row in rows}) == len(rows)
        np.testing.assert_allclose(left.sums[group], made[rows].sum(0), atol=1e-4)
        assert left.sizes[group] == len(rows)
        assert left.marks[group] == {photos[row] for row in rows}
