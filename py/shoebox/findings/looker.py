"""A look at photos that can be searched already: which of them nobody has looked at, and looking at them.

The page asks what is to do, opens the files, decodes them larger than for searching, and hands pixels over in batches. A photo
is known by the hash of its bytes, so a file that was changed meanwhile is never taken for the photo that it was.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence, Sized
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.findings.findings import Answer, Findings
from shoebox.library.library import Library
from shoebox.model import preprocess
from shoebox.model.manifest import PackFile
from shoebox.photo import inspection
from shoebox.search.ranking import newest
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.store.rows import id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.timings import Timings

Photos = Mapping[int, NDArray[np.uint8]]
R = TypeVar("R", bound=Sized)


class Looker(ABC, Generic[R]):
    """Looking at the photos of one library with the networks of one pack.

    Parameters
    ----------
    library : Library
    findings : Findings
        Gets what is found.
    sessions : Sessions
        Where the networks of a pack run.
    timings : Timings
        Gets how long networks and all around them take, a photo.

    Attributes
    ----------
    finds : str
        What is counted in the answer to `look`.
    task : str
        The task that finds it.
    timed : str
        The name under which it is timed.
    """

    finds: ClassVar[str]
    task: ClassVar[str]
    timed: ClassVar[str]

    def __init__(self, library: Library, findings: Findings[Any], sessions: Sessions, timings: Timings) -> None:
        self._library, self._findings = library, findings
        self._sessions, self._timings = sessions, timings
        self._graph: TaskGraph | None = None

    @abstractmethod
    def todo(self) -> Answer:
        """Photos that nobody has looked at, newest first: `{ids, total}`.

        Those whose files are elsewhere are left out: nobody can look at them here. `ids` is one text of 16 characters a photo.
        """

    def names(self, ids: Sequence[str]) -> list[list[str]]:
        """All paths of photos; none for those that are not in the library."""
        numbers = [requests.id_number(text) for text in ids]
        return [[] if number is None else [name for name, _ in self._library.paths_of(number)] for number in numbers]

    def order(self, id: str, hash: str, head: Buffer, whole: bool = False) -> Answer:
        """How to decode the file that lies where a photo should: `{action: "other" | "whole" | "decode", ...}` as `inspect`.

        "other": the file is not that photo, or not any more.
        """
        number = requests.id_number(id)
        row = None if number is None else self._library.row_of(number)
        if row is None or self._library.table["hash"][row].tobytes().hex() != hash:
            return {"action": "other"}
        found = inspection.inspect_head(self._library.names[row], memoryview(head).tobytes(), bool(whole))
        if found.action == "whole":
            return {"action": "whole"}
        return found.order() if found.action == "decode" else {"action": "other"}

    async def look(self, photos: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer], missed: Sequence[str] = ()) -> Answer:
        """Look at decoded photos: `{batch, put, delete}` and how much was found, staged; batch is None if all have left.

        Parameters
        ----------
        photos : sequence of {id, width, height}
            Width and height of the pixels.
        pixels : sequence of bytes
            RGB.
        missed : sequence of str
            Photos that cannot be decoded: nobody need try again.

        Raises
        ------
        QueryError
            Before a pack has begun.
        SessionError
            If a network fails with every photo; nothing is staged then.
        """
        if self._graph is None:
            raise self._not_begun()
        if len(photos) != len(pixels):
            raise QueryError(f"There are {len(photos)} photos but pixels of {len(pixels)}.")
        seen: dict[int, NDArray[np.uint8]] = {}
        unseen = {number for number in map(requests.id_number, missed) if number is not None}
        for item, data in zip(photos, pixels, strict=True):
            number = requests.id_number(str(item.get("id")))
            if number is None:
                continue
            try:
                seen[number] = preprocess.photo_from_bytes(data, requests.whole(item, "width"), requests.whole(item, "height"))
            except ValueError:
                unseen.add(number)
        seen = {number: photo for number, photo in seen.items() if self._library.row_of(number) is not None}
        rows, bad = await self._see_all(self._graph, seen)
        seen = {number: photo for number, photo in seen.items() if number not in bad}
        unseen |= bad
        ids = [*seen, *(number for number in unseen - seen.keys() if self._library.row_of(number) is not None)]
        if not ids:
            return {"batch": None, "put": [], "delete": [], self.finds: 0}
        return {**self._stage(ids, rows), self.finds: len(rows)}

    def settle(self, batch: int, stored: bool) -> Answer:
        """What was staged is stored: do it; or it could not be: forget it."""
        self._findings.settle(int(batch), bool(stored))
        return {}

    def fold(self, tidy: bool = False) -> Answer | None:
        """Gather small lists, and, to be tidy, let go of what was found in photos that have left: staged, or None."""
        return self._findings.fold(self._present, bool(tidy))

    def _present(self, photo: int) -> bool:
        return self._library.row_of(photo) is not None

    def _unseen(self, sought: Callable[[int], bool]) -> Answer:
        """The photos of which that is not so, as `todo`."""
        library = self._library
        rows = newest(library.vectors.alive, library.table["taken"])
        numbers: list[int] = id_numbers(library.table["hash"][rows]).tolist()
        there = (number for number in numbers if number not in library.elsewhere)
        return {"ids": "".join(id_text(number) for number in there if not sought(number)), "total": len(numbers)}

    async def _see_all(self, graph: TaskGraph, photos: Photos) -> tuple[R, set[int]]:
        """What is found in those photos that can be looked at, and the others; if there is none of the former, the error.

        One photo that a network cannot bear must not stop the others, nor come back for ever.
        """
        parts: list[R] = []
        bad: set[int] = set()
        for number, photo in photos.items():
            try:
                parts.append(await self._see(graph, {number: photo}))
            except SessionError:
                bad.add(number)
                if len(bad) == len(photos):
                    raise
        return self._together(parts), bad

    async def _see(self, graph: TaskGraph, photos: Photos) -> R:
        """What is found in at least one photo."""
        table, rows = self._library.table, [self._library.row_of(number) for number in photos]
        sizes = [(int(table["width"][row]), int(table["height"][row])) for row in rows]
        with self._timings.measure(self.timed, len(photos)):
            results = await graph.run([self.task], Batch(list(photos.values()), sizes))
        found: R = results[self.task]
        return found

    @abstractmethod
    def _together(self, parts: Sequence[R]) -> R:
        """What was found in photos one by one, as of one batch; there may be none."""

    @abstractmethod
    def _stage(self, ids: Sequence[int], rows: R) -> Answer:
        """Photos were looked at; those of `rows` are places in `ids`."""

    @abstractmethod
    def _not_begun(self) -> QueryError:
        """Says how to turn this look on."""


def networks(files: Mapping[str, PackFile]) -> list[Answer]:
    """Which networks a pack needs, as the page is told: `[{network, file, bytes, sha256}]`."""
    return [
        {"network": network, "file": file.name, "bytes": file.size, "sha256": file.sha256} for network, file in files.items()
    ]
