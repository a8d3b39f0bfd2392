"""What albums are: their times, places, titles and covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.albums import covers, wording
from shoebox.albums.album import Album
from shoebox.albums.found import Seeker
from shoebox.albums.identity import EVENT, OWN, TRIP
from shoebox.albums.said import Said
from shoebox.albums.titles import titles
from shoebox.albums.topics import Topics
from shoebox.curation.curator import Curator
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts
from shoebox.places.whereabouts import Whereabouts

Rows = NDArray[np.intp]

# An album is named after the places of so many of its photos, evenly spread: looking places up takes time.
_SPOTS: Final = 24
# Nearer to home than this an event is not named after the town.
_NEAR_HOME_KM: Final = 15.0


@dataclass(frozen=True, slots=True)
class _About:
    """What only the photos of an album tell, whoever calls it what: where they are, what they are about, and a row as cover."""

    place: str
    topic: str
    cover: int


class Describing:
    """Describes albums; what it has worked out for the same photos it does not work out again.

    Parameters
    ----------
    library : Library
    seeker : Seeker
        Knows where home is.
    curator : Curator
    concepts : Concepts
    whereabouts : Whereabouts
    """

    def __init__(
        self, library: Library, seeker: Seeker, curator: Curator, concepts: Concepts, whereabouts: Whereabouts
    ) -> None:
        self._library, self._seeker, self._curator = library, seeker, curator
        self._concepts, self._whereabouts = concepts, whereabouts
        self._known: dict[Any, _About] = {}
        self._state: Any = None

    def describe(self, albums: Sequence[Album], said: Said) -> None:
        """Fill in all that albums say beside their photos, and order these."""
        for album in albums:
            self._put_in_order(album)
            album.hidden, album.pinned = said.hidden(album.id), said.pinned(album.id)
        abouts = self._abouts(albums)
        names = titles(albums, ["" if about is None else about.topic for about in abouts])
        for album, about, name in zip(albums, abouts, names, strict=True):
            own = said.title(album.id)
            album.title, album.called = own or name, bool(own)
            if about is not None:
                chosen = self._chosen(album, said)
                album.place, album.cover = about.place, about.cover if chosen is None else chosen

    def _put_in_order(self, album: Album) -> None:
        when = self._library.table["taken"][album.rows]
        album.rows = album.rows[np.lexsort((album.rows, -np.nan_to_num(when, nan=-np.inf)))]
        if np.isfinite(when).any():
            album.first, album.last = float(np.nanmin(when)), float(np.nanmax(when))

    def _chosen(self, album: Album, said: Said) -> int | None:
        """The row that a person chose as the cover, while it is in the album."""
        photo = said.cover(album.id)
        row = None if photo is None else self._library.row_of(photo)
        return row if row is not None and (album.rows == row).any() else None

    def _abouts(self, albums: Sequence[Album]) -> list[_About | None]:
        """What the photos of each tell; None where there are none."""
        state = self._seeker.state, self._whereabouts.edits
        if state != self._state:
            self._known, self._state = {}, state
        loved = self._library.favourites()
        keys = [(album.kind, int(loved[album.rows].sum()), album.rows.tobytes()) for album in albums]
        new = [place for place, key in enumerate(keys) if key not in self._known and len(albums[place].rows)]
        fresh = [albums[place] for place in new]
        places = self._places(fresh)
        made = zip(new, places, self._topics(fresh, places), self._covers(fresh, loved), strict=True)
        self._known |= {keys[at]: _About(place, topic, cover) for at, place, topic, cover in made}
        # What nobody asks for any more is let go.
        self._known = {key: self._known[key] for key in keys if key in self._known}
        return [self._known.get(key) for key in keys]

    def _places(self, albums: Sequence[Album]) -> list[str]:
        latitude = self._library.table["latitude"]
        spots = [_spread(album.rows[np.isfinite(latitude[album.rows])], _SPOTS) for album in albums]
        edges = np.cumsum([0, *map(len, spots)])
        found = self._whereabouts.of_rows(np.concatenate([*spots, np.zeros(0, np.intp)]))
        # Things are everywhere; and a few photos that say where they were taken do not speak for an event.
        told = [
            album.kind == TRIP
            or (album.kind in (EVENT, OWN) and 2 * np.isfinite(latitude[album.rows]).sum() >= len(album.rows))
            for album in albums
        ]
        return [
            wording.place_of(self._whereabouts.table, found.towns[low:high], found.countries[low:high]) if tells else ""
            for tells, (low, high) in zip(told, pairwise(edges.tolist()), strict=True)
        ]

    def _topics(self, albums: Sequence[Album], places: Sequence[str]) -> list[str]:
        """What trips and events are about: their place, or for events near home what they show."""
        table, comparable = self._library.table, self._library.comparable
        tags, scores = table["tags"], table["tag_scores"]
        topics = Topics(self._concepts, tags[comparable], scores[comparable])
        found: list[str] = []
        for album, place in zip(albums, places, strict=True):
            if album.kind != EVENT or (place and self._is_far(album.rows)):
                found.append(place)
            else:
                rows = album.rows[comparable[album.rows]]
                found.append(topics.of(tags[rows], scores[rows]))
        return found

    def _is_far(self, rows: Rows) -> bool:
        """Whether photos were taken far enough from home for the place to be worth a name; so it is where no home is known."""
        latitude, longitude, taken = (self._library.table[name][rows] for name in ("latitude", "longitude", "taken"))
        located = np.isfinite(latitude) & np.isfinite(taken)
        if not located.any():
            return False
        far = self._seeker.homes.kilometres(latitude[located], longitude[located], taken[located])
        return bool(np.isnan(far).all() or np.nanmedian(far) >= _NEAR_HOME_KM)

    def _covers(self, albums: Sequence[Album], loved: NDArray[np.bool_]) -> list[int]:
        quality = self._curator.quality()
        return [covers.choose(album.rows, quality, loved, self._library.vectors.vectors) for album in albums]


def _spread(rows: Rows, most: int) -> Rows:
    """At most so many of some rows, evenly spread."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]
