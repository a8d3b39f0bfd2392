"""What a few photos are about: what most of them show, and few others do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.albums.topics import Topics, title_of
from shoebox.model.concepts import Calibration, Concept, Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO

PERSON, FOOD, CAKE, BEACH = range(4)
CONCEPTS = Concepts(
    [
        Concept(PERSON, "person", classes=(0,)),
        Concept(FOOD, "food", classes=(1,)),
        Concept(CAKE, "cake (food)", parents=(FOOD,), classes=(2,)),
        Concept(BEACH, "beach", classes=(3,)),
    ],
    4,
    Calibration(
        np.eye(4, dtype=np.float32), np.zeros(4, np.float32), np.zeros(4, np.float32), np.full(4, 0.5, np.float32), 0.5
    ),
)


def tags(shown: Sequence[Sequence[int]]) -> NDArray[np.uint16]:
    found = np.full((len(shown), TAGS_PER_PHOTO), NONE, np.uint16)
    for row, each in enumerate(shown):
        found[row, : len(each)] = each
    return found


def scores(shown: Sequence[Sequence[int]], score: float = 0.9) -> NDArray[np.float16]:
    return np.where(tags(shown) == NONE, 0, score).astype(np.float16)


LIBRARY: list[list[int]] = [[PERSON]] * 80 + [[FOOD]] * 10 + [[CAKE]] * 5 + [[BEACH]] * 5


def topic(shown: list[list[int]], score: float = 0.9) -> str:
    return Topics(CONCEPTS, tags(LIBRARY), scores(LIBRARY)).of(tags(shown), scores(shown, score))


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ([[BEACH]] * 6 + [[PERSON]] * 4, "Beach"),
        ([[CAKE]] * 6 + [[FOOD]] * 2, "Cake"),
        ([[CAKE]] * 3 + [[FOOD]] * 7, "Food"),
        ([[PERSON]] * 10, ""),
        ([[BEACH]] * 4 + [[PERSON]] * 6, ""),
        ([[]] * 10, ""),
        ([], ""),
    ],
    ids=["most show it", "a kind of it", "all kinds of it", "as everywhere", "less than half", "nothing", "no photos"],
)
def test_what_photos_are_about(shown: list[list[int]], words: str) -> None:
    assert topic(shown) == words


def test_tags_that_are_not_shown_say_nothing() -> None:
    assert topic([[BEACH]] * 10, score=0.2) == ""


def test_a_library_without_photos_has_no_topics() -> None:
    assert Topics(CONCEPTS, tags([]), scores([])).of(tags([]), scores([])) == ""


def test_names_begin_with_a_capital_and_lose_what_tells_them_apart() -> None:
    assert title_of("crane (bird)") == "Crane"
    assert title_of("American football") == "American football"
