"""Names that a query may ask for: who knows people, places, albums or tags offers them as `Names`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.model.concepts import Concepts


class Names(Protocol):
    """People, places, albums or tags of a library, by name.

    One is handed to `Finder` for each field that has one ("person", "place", "album", "tag"), and asked anew by each query.
    """

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """Every full name, with the number of photos that have it."""
        ...

    def find(self, library: Library, name: str) -> Sequence[str]:
        """The full names that someone may mean who writes `name`, whatever its case; empty if there is none."""
        ...

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows that have one of the full names."""
        ...


class Place(Protocol):
    """A town on the map."""

    @property
    def name(self) -> str:
        """With its country."""
        ...

    @property
    def latitude(self) -> float:
        """In degrees."""
        ...

    @property
    def longitude(self) -> float:
        """In degrees."""
        ...

    @property
    def kilometres(self) -> float:
        """From its middle to its edge."""
        ...


class Gazetteer(Protocol):
    """Knows where towns are."""

    def find(self, name: str) -> Place | None:
        """The town that someone means who writes `name`; None if there is none."""
        ...


class TagNames:
    """What photos can be said to show, as `Names`: a photo that shows a corgi shows a dog.

    Parameters
    ----------
    concepts : Concepts
        The pack's; the column `tags` holds their numbers.
    """

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts

    def counts(self, library: Library) -> list[tuple[str, int]]:
        """Every concept that a photo shows, with the number of photos."""
        table, rows = library.table, library.comparable
        found = self._concepts.counts(table["tags"][rows], table["tag_scores"][rows])
        return [(self._concepts[number].name, int(found[number])) for number in np.flatnonzero(found).tolist()]

    def find(self, library: Library, name: str) -> list[str]:
        """The concept of that name or synonym."""
        concept = self._concepts.named(name)
        return [] if concept is None else [concept.name]

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """The rows that show a concept or one under it."""
        concept = self._concepts.named(full)
        if concept is None:
            return np.zeros(len(library.comparable), bool)
        shown = self._concepts.showing(concept, library.table["tags"], library.table["tag_scores"])
        mask: NDArray[np.bool_] = shown & library.comparable
        return mask


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that someone who wrote `name` most likely meant, if it is close."""
    by_key = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), by_key, 1)
    return by_key[close[0]] if close else None
