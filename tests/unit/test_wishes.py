"""From words to what is wanted: texts to embed, rivals, and tags that tell as well."""

from __future__ import annotations

import numpy as np
import pytest

from shoebox.model.concepts import Calibration, Concept, Concepts
from shoebox.search.wishes import bare, chances, is_short, middle, reading, rivals, texts, wish
from shoebox.store.rows import NONE

VECTORS = np.eye(5, dtype=np.float32)
SLOPE = np.array([0, 0, 0, 0, 20], np.float32)
CONCEPTS = Concepts(
    [
        Concept(0, "dog"),
        Concept(1, "beagle", parents=(0,), classes=(0,)),
        Concept(2, "pug", kinds=("puggle",), parents=(0,), classes=(1,)),
        Concept(3, "evening"),
        Concept(4, "snow", classes=(2,)),
    ],
    3,
    Calibration(VECTORS, SLOPE, np.zeros(5, np.float32), np.full(5, 0.5, np.float32), 0.8),
)
TAGS = np.array([[1, 2, NONE], [4, NONE, NONE], [NONE, NONE, NONE], [0, 1, 2]], np.uint16)
SCORES = np.array([[0.4, 0.3, 0], [0.9, 0, 0], [0, 0, 0], [0.8, 0.5, 0.5]], np.float16)


def test_the_chances_of_the_kinds_of_a_concept_add_up_to_no_more_than_one() -> None:
    np.testing.assert_allclose(chances(CONCEPTS, CONCEPTS[0], TAGS, SCORES), [0.7, 0, 0, 1], atol=1e-3)
    np.testing.assert_allclose(chances(CONCEPTS, CONCEPTS[1], TAGS, SCORES), [0.4, 0, 0, 0.5], atol=1e-3)


def test_a_shown_tag_counts_the_weak_ones_under_it() -> None:
    tags = np.array([[0, 1, 2], [0, 1, 2], [1, 2, NONE]], np.uint16)
    scores = np.array([[0.75, 0.5, 0.0625], [0.5, 0.375, 0.25], [0.5, 0.25, 0]], np.float16)
    # A dog for sure adds to a beagle for sure as before; a dog adds nothing to what may be its breeds.
    np.testing.assert_allclose(chances(CONCEPTS, CONCEPTS[0], tags, scores), [1, 0.625, 0.75])


def test_an_empty_library_has_no_chances() -> None:
    assert chances(CONCEPTS, CONCEPTS[0], TAGS[:0], SCORES[:0]).shape == (0,)


@pytest.mark.parametrize(("words", "short"), [("dog", True), ("german shepherd", True), ("two dogs running", False)])
def test_one_or_two_words_are_put_into_captions_and_sentences_are_left_alone(words: str, short: bool) -> None:
    assert is_short(words) == short
    assert texts(words) == ((words, f"a {words}", f"a photo of {words}") if short else (words,))


def test_the_middle_of_vectors_has_length_one_even_where_they_cancel_each_other_out() -> None:
    np.testing.assert_allclose(middle(VECTORS[:2]), np.array([1, 1, 0, 0, 0]) / np.sqrt(2), atol=1e-6)
    np.testing.assert_allclose(middle(np.stack([VECTORS[0], -VECTORS[0]])), VECTORS[0])


def test_rivals_are_concepts_that_are_known_by_words_and_not_by_a_class() -> None:
    assert rivals(CONCEPTS).tolist() == VECTORS[[3, 4]].tolist()


def test_tags_decide_alone_where_classes_cover_what_is_named() -> None:
    for name, named, covered in (
        ("Dogs", True, True),
        ("snow", True, False),
        ("evening", False, False),
        ("spade", False, False),
    ):
        found = wish(name, middle(VECTORS), CONCEPTS, TAGS, SCORES)
        assert ((found.chances is not None), found.covered) == (named, covered), name


@pytest.mark.parametrize(
    ("words", "vector", "meant"),
    [
        ("a puggle", VECTORS[3], "pug"),
        ("Beagles", VECTORS[3], None),
        ("nightfall", VECTORS[3], "evening"),
        ("nightfall", middle(VECTORS[2:4]), None),
        ("evening dog", VECTORS[3], None),
        ("light of the evening", VECTORS[3], None),
    ],
)
def test_a_word_or_two_that_name_nothing_are_read_as_what_is_near_enough(
    words: str, vector: np.ndarray, meant: str | None
) -> None:
    found = reading(words, vector, CONCEPTS)
    assert (found.concept.name if found else None) == meant


def test_what_is_meant_instead_of_the_words_is_looked_for_with_its_own_vector_and_tags() -> None:
    found = wish("puggle", VECTORS[3], CONCEPTS, TAGS, SCORES)
    assert found.instead is not None
    assert found.vector.tolist() == VECTORS[2].tolist()
    assert found.chances is not None
    assert found.chances.tolist() == chances(CONCEPTS, CONCEPTS[2], TAGS, SCORES).tolist()
    assert wish("pug", VECTORS[3], CONCEPTS, TAGS, SCORES).instead is None


@pytest.mark.parametrize(
    ("words", "left"), [("a cat", "cat"), ("The  cat", "cat"), ("an", "an"), ("cat", "cat"), ("", ""), ("a ", "a ")]
)
def test_an_article_says_nothing_unless_it_is_all_there_is(words: str, left: str) -> None:
    assert bare(words) == left
    assert texts("a cat") == texts("cat")
