"""Photos on their way in: what needs work, what a file is, and from decoded pixels to staged rows.

These are the first four verbs of an addition; `shoebox.worker` lists their arguments and answers, `api.Shoebox` passes them on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.curation import looks
from shoebox.errors import QueryError
from shoebox.library.arrivals import Arrival, Arrivals, Folders, classify
from shoebox.library.intake import Taken, make_rows
from shoebox.library.ledger import Ledger
from shoebox.model import preprocess
from shoebox.photo import inspection
from shoebox.store.journal import Change
from shoebox.store.rows import id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.tasks.tags import Tags, TagsFound
from shoebox.timings import Timings

Answer = dict[str, Any]

# The task that every photo goes through; `Tags` joins it where the person wants photos named.
ALWAYS = (ImageEmbedding.name,)


class Adding:
    """Additions to one library.

    Parameters
    ----------
    ledger : Ledger
        Of the library.
    graph : TaskGraph
        Holds at least `ALWAYS` and `Tags`.
    timings : Timings
        Gets 'photos': squashing and networks, a photo.
    """

    def __init__(self, ledger: Ledger, graph: TaskGraph, timings: Timings) -> None:
        self._ledger, self._library = ledger, ledger.library
        self._graph, self._timings = graph, timings
        self._arrivals = Arrivals()
        self.folders = Folders()

    def plan(self, entries: Sequence[Mapping[str, Any]], addition: int = 0, whole: bool = True) -> Answer:
        """Which files need work: `{work, unchanged}`.

        All files of one addition are planned before the first is inspected, since a photo counts as renamed when its old path
        was not found again. If they are too many for one call, the calls share the number `addition`, and only the last is
        `whole`.
        """
        files = [(requests.name(entry), requests.size(entry), requests.mtime(entry)) for entry in entries]
        self.folders.see(addition, (name for name, _, _ in files), bool(whole), self._library.owners)
        work, unchanged = self._library.plan(files)
        return {"work": work, "unchanged": unchanged}

    def inspect(self, entry: Mapping[str, Any], head: Buffer, whole: bool = False) -> Answer:
        """Say what to do with a file, given its first bytes."""
        file = requests.file(entry)
        arriving = self._arrivals.find(file.number)
        if arriving is not None and arriving.file.name != file.name:
            arriving.join(file)
            return {"action": "skip", "kind": "duplicate", "id": id_text(file.number), "batch": None, "journal": None}
        kind, change = classify(self._library, self.folders, file)
        if self._ledger.is_arriving(file.number):
            kind, change = "duplicate", Change(paths=[(file.name, file.number, file.mtime)])
        if kind not in ("new", "changed"):
            return {"action": "skip", "kind": kind, "id": id_text(file.number), **self._ledger.answer(change)}
        found = inspection.inspect_head(file.name, memoryview(head).tobytes(), bool(whole) or len(head) >= file.size)
        if found.action == "whole":
            return {"action": "whole"}
        if found.action == "fail" or found.facts is None or found.decoder is None:
            return {"action": "fail", "reason": found.reason, "permanent": found.permanent}
        if arriving is not None:
            self._arrivals.remove(arriving)
        arrival = self._arrivals.add(file, found.facts)
        arrival.others = [] if arriving is None else arriving.others
        return {**found.order(), "ticket": arrival.ticket, "permanent": found.permanent}

    async def index(self, batch: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer], tags: bool = True) -> Answer:
        """Run decoded photos through the networks and stage their rows: `{batch, journal, rows, failed}`.

        Without `tags` photos get a vector, so that they are found by words, but no tags.
        If the networks fail, the tickets stay valid, and the same call may be made again.
        """
        if len(batch) != len(pixels):
            raise QueryError(f"There are {len(batch)} photos but pixels of {len(pixels)}.")
        arrivals = [self._arrivals.get(requests.whole(item, "ticket")) for item in batch]
        photos: list[tuple[Arrival, Mapping[str, Any], NDArray[np.uint8]]] = []
        failed: list[Answer] = []
        for arrival, item, data in zip(arrivals, batch, pixels, strict=True):
            try:
                photo = preprocess.photo_from_bytes(data, requests.whole(item, "width"), requests.whole(item, "height"))
            except ValueError as error:
                failed.append(_failure(arrival, f"The decoded picture cannot be used: {error}."))
            else:
                photos.append((arrival, item, photo))
        features, found = await self.see([photo for _, _, photo in photos], tags)
        good = np.flatnonzero(features.usable)
        for place in np.flatnonzero(~features.usable).tolist():
            failed.append(_failure(photos[place][0], "The network gave nothing usable for this photo. Try again."))
        # Duplicates may have joined while the networks ran, so paths are taken only now.
        ready = [self._ready(*photos[place]) for place in good.tolist()]
        rows = None
        if ready:
            chosen = TagsFound(found.tags[good], found.scores[good])
            rows = make_rows(ready, self._library.model, features.vectors[good], chosen, time.time() * 1000)
            rows.check()
        staged = self._ledger.answer(Change(rows=rows))
        for arrival in arrivals:
            self._arrivals.remove(arrival)
        return {**staged, "rows": [] if rows is None else _shown(ready, rows.columns), "failed": failed}

    def abandon(self, tickets: Iterable[int]) -> Answer:
        """Give up tickets: `{names}` of all files that will not become photos by them."""
        given_up = [self._arrivals.get(ticket) for ticket in tickets]
        for arrival in given_up:
            self._arrivals.remove(arrival)
        return {"names": [name for arrival in given_up for name, _ in arrival.paths]}

    async def see(self, photos: Sequence[NDArray[np.uint8]], tags: bool = True) -> tuple[ImageFeatures, TagsFound]:
        """What the networks say about decoded photos; none has a tag where `tags` are not wanted."""
        with self._timings.measure("photos", len(photos)):
            results = await self._graph.run((*ALWAYS, Tags.name) if tags else ALWAYS, Batch(photos))
        return results[ImageEmbedding.name], results[Tags.name] if tags else TagsFound.none(len(photos))

    def _ready(self, arrival: Arrival, item: Mapping[str, Any], photo: NDArray[np.uint8]) -> Taken:
        width, height = (max(1, requests.whole(item, side)) for side in ("photoWidth", "photoHeight"))
        return Taken(arrival, arrival.paths, width, height, looks.measure(photo))


def _shown(photos: Sequence[Taken], columns: Mapping[str, NDArray[Any]]) -> list[Answer]:
    """New rows as the page shows them before they are accepted."""
    taken, widths, heights = (columns[name].tolist() for name in ("taken", "width", "height"))
    ids = [id_text(number) for number in id_numbers(columns["hash"]).tolist()]
    return [
        {
            "ticket": photo.arrival.ticket,
            "id": ids[row],
            "name": photo.arrival.file.name,
            "taken": None if np.isnan(taken[row]) else taken[row],
            "aspect": widths[row] / heights[row],
        }
        for row, photo in enumerate(photos)
    ]


def _failure(arrival: Arrival, reason: str) -> Answer:
    return {"ticket": arrival.ticket, "name": arrival.file.name, "reason": reason, "permanent": False}
