"""Photos to tags, from the logits of the image network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.store.rows import NONE, TAGS_PER_PHOTO
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.graph import Batch


@dataclass(frozen=True, slots=True, eq=False)
class TagsFound:
    """Tags of n photos, as the library stores them.

    Attributes
    ----------
    tags : (n, 5) uint16
        Numbers of tags by falling score, `NONE` where there are fewer.
    scores : (n, 5) float16
        Probabilities, 0 where there is no tag.
    """

    tags: NDArray[np.uint16]
    scores: NDArray[np.float16]

    @classmethod
    def none(cls, count: int) -> TagsFound:
        """No tags for `count` photos."""
        return cls(np.full((count, TAGS_PER_PHOTO), NONE, np.uint16), np.zeros((count, TAGS_PER_PHOTO), np.float16))


class Tags:
    """Up to five tags a photo: those whose probability reaches the pack's threshold."""

    name = "tags"
    depends: tuple[str, ...] = (ImageEmbedding.name,)

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    async def run(self, batch: Batch) -> TagsFound:
        """The tags of all photos of the batch."""
        features: ImageFeatures = batch.results[ImageEmbedding.name]
        return best_tags(features.logits, self._threshold)


def best_tags(logits: NDArray[np.floating], threshold: float) -> TagsFound:
    """The best tags of each row.

    Parameters
    ----------
    logits : (n, t) float
        Rows that are not finite get no tags.
    threshold : float
        Least probability, after softmax over all tags.
    """
    finite = np.isfinite(logits).all(axis=1, keepdims=True)
    safe = np.where(finite, logits, 0).astype(np.float64)
    powers = np.exp(safe - safe.max(axis=1, keepdims=True)) if safe.size else safe
    chances = powers / np.maximum(powers.sum(axis=1, keepdims=True), 1e-30)
    order = np.argsort(-chances, axis=1, kind="stable")[:, :TAGS_PER_PHOTO]
    best = np.take_along_axis(chances, order, axis=1)
    kept = (best >= threshold) & finite
    found = TagsFound.none(len(logits))
    found.tags[:, : order.shape[1]] = np.where(kept, order, NONE)
    found.scores[:, : order.shape[1]] = np.where(kept, best, 0)
    return found
