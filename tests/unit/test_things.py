"""Things: what photos show and look like, under the most telling name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.albums import things
from shoebox.albums.things import Thing
from shoebox.model.concepts import Calibration, Concept, Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.store.vectors import VectorStore

DIMENSION = 24
ANIMAL, DOG, CAT, PERSON, NATURE, SNOW, SAND = range(7)
CONCEPTS = Concepts(
    [
        Concept(ANIMAL, "animal", classes=(0,)),
        Concept(DOG, "dog", parents=(ANIMAL,), classes=(1,)),
        Concept(CAT, "cat", parents=(ANIMAL,), classes=(2,)),
        Concept(PERSON, "person", classes=(3,)),
        Concept(NATURE, "nature", classes=(4,)),
        Concept(SNOW, "snow", parents=(NATURE,), classes=(5,)),
        Concept(SAND, "sand", parents=(NATURE,), classes=(6,)),
    ],
    7,
    Calibration(
        np.eye(7, DIMENSION, dtype=np.float32),
        np.zeros(7, np.float32),
        np.zeros(7, np.float32),
        np.full(7, 0.5, np.float32),
        0.5,
    ),
)


def directions(which: Sequence[int], spread: float = 0.05, seed: int = 0) -> NDArray[np.float32]:
    """Unit rows near an axis each."""
    random = np.random.default_rng(seed)
    made = np.eye(DIMENSION)[list(which)] + spread * random.standard_normal((len(which), DIMENSION))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def found(shown: Sequence[int], vectors: NDArray[np.float32], score: float = 0.9) -> list[Thing]:
    """The things among photos that show one concept each."""
    tags = np.full((len(shown), TAGS_PER_PHOTO), NONE, np.uint16)
    tags[:, 0] = shown
    store = VectorStore(DIMENSION)
    store.append(range(len(shown)), vectors)
    scores = np.where(tags == NONE, 0, score).astype(np.float16)
    return things.find(CONCEPTS, tags, scores, np.arange(len(shown)), store)


def named(things_found: list[Thing]) -> list[tuple[str, int]]:
    return [(CONCEPTS[thing.concept].name, len(thing.rows)) for thing in things_found]


OTHERS = list(range(4, 24))


def test_photos_that_show_a_dog_and_look_alike_are_an_album() -> None:
    assert named(found([DOG] * 15 + [NONE] * 60, directions([0] * 15 + OTHERS * 3))) == [("dog", 15)]


def test_photos_that_show_a_dog_but_have_nothing_in_common_are_none() -> None:
    assert found([DOG] * 20 + [NONE] * 60, directions(OTHERS + OTHERS * 3)) == []


def test_few_photos_are_no_album_and_half_of_the_library_is_none_either() -> None:
    assert found([DOG] * 11 + [NONE] * 60, directions([0] * 11 + OTHERS * 3)) == []
    assert found([DOG] * 50 + [NONE] * 20, directions([0] * 50 + OTHERS)) == []


def test_a_tag_that_is_not_sure_enough_to_be_shown_makes_no_album() -> None:
    assert found([DOG] * 15 + [NONE] * 60, directions([0] * 15 + OTHERS * 3), score=0.3) == []


def test_animals_that_lie_together_are_one_album_and_where_they_do_not_dogs_and_cats_are_one_each() -> None:
    shown = [DOG] * 25 + [CAT] * 25 + [NONE] * 80
    assert named(found(shown, directions([0] * 50 + OTHERS * 4))) == [("animal", 50)]
    apart = found(shown, directions([0] * 25 + [1] * 25 + OTHERS * 4, spread=0.37))
    assert {CONCEPTS[thing.concept].name for thing in apart} == {"dog", "cat"}


def test_animals_that_are_nearly_all_dogs_are_called_dogs() -> None:
    shown = [DOG] * 29 + [CAT] + [NONE] * 60
    assert named(found(shown, directions([0] * 30 + OTHERS * 3))) == [("dog", 29)]


def test_a_photo_that_looks_like_none_of_the_others_is_left_out() -> None:
    thing = found([DOG] * 16 + [NONE] * 60, directions([0] * 15 + [9] + OTHERS * 3))[0]
    assert thing.rows.tolist() == list(range(15))


def test_names_that_say_nothing_are_no_titles() -> None:
    shown = [SNOW] * 11 + [SAND] * 11 + [NONE] * 60
    assert found(shown, directions([0] * 22 + OTHERS * 3)) == []


def test_people_are_no_things() -> None:
    assert found([PERSON] * 20 + [NONE] * 60, directions([0] * 20 + OTHERS * 3)) == []


def test_a_library_without_photos_has_no_things() -> None:
    assert found([], np.zeros((0, DIMENSION), np.float32)) == []
