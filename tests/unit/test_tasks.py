"""Tasks: their order, and what each of them makes of photos and words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.preprocess import Shape
from shoebox.model.tokenizer import Tokenizer
from shoebox.sessions.protocol import SessionError
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures, unit_rows
from shoebox.tasks.graph import Batch, MissingTask, TaskCycle, TaskError, TaskGraph
from shoebox.tasks.tags import Tags
from shoebox.tasks.text import REMEMBERED, TextEmbedding
from tests.unit.tiny_pack import BATCH, COLOURS, DIMENSION, MAX_TOKENS, NUMBERS, SIDE, VOCABULARY, NumpySessions, run, tiny_pack


class Told:
    """A task that only notes that it ran, and what it saw."""

    def __init__(self, name: str, *depends: str) -> None:
        self.name, self.depends = name, depends
        self.saw: list[set[str]] = []

    async def run(self, batch: Batch) -> str:
        self.saw.append(set(batch.results))
        return f"{self.name} of {len(batch)}"


def photos(*colours: str, size: tuple[int, int] = (12, 20)) -> list[np.ndarray]:
    return [np.full((*size, 3), COLOURS[colour], np.uint8) for colour in colours]


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))), st.sets(st.integers(0, 5)))
def test_every_task_runs_once_and_after_all_that_it_depends_on(
    order: list[int], edges: set[tuple[int, int]], asked: set[int]
) -> None:
    depends = {str(n): [str(b) for a, b in sorted(edges) if a == n and b < n] for n in range(6)}
    tasks = {str(n): Told(str(n), *depends[str(n)]) for n in order}
    batch = Batch(photos("red"))
    results = run(TaskGraph(tasks.values()).run([str(n) for n in asked], batch))
    needed = {str(n) for n in asked}
    while more := {d for n in needed for d in depends[n]} - needed:
        needed |= more
    assert set(results) == needed
    for name, task in tasks.items():
        assert len(task.saw) == (name in needed)
        assert all(set(depends[name]) <= seen for seen in task.saw)


def test_tasks_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(TaskCycle, match="a → c → b → a"):
        TaskGraph([Told("a", "c"), Told("b", "a"), Told("c", "b")])
    with pytest.raises(TaskCycle, match="a → a"):
        TaskGraph([Told("a", "a")])


def test_tasks_that_do_not_exist_are_named() -> None:
    with pytest.raises(MissingTask, match="faces, which people depends on"):
        TaskGraph([Told("people", "faces")])
    with pytest.raises(MissingTask, match=r"There is no task faces\. There are: tags"):
        run(TaskGraph([Told("tags")]).run(["faces"], Batch([])))


def test_two_tasks_of_one_name_are_refused() -> None:
    with pytest.raises(TaskError, match="two tasks"):
        TaskGraph([Told("a"), Told("a")])


def test_what_a_batch_knows_already_is_not_found_again() -> None:
    first, second = Told("first"), Told("second", "first")
    batch = Batch(photos("red"))
    graph = TaskGraph([first, second])
    run(graph.run(["first"], batch))
    run(graph.run(["second"], batch))
    assert len(first.saw) == 1


def test_squares_of_one_size_are_made_once() -> None:
    batch = Batch(photos("red", "blue"))
    assert batch.squares(Shape(8)) is batch.squares(Shape(8))
    assert batch.squares(Shape(8)).shape == (2, 8, 8, 3)


def embedding(sessions: NumpySessions) -> ImageEmbedding:
    return ImageEmbedding(tiny_pack().image, DIMENSION, len(COLOURS), sessions)


@pytest.mark.parametrize("count", range(1, 2 * BATCH + 2))
def test_the_network_sees_each_photo_once_and_never_more_than_a_batch(count: int) -> None:
    sessions = NumpySessions()
    names = [list(COLOURS)[place % len(COLOURS)] for place in range(count)]
    features = run(embedding(sessions).run(Batch(photos(*names))))
    full, left = divmod(count, BATCH)
    assert sessions.image.shapes == [(size, SIDE, SIDE, 3) for size in [BATCH] * full + [left] * (left > 0)]
    assert features.usable.all()
    np.testing.assert_allclose(np.linalg.norm(features.vectors, axis=1), 1, atol=1e-6)
    alone = [run(embedding(NumpySessions()).run(Batch(photos(name)))).vectors[0] for name in names]
    np.testing.assert_allclose(features.vectors, alone, atol=1e-6)


class Broken(NumpySessions):
    """Sessions whose image network gives what it is told to."""

    def __init__(self, **outputs: np.ndarray) -> None:
        super().__init__()
        self.outputs = outputs

    async def open(self, network: str) -> Any:
        return self

    async def run(self, inputs: Any) -> dict[str, np.ndarray]:
        return self.outputs


def outputs(count: int, *rows: int) -> dict[str, np.ndarray]:
    """Outputs for so many photos, of which these rows are zeros (as a lost graphics processor gives)."""
    vectors = np.eye(count, DIMENSION, dtype=np.float32)
    vectors[list(rows)] = 0
    return {"embedding": vectors, "logits": np.zeros((count, len(COLOURS)), np.float32)}


def test_photos_for_which_the_network_gave_zeros_are_not_usable() -> None:
    features = run(embedding(Broken(**outputs(3, 1))).run(Batch(photos("red", "blue", "green"))))
    assert features.usable.tolist() == [True, False, True]
    assert not features.vectors[1].any()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_logits_that_are_not_finite_make_a_photo_unusable(value: float) -> None:
    made = outputs(2)
    made["logits"][0, 0] = value
    assert run(embedding(Broken(**made)).run(Batch(photos("red", "blue")))).usable.tolist() == [False, True]


def test_a_network_that_gives_nothing_usable_at_all_has_failed() -> None:
    with pytest.raises(SessionError, match="nothing usable"):
        run(embedding(Broken(**outputs(2, 0, 1))).run(Batch(photos("red", "blue"))))


@pytest.mark.parametrize("made", [{}, outputs(3), {**outputs(2), "embedding": np.zeros((2, 3), np.float32)}])
def test_outputs_that_are_missing_or_of_another_size_are_a_failure(made: dict[str, np.ndarray]) -> None:
    with pytest.raises(SessionError, match="embedding"):
        run(embedding(Broken(**made)).run(Batch(photos("red", "blue"))))


def test_no_photos_need_no_network() -> None:
    sessions = NumpySessions()
    assert len(run(embedding(sessions).run(Batch([]))).vectors) == 0
    assert sessions.image.shapes == []


def test_rows_near_length_one_are_made_exact_and_others_refused() -> None:
    rows, usable = unit_rows(np.array([[1.01, 0], [0, 0], [np.nan, 1], [2, 0], [0.6, 0.8], [1e30, 1e30]], np.float32))
    assert usable.tolist() == [True, False, False, False, True, False]
    np.testing.assert_allclose(rows[[0, 4]], np.array([[1.0, 0.0], [0.6, 0.8]]), atol=1e-6)
    assert not rows[[1, 2, 3, 5]].any()


def test_tags_read_what_the_image_network_said() -> None:
    graph = TaskGraph([embedding(NumpySessions()), Tags(tiny_pack().concepts)])
    results = run(graph.run(["tags"], Batch(photos("red", "cyan"))))
    assert results["tags"].tags[:, 0].tolist() == [NUMBERS["red"], NUMBERS["cyan"]]
    assert isinstance(results["image-embedding"], ImageFeatures)


def text(sessions: NumpySessions) -> TextEmbedding:
    return TextEmbedding(tiny_pack().text, DIMENSION, Tokenizer(VOCABULARY, MAX_TOKENS), sessions)


def test_texts_become_unit_vectors_near_their_photos() -> None:
    found = run(text(NumpySessions()).vector("a red photo"))
    assert found.shape == (DIMENSION,)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-6)
    seen = run(embedding(NumpySessions()).run(Batch(photos(*COLOURS)))).vectors @ found
    assert list(COLOURS)[int(np.argmax(seen))] == "red"


def test_the_last_texts_are_remembered_whatever_their_case_and_blanks() -> None:
    sessions = NumpySessions()
    embed = text(sessions)
    first = run(embed.vector("red"))
    assert run(embed.vector("  RED ")) is first
    assert len(sessions.text.shapes) == 1
    for place in range(REMEMBERED):
        run(embed.vector(f"blue {place}"))
    run(embed.vector("red"))
    assert len(sessions.text.shapes) == REMEMBERED + 2


def test_several_texts_take_one_run_and_repeated_ones_none() -> None:
    sessions = NumpySessions()
    embed = text(sessions)
    red = run(embed.vector("red"))
    found = run(embed.vectors(["blue", "red", "a green photo", "Blue"]))
    assert sessions.text.shapes == [(1, 8), (2, 8)]
    assert found[1] is red
    np.testing.assert_array_equal(found[0], found[3])
    np.testing.assert_allclose(found[2], run(text(NumpySessions()).vector("a green photo")), atol=1e-6)


def test_more_texts_than_are_remembered_are_all_answered() -> None:
    texts = [f"blue {place}" for place in range(REMEMBERED + 5)]
    assert len(run(text(NumpySessions()).vectors(texts))) == len(texts)


def test_the_text_network_sees_few_shapes() -> None:
    sessions = NumpySessions()
    embed = text(sessions)
    for words in ("red", "red and blue", "red and blue and green", "red " * 30):
        run(embed.vector(words))
    assert set(sessions.text.shapes) == {(1, 8), (1, MAX_TOKENS)}


@pytest.mark.parametrize("made", [{}, {"embedding": np.zeros((1, DIMENSION))}, {"embedding": np.zeros((1, 3))}])
def test_a_text_network_that_gives_what_cannot_be_true_has_failed(made: dict[str, np.ndarray]) -> None:
    with pytest.raises(SessionError):
        run(text(Broken(**made)).vector("red"))
