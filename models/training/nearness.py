"""How alike words and a concept must be for the one to be read as the other ("espresso" for "ristretto")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.evaluation.truth import absent_queries
from models.training.taxonomy import Entry
from shoebox.model.hierarchy import Hierarchy
from shoebox.model.names import key
from shoebox.search import wishes

# Of words that mean something else than any concept so many at most may be read as one; and of all that are read as a concept,
# so many must be read as the right one.
READ_WRONGLY, PRECISION = 0.05, 0.9


def least_cosine(
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    embed: Callable[[Sequence[str]], NDArray[np.float32]],
    say: Callable[[str], None],
) -> float:
    """The least cosine of words with a concept at which they are read as it.

    Synonyms and kinds are taken as if nobody had listed them; right is the concept that has them, and what lies above or under
    it. Words that no concept means are the absent queries of models/evaluation/relevance.toml, the choosing half.

    Parameters
    ----------
    entries : sequence of n Entry
    vectors : (n, d) float32
        Theirs, of length one.
    embed : callable
        Unit vectors of texts.
    say : callable
        Is told how well it does.
    """
    hierarchy = Hierarchy([entry.concept.parents for entry in entries], [entry.concept.classes for entry in entries])
    known = {key(name) for entry in entries for name in (entry.concept.name, *entry.concept.synonyms, *entry.concept.kinds)}
    own = {text for entry in entries for text in entry.prompts}
    meant = [
        (word, entry.concept.number)
        for entry in entries
        for word in (*entry.concept.synonyms, *entry.concept.kinds)
        if word.lower() not in own
    ]
    strange = [(text, chosen_on) for text, chosen_on in absent_queries() if key(text) not in known]

    def nearest(words: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        ends = np.cumsum([len(wishes.texts(each)) for each in words])
        found = embed([text for each in words for text in wishes.texts(each)])
        cosines = np.stack([wishes.middle(part) for part in np.split(found, ends[:-1])]) @ vectors.T
        return cosines.argmax(axis=1), cosines.max(axis=1)

    near, cosine = nearest([word for word, _ in meant])
    right = np.array(
        [
            hierarchy.under(number)[found] or hierarchy.under(int(found))[number]
            for (_, number), found in zip(meant, near, strict=True)
        ]
    )
    _, elsewhere = nearest([text for text, _ in strange])
    chosen = np.array([chosen_on for _, chosen_on in strange])
    order = np.argsort(-cosine)
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= PRECISION
    allowed = float(np.quantile(elsewhere[chosen], 1 - READ_WRONGLY))
    least = max(allowed, float(cosine[order][precise].min(initial=1.0)))
    least = min(float(np.nextafter(np.float32(least), np.float32(1))), 1.0)
    read = cosine >= least
    say(
        f"Words are read as a concept from a cosine of {least:.3f}: {read.mean():.2f} of synonyms and kinds, "
        f"{right[read].mean() if read.any() else 1:.2f} of them rightly; "
        f"{(elsewhere[~chosen] >= least).mean():.2f} of {(~chosen).sum()} words for something else."
    )
    return least
