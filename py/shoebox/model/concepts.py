"""Concepts: what can be said of a photo, under which names, and what lies under what ("dog" > "corgi" > "Pembroke").

A pack carries two files. `concepts.json` has the names and the hierarchy; `concepts.npz` has, row for row, the vectors of the
names in the space of the pack, and how sure is sure enough. Both are compiled from `models/taxonomy.toml` by the recipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import json_text
from shoebox.errors import PackError
from shoebox.model.arrays import read_arrays
from shoebox.model.hierarchy import Hierarchy
from shoebox.model.names import Key, key
from shoebox.store.rows import NONE


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a photo can show.

    Attributes
    ----------
    number : int
        Its place among the pack's concepts; what the library stores.
    name : str
        Told apart from all others: 'crane (bird)'.
    synonyms : tuple of str
        Other words for just this.
    kinds : tuple of str
        Narrower words that have no concept of their own: 'ristretto' for 'espresso'.
    parents : tuple of int
        Concepts that it is a kind of; all have lower numbers.
    classes : tuple of int
        Outputs of the image network that mean just this, if any.
    """

    number: int
    name: str
    synonyms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    parents: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """A concept that stands in for words that name none.

    Attributes
    ----------
    concept : Concept
    words : str
        What was asked for.
    cosine : float
        How alike both are to the text network; 1 where the taxonomy itself says so.
    """

    concept: Concept
    words: str
    cosine: float

    @property
    def explanation(self) -> str:
        """What is done, for the sentence above the results."""
        return f"showing “{self.concept.name}” for “{self.words}”"


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How photos are measured against n concepts.

    Attributes
    ----------
    vectors : (n, d) float32
        Unit vectors of the names, in the space of the pack.
    slope, offset : (n,) float32
        The chance that a photo shows a concept, going by its vector: logistic of `slope` x cosine + `offset`. Slope 0 where
        vectors say nothing, so that only the classes count.
    thresholds : (n,) float32
        Least chance at which a concept is shown, each its own, between 0 and 1.
    least_cosine : float
        Words less alike than this to every concept are not read as any.
    """

    vectors: NDArray[np.float32]
    slope: NDArray[np.float32]
    offset: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    least_cosine: float


class Concepts(Sequence[Concept]):
    """All concepts of a pack, by number.

    Parameters
    ----------
    concepts : sequence of Concept
    classes : int
        Outputs of the image network.
    calibration : Calibration

    Attributes
    ----------
    calibration : Calibration
    classes : int
    hierarchy : Hierarchy
    by_words : (k,) intp
        Numbers of the concepts of which a photo's vector tells something.
    told_vectors : (k, d) float32
        Theirs.
    by_classes : (n,) bool
        Concepts of which classes alone tell.

    Raises
    ------
    PackError
        If the concepts contradict each other: a class that belongs to none or to two, a parent that comes later or does not
        exist, a name that means two things, numbers that cannot be.
    """

    def __init__(self, concepts: Sequence[Concept], classes: int, calibration: Calibration) -> None:
        self._concepts = tuple(concepts)
        self.calibration, self.classes = calibration, classes
        self._check(classes)
        self.hierarchy = Hierarchy([each.parents for each in self._concepts], [each.classes for each in self._concepts])
        self.by_words = np.flatnonzero(calibration.slope)
        self.told_vectors = calibration.vectors[self.by_words]
        self.by_classes = self.hierarchy.covered & (calibration.slope == 0)
        self._names = self._index()
        self._kinds = {key(kind): concept.number for concept in self._concepts for kind in concept.kinds}
        self._longest = max(map(len, self._names), default=1)
        # Half precision, as stored scores are: what reached its threshold before it was stored still does.
        self._thresholds = np.ones(NONE + 1, np.float16)
        self._thresholds[: len(self)] = calibration.thresholds

    @classmethod
    def none(cls, dimension: int) -> Concepts:
        """No concepts at all: nothing is called by a name, and words speak for themselves."""
        nothing = np.zeros(0, np.float32)
        return cls((), 0, Calibration(np.zeros((0, dimension), np.float32), nothing, nothing, nothing, 1.0))

    def __len__(self) -> int:
        return len(self._concepts)

    def __getitem__(self, number: Any) -> Any:
        return self._concepts[number]

    # Names

    def named(self, text: str) -> Concept | None:
        """The concept of exactly this name or synonym, whatever its case, hyphens and number (one or several)."""
        number = self._names.get(key(text))
        return None if number is None else self._concepts[number]

    def spans(self, words: Sequence[str]) -> list[tuple[int, int, Concept]]:
        """The concepts that words name, longest names first where they overlap.

        Returns
        -------
        list of (start, end, concept)
            In order, none overlapping; `end` is the place after the last word.
        """
        parts = [key(word) for word in words]
        found: list[tuple[int, int, Concept]] = []
        start = 0
        while start < len(parts):
            for end in range(min(len(parts), start + self._longest), start, -1):
                number = self._names.get(tuple(word for part in parts[start:end] for word in part)) if parts[start] else None
                if number is not None and parts[end - 1]:
                    found.append((start, end, self._concepts[number]))
                    start = end
                    break
            else:
                start += 1
        return found

    def nearest(self, vector: NDArray[np.float32]) -> tuple[Concept, float]:
        """The concept whose name lies nearest to a unit vector (d,) of the text network, and the cosine."""
        cosines = self.calibration.vectors @ vector
        best = int(np.argmax(cosines))
        return self._concepts[best], float(cosines[best])

    def instead(self, text: str, vector: NDArray[np.float32]) -> Instead | None:
        """What to show for words that name no concept: what the taxonomy has them be a kind of, else the nearest if near.

        None where a part of the words names a concept: "black dog" asks for more than a dog.

        Parameters
        ----------
        text : str
        vector : (d,) float32
            What the text network makes of it.
        """
        shown = " ".join(text.split())
        number = self._kinds.get(key(text))
        if number is not None:
            return Instead(self._concepts[number], shown, 1.0)
        if not len(self) or self.spans(shown.replace("-", " ").split()):
            return None
        concept, cosine = self.nearest(vector)
        return Instead(concept, shown, cosine) if cosine >= self.calibration.least_cosine else None

    # Photos

    def shown(self, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which stored tags are sure enough to be shown: their own concepts' thresholds say.

        Parameters
        ----------
        tags : (..., t) uint16
            Numbers of concepts, `NONE` where there are fewer.
        scores : (..., t) float16

        Returns
        -------
        (..., t) bool
        """
        found: NDArray[np.bool_] = (tags < len(self)) & (scores >= self._thresholds[tags])
        return found

    def showing(self, concept: Concept, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which photos have a shown tag that is the concept or lies under it.

        Parameters
        ----------
        concept : Concept
        tags : (m, t) uint16
        scores : (m, t) float16

        Returns
        -------
        (m,) bool
        """
        wanted = np.zeros(NONE + 1, bool)
        wanted[: len(self)] = self.hierarchy.under(concept.number)
        # Few tags are wanted ones, so only those are looked at.
        hits = np.flatnonzero(wanted[tags])
        hits = hits[self.shown(tags.reshape(-1)[hits], scores.reshape(-1)[hits])]
        found = np.zeros(len(tags), bool)
        found[hits // max(tags.shape[1], 1)] = True
        return found

    def counts(self, tags: NDArray[np.uint16], scores: NDArray[np.floating]) -> NDArray[np.int64]:
        """How many photos show each concept or one under it.

        Parameters
        ----------
        tags : (m, t) uint16
        scores : (m, t) float16

        Returns
        -------
        (n,) int64
        """
        return self.hierarchy.counts(np.where(self.shown(tags, scores), tags, NONE))

    # Checks

    def _check(self, classes: int) -> None:
        count = len(self)
        if count >= NONE:
            raise PackError(f"The model pack has {count:,} concepts; there must be fewer than {NONE:,}.")
        for number, concept in enumerate(self._concepts):
            if concept.number != number:
                raise PackError(f"Concept {number} of the model pack has another number.")
            if not all(0 <= parent < number for parent in concept.parents):
                raise PackError(f"The concept “{concept.name}” of the model pack lies under one that does not come before it.")
            if not all(0 <= own < classes for own in concept.classes):
                raise PackError(f"The concept “{concept.name}” of the model pack has a class that does not exist.")
        owned = np.array([own for concept in self._concepts for own in concept.classes], np.intp)
        owners = np.bincount(owned, minlength=classes)
        if (owners != 1).any():
            wrong = int(np.flatnonzero(owners != 1)[0])
            raise PackError(f"Class {wrong} of the model pack belongs to {owners[wrong]} concepts, not to one.")
        columns = (self.calibration.slope, self.calibration.offset, self.calibration.thresholds)
        if self.calibration.vectors.ndim != 2 or any(len(each) != count for each in (self.calibration.vectors, *columns)):
            raise PackError(f"The model pack does not measure each of its {count:,} concepts.")
        if not all(np.isfinite(each).all() for each in (self.calibration.vectors, *columns)):
            raise PackError("The concepts of the model pack are measured with numbers that are not finite.")
        thresholds = self.calibration.thresholds
        if not ((thresholds > 0) & (thresholds < 1)).all() or not 0 < self.calibration.least_cosine <= 1:
            raise PackError("A concept of the model pack has a threshold that is not between 0 and 1.")

    def _index(self) -> dict[Key, int]:
        names: dict[Key, int] = {}
        for concept in self._concepts:
            for name in (concept.name, *concept.synonyms):
                found = key(name)
                if not found:
                    raise PackError(f"“{name}” is no name for a concept of the model pack.")
                other = names.setdefault(found, concept.number)
                if other != concept.number:
                    raise PackError(f"“{name}” names two concepts of the model pack: {self[other].name} and {concept.name}.")
        return names


def read_concepts(names: bytes, numbers: bytes, classes: int, dimension: int) -> Concepts:
    """The concepts in the two files of a pack.

    Parameters
    ----------
    names, numbers : bytes
        `concepts.json` and `concepts.npz`.
    classes : int
        Outputs of the image network.
    dimension : int
        Length of the pack's vectors.

    Raises
    ------
    PackError
        If a file cannot be read, or as `Concepts`.
    """
    try:
        entries = json_text.parse(names)
        if not entries:
            raise ValueError("there are none")
        concepts = [_concept(number, entry) for number, entry in enumerate(entries)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PackError(f"The names of the concepts of the model pack cannot be read: {error}.") from error
    what = "The vectors of the concepts"
    found = read_arrays(numbers, ("vectors", "slope", "offset", "thresholds", "least_cosine"), what)
    try:
        rows, slope, offset, thresholds = (np.asarray(array, np.float32) for array in found[:4])
        least = float(found[4])
    except (ValueError, TypeError) as error:
        raise PackError(f"{what} of the model pack cannot be read: {error}.") from error
    if rows.ndim != 2 or rows.shape[1] != dimension or any(each.ndim != 1 for each in (slope, offset, thresholds)):
        raise PackError(f"The concepts of the model pack are not described by vectors of {dimension} numbers.")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise PackError("A concept of the model pack has no direction.")
    return Concepts(concepts, classes, Calibration(rows / lengths, slope, offset, thresholds, least))


def _concept(number: int, entry: Mapping[str, Any]) -> Concept:
    unknown = set(entry) - {"name", "synonyms", "kinds", "parents", "classes"}
    if unknown:
        raise ValueError(f"concept {number} has {', '.join(sorted(unknown))}")
    return Concept(
        number,
        _typed(entry["name"], str),
        tuple(_typed(name, str) for name in entry.get("synonyms", ())),
        tuple(_typed(name, str) for name in entry.get("kinds", ())),
        tuple(_typed(parent, int) for parent in entry.get("parents", ())),
        tuple(_typed(each, int) for each in entry.get("classes", ())),
    )


def _typed(value: Any, kind: type[Any]) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r} should be of the type {kind.__name__}")
    return value
