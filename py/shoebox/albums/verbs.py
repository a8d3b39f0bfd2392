"""What the page asks about albums, and says about them; `shoebox.worker` lists the arguments and the answers.

Everything that is said is a statement: it lasts, whatever is found later, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from shoebox import requests
from shoebox.albums import identity, wording
from shoebox.albums.album import Album
from shoebox.albums.identity import OWN
from shoebox.albums.overview import Overview
from shoebox.albums.said import Wish
from shoebox.curation.curator import Curator
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.library.sayings import Sayings
from shoebox.library.statements import MOST_TEXT
from shoebox.model.concepts import Concepts
from shoebox.places.whereabouts import Whereabouts
from shoebox.store.rows import id_text

Answer = dict[str, Any]

_GONE: Final = "Its photos may have left; see all albums for what there is now."
_NO_TITLE: Final = "Write what the album should be called."
_MOST_PHOTOS: Final = 100_000


class AlbumVerbs:
    """The albums of one library, as the page sees them.

    Parameters
    ----------
    library : Library
    sayings : Sayings
        Stages what is said.
    curator : Curator
    concepts : Concepts
    whereabouts : Whereabouts

    Attributes
    ----------
    overview : Overview
    """

    def __init__(
        self, library: Library, sayings: Sayings, curator: Curator, concepts: Concepts, whereabouts: Whereabouts
    ) -> None:
        self._library, self._sayings = library, sayings
        self.overview = Overview(library, curator, concepts, whereabouts)

    # Looking

    def albums(self, photos: float = _MOST_PHOTOS) -> list[Answer]:
        """All albums, each with at most so many of its photos, the newest first; see `contract.ts`."""
        most = requests.whole({"photos": photos}, "photos")
        return [self._told(album, most) for album in self.overview.albums()]

    def album(self, id: str) -> Answer:
        """One album with all its photos."""
        return self._told(self._album(id), _MOST_PHOTOS)

    # Saying: each answers `{batch, statements, changed, undo, album}`

    def create_album(self, title: str, photos: Sequence[str] = ()) -> Answer:
        """Make an album of one's own, with these photos in it."""
        album, said = identity.new(), self.overview.said
        numbers = self._numbers(photos)
        return self._say([*said.call(album, _title(title, empty=False)), *said.put(album, numbers, True)], album)

    def name_album(self, id: str, title: str) -> Answer:
        """Give an album a name; an empty one takes it away, except from one's own albums."""
        album = self._album(id)
        return self._say(self.overview.said.call(album.id, _title(title, empty=album.kind != OWN)), album.id)

    def delete_album(self, id: str) -> Answer:
        """Let go of an album of one's own; its photos stay where they are."""
        album = self._album(id)
        if album.kind != OWN:
            raise QueryError(f"“{album.title}” made itself and would come back.", "Hide it instead.")
        said = self.overview.said
        return self._say([*said.part(album.id), *said.call(album.id, "")], album.id)

    def pin_album(self, id: str, yes: bool = True) -> Answer:
        """Keep an album in front, or no longer so."""
        album = self._album(id).id
        return self._say(self.overview.said.pin(album, _choice(yes)), album)

    def hide_album(self, id: str, yes: bool = True) -> Answer:
        """Keep an album out of sight, or show it again."""
        album = self._album(id).id
        return self._say(self.overview.said.hide(album, _choice(yes)), album)

    def merge_albums(self, ids: Sequence[str]) -> Answer:
        """Several albums are one: the first, whose title and cover stay."""
        albums = list(dict.fromkeys(self._album(each).id for each in _listed(ids, "Albums")))
        if len(albums) < 2:
            raise QueryError("There is only one album to merge.", "Name two albums or more.")
        return self._say(self.overview.said.merge(albums), albums[0])

    def separate_album(self, id: str) -> Answer:
        """Take merged albums apart again."""
        album = self._album(id).id
        return self._say(self.overview.said.part(album), album)

    def add_to_album(self, id: str, photos: Sequence[str]) -> Answer:
        """Put photos into an album; those that are in it already stay as they are."""
        album = self._album(id)
        there = set(album.rows.tolist())
        new = [number for number in self._numbers(photos) if self._library.row_of(number) not in there]
        return self._say(self.overview.said.put(album.id, new, True), album.id)

    def remove_from_album(self, id: str, photos: Sequence[str]) -> Answer:
        """Take photos out of an album, and of those that are merged into it; they stay in the library."""
        album = self._album(id)
        there = set(album.rows.tolist())
        gone = [number for number in self._numbers(photos) if self._library.row_of(number) in there]
        wishes = [wish for each in (album.id, *album.merged) for wish in self.overview.said.put(each, gone, False)]
        return self._say(wishes, album.id)

    def album_cover(self, id: str, photo: str) -> Answer:
        """Make a photo of an album its cover."""
        album = self._album(id)
        row = requests.row(self._library, photo)
        if not (album.rows == row).any():
            raise QueryError(f"The photo is not in “{album.title}”.", "Add it to the album first.")
        return self._say(self.overview.said.choose_cover(album.id, self._library.number_at(row)), album.id)

    # Inside

    def _say(self, wishes: Iterable[Wish], album: str) -> Answer:
        return {**self._sayings.say(wishes), "album": album}

    def _album(self, id: str) -> Album:
        found = self.overview.find(id) if isinstance(id, str) else None
        if found is None:
            raise QueryError(f"There is no album {id!r} (any more).", _GONE)
        return found

    def _numbers(self, photos: Sequence[str]) -> list[int]:
        rows = (requests.row(self._library, each) for each in _listed(photos, "Photos"))
        return list(dict.fromkeys(self._library.number_at(row) for row in rows))

    def _told(self, album: Album, most: int) -> Answer:
        number_at = self._library.number_at
        return {
            "id": album.id,
            "kind": album.kind,
            "title": album.title,
            "named": album.called,
            "from": None if album.first is None else wording.iso(album.first),
            "to": None if album.last is None else wording.iso(album.last),
            "place": album.place,
            "cover": None if album.cover is None else id_text(number_at(album.cover)),
            "count": len(album.rows),
            "photos": [id_text(number_at(row)) for row in album.rows[:most].tolist()],
            "pinned": album.pinned,
            "hidden": album.hidden,
            "merged": len(album.merged),
        }


def _title(title: str, empty: bool) -> str:
    if not isinstance(title, str):
        raise QueryError(f"{title!r} is not the title of an album.", _NO_TITLE)
    plain = " ".join(title.split())
    if not plain and not empty:
        raise QueryError("An album of your own needs a title.", _NO_TITLE)
    if len(plain) > MOST_TEXT:
        raise QueryError(f"The title is longer than {MOST_TEXT:,} letters.", "Choose a shorter one.")
    return plain


def _choice(yes: bool) -> bool:
    if not isinstance(yes, bool):
        raise QueryError(f"{yes!r} is neither true nor false.")
    return yes


def _listed(values: Sequence[str], what: str) -> list[str]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise QueryError(f"{what} are given as a list of their ids.")
    return list(values)
