"""The second pass, as in web/src/indexing/face-pass.ts: photos are decoded larger and looked at for faces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from shoebox.api import Shoebox
from shoebox.commands.decoders import Decoders
from shoebox.commands.indexing import all_of
from shoebox.commands.originals import Given, Originals, Seen
from shoebox.commands.scanning import Found

# The shorter side: 1,280 x 960 of a usual photo, in which a face of 24 px is found; the same in face-photo.ts.
_MIN_SIDE: Final = 960
# Pixels of up to 1,600 x 1,200 take 5.8 MB a photo.
_BATCH: Final = 4


@dataclass(slots=True)
class Sought:
    """What came of it.

    Attributes
    ----------
    photos : int
        Photos that were looked at.
    faces : int
        Faces that were found on them.
    waiting : int
        Photos whose files are not at hand.
    total : int
        Photos that nobody had looked at before.
    regrouped : bool
        Whether who is who is different now.
    """

    photos: int = 0
    faces: int = 0
    waiting: int = 0
    total: int = 0
    regrouped: bool = False


class FacePass:
    """One pass over a library; `Shoebox.seeking` has begun with a face pack.

    Parameters
    ----------
    box : Shoebox
    decoders : Decoders
    stop : asyncio.Event
        Set when somebody wants to stop.
    changed : callable
        Called with what has come of it by now, whenever that changes.
    """

    def __init__(self, box: Shoebox, decoders: Decoders, stop: asyncio.Event, changed: Callable[[Sought], None]) -> None:
        self._box, self._decoders, self._stop, self._changed = box, decoders, stop, changed
        self.answer = Sought()

    async def look(self, files: Sequence[Found]) -> Sought:
        """Look at all photos that nobody has looked at, as far as their files are among these, and see who is who.

        Raises
        ------
        SessionError
            If the networks fail; what was found before is in the library.
        """
        originals = Originals(self._box, self._decoders, files, _MIN_SIDE)
        at_hand, self.answer.total = originals.at_hand(self._box.seeking.todo()["ids"])
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
            if self.answer.waiting == 0:
                self._change()
            self.answer.regrouped = (await self._box.people.group(all=True))["groups"] is not None
            self._changed(self.answer)
        return self.answer

    def _change(self) -> None:
        """All is seen: what was seen beside another pack counts from now on."""
        staged = self._box.seeking.change()
        if staged is not None:
            self._box.seeking.settle(staged["batch"], True)

    async def _see(self, batch: Sequence[Seen]) -> None:
        """Look at photos, and keep what is found."""
        if not batch:
            return
        given = Given.of(batch)
        answer = await self._box.seeking.look(given.photos, given.pixels, given.missed)
        if answer["batch"] is not None:
            self._box.seeking.settle(answer["batch"], True)
        self.answer.photos += len(batch)
        self.answer.faces += answer["faces"]
        self._changed(self.answer)
