"""From files to rows: every core decodes, every core infers, and nothing waits that need not.

[Note: Bounded everywhere] As many files are being read as there are processes, at most `_READY` decoded photos for each wait
for the networks, and each lane of the networks holds one batch.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from shoebox.api import Shoebox
from shoebox.commands.decoders import Decoders
from shoebox.commands.decoding import Job, Read
from shoebox.commands.scanning import Found, Scan
from shoebox.commands.thumbnails import Thumbnails
from shoebox.photo.decode import MIN_SIDE, THUMBNAIL_SIDE, DecodedPhoto

# Decoded photos that wait, for each process: enough that no lane starves, 0.6 MB each.
_READY: Final = 4

Failed = dict[str, Any]


@dataclass(slots=True)
class Added:
    """What came of it; as `add` answers in the page, and what left.

    Attributes
    ----------
    added, unchanged, duplicates : int
        Files by what they turned out to be.
    renamed : int
        Of `unchanged`, those that lay elsewhere before.
    failed : list of {name, reason}
    removed : int
        Photos that left, since their files are gone.
    missing : dict of str to int
        By folder: files that were not found any more but were too many to let go without being told to.
    stopped : bool
        Whether somebody stopped it before the end.
    seconds : float
        How long files were read, decoded and looked at.
    """

    added: int = 0
    unchanged: int = 0
    duplicates: int = 0
    renamed: int = 0
    failed: list[Failed] = field(default_factory=list)
    removed: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    stopped: bool = False
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """Files that are settled."""
        return self.added + self.unchanged + self.duplicates + len(self.failed)

    def fail(self, name: str, reason: str) -> None:
        """A file will not become a photo."""
        self.failed.append({"name": name, "reason": reason})


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A decoded photo with its ticket."""

    name: str
    ticket: int
    photo: DecodedPhoto


