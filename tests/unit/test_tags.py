"""Tags: probabilities add up along the hierarchy, and only what is sure enough is shown, as specific as it can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.concepts import Calibration, Concept, Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.tasks.tags import best_tags, chances, rolled_up
from tests.unit.tiny_pack import (
    COLOURS,
    DIMENSION,
    GREY,
    NUMBERS,
    THRESHOLD,
    WARM,
    colour_vectors,
    image_network,
    tiny_pack,
    unit,
)

CLASSES = 7
logits_rows = st.lists(st.lists(st.floats(-50, 50), min_size=CLASSES, max_size=CLASSES), max_size=5)


@st.composite
def taxonomies(draw: st.DrawFn) -> Concepts:
    """Any hierarchy over seven classes, with any thresholds."""
    count = draw(st.integers(1, 12))
    owners = draw(st.lists(st.integers(0, count - 1), min_size=CLASSES, max_size=CLASSES))
    made = []
    for number in range(count):
        parents = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        classes = tuple(place for place, owner in enumerate(owners) if owner == number)
        made.append(Concept(number, f"concept {number}", parents=tuple(sorted(parents)), classes=classes))
    thresholds = draw(st.lists(st.floats(0.01, 0.99), min_size=count, max_size=count))
    zeros = np.zeros(count, np.float32)
    return Concepts(
        made, CLASSES, Calibration(np.ones((count, 1), np.float32), zeros, zeros, np.array(thresholds, np.float32), 0.5)
    )


@given(taxonomies(), logits_rows)
def test_a_parent_is_at_least_as_sure_as_its_children(concepts: Concepts, rows: list[list[float]]) -> None:
    found = rolled_up(np.array(rows, np.float32).reshape(-1, CLASSES), concepts.members)
    assert ((found >= 0) & (found <= 1)).all()
    for concept in concepts:
        for parent in concept.parents:
            assert (found[:, parent] >= found[:, concept.number] - 1e-6).all()


@given(taxonomies(), logits_rows)
def test_all_classes_together_are_certain(concepts: Concepts, rows: list[list[float]]) -> None:
    array = np.array(rows, np.float32).reshape(-1, CLASSES)
    everything = np.ones((1, CLASSES), np.float32)
    np.testing.assert_allclose(rolled_up(array, everything), 1, atol=1e-5)


@given(taxonomies(), logits_rows)
def test_what_is_shown_has_reached_its_threshold_and_implies_nothing_else_shown(
    concepts: Concepts, rows: list[list[float]]
) -> None:
    array = np.array(rows, np.float32).reshape(-1, CLASSES)
    found = chances(concepts, np.ones((len(array), 1), np.float32), array)
    tags = best_tags(concepts, found)
    for row in range(len(array)):
        reached = {n for n in range(len(concepts)) if found[row, n] >= concepts.calibration.thresholds[n]}
        deepest = {n for n in reached if not any(n in concepts.ancestors(other) for other in reached)}
        shown = [tag for tag in tags.tags[row].tolist() if tag != NONE]
        assert shown == sorted(deepest, key=lambda n: (-found[row, n], n))[:TAGS_PER_PHOTO]
        np.testing.assert_allclose(tags.scores[row, : len(shown)], found[row, shown], atol=1e-3)
        assert not tags.scores[row, len(shown) :].any()


def test_a_photo_between_two_kinds_is_named_by_what_they_have_in_common() -> None:
    concepts = tiny_pack().concepts
    # Nearly as likely yellow as red, and likely nothing else.
    logits = np.full((1, len(COLOURS)), -9.0)
    logits[0, [list(COLOURS).index("red"), list(COLOURS).index("yellow")]] = [2.0, 1.9]
    vector = unit(colour_vectors(np.array([[255, 128, 0]])))
    strict = Calibration(
        concepts.calibration.vectors,
        concepts.calibration.slope,
        concepts.calibration.offset,
        np.full(len(concepts), 0.6, np.float32),
        0.8,
    )
    found = best_tags(Concepts(list(concepts), len(COLOURS), strict), chances(concepts, vector, logits))
    assert found.tags[0].tolist() == [WARM, NONE, NONE, NONE, NONE]
    assert found.scores[0, 0] > 0.99


def test_what_no_class_says_is_told_by_the_vector() -> None:
    concepts = tiny_pack().concepts
    squares = np.zeros((2, 8, 8, 3), np.uint8)
    squares[0], squares[1] = (128, 128, 128), (255, 0, 0)
    seen = image_network(squares)
    found = chances(concepts, seen["embedding"], seen["logits"])
    assert found[0, GREY] > 0.9
    assert found[1, GREY] < 0.01
    assert best_tags(concepts, found).tags[1, 0] == NUMBERS["red"]


def test_bad_logits_have_no_tags_and_no_photos_are_fine() -> None:
    concepts = tiny_pack().concepts
    logits = np.zeros((2, len(COLOURS)), np.float32)
    logits[0, 0] = np.nan
    found = chances(concepts, np.zeros((2, DIMENSION), np.float32), logits)
    assert not found[0].any()
    assert best_tags(concepts, found).tags[0].tolist() == [NONE] * TAGS_PER_PHOTO
    assert len(best_tags(concepts, found[:0]).tags) == 0
    assert (concepts.calibration.thresholds == np.float32(THRESHOLD)).all()
