"""All albums as a person sees them: those that were found, with what was said about them, and their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.albums import covers, identity, wording
from shoebox.albums.found import Found, Seeker
from shoebox.albums.identity import EVENT, OWN, THING, TRIP, UTILITY, Span
from shoebox.albums.said import Said
from shoebox.albums.topics import Topics
from shoebox.curation.curator import Curator
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts
from shoebox.places.whereabouts import Whereabouts
from shoebox.search.dates import WEEKDAYS

Rows = NDArray[np.intp]

# The order of kinds on the page.
_ORDER: Final = {OWN: 0, TRIP: 1, EVENT: 2, THING: 3, UTILITY: 4}
_STRETCHES: Final = (TRIP, EVENT)
# An album is named after the places of so many of its photos, evenly spread: looking places up takes time.
_SPOTS: Final = 24
# Nearer to home than this an event is not named after the town.
_NEAR_HOME_KM: Final = 15.0
_PARTS_OF_DAY: Final = ((5, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


@dataclass(slots=True, eq=False)
class Album:
    """One album.

    Attributes
    ----------
    id, kind : str
        As `identity` says.
    title : str
    called : bool
        Whether a person gave it its title.
    place : str
        Where most of its photos were taken; empty where that is not known.
    first, last : float or None
        When the first and the last photo that tell it were taken, milliseconds since 1970.
    cover : int or None
        A row; None for empty albums.
    rows : (photos,) intp
        The newest first.
    hidden, pinned : bool
    merged : list of str
        The albums that have become a part of it.
    """

    id: str
    kind: str
    rows: Rows
    title: str = ""
    called: bool = False
    place: str = ""
    first: float | None = None
    last: float | None = None
    cover: int | None = None
    hidden: bool = False
    pinned: bool = False
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _About:
    """What only the photos of an album tell, whoever calls it what: where they are, what they are about, and a row as cover."""

    place: str
    topic: str
    cover: int


class Overview:
    """Puts albums together.

    Parameters
    ----------
    library : Library
    curator : Curator
    concepts : Concepts
    whereabouts : Whereabouts
    """

    def __init__(self, library: Library, curator: Curator, concepts: Concepts, whereabouts: Whereabouts) -> None:
        self._library, self._curator, self._concepts, self._whereabouts = library, curator, concepts, whereabouts
        self._seeker = Seeker(library, curator, concepts)
        self._shown: tuple[Any, list[Album]] | None = None
        self._about: dict[Any, _About] = {}
        self._about_state: Any = None

    @property
    def said(self) -> Said:
        """What a person said."""
        return Said(self._library.statements)

    @property
    def state(self) -> Any:
        """Is another whenever albums may be different."""
        return self._seeker.state, self._whereabouts.edits, self._library.statements.edits

    def albums(self) -> list[Album]:
        """All albums: pinned ones first, then by kind; own ones by title, trips and events the newest first, things by size."""
        if self._shown is None or self._shown[0] != self.state:
            albums = self._merged(self._together())
            self._describe(albums)
            albums.sort(key=lambda each: (not each.pinned, _ORDER[each.kind], *_within(each)))
            self._shown = self.state, albums
        return self._shown[1]

    def find(self, album: str) -> Album | None:
        """The album of a number, or what has become of it."""
        albums = self.albums()
        album = self.said.into().get(album, album)
        for each in albums:
            if each.id == album or album in each.merged:
                return each
        if identity.kind_of(album) not in _STRETCHES:
            return None
        stretches = [each for each in albums if each.kind in _STRETCHES and each.first is not None and each.last is not None]
        spans = [Span.of(each.first or 0.0, each.last or 0.0) for each in stretches]
        place = identity.follow([album], spans).get(album)
        return None if place is None else stretches[place]

    # What belongs together

    def _together(self) -> dict[str, Album]:
        """The albums by number, each with its photos, before any is merged."""
        said, found = self.said, self._seeker.found()
        spoken = sorted(said.spoken_of())
        stretches = [each for each in found if each.kind in _STRETCHES]
        spans = [self._span(each) for each in stretches]
        numbers = {stretches[place].id: known for known, place in self._followed(spoken, spans).items()}
        albums: dict[str, Album] = {}
        for each in found:
            number = numbers.get(each.id, each.id)
            albums[number] = Album(number, each.kind, each.rows, title=each.name)
        into = said.into()
        asked_for = set(into) | set(into.values())
        for number in spoken:
            if number not in albums and (
                said.title(number) or said.pinned(number) or number in asked_for or said.members(number).added
            ):
                kind = identity.kind_of(number)
                if kind is not None and (kind != OWN or said.title(number)):
                    albums[number] = Album(number, kind, self._lost(number, kind))
        for number, album in albums.items():
            members = said.members(number)
            if members.added or members.removed:
                album.rows = np.setdiff1d(np.union1d(album.rows, self._rows(members.added)), self._rows(members.removed))
        return {number: album for number, album in albums.items() if len(album.rows) or album.kind == OWN}

    def _followed(self, spoken: Sequence[str], spans: Sequence[Span]) -> dict[str, int]:
        return identity.follow([number for number in spoken if identity.kind_of(number) in _STRETCHES], spans)

    def _span(self, found: Found) -> Span:
        taken = self._library.table["taken"]
        return Span.of(float(taken[found.rows[0]]), float(taken[found.rows[-1]]))

    def _lost(self, number: str, kind: str) -> Rows:
        """The photos of an album that is not found any more: of a trip or an event, all of its time."""
        if kind not in _STRETCHES:
            return np.zeros(0, np.intp)
        span, rows = identity.span_of(number), self._seeker.dated()
        minutes = np.floor(self._library.table["taken"][rows] / identity.MINUTE_MS)
        return rows[(minutes >= span.first) & (minutes <= span.last)]

    def _merged(self, albums: dict[str, Album]) -> list[Album]:
        for number, end in self.said.into().items():
            if number in albums and end in albums:
                album = albums.pop(number)
                albums[end].rows = np.union1d(albums[end].rows, album.rows)
                albums[end].merged.append(number)
        return list(albums.values())

    def _rows(self, photos: Iterable[int]) -> Rows:
        rows = (self._library.row_of(photo) for photo in photos)
        return np.array(sorted(row for row in rows if row is not None), np.intp)

    # What they are called

    def _describe(self, albums: Sequence[Album]) -> None:
        said, taken = self.said, self._library.table["taken"]
        for album in albums:
            when = taken[album.rows]
            album.rows = album.rows[np.lexsort((album.rows, -np.nan_to_num(when, nan=-np.inf)))]
            if np.isfinite(when).any():
                album.first, album.last = float(np.nanmin(when)), float(np.nanmax(when))
            album.hidden, album.pinned = said.hidden(album.id), said.pinned(album.id)
        abouts = self._abouts(albums)
        plain = [_title(album, about) for album, about in zip(albums, abouts, strict=True)]
        finer = [_finer(album, about) for album, about in zip(albums, abouts, strict=True)]
        titles = wording.told_apart(plain, finer)
        for album, about, title in zip(albums, abouts, titles, strict=True):
            own = said.title(album.id)
            album.title, album.called = own or title, bool(own)
            if about is None:
                continue
            chosen = said.cover(album.id)
            row = None if chosen is None else self._library.row_of(chosen)
            album.place, album.cover = about.place, row if row is not None and (album.rows == row).any() else about.cover

    def _abouts(self, albums: Sequence[Album]) -> list[_About | None]:
        """What is known of the photos of each; worked out only where that is new."""
        state = self._seeker.state, self._whereabouts.edits
        if state != self._about_state:
            self._about, self._about_state = {}, state
        loved = self._library.favourites()
        keys = [(album.kind, int(loved[album.rows].sum()), album.rows.tobytes()) for album in albums]
        new = [place for place, key in enumerate(keys) if key not in self._about and len(albums[place].rows)]
        if new:
            fresh = [albums[place] for place in new]
            places = self._places(fresh)
            made = zip(places, self._topics(fresh, places), self._covers(fresh, loved), strict=True)
            for place, about in zip(new, made, strict=True):
                self._about[keys[place]] = _About(*about)
        self._about = {key: self._about[key] for key in keys if key in self._about}
        return [self._about.get(key) for key in keys]

    def _places(self, albums: Sequence[Album]) -> list[str]:
        latitude = self._library.table["latitude"]
        spots = [_spread(album.rows[np.isfinite(latitude[album.rows])], _SPOTS) for album in albums]
        edges = np.cumsum([0, *map(len, spots)])
        whereabouts = self._whereabouts
        found = whereabouts.of_rows(np.concatenate([*spots, np.zeros(0, np.intp)]))
        # Things are everywhere; and a few photos that say where they were taken do not speak for an event.
        told = [
            album.kind == TRIP
            or (album.kind in (EVENT, OWN) and 2 * np.isfinite(latitude[album.rows]).sum() >= len(album.rows))
            for album in albums
        ]
        return [
            wording.place_of(whereabouts.table, found.towns[low:high], found.countries[low:high]) if tells else ""
            for tells, (low, high) in zip(told, pairwise(edges.tolist()), strict=True)
        ]

    def _topics(self, albums: Sequence[Album], places: Sequence[str]) -> list[str]:
        """What trips and events are about: their place, or for events near home what they show."""
        table, library = self._library.table, self._library
        tags, scores = table["tags"], table["tag_scores"]
        topics = Topics(self._concepts, tags[library.comparable], scores[library.comparable])
        found: list[str] = []
        comparable = library.comparable
        for album, place in zip(albums, places, strict=True):
            if album.kind != EVENT or (place and self._far(album.rows)):
                found.append(place)
            else:
                rows = album.rows[comparable[album.rows]]
                found.append(topics.of(tags[rows], scores[rows]))
        return found

    def _far(self, rows: Rows) -> bool:
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


def _title(album: Album, about: _About | None) -> str:
    """What an album is called unless a person says otherwise."""
    if album.kind not in _STRETCHES or about is None or album.first is None or album.last is None:
        return album.title or "Album"
    first, last = wording.moment_of(album.first).date(), wording.moment_of(album.last).date()
    if album.kind == TRIP:
        return f"{about.topic or 'Trip'}, {wording.in_months(first, last)}"
    days = wording.in_days(first, last)
    if about.topic:
        return f"{about.topic}, {days}"
    return f"{WEEKDAYS[first.weekday()]}, {days}" if first == last else days


def _finer(album: Album, about: _About | None) -> str:
    """The same in more detail, for albums that would be called alike."""
    if album.kind not in _STRETCHES or about is None or album.first is None or album.last is None:
        return album.title or "Album"
    first, last = wording.moment_of(album.first), wording.moment_of(album.last)
    if album.kind == TRIP:
        return f"{about.topic or 'Trip'}, {wording.in_days(first.date(), last.date())}"
    return f"{_title(album, about)}, {next(words for until, words in _PARTS_OF_DAY if first.hour < until)}"


def _within(album: Album) -> tuple[Any, ...]:
    """The order of albums of one kind."""
    if album.kind == OWN:
        return album.title.casefold(), album.id
    if album.kind in _STRETCHES:
        return -(album.last or 0.0), album.id
    return -len(album.rows), album.id
