"""Photos on their way into the library: from the first look at a file to the row.

`classify` says what a file is to the library; what is new gets a ticket and waits here while it is decoded and run
through the networks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.photo.facts import PhotoFacts
from shoebox.store.journal import Change
from shoebox.store.rows import BARE, Path

Kind = Literal["new", "changed", "unchanged", "duplicate", "renamed"]


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was found.

    Attributes
    ----------
    name : str
        Its path as it was dropped: '2019/IMG_1.jpg'.
    size : int
        Bytes.
    mtime : float
        When it was last modified, milliseconds since 1970.
    digest : bytes
        sha256 of its bytes.
    """

    name: str
    size: int
    mtime: float
    digest: bytes

    @property
    def number(self) -> int:
        """The id of the photo, as a number."""
        return int.from_bytes(self.digest[:8], "big")


@dataclass(slots=True)
class Arrival:
    """A photo that is being decoded.

    Attributes
    ----------
    ticket : int
    file : File
    facts : PhotoFacts
        From the head of the file.
    others : list of (name, mtime)
        Further files with the same bytes that came in the meantime.
    """

    ticket: int
    file: File
    facts: PhotoFacts
    others: list[Path] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """All paths that the row will have, the main one first."""
        return [(self.file.name, self.file.mtime), *self.others]

    def join(self, file: File) -> None:
        """Another file with the same bytes: a copy, as soon as the photo is there."""
        if all(name != file.name for name, _ in self.others):
            self.others.append((file.name, file.mtime))


class Folders:
    """What scans of whole folders tell: whether a known path is gone.

    A path is gone when its top folder was scanned in full, the path was not found, and at least half of the paths that were
    known under that folder were (otherwise it may be another folder of the same name).
    """

    def __init__(self) -> None:
        self._unfinished: dict[int, set[str]] = {}
        self._gone: dict[str, set[str]] = {}

    def see(self, addition: int, names: Iterable[str], whole: bool, known: Iterable[str]) -> None:
        """Take note of files that an addition found.

        Parameters
        ----------
        addition : int
            Whichever number; the calls for one addition share it.
        names : iterable of str
        whole : bool
            Whether these, with those of the calls before, are all files of the addition. Until then they tell nothing.
        known : iterable of str
            All paths that are known now.
        """
        seen = self._unfinished.setdefault(addition, set())
        seen.update(name for name in names if "/" in name)
        if not whole:
            return
        del self._unfinished[addition]
        under: dict[str, set[str]] = {name.partition("/")[0]: set() for name in seen}
        for name in known:
            top, slash, _ = name.partition("/")
            if slash and top in under:
                under[top].add(name)
        for top, paths in under.items():
            gone = paths - seen
            self._gone[top] = gone if 2 * len(gone) <= len(paths) else set()

    def forget(self, top: str) -> None:
        """An addition of this folder is over: what it told holds no longer."""
        self._gone.pop(top, None)

    def is_gone(self, name: str) -> bool:
        """Whether a path is gone."""
        return name in self._gone.get(name.partition("/")[0], ())


def classify(library: Library, folders: Folders, file: File) -> tuple[Kind, Change]:
    """What a file is to the library, and what that changes.

    Returns
    -------
    kind : str
        'new': unknown bytes. 'changed': unknown bytes under a known path. 'unchanged', 'duplicate' (known bytes under another
        path as well), 'renamed' (known bytes, and their old path is gone). Bytes that another pack indexed count as new. A
        photo from elsewhere is 'unchanged' when its file turns up here.
    change : Change
        Empty for 'new' and 'changed'.
    """
    row = library.row_of(file.number)
    # Of a photo that came without a thumbnail one must be made.
    bare = row is not None and bool(library.table["flags"][row] & BARE)
    if bare or not library.is_comparable(file.number):
        return ("changed" if file.name in library.owners else "new"), Change()
    paths = dict(library.paths_of(file.number))
    here = (file.name, file.number, file.mtime)
    if not paths:
        return "unchanged", Change(paths=[here])
    if file.name in paths:
        return "unchanged", Change(paths=[] if paths[file.name] == file.mtime else [here])
    gone = [name for name in paths if folders.is_gone(name)]
    return ("renamed" if gone else "duplicate"), Change(paths=[here], drop=gone)


class Arrivals:
    """The photos that have a ticket."""

    def __init__(self) -> None:
        self._next = 0
        self._by_ticket: dict[int, Arrival] = {}
        self._by_number: dict[int, Arrival] = {}

    def __len__(self) -> int:
        return len(self._by_ticket)

    def find(self, number: int) -> Arrival | None:
        """The arrival of a photo by its id."""
        return self._by_number.get(number)

    def add(self, file: File, facts: PhotoFacts) -> Arrival:
        """Give a photo a ticket."""
        self._next += 1
        arrival = Arrival(self._next, file, facts)
        self._by_ticket[arrival.ticket] = self._by_number[file.number] = arrival
        return arrival

    def get(self, ticket: int) -> Arrival:
        """A photo by its ticket.

        Raises
        ------
        QueryError
            If there is no such ticket.
        """
        if ticket not in self._by_ticket:
            raise QueryError(f"There is no ticket {ticket}.", "Ask for the file to be inspected again.")
        return self._by_ticket[ticket]

    def remove(self, arrival: Arrival) -> None:
        """A photo has arrived, or never will."""
        if self._by_ticket.pop(arrival.ticket, None) is not None:
            del self._by_number[arrival.file.number]
