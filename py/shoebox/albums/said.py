"""What a person said about albums, read out of the statements, and the wishes that say more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shoebox.library import subjects
from shoebox.library.statements import COVER, INTO, MEMBER, PINNED, PUT_AWAY, STANDING, TITLE, Statements, Value
from shoebox.store.rows import id_text

Wish = tuple[str, str, Value]

_ALBUM, _PHOTO = f"{subjects.ALBUM}:", f"{subjects.PHOTO}:"


class Members(NamedTuple):
    """The photos that a person put into an album, and took out of it, by their ids as numbers."""

    added: frozenset[int]
    removed: frozenset[int]


_NOBODY = Members(frozenset(), frozenset())


class Said:
    """The statements about albums.

    Parameters
    ----------
    statements : Statements
        Only read; wishes are for whoever stages statements.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._members: tuple[int, dict[str, Members]] | None = None

    def title(self, album: str) -> str:
        """What a person called an album; empty if nobody did."""
        value = self._statements.value(_ALBUM + album, TITLE)
        return value if isinstance(value, str) else ""

    def pinned(self, album: str) -> bool:
        """Whether an album is kept in front."""
        return self._statements.value(_ALBUM + album, STANDING) == PINNED

    def hidden(self, album: str) -> bool:
        """Whether an album is kept out of sight."""
        return self._statements.value(_ALBUM + album, STANDING) == PUT_AWAY

    def cover(self, album: str) -> int | None:
        """The photo that a person chose as the cover, by its id as a number."""
        value = self._statements.value(_ALBUM + album, COVER)
        return int(value, 16) if isinstance(value, str) else None

    def members(self, album: str) -> Members:
        """The photos that were put in, and taken out."""
        return self._all_members().get(album, _NOBODY)

    def into(self) -> dict[str, str]:
        """Albums that have become a part of another, with the one that they are in by now; never one that is in itself."""
        steps = self._steps()
        return {album: end for album in steps if (end := _end(album, steps)) != album}

    def spoken_of(self) -> set[str]:
        """All albums of which anything is said that holds."""
        found = set(self._all_members())
        for predicate in (TITLE, STANDING, COVER, INTO):
            said = self._statements.by(predicate).items()
            found.update(subject.removeprefix(_ALBUM) for subject, statement in said if statement.value is not None)
        return found | set(self.into().values())

    # Wishes

    def call(self, album: str, title: str) -> list[Wish]:
        """The album is called so; an empty title takes the name back."""
        return [] if title == self.title(album) else [(_ALBUM + album, TITLE, title or None)]

    def pin(self, album: str, yes: bool) -> list[Wish]:
        """The album is kept in front, or no longer so."""
        return [] if yes is self.pinned(album) else [(_ALBUM + album, STANDING, PINNED if yes else None)]

    def hide(self, album: str, yes: bool) -> list[Wish]:
        """The album is kept out of sight, or no longer so."""
        return [] if yes is self.hidden(album) else [(_ALBUM + album, STANDING, PUT_AWAY if yes else None)]

    def choose_cover(self, album: str, photo: int) -> list[Wish]:
        """The photo is the album's cover."""
        return [] if self.cover(album) == photo else [(_ALBUM + album, COVER, id_text(photo))]

    def put(self, album: str, photos: Iterable[int], yes: bool) -> list[Wish]:
        """The photos are in the album, or they are not."""
        return [(subjects.pair(_ALBUM + album, subjects.photo(photo)), MEMBER, yes) for photo in photos]

    def merge(self, albums: Sequence[str]) -> list[Wish]:
        """All albums are the first one."""
        first, *others = albums
        # What the first was a part of before would otherwise draw it in as well.
        freed: list[Wish] = [(_ALBUM + first, INTO, None)] if first in self.into() else []
        return freed + [(_ALBUM + other, INTO, first) for other in others]

    def part(self, album: str) -> list[Wish]:
        """No album is a part of this one any more; what was merged into one of them before stays in it."""
        steps = self._steps()
        parts = [other for other, after in steps.items() if after == album]
        # Of albums that went into each other this one would else go the other way.
        return [(_ALBUM + each, INTO, None) for each in (*parts, *({album} & steps.keys() - set(parts)))]

    def _steps(self) -> dict[str, str]:
        """Albums that have become a part of another, with the one that was named."""
        return {
            subject.removeprefix(_ALBUM): said.value
            for subject, said in self._statements.by(INTO).items()
            if isinstance(said.value, str)
        }

    def _all_members(self) -> dict[str, Members]:
        edits = self._statements.edits
        if self._members is None or self._members[0] != edits:
            added: dict[str, set[int]] = {}
            removed: dict[str, set[int]] = {}
            for subject, said in self._statements.by(MEMBER).items():
                album, _, photo = subject.removeprefix("pair:").partition("|")
                if said.value is not None and album.startswith(_ALBUM) and photo.startswith(_PHOTO):
                    side = added if said.value else removed
                    side.setdefault(album.removeprefix(_ALBUM), set()).add(subjects.photo_number(photo))
            members = {
                album: Members(frozenset(added.get(album, ())), frozenset(removed.get(album, ())))
                for album in added.keys() | removed.keys()
            }
            self._members = edits, members
        return self._members[1]


def _end(album: str, steps: dict[str, str]) -> str:
    """Where an album has come to, step by step; going in a circle, to the least on it, so that all of them end there."""
    way = [album]
    while way[-1] in steps:
        after = steps[way[-1]]
        if after in way:
            return min(way[way.index(after) :])
        way.append(after)
    return way[-1]
