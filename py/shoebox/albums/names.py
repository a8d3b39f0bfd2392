"""Names of albums in searches: `album:"San Francisco, May 2024"`, `album:holiday`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.albums.album import Album
from shoebox.albums.overview import Overview
from shoebox.library.library import Library


class AlbumNames:
    """All albums by title, as `shoebox.search.names.Names`.

    Parameters
    ----------
    overview : Overview
    """

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    @property
    def edits(self) -> Any:
        """Is another whenever albums may be different."""
        return self._overview.state

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """Every title, with the number of photos; albums that are kept out of sight are not offered."""
        return [(title, int(self.mask(library, title).sum())) for title in self._by_title(hidden=False)]

    def find(self, library: Library, name: str) -> Sequence[str]:
        """The titles that someone may mean: that very title, or those that have its words in a row."""
        wanted = _plain(name)
        known = {title: _plain(title) for title in self._by_title(hidden=True)}
        exact = [title for title, plain in known.items() if plain == wanted]
        if exact or not wanted:
            return exact
        return [title for title, plain in known.items() if f" {wanted} " in f" {plain} "]

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows of all albums of that title."""
        mask = np.zeros(library.vectors.count, bool)
        for album in self._by_title(hidden=True).get(full, ()):
            mask[album.rows] = True
        return mask

    def _by_title(self, hidden: bool) -> dict[str, list[Album]]:
        found: dict[str, list[Album]] = {}
        for album in self._overview.albums():
            if hidden or not album.hidden:
                found.setdefault(album.title, []).append(album)
        return found


def _plain(title: str) -> str:
    return " ".join(title.casefold().replace(",", " ").split())
