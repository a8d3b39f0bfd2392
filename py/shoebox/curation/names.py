"""The best photos in searches: `is:best`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.curation.curator import Curator
from shoebox.library.library import Library

BEST = "best"


class BestName:
    """The one word for the best photos, as `shoebox.search.names.Names`.

    Parameters
    ----------
    curator : Curator
        Of the library that is searched.
    """

    def __init__(self, curator: Curator) -> None:
        self._curator = curator

    @property
    def edits(self) -> tuple[int, int, int]:
        """Is another whenever other photos may be the best."""
        return self._curator.edits

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """The word, with the number of photos."""
        return [(BEST, int(np.count_nonzero(self._curator.best() & library.vectors.alive)))]

    def find(self, library: Library, name: str) -> Sequence[str]:
        """The word itself."""
        return [BEST] if name.casefold() == BEST else []

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows of the best photos."""
        return self._curator.best()
