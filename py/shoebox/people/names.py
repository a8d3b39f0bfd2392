"""Names of people in searches: `person:Anna`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.people.verbs import PeopleVerbs


class PersonNames:
    """Everybody who has a name, as `shoebox.search.names.Names`.

    Parameters
    ----------
    people : PeopleVerbs
    """

    def __init__(self, people: PeopleVerbs) -> None:
        self._people = people

    @property
    def edits(self) -> int:
        """Goes up whenever people are different."""
        return self._people.edits

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """Every name, with the number of photos; people who are kept out of sight are not offered."""
        return [(name, len(self._people.photos_of(name))) for name in self._people.names()]

    def find(self, library: Library, name: str) -> Sequence[str]:
        """The full names that someone may mean: that very name, or those that begin or end with its words."""
        wanted = _plain(name)
        known = {full: _plain(full) for full in self._people.all_names()}
        exact = [full for full, plain in known.items() if plain == wanted]
        if exact or not wanted:
            return exact
        return [full for full, plain in known.items() if plain.startswith(f"{wanted} ") or plain.endswith(f" {wanted}")]

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows with anybody of that name."""
        mask = np.zeros(library.vectors.count, bool)
        rows = (library.row_of(photo) for photo in self._people.photos_of(full).tolist())
        mask[[row for row in rows if row is not None]] = True
        return mask


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
