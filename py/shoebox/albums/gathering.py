"""Which photos are in which album: what was found, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from shoebox.albums import identity
from shoebox.albums.album import STRETCHES, Album
from shoebox.albums.found import Found, Seeker
from shoebox.albums.identity import OWN, Span
from shoebox.albums.said import Said
from shoebox.library.library import Library

Rows = NDArray[np.intp]


class Gathering:
    """Puts the photos of albums together.

    Parameters
    ----------
    library : Library
    seeker : Seeker
    """

    def __init__(self, library: Library, seeker: Seeker) -> None:
        self._library, self._seeker = library, seeker

    def albums(self, said: Said) -> list[Album]:
        """All albums that have photos, and a person's own; of what they are called, only the names of things stand in them."""
        albums = self._found(said)
        self._add_spoken_of(albums, said)
        for number, album in albums.items():
            members = said.members(number)
            if members.added or members.removed:
                album.rows = np.setdiff1d(np.union1d(album.rows, self._rows(members.added)), self._rows(members.removed))
        there = {number: album for number, album in albums.items() if len(album.rows) or album.kind == OWN}
        return _merged(there, said)

    def _found(self, said: Said) -> dict[str, Album]:
        """What was found, under the numbers that were spoken of where something was said about it."""
        found = self._seeker.found()
        stretches = [each for each in found if each.kind in STRETCHES]
        spoken = [number for number in sorted(said.spoken_of()) if identity.kind_of(number) in STRETCHES]
        followed = identity.follow(spoken, [self._span(each) for each in stretches])
        known = {stretches[place].id: number for number, place in followed.items()}
        albums = (Album(known.get(each.id, each.id), each.kind, each.rows, title=each.name) for each in found)
        return {album.id: album for album in albums}

    def _add_spoken_of(self, albums: dict[str, Album], said: Said) -> None:
        """A person's own albums, and those that are not found any more but have a name or a place in somebody's order."""
        into = said.into()
        merged = set(into) | set(into.values())
        for number in sorted(said.spoken_of() - albums.keys()):
            kind = identity.kind_of(number)
            wanted = number in merged or said.pinned(number) or said.members(number).added
            if kind is not None and (said.title(number) or (kind != OWN and wanted)):
                albums[number] = Album(number, kind, self._in_time_of(number) if kind in STRETCHES else np.zeros(0, np.intp))

    def _in_time_of(self, number: str) -> Rows:
        """The photos of the stretch of time that a number holds."""
        span, rows = identity.span_of(number), self._seeker.dated()
        minutes = np.floor(self._library.table["taken"][rows] / identity.MINUTE_MS)
        return rows[(minutes >= span.first) & (minutes <= span.last)]

    def _span(self, found: Found) -> Span:
        taken = self._library.table["taken"]
        return Span.of(float(taken[found.rows[0]]), float(taken[found.rows[-1]]))

    def _rows(self, photos: Iterable[int]) -> Rows:
        rows = (self._library.row_of(photo) for photo in photos)
        return np.array(sorted(row for row in rows if row is not None), np.intp)


def _merged(albums: dict[str, Album], said: Said) -> list[Album]:
    for number, end in said.into().items():
        if number in albums and end in albums:
            album = albums.pop(number)
            albums[end].rows = np.union1d(albums[end].rows, album.rows)
            albums[end].merged.append(number)
    return list(albums.values())
