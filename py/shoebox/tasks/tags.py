"""Photos to tags: concepts of which the networks are sure enough, each the most specific of its kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Concepts
from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.graph import Batch


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
    """Up to five tags a photo: concepts that reach their own thresholds, without those that others imply."""

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
    vectors : (n, d) float32
    logits : (n, classes) float
        Rows that are not finite say nothing.

    Returns
    -------
    (n, concepts) float32
        0 to 1; zero rows where the logits are not finite.
    """
    calibration = concepts.calibration
    found = rolled_up(logits, concepts.members)
    seen = np.flatnonzero(calibration.slope)
    if seen.size:
        sure = (vectors @ calibration.vectors[seen].T) * calibration.slope[seen] + calibration.offset[seen]
        found[:, seen] = np.maximum(found[:, seen], 1 / (1 + np.exp(-np.clip(sure, -50, 50))))
    found[~np.isfinite(logits).all(axis=1)] = 0
    return found


def rolled_up(logits: NDArray[np.floating], members: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of concepts: each the sum over the classes that lie under it.

    Parameters
    ----------
    logits : (n, classes) float
        Rows that are not finite count as undecided.
    members : (concepts, classes) float32
        1 where a class lies under a concept, else 0.

    Returns
    -------
    (n, concepts) float32
    """
    safe = np.where(np.isfinite(logits).all(axis=1, keepdims=True), logits, 0).astype(np.float64)
    powers = np.exp(safe - safe.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities = (powers / np.maximum(powers.sum(axis=1, keepdims=True), 1e-30)).astype(np.float32)
    found: NDArray[np.float32] = np.minimum(probabilities @ members.T, np.float32(1))
    return found


def best_tags(concepts: Concepts, chances: NDArray[np.float32]) -> TagsFound:
    """The surest concepts of each row that reach their thresholds, without those that others of them imply.

    Parameters
    ----------
    chances : (n, concepts) float32
    """
    reached = chances >= concepts.calibration.thresholds
    # Implied: a concept with another one under it that is reached too. What is under itself does not count.
    below = reached.astype(np.float32) @ concepts.under.T.astype(np.float32) - reached
    kept = np.where(reached & (below < 0.5), chances, np.float32(-1))
    order = np.argsort(-kept, axis=1, kind="stable")[:, :TAGS_PER_PHOTO]
    best = np.take_along_axis(kept, order, axis=1)
    found = TagsFound.none(len(chances))
    found.tags[:, : order.shape[1]] = np.where(best >= 0, order, NONE)
    found.scores[:, : order.shape[1]] = np.maximum(best, 0)
    return found
