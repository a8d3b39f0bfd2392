"""Tags: probabilities add up along the hierarchy, and only what is sure enough is shown, as specific as it can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoebox.model.concepts import Calibration, Concept, Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.tasks.tags import WEAK, TagsFound, best_tags, chances, probabilities
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


def tags_of(concepts: Concepts, logits: list[list[float]]) -> tuple[np.ndarray, TagsFound]:
    """Chances and tags for these logits, vectors saying nothing."""
    array = np.array(logits, np.float32).reshape(-1, CLASSES)
    found = chances(concepts, np.ones((len(array), 1), np.float32), array)
    return found, best_tags(concepts, found)


@given(logits_rows)
def test_all_classes_together_are_certain(rows: list[list[float]]) -> None:
    found = probabilities(np.array(rows, np.float32).reshape(-1, CLASSES))
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@given(taxonomies(), logits_rows)
def test_what_is_shown_has_reached_its_threshold_and_implies_nothing_else_shown(
    concepts: Concepts, rows: list[list[float]]
) -> None:
    found, tags = tags_of(concepts, rows)
    thresholds, ancestors = concepts.calibration.thresholds, concepts.hierarchy.ancestors
    for row in range(len(rows)):
        reached = {n for n in range(len(concepts)) if found[row, n] >= thresholds[n]}
        deepest = {n for n in reached if not any(n in ancestors(other) for other in reached)}
        stored = [tag for tag in tags.tags[row].tolist() if tag != NONE]
        shown = [tag for tag in stored if found[row, tag] >= thresholds[tag]]
        assert shown == sorted(deepest, key=lambda n: (-found[row, n], n))[:TAGS_PER_PHOTO]
        assert stored == sorted(stored, key=lambda n: (-found[row, n], n))
        np.testing.assert_allclose(tags.scores[row, : len(stored)], found[row, stored], atol=1e-3)
        assert not tags.scores[row, len(stored) :].any()


@given(taxonomies(), logits_rows)
def test_what_is_left_of_the_room_holds_likely_concepts_the_most_specific_of_their_kind(
    concepts: Concepts, rows: list[list[float]]
) -> None:
    found, tags = tags_of(concepts, rows)
    thresholds, ancestors = concepts.calibration.thresholds, concepts.hierarchy.ancestors
    for row in range(len(rows)):
        stored = [tag for tag in tags.tags[row].tolist() if tag != NONE]
        weak = {tag for tag in stored if found[row, tag] < thresholds[tag]}
        likely = {n for n in range(len(concepts)) if found[row, n] >= WEAK}
        deepest = {n for n in likely if not any(n in ancestors(other) for other in likely)}
        expected = sorted((n for n in deepest if found[row, n] < thresholds[n]), key=lambda n: (-found[row, n], n))
        assert weak == set(expected[: TAGS_PER_PHOTO - len(stored) + len(weak)])


def test_a_concept_that_vectors_tell_is_not_stored_where_it_is_weak() -> None:
    concepts = tiny_pack().concepts
    found = np.zeros((1, len(concepts)), np.float32)
    found[0, [GREY, NUMBERS["red"]]] = 0.15
    assert best_tags(concepts, found).tags[0].tolist() == [NUMBERS["red"], NONE, NONE, NONE, NONE]


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
    tightened = Concepts(list(concepts), len(COLOURS), strict)
    found = best_tags(tightened, chances(tightened, vector, logits))
    assert found.tags[0].tolist() == [WARM, NUMBERS["red"], NUMBERS["yellow"], NONE, NONE]
    assert found.scores[0, 0] > 0.99
    assert tightened.shown(found.tags, found.scores)[0].tolist() == [True, False, False, False, False]


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
