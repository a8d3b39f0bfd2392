"""All albums of a library: those that were found, with what was said about them, and a person's own."""

from __future__ import annotations

from typing import Any, Final

from shoebox.albums import identity
from shoebox.albums.album import STRETCHES, Album
from shoebox.albums.describing import Describing
from shoebox.albums.found import Seeker
from shoebox.albums.gathering import Gathering
from shoebox.albums.identity import EVENT, OWN, THING, TRIP, UTILITY, Span
from shoebox.albums.said import Said
from shoebox.curation.curator import Curator
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts
from shoebox.places.whereabouts import Whereabouts

# The order of kinds on the page.
_ORDER: Final = {OWN: 0, TRIP: 1, EVENT: 2, THING: 3, UTILITY: 4}


class Overview:
    """The albums of one library, made once for each of its states.

    Parameters
    ----------
    library : Library
    curator : Curator
    concepts : Concepts
    whereabouts : Whereabouts
    """

    def __init__(self, library: Library, curator: Curator, concepts: Concepts, whereabouts: Whereabouts) -> None:
        self._library, self._whereabouts = library, whereabouts
        self._seeker = Seeker(library, curator, concepts)
        self._gathering = Gathering(library, self._seeker)
        self._describing = Describing(library, self._seeker, curator, concepts, whereabouts)
        self._shown: tuple[Any, list[Album]] | None = None

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
            said = self.said
            albums = self._gathering.albums(said)
            self._describing.describe(albums, said)
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
        if identity.kind_of(album) not in STRETCHES:
            return None
        stretches = [each for each in albums if each.kind in STRETCHES and each.first is not None and each.last is not None]
        spans = [Span.of(each.first or 0.0, each.last or 0.0) for each in stretches]
        place = identity.follow([album], spans).get(album)
        return None if place is None else stretches[place]


def _within(album: Album) -> tuple[Any, ...]:
    """The order of albums of one kind."""
    if album.kind == OWN:
        return album.title.casefold(), album.id
    if album.kind in STRETCHES:
        return -(album.last or 0.0), album.id
    return -len(album.rows), album.id
