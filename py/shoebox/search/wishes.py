"""From words to what is wanted: the texts to embed, the concept that is meant, and the tags that tell as well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Concept, Concepts, Instead
from shoebox.model.pack import PROMPTS
from shoebox.search.relevance import Vector, Wish
from shoebox.store.rows import NONE

SHORT = 2
ARTICLES = ("a", "an", "the")


def bare(words: str) -> str:
    """Words without the article they begin with: 'cat' for 'a cat'."""
    first, _, rest = words.partition(" ")
    return rest.strip() if first.lower() in ARTICLES and rest.strip() else words


def is_short(words: str) -> bool:
    """Whether these are so few words that they are no sentence."""
    return len(bare(words).split()) <= SHORT


def texts(words: str, prompts: Sequence[str] = PROMPTS) -> tuple[str, ...]:
    """What to embed for some words: the mean of the vectors stands for them. A word or two are put into the pack's prompts."""
    return tuple(prompt.replace("{}", bare(words)) for prompt in prompts) if is_short(words) else (words,)


def middle(vectors: NDArray[np.float32]) -> Vector:
    """The unit vector (d,) between unit vectors (n, d); the first if they cancel each other out."""
    total = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    return np.asarray(total / length if length > 1e-6 else vectors[0], np.float32)


def rivals(concepts: Concepts) -> NDArray[np.float32]:
    """The concepts (r, d) that other words have to beat: general ones, known by words rather than by a class of their own."""
    general = (concepts.calibration.slope != 0) | ~concepts.hierarchy.covered
    vectors: NDArray[np.float32] = concepts.calibration.vectors[general]
    return vectors


def reading(words: str, vector: Vector, concepts: Concepts) -> Instead | None:
    """The concept that a word or two are read as which name none, or None where they speak for themselves.

    Parameters
    ----------
    words : str
    vector : (d,) float32
        The middle of the vectors of `texts(words)`.
    concepts : Concepts
    """
    name = bare(words)
    return concepts.instead(name, vector) if is_short(words) and concepts.named(name) is None else None


def wish(words: str, vector: Vector, concepts: Concepts, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> Wish:
    """What some words want.

    Parameters
    ----------
    words : str
    vector : (d,) float32
        The middle of the vectors of `texts(words)`.
    concepts : Concepts
    tags : (n, t) uint16
        What is stored with each row; `NONE` where there are fewer.
    scores : (n, t) float16
    """
    concept = concepts.named(bare(words))
    instead = reading(words, vector, concepts)
    if instead is not None:
        concept = instead.concept
        vector = concepts.calibration.vectors[concept.number]
    if concept is None or not concepts.hierarchy.covered[concept.number]:
        return Wish(vector, is_short(words), instead=instead)
    covered = bool(concepts.by_classes[concept.number])
    return Wish(vector, is_short(words), chances(concepts, concept, tags, scores), covered, instead)


def chances(
    concepts: Concepts, concept: Concept, tags: NDArray[np.uint16], scores: NDArray[np.floating]
) -> NDArray[np.float32]:
    """How surely rows show a concept, (n,): the sum over their tags that are it or lie under it, at most 1.

    The sum and not the best: a dog of one of three breeds, each as likely, is a dog for sure. A weak tag may lie under one
    that is shown and counts it already ("dog" and "beagle"). So those that are shown add up, or the weak ones with all under
    which nothing lies, whichever is more.
    """
    hierarchy = concepts.hierarchy
    wanted = np.zeros(NONE + 1, bool)
    wanted[: len(concepts)] = hierarchy.under(concept.number)
    # Few tags are wanted ones, so only those are looked at: a third of the time of a sum over all.
    hits = np.flatnonzero(wanted[tags])
    rows, numbers, chance = hits // max(tags.shape[1], 1), tags.reshape(-1)[hits], scores.reshape(-1)[hits]
    shown = concepts.shown(numbers, chance)
    sums = [np.bincount(rows[some], chance[some], len(tags)) for some in (shown, ~shown | hierarchy.leaves[numbers])]
    return np.minimum(np.maximum(*sums), 1).astype(np.float32)
