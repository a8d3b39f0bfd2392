"""Tags of a few photos by the pack that ships: what anybody would say, whatever the exact scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from skimage import data

from models.evaluation.native import NativePack
from shoebox.model.concepts import Concepts
from shoebox.model.preprocess import squash
from shoebox.tasks.tags import best_tags, chances
from tooling.paths import PACKS

Tagged = Callable[[str], set[str]]


@pytest.fixture(scope="module")
def pack() -> NativePack:
    return NativePack(PACKS / "default", threads=1)


@pytest.fixture(scope="module")
def shown(pack: NativePack) -> Tagged:
    """The names of all tags that a picture of scikit-image is shown, and of all concepts above them."""
    concepts: Concepts = pack.pack.concepts

    def tags(name: str) -> set[str]:
        picture = getattr(data, name)()
        colours = np.stack([picture] * 3, axis=-1) if picture.ndim == 2 else picture[..., :3]
        features = pack.photos(squash(np.ascontiguousarray(colours, np.uint8), pack.pack.image.side)[None])
        found = best_tags(concepts, chances(concepts, features.vectors, features.logits))
        numbers = found.tags[concepts.shown(found.tags, found.scores)].tolist()
        return {concepts[each].name for number in numbers for each in (number, *concepts.hierarchy.ancestors(number))}

    return tags


@pytest.mark.parametrize(
    ("picture", "names"),
    [("chelsea", {"cat"}), ("coffee", {"drink", "cup", "tableware"}), ("astronaut", {"person", "clothes"})],
)
def test_a_photo_of_one_clear_thing_is_shown_as_that(shown: Tagged, picture: str, names: set[str]) -> None:
    assert shown(picture) & names


@pytest.mark.parametrize("picture", ["page", "coins", "brick", "gravel", "retina"])
def test_nobody_is_seen_where_nobody_is(shown: Tagged, picture: str) -> None:
    assert not shown(picture) & {"person", "animal"}


def test_scenes_are_told_by_words_where_classes_do_not(pack: NativePack) -> None:
    concepts = pack.pack.concepts
    told = {concepts[int(number)].name for number in concepts.by_words}
    assert {"beach", "snow", "sunrise or sunset", "bathroom", "crowd"} <= told
