"""Concepts: names however they are typed, what lies under what, and that no contradiction is taken."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import PackError
from shoebox.model.concepts import Calibration, Concept, Concepts, read_concepts
from shoebox.model.names import key, singular
from shoebox.model.tokenizer import words
from shoebox.store.rows import NONE
from tests.unit.tiny_pack import COLOURS, CONCEPTS, DIMENSION, NUMBERS, concept_numbers, tiny_pack

# (parents, classes); two ways lead from the last one up.
ANIMAL, PET, MAMMAL, DOG, PUG = range(5)
SHAPE: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
    ("animal", (), ()),
    ("pet", (ANIMAL,), ()),
    ("mammal", (ANIMAL,), (2,)),
    ("guide dog", (PET, MAMMAL), (1,)),
    ("pug", (DOG,), (0,)),
]


def concepts(**changed: Any) -> Concepts:
    """Five concepts over three classes."""
    made = [
        Concept(
            number, name, ("working dog", "dog (guide)") if number == DOG else (), ("puggle",) if number == PUG else (), up, own
        )
        for number, (name, up, own) in enumerate(SHAPE)
    ]
    numbers: dict[str, Any] = {
        "vectors": np.eye(5, dtype=np.float32),
        "slope": np.zeros(5, np.float32),
        "offset": np.zeros(5, np.float32),
        "thresholds": np.full(5, 0.5, np.float32),
        "least_cosine": 0.8,
    }
    return Concepts(changed.pop("concepts", made), changed.pop("classes", 3), Calibration(**{**numbers, **changed}))


def entries(*changes: tuple[int, str, Any]) -> bytes:
    """The tiny pack's concepts.json with some fields of some concepts changed."""
    made = [dict(concept) for concept in CONCEPTS]
    for number, field, value in changes:
        made[number][field] = value
    return json.dumps(made).encode()


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("dog", "dogs"),
        ("puppy", "puppies"),
        ("cookie", "cookies"),
        ("tie", "ties"),
        ("box", "boxes"),
        ("horse", "horses"),
        ("house", "houses"),
        ("beach", "beaches"),
        ("brush", "brushes"),
        ("glass", "glasses"),
        ("bus", "buses"),
        ("tomato", "tomatoes"),
        ("shoe", "shoes"),
        ("mouse", "mice"),
        ("goose", "geese"),
        ("wolf", "wolves"),
        ("knife", "knives"),
        ("lens", "lenses"),
        ("child", "children"),
        ("person", "people"),
        ("cactus", "cacti"),
    ],
)
def test_one_and_several_meet(one: str, several: str) -> None:
    assert key(one) == key(several)


def test_words_that_mean_something_else_stay_apart() -> None:
    assert len({key(word) for word in ("glass", "grass", "gas", "bus", "bush", "bow", "boxer", "box", "cat", "cap")}) == 10


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_plain_text_is_split_like_all_other_text(text: str) -> None:
    assert key(text) == tuple(singular(word) for word in words(text) if word[0].isalnum())


@given(st.text(alphabet="abcdehiosxyz", min_size=1, max_size=8))
def test_taking_a_plural_off_leaves_a_word(word: str) -> None:
    assert singular(word)
    assert len(singular(word)) <= len(word)


@pytest.mark.parametrize("text", ["guide dog", "Guide-Dogs", "  GUIDE   DOG ", "working dogs", "Dog (Guide)", "gùide dog"])
def test_a_concept_is_known_by_name_and_synonym_however_they_are_typed(text: str) -> None:
    found = concepts().named(text)
    assert found is not None
    assert found.number == DOG


@pytest.mark.parametrize("text", ["", "dog", "guide", "guide dogs running", "-", "puggle", "(*)"])
def test_nothing_else_names_it(text: str) -> None:
    assert concepts().named(text) is None


def test_the_longest_names_in_a_text_win() -> None:
    words = ["two", "guide-dogs", ",", "a", "pug", "and", "a", "working", "dog"]
    assert [(start, end, concept.name) for start, end, concept in concepts().spans(words)] == [
        (1, 2, "guide dog"),
        (4, 5, "pug"),
        (7, 9, "guide dog"),
    ]
    assert concepts().spans([]) == []
    assert concepts().spans(["-", ",", "a"]) == []


@given(st.lists(st.sampled_from(["guide", "dog", "pugs", "working", "a", "-", "animal"]), max_size=12))
def test_spans_are_names_in_order_without_overlap(words: list[str]) -> None:
    known, last = concepts(), 0
    for start, end, concept in known.spans(words):
        assert last <= start < end <= len(words)
        assert known.named(" ".join(words[start:end])) is concept
        last = end


def test_a_tag_is_shown_from_its_own_threshold_on() -> None:
    known = concepts(thresholds=np.array([0.5, 0.5, 0.7, 0.5, 0.3], np.float32))
    tags = np.array([[PUG, MAMMAL, NONE], [MAMMAL, DOG, 9]], np.uint16)
    scores = np.array([[0.3, 0.7, 0], [0.65, 0.45, 1]], np.float16)
    # Half precision takes 0.3 and 0.7 below and above themselves; a threshold goes the same way.
    assert known.shown(tags, scores).tolist() == [[True, True, False], [False, False, False]]


