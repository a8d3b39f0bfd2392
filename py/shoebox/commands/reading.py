"""The pass that reads, as in web/src/indexing/text-pass.ts: photos are decoded large, and what is written in them is kept."""

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

# The shorter side; the same in text-pass.ts.
_MIN_SIDE: Final = 1440
# Pixels of up to 2,400 x 1,800 take 13 MB a photo.
_BATCH: Final = 4


@dataclass(slots=True)
class Read:
    """What came of it.

    Attributes
    ----------
    photos : int
        Photos that were looked at.
    lines : int
        Lines that were read in them.
    waiting : int
        Photos whose files are not at hand.
    total : int
        Photos that nobody had looked at before.
    """

    photos: int = 0
    lines: int = 0
    waiting: int = 0
    total: int = 0


class TextPass:
    """One pass over a library; `Shoebox.reader` has begun with a text pack.

    Parameters
    ----------
    box : Shoebox
    decoders : Decoders
    stop : asyncio.Event
        Set when somebody wants to stop.
    changed : callable
        Called with what has come of it by now, whenever that changes.
    """

    def __init__(self, box: Shoebox, decoders: Decoders, stop: asyncio.Event, changed: Callable[[Read], None]) -> None:
        self._box, self._decoders, self._stop, self._changed = box, decoders, stop, changed
        self.answer = Read()

    async def look(self, files: Sequence[Found]) -> Read:
        """Read all photos that nobody has read, as far as their files are among these.

        Raises
        ------
        SessionError
            If the networks fail; what was read before is in the library.
        """
        originals = Originals(self._box, self._decoders, files, _MIN_SIDE)
        at_hand, self.answer.total = originals.at_hand(self._box.reader.todo()["ids"])
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
        return self.answer

    async def _see(self, batch: Sequence[Seen]) -> None:
        """Read photos, and keep what stands there."""
        if not batch:
            return
        given = Given.of(batch)
        answer = await self._box.reader.look(given.photos, given.pixels, given.missed)
        if answer["batch"] is not None:
            self._box.reader.settle(answer["batch"], True)
        self.answer.photos += len(batch)
        self.answer.lines += answer["lines"]
        self._changed(self.answer)
