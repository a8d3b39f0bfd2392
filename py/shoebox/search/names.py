"""Names that a query may ask for: who knows people, places, albums or tags offers them as `Names`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library


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


class TagNames:
    """The tags that photos have, as `Names`.

    Parameters
    ----------
    words : sequence of str
        The tags in the order of the column `tags`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._numbers = {word.casefold(): number for number, word in enumerate(words)}

    def counts(self, library: Library) -> list[tuple[str, int]]:
        """Every tag that a photo has, with the number of photos."""
        tags = library.table["tags"][library.comparable]
        found = np.bincount(tags.reshape(-1), minlength=len(self._words))[: len(self._words)]
        return [(self._words[number], int(found[number])) for number in np.flatnonzero(found).tolist()]

    def find(self, library: Library, name: str) -> list[str]:
        """The tag of that name."""
        number = self._numbers.get(name.casefold())
        return [] if number is None else [self._words[number]]

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """The rows that have a tag."""
        tags = library.table["tags"]
        mask: NDArray[np.bool_] = (tags == self._numbers[full.casefold()]).any(axis=1) & library.comparable
        return mask


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that someone who wrote `name` most likely meant, if it is close."""
    by_key = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), by_key, 1)
    return by_key[close[0]] if close else None
