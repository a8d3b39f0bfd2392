"""What albums are called unless a person says otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from shoebox.albums import wording
from shoebox.albums.album import STRETCHES, Album
from shoebox.albums.identity import TRIP
from shoebox.search.dates import WEEKDAYS

_NO_NAME: Final = "Album"
# Until which hour which part of the day lasts.
_PARTS_OF_DAY: Final = ((5, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


def titles(albums: Sequence[Album], topics: Sequence[str]) -> list[str]:
    """The titles of all albums, no two the same.

    Parameters
    ----------
    albums : sequence of Album
        Things and utilities have their names already; trips and events know their first and last moment.
    topics : sequence of str
        What trips and events are about, as a title begins; may be empty.
    """
    plain = [title(album, topic) for album, topic in zip(albums, topics, strict=True)]
    often = Counter(plain)
    chosen = [
        finer(album, topic) if often[name] > 1 else name for album, topic, name in zip(albums, topics, plain, strict=True)
    ]
    return list(_numbered(chosen))


def title(album: Album, topic: str) -> str:
    """Such as "San Francisco, May 2024", "Windsor, 12 August 2023", "Saturday, 12 August 2023"."""
    if album.kind not in STRETCHES or album.first is None or album.last is None:
        return album.title or _NO_NAME
    first, last = wording.moment_of(album.first).date(), wording.moment_of(album.last).date()
    if album.kind == TRIP:
        return f"{topic or 'Trip'}, {wording.in_months(first, last)}"
    days = wording.in_days(first, last)
    if topic:
        return f"{topic}, {days}"
    return f"{WEEKDAYS[first.weekday()]}, {days}" if first == last else days


def finer(album: Album, topic: str) -> str:
    """The same in more detail, for albums that would be called alike."""
    if album.kind not in STRETCHES or album.first is None or album.last is None:
        return album.title or _NO_NAME
    first, last = wording.moment_of(album.first), wording.moment_of(album.last)
    if album.kind == TRIP:
        return f"{topic or 'Trip'}, {wording.in_days(first.date(), last.date())}"
    return f"{title(album, topic)}, {next(words for until, words in _PARTS_OF_DAY if first.hour < until)}"


def _numbered(names: Sequence[str]) -> Iterator[str]:
    often, seen = Counter(names), Counter[str]()
    for name in names:
        seen[name] += 1
        yield f"{name} ({seen[name]})" if often[name] > 1 else name
