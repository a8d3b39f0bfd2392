"""Looking again at photos of the library, larger, for faces or for text; as in web/src/indexing/look-pass.ts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from shoebox.api import Shoebox
from shoebox.commands.decoders import Decoders
from shoebox.commands.indexing import all_of
from shoebox.commands.originals import Given, Originals, Seen
from shoebox.commands.scanning import Found
from shoebox.findings.looker import Looker

# Pixels of up to 1,600 x 1,200 take 5.8 MB a photo, those of up to 2,400 x 1,800 take 13.
_BATCH: Final = 4


@dataclass(slots=True)
class Looked:
    """What came of it.

    Attributes
    ----------
    photos : int
        Photos that were looked at.
    found : int
        Faces that were found on them, or lines that were read in them.
    waiting : int
        Photos whose files are not at hand.
    total : int
        Photos that nobody had looked at before.
    regrouped : bool
        Whether who is who is different now.
    """

    photos: int = 0
    found: int = 0
    waiting: int = 0
    total: int = 0
    regrouped: bool = False


class LookPass:
    """One pass over a library; `looker` has begun with a pack.

    Parameters
    ----------
    box : Shoebox
    looker : Looker
    decoders : Decoders
    stop : asyncio.Event
        Set when somebody wants to stop.
    changed : callable
        Called with what has come of it by now, whenever that changes.

    Attributes
    ----------
    min_side : int
        What the shorter side of the photos should be at least.
    """

    min_side: ClassVar[int]

    def __init__(
        self, box: Shoebox, looker: Looker[Any], decoders: Decoders, stop: asyncio.Event, changed: Callable[[Looked], None]
    ) -> None:
        self._box, self._looker, self._decoders = box, looker, decoders
        self._stop, self._changed = stop, changed
        self.answer = Looked()

    async def look(self, files: Sequence[Found]) -> Looked:
        """Look at all photos that nobody has looked at, as far as their files are among these.

        Raises
        ------
        SessionError
            If the networks fail; what was found before is in the library.
        """
        originals = Originals(self._box, self._decoders, files, self.min_side)
        at_hand, self.answer.total = originals.at_hand(self._looker.todo()["ids"])
        self.answer.waiting = self.answer.total - len(at_hand)
        self._changed(self.answer)
        left = iter(at_hand)

        async def lane() -> None:
            batch: list[Seen] = []
            for photo, here in left:
                if self._stop.is_set():
                    break
                seen = await originals.open(photo, here)
                if seen is None:
                    self.answer.waiting += 1
                else:
                    batch.append(seen)
                if len(batch) == _BATCH:
                    await self._see(batch)
                    batch = []
            await self._see(batch)

        # Two for each core: while one is with the networks, the other decodes.
        await all_of(lane() for _ in range(2 * self._decoders.count))
        if not self._stop.is_set():
            await self._end()
        return self.answer

    async def _see(self, batch: Sequence[Seen]) -> None:
        """Look at photos, and keep what is found."""
        if not batch:
            return
        given = Given.of(batch)
        answer = await self._looker.look(given.photos, given.pixels, given.missed)
        if answer["batch"] is not None:
            self._looker.settle(answer["batch"], True)
        self.answer.photos += len(batch)
        self.answer.found += answer[self._looker.finds]
        self._changed(self.answer)

    async def _end(self) -> None:
        """All is seen that is at hand."""


class FacePass(LookPass):
    """Looking for faces, and putting people together in the end."""

    # 1,280 x 960 of a usual photo, in which a face of 24 px is found; the same in face-pass.ts.
    min_side = 960

    def __init__(self, box: Shoebox, decoders: Decoders, stop: asyncio.Event, changed: Callable[[Looked], None]) -> None:
        super().__init__(box, box.seeking, decoders, stop, changed)

    async def _end(self) -> None:
        if self.answer.waiting == 0:
            # What was seen beside another pack counts from now on.
            staged = self._box.seeking.change()
            if staged is not None:
                self._box.seeking.settle(staged["batch"], True)
        self.answer.regrouped = (await self._box.people.group(all=True))["groups"] is not None
        self._changed(self.answer)


class TextPass(LookPass):
    """Reading what is written in photos."""

    # The same in text-pass.ts.
    min_side = 1440

    def __init__(self, box: Shoebox, decoders: Decoders, stop: asyncio.Event, changed: Callable[[Looked], None]) -> None:
        super().__init__(box, box.reader, decoders, stop, changed)
