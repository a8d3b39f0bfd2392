from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from shoebox.api import Shoebox
from shoebox.commands.decoders import Decoders
from shoebox.commands.indexing import Added, Indexing
from shoebox.commands.scanning import scan
from shoebox.commands.thumbnails import Thumbnails
from shoebox.sessions.native import NativeSessions
from tests.photos import REPOSITORY, many
from tests.synthetic import default_pack


def test_when_somebody_stops_it_what_is_under_way_is_kept_and_nothing_else_begun(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    many(folder, 80)
    pack = default_pack()
    box = Shoebox(pack, NativeSessions(REPOSITORY / "models" / "default", pack, 1))
    thumbnails = Thumbnails(tmp_path)

    async def work() -> Added:
        stop = asyncio.Event()

        def changed(answer: Added) -> None:
            if answer.added:
                stop.set()

        with Decoders(2, np.zeros(0, np.uint64)) as decoders:
            return await Indexing(box, thumbnails, decoders, stop, changed).add(scan([folder]))

    answer = asyncio.run(work())
    thumbnails.close()
    assert answer.stopped
    assert 0 < answer.added < 80
    assert answer.failed == []
    assert len(box.library) == len(thumbnails) == answer.added
    assert box.stats()["unsettled"] == 0
