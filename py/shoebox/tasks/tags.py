"""Photos to tags: concepts of which the networks are sure enough, each the most specific of its kind, and likely ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.graph import Batch

# Chance from which what classes say is kept for search. Measured by models/evaluation/relevance.py with pack 1.1.0: with these
# tags macro F1 of words is 0.63, with nothing below the thresholds 0.53 (the half of the queries that only reports).
WEAK = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class TagsFound:
    """Tags of n photos, as the library stores them.

    Attributes
    ----------
    tags : (n, 5) uint16
        Numbers of concepts by falling score, `NONE` where there are fewer.
    scores : (n, 5) float16
        How sure, 0 to 1; 0 where there is no tag.
    """

    tags: NDArray[np.uint16]
    scores: NDArray[np.float16]

    @classmethod
    def none(cls, count: int) -> TagsFound:
        """No tags for `count` photos."""
        return cls(np.full((count, TAGS_PER_PHOTO), NONE, np.uint16), np.zeros((count, TAGS_PER_PHOTO), np.float16))


class Tags:
    """Up to five tags a photo: those to show, and weak ones for search to weigh."""

    name = "tags"
    depends: tuple[str, ...] = (ImageEmbedding.name,)

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts

    async def run(self, batch: Batch) -> TagsFound:
        """The tags of all photos of the batch."""
        features: ImageFeatures = batch.results[ImageEmbedding.name]
        return best_tags(self._concepts, chances(self._concepts, features.vectors, features.logits))


def chances(concepts: Concepts, vectors: NDArray[np.float32], logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """How surely each photo shows each concept.

    Two witnesses, of which the surer counts: the classes of the image network, whose probabilities add up along the
    hierarchy; and the photo's vector beside the concept's, where captions describe the concept.

    Parameters
    ----------
    vectors : (m, d) float32
    logits : (m, classes) float

    Returns
    -------
    (m, concepts) float32
        0 to 1; zero rows where the logits are not finite.
    """
    sane = np.isfinite(logits).all(axis=1)
    found = concepts.hierarchy.rolled_up(probabilities(np.where(sane[:, None], logits, 0)))
    told, calibration = concepts.by_words, concepts.calibration
    if told.size:
        sure = (vectors @ concepts.told_vectors.T) * calibration.slope[told] + calibration.offset[told]
        found[:, told] = np.maximum(found[:, told], 1 / (1 + np.exp(-np.clip(sure, -50, 50))))
    found[~sane] = 0
    return found


def probabilities(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Softmax of finite rows (m, classes)."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def best_tags(concepts: Concepts, chances: NDArray[np.float32]) -> TagsFound:
    """The tags of each row: first the surest concepts that reach their thresholds, then weak ones while there is room.

    Of concepts under each other only the most specific of a kind is kept, which implies the others. Weak ones are those of
    which classes alone tell, from `WEAK` on: never shown, but when somebody asks for just that, search weighs them.

    Parameters
    ----------
    chances : (m, concepts) float32
    """
    reached = chances >= concepts.calibration.thresholds
    strong = concepts.hierarchy.deepest(reached)
    weak = concepts.hierarchy.deepest((chances >= WEAK) & concepts.by_classes) & ~reached
    rows, numbers = np.nonzero(strong | weak)
    values = chances[rows, numbers]
    # A row's tags stand together, the strong ones first, both by falling chance.
    order = np.lexsort((numbers, -values, weak[rows, numbers], rows))
    rows, numbers, values = rows[order], numbers[order], values[order]
    kept = _places(rows) < TAGS_PER_PHOTO
    rows, numbers, values = rows[kept], numbers[kept], values[kept]
    order = np.lexsort((numbers, -values, rows))
    rows, numbers, values = rows[order], numbers[order], values[order]
    found = TagsFound.none(len(chances))
    found.tags[rows, _places(rows)] = numbers
    found.scores[rows, _places(rows)] = values
    return found


def _places(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """The place of each entry among those of its row; rows do not fall."""
    return np.arange(len(rows)) - np.searchsorted(rows, rows)