class Indexing:
    """One addition to a library.

    Parameters
    ----------
    box : Shoebox
    thumbnails : Thumbnails
        Get those of new photos.
    decoders : Decoders
    stop : asyncio.Event
        Set when somebody wants to stop: what is under way is finished, and nothing else begun.
    changed : callable
        Called with what has come of it by now, whenever that changes.
    tags : bool
        Whether photos get tags.
    """

    def __init__(
        self,
        box: Shoebox,
        thumbnails: Thumbnails,
        decoders: Decoders,
        stop: asyncio.Event,
        changed: Callable[[Added], None],
        tags: bool = True,
    ) -> None:
        self._box, self._thumbnails, self._decoders = box, thumbnails, decoders
        self._stop, self._changed, self._tags = stop, changed, tags
        self._batch = box.pack.image.batch
        self._ready: asyncio.Queue[_Ready | None] = asyncio.Queue(_READY * decoders.count + self._batch)
        self._gathering = asyncio.Lock()
        self.answer = Added()

    async def add(self, scan: Scan, forget_missing: bool = False) -> Added:
        """Take in all that a scan has found, and let go of what it has not found any more.

        Parameters
        ----------
        scan : Scan
        forget_missing : bool
            Let go even where most of a folder is gone, and it may be another folder of the same name.

        Raises
        ------
        SessionError
            If the networks fail; what was done before is in the library.
        """
        for name, reason in scan.unopened:
            self.answer.fail(name, reason)
        work = self._plan(scan)
        self._changed(self.answer)
        begun = time.monotonic()
        await self._work(work)
        self.answer.seconds = time.monotonic() - begun
        if self._stop.is_set():
            self.answer.stopped = True
        elif not scan.partial:
            for root in scan.roots:
                self._sweep(root, scan.seen, forget_missing)
        return self.answer

    def _plan(self, scan: Scan) -> list[Found]:
        """The files that need work."""
        plan = self._box.plan([file.entry for file in scan.files], whole=not scan.partial)
        self.answer.unchanged += plan["unchanged"]
        return [scan.files[place] for place in plan["work"]]

    async def _work(self, work: Sequence[Found]) -> None:
        left = iter(work)
        lanes = self._decoders.count

        async def open_files() -> None:
            for file in left:
                if self._stop.is_set():
                    return
                await self._open(file)

        async def open_all() -> None:
            await all_of(open_files() for _ in range(lanes + 1))
            await self._ready.put(None)

        await all_of([open_all(), *(self._infer() for _ in range(lanes))])

    async def _open(self, file: Found, known: bool = False) -> None:
        """Read a file, and pass it on if it is a new photo."""
        read = await self._decoders.read(Job(file.name, file.path, MIN_SIDE, THUMBNAIL_SIDE, known=known))
        answer = self.answer
        if not read.hash:
            assert read.failure is not None
            answer.fail(file.name, read.failure.reason)
        else:
            entry = {"name": file.name, "size": read.size, "mtime": read.mtime, "hash": read.hash}
            verdict = self._box.inspect(entry=entry, head=read.head, whole=read.whole)
            if verdict["action"] == "skip":
                self._skip(verdict)
            elif verdict["action"] == "fail":
                answer.fail(file.name, verdict["reason"])
            elif verdict["action"] == "decode":
                await self._take(file, read, verdict["ticket"])
                return
            else:
                answer.fail(file.name, "The file says different things about itself each time it is asked.")
        self._changed(answer)

    def _skip(self, verdict: dict[str, Any]) -> None:
        if verdict["batch"] is not None:
            self._box.accept(verdict["batch"])
        if verdict["kind"] == "duplicate":
            self.answer.duplicates += 1
        else:
            self.answer.unchanged += 1
            self.answer.renamed += verdict["kind"] == "renamed"

    async def _take(self, file: Found, read: Read, ticket: int) -> None:
        if read.photo is not None:
            await self._ready.put(_Ready(file.name, ticket, read.photo))
            return
        names = self._box.abandon([ticket])["names"]
        if read.failure is None:
            # Its photo was known when the processes began, and has left since.
            await self._open(file, known=True)
            return
        for name in names:
            # Copies of the same bytes that waited for this one are no duplicates of anything now.
            self.answer.duplicates -= name != file.name
            self.answer.fail(name, read.failure.reason)
        self._changed(self.answer)

    async def _infer(self) -> None:
        """Take batches until there are none."""
        while batch := await self._gather():
            items = [
                {
                    "ticket": each.ticket,
                    "width": each.photo.pixels.shape[1],
                    "height": each.photo.pixels.shape[0],
                    "photoWidth": each.photo.photo_width,
                    "photoHeight": each.photo.photo_height,
                }
                for each in batch
            ]
            answer = await self._box.index(batch=items, pixels=[each.photo.pixels.tobytes() for each in batch], tags=self._tags)
            by_ticket = {each.ticket: each.photo for each in batch}
            for row in answer["rows"]:
                photo = by_ticket[row["ticket"]]
                self._thumbnails[row["id"]] = (photo.thumbnail, photo.thumbnail_width, photo.thumbnail_height)
            if answer["batch"] is not None:
                self._box.accept(answer["batch"])
            self.answer.added += len(answer["rows"])
            for failed in answer["failed"]:
                self.answer.fail(failed["name"], failed["reason"])
            self._changed(self.answer)

    async def _gather(self) -> list[_Ready]:
        """The next batch, full but for the last one; empty at the end."""
        batch: list[_Ready] = []
        async with self._gathering:
            while len(batch) < self._batch:
                one = await self._ready.get()
                if one is None:
                    # The others must see the end as well.
                    self._ready.put_nowait(None)
                    break
                batch.append(one)
        return batch

    def _sweep(self, root: str, seen: Sequence[str], sure: bool) -> None:
        answer = self._box.sweep(root, seen, sure)
        if answer["batch"] is not None:
            self._box.accept(answer["batch"])
        for photo in answer["removed"]:
            self._thumbnails.pop(photo, None)
        self.answer.removed += len(answer["removed"])
        there = set(seen)
        missing = sum(name.startswith(f"{root}/") and name not in there for name in self._box.library.owners)
        if missing:
            self.answer.missing[root] = missing


async def all_of(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of these at once; where one fails, the others are ended, and its error is raised as it is."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