def test_photos_show_a_concept_by_a_shown_tag_under_it() -> None:
    known = concepts()
    tags = np.array([[PUG, MAMMAL], [MAMMAL, NONE], [PUG, NONE], [NONE, NONE]], np.uint16)
    scores = np.array([[0.5, 0.25], [0.75, 0], [0.375, 0], [0, 0]], np.float16)
    assert known.showing(known[PET], tags, scores).tolist() == [True, False, False, False]
    assert known.showing(known[MAMMAL], tags, scores).tolist() == [True, True, False, False]
    assert known.showing(known[PUG], tags[:0], scores[:0]).shape == (0,)
    assert known.counts(tags, scores).tolist() == [2, 1, 2, 1, 1]


def test_a_word_without_a_concept_is_read_as_what_it_is_a_kind_of() -> None:
    found = concepts().instead(" Puggles ", np.zeros(5, np.float32))
    assert found is not None
    assert found.concept.name == "pug"
    assert found.explanation == "showing “pug” for “Puggles”"


def test_other_words_are_read_as_the_nearest_concept_only_where_it_is_near() -> None:
    near, far = np.array([0.1, 0, 0, 0.99, 0]), np.array([0.7, 0, 0, 0.71, 0])
    known = concepts()
    found = known.instead("helper", near.astype(np.float32))
    assert found is not None
    assert found.concept.name == "guide dog"
    assert known.nearest(far.astype(np.float32))[0].name == "guide dog"
    assert known.instead("helper", far.astype(np.float32)) is None
    assert known.instead("guide dog helper", near.astype(np.float32)) is None


def test_the_files_of_a_pack_become_concepts() -> None:
    known = tiny_pack().concepts
    assert len(known) == len(CONCEPTS)
    found = known.named("Grays")
    assert found is not None
    assert found.name == "grey"
    np.testing.assert_allclose(np.linalg.norm(known.calibration.vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([(1, "parents", [1])], "does not come before"),
        ([(1, "parents", [5])], "does not come before"),
        ([(1, "parents", [-1])], "does not come before"),
        ([(1, "parents", ["warm"])], "cannot be read"),
        ([(1, "parents", 3)], "cannot be read"),
        ([(1, "classes", [])], "belongs to 0"),
        ([(1, "classes", [0, 1])], "belongs to 2"),
        ([(1, "classes", [99])], "does not exist"),
        ([(1, "classes", [-1])], "does not exist"),
        ([(1, "name", "greens")], "names two concepts"),
        ([(1, "synonyms", ["Gray"])], "names two concepts"),
        ([(1, "name", " - ")], "is no name"),
        ([(1, "name", 7)], "cannot be read"),
        ([(1, "colour", "x")], "cannot be read"),
    ],
)
def test_names_that_contradict_each_other_are_refused(changes: list[tuple[int, str, Any]], said: str) -> None:
    with pytest.raises(PackError, match=said):
        read_concepts(entries(*changes), concept_numbers(), len(COLOURS), DIMENSION)


@pytest.mark.parametrize("names", [b"", b"{", b"[1]", b"[{}]", b"\xff", b"[]", b"{}", b"null", b"[" * 100_000])
def test_names_that_are_no_list_of_concepts_are_refused(names: bytes) -> None:
    with pytest.raises(PackError):
        read_concepts(names, concept_numbers(), len(COLOURS), DIMENSION)


@pytest.mark.parametrize(
    "changed",
    [
        {"vectors": np.ones((len(CONCEPTS), DIMENSION + 1), np.int8)},
        {"vectors": np.ones((len(CONCEPTS) - 1, DIMENSION), np.int8)},
        {"vectors": np.zeros((len(CONCEPTS), DIMENSION), np.int8)},
        {"vectors": np.full((len(CONCEPTS), DIMENSION), np.nan, np.float32)},
        {"slope": np.zeros(3, np.float32)},
        {"slope": np.full(len(CONCEPTS), np.nan, np.float32)},
        {"offset": np.float32(1)},
        {"thresholds": np.zeros(len(CONCEPTS), np.float32)},
        {"thresholds": np.ones(len(CONCEPTS), np.float32)},
        {"thresholds": np.full(len(CONCEPTS), np.inf, np.float32)},
        {"least_cosine": np.float32(0)},
        {"least_cosine": np.float32(np.nan)},
        {"least_cosine": np.array(["near"])},
    ],
)
def test_numbers_that_cannot_be_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(PackError):
        read_concepts(entries(), concept_numbers(**changed), len(COLOURS), DIMENSION)


@pytest.mark.parametrize("numbers", [b"", b"PK", io.BytesIO().getvalue(), concept_numbers()[:200], concept_numbers()[:-300]])
def test_numbers_that_are_no_archive_are_refused(numbers: bytes) -> None:
    with pytest.raises(PackError):
        read_concepts(entries(), numbers, len(COLOURS), DIMENSION)


def test_every_number_of_the_tiny_pack_is_the_place_of_its_name() -> None:
    known = tiny_pack().concepts
    assert {concept.name: concept.number for concept in known} == NUMBERS
