"""What the page calls: one class, plain data in and plain data out.

The verbs, their arguments and their answers are listed in `shoebox.worker`; the same class runs on CPython with
`shoebox.sessions.native`. Every error is a `ShoeboxError` and leaves the library as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import inspection, preprocess, requests, verification
from shoebox.arrivals import Arrival, Arrivals, Scan, classify
from shoebox.errors import QueryError
from shoebox.finding import Finder
from shoebox.intake import Taken, describe, make_rows, taken_of
from shoebox.ledger import Ledger
from shoebox.library import Library
from shoebox.pack import Pack
from shoebox.ranking import newest
from shoebox.sessions.protocol import Sessions
from shoebox.store.journal import Change
from shoebox.store.rows import id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.tasks.tags import Tags, TagsFound
from shoebox.tasks.text import TextEmbedding
from shoebox.timings import Timings
from shoebox.tokenizer import Tokenizer

Answer = dict[str, Any]

# The tasks that every photo goes through.
TASKS = (ImageEmbedding.name, Tags.name)


class Shoebox:
    """A library of photos with the networks that search it.

    Parameters
    ----------
    pack : Pack
    sessions : Sessions
        Where the pack's networks run.
    """

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        self.pack = pack
        self.library = Library(pack.model, pack.dimension)
        self._ledger = Ledger(self.library)
        self._embedding = ImageEmbedding(pack.image, pack.dimension, len(pack.tags.words), sessions)
        self._graph = TaskGraph([self._embedding, Tags(pack.tags.threshold)])
        self._timings = Timings()
        tokenizer = Tokenizer(pack.vocabulary, pack.text.max_tokens)
        text = TextEmbedding(pack.text, pack.dimension, tokenizer, sessions)
        self._finder = Finder(self.library, pack.space, text, self._timings)
        self._forget()

    def _forget(self) -> None:
        self._arrivals = Arrivals()
        self._scan = Scan()

    def about(self) -> Answer:
        """What this library works with."""
        pack = self.pack
        return {
            "pack": pack.id,
            "version": pack.version,
            "preprocessing": pack.model.preprocessing,
            "dimension": pack.dimension,
            "side": pack.image.side,
            "batch": pack.image.batch,
            "models": {"image": pack.image.file.name, "text": pack.text.file.name},
        }

    # The library as it is stored

    def load(self, blocks: Sequence[Buffer], journal: Iterable[Buffer], keys: Sequence[int] | None = None) -> Answer:
        """Become what is stored: `{photos, problems}`. Damaged blocks and entries are told and passed over."""
        self._forget()
        with self._timings.measure("load"):
            problems = self._ledger.load(blocks, journal, keys)
        return {"photos": len(self.library), "problems": problems}

    def accept(self, batch: int) -> Answer:
        """What was staged under this number is stored: do it."""
        self._ledger.accept(int(batch))
        return {}

    def reject(self, batch: int) -> Answer:
        """What was staged under this number could not be stored: forget it."""
        self._ledger.reject(int(batch))
        return {}

    def clear(self) -> Answer:
        """Become empty."""
        self._forget()
        self._ledger.reset()
        return {}

    def compact(self, force: bool = False) -> Answer | None:
        """Fold the journal into blocks, if it has grown: `{batch, put, delete, clearJournal}` or None."""
        plan = self._ledger.compact(force)
        if plan is None:
            return None
        number, put, delete, through = plan
        return {"batch": number, "put": [[key, data] for key, data in put], "delete": delete, "clearJournal": through}

    # Photos on their way in

    def plan(self, entries: Sequence[Mapping[str, Any]]) -> Answer:
        """Which files need work: `{work, unchanged}`. All files of one addition should be planned before they are inspected."""
        files = [(requests.name(entry), requests.size(entry), requests.mtime(entry)) for entry in entries]
        if not len(self._arrivals):
            self._scan = Scan()
        self._scan.see((name for name, _, _ in files), self.library.owners)
        work, unchanged = self.library.plan(files)
        return {"work": work, "unchanged": unchanged}

    def inspect(self, entry: Mapping[str, Any], head: Buffer, whole: bool = False) -> Answer:
        """Say what to do with a file, given its first bytes."""
        file = requests.file(entry)
        arriving = self._arrivals.find(file.number)
        if arriving is not None and arriving.file.name != file.name:
            if all(name != file.name for name, _ in arriving.others):
                arriving.others.append((file.name, file.mtime))
            return {"action": "skip", "kind": "duplicate", "id": id_text(file.number), "batch": None, "journal": None}
        kind, change = classify(self.library, self._scan, file)
        if self._ledger.is_arriving(file.number):
            kind, change = "duplicate", Change(paths=[(file.name, file.number, file.mtime)])
        if kind not in ("new", "changed"):
            return {"action": "skip", "kind": kind, "id": id_text(file.number), **self._stage(change)}
        found = inspection.inspect_head(file.name, memoryview(head).tobytes(), bool(whole) or len(head) >= file.size)
        if found.action == "whole":
            return {"action": "whole"}
        if found.action == "fail" or found.facts is None or found.decoder is None:
            return {"action": "fail", "reason": found.reason, "permanent": found.permanent}
        if arriving is not None:
            self._arrivals.remove(arriving)
        arrival = self._arrivals.add(file, found.facts)
        arrival.others = [] if arriving is None else arriving.others
        return {
            "action": "decode",
            "ticket": arrival.ticket,
            "decoder": found.decoder.value,
            "fallback": None if found.fallback is None else found.fallback.value,
            "mime": found.mime,
            "orientation": found.facts.orientation,
            "width": found.facts.stored_width,
            "height": found.facts.stored_height,
            "reason": found.reason,
            "permanent": found.permanent,
        }

    async def index(self, batch: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer]) -> Answer:
        """Run decoded photos through the networks and stage their rows: `{batch, journal, rows, failed}`.

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
        features, tags = await self._see([photo for _, _, photo in photos])
        good = np.flatnonzero(features.usable)
        for place in np.flatnonzero(~features.usable).tolist():
            failed.append(_failure(photos[place][0], "The network gave nothing usable for this photo. Try again."))
        # Duplicates may have joined while the networks ran, so paths are taken only now.
        ready = [self._ready(photos[place][0], photos[place][1]) for place in good.tolist()]
        rows = None
        if ready:
            chosen = TagsFound(tags.tags[good], tags.scores[good])
            rows = make_rows(ready, self.pack.model, features.vectors[good], chosen, time.time() * 1000)
            rows.check()
        staged = self._stage(Change(rows=rows))
        for arrival in arrivals:
            self._arrivals.remove(arrival)
        return {**staged, "rows": [] if rows is None else _shown(ready, rows.columns), "failed": failed}

    def abandon(self, tickets: Iterable[int]) -> Answer:
        """Give up tickets: `{names}` of all files that will not become photos by them."""
        given_up = [self._arrivals.get(ticket) for ticket in tickets]
        for arrival in given_up:
            self._arrivals.remove(arrival)
        return {"names": [name for arrival in given_up for name, _ in arrival.paths]}

    def sweep(self, root: str, seen: Iterable[str], sure: bool) -> Answer:
        """Let go of what a full scan of a folder did not find: `{removed, names, batch, journal}`, staged."""
        change = self.library.sweep(root, seen, bool(sure))
        removed = [id_text(number) for number in self.library.leaving(change)]
        return {"removed": removed, "names": change.drop, **self._stage(change)}

    def remove(self, ids: Iterable[str]) -> Answer:
        """Let go of photos: `{removed, batch, journal}`, staged. Unknown ids are passed over."""
        numbers = {number for number in map(requests.id_number, ids) if number is not None}
        change = Change(remove=sorted(number for number in numbers if self.library.row_of(number) is not None))
        return {"removed": [id_text(number) for number in change.remove], **self._stage(change)}

    # Looking

    async def search(self, query: str, limit: int = 100, offset: int = 0, sort: str = "relevance") -> Answer:
        """Find photos: `{total, relevant, results, explanation}`.

        The results are those that the query is believed to mean (`relevant` of them), and after them the others that pass its
        filters, by falling score. With sort "date" the relevant ones come newest first.
        """
        return await self._finder.search(
            query, *requests.page(limit, offset), by_date=requests.choice(sort, ("relevance", "date")) == "date"
        )

    async def similar(
        self,
        id: str | None = None,
        pixels: Buffer | None = None,
        width: int = 0,
        height: int = 0,
        limit: int = 100,
    ) -> Answer:
        """Photos like one of the library, or like one given as RGB pixels: `{results}`."""
        count, _ = requests.page(limit, 0)
        if id is not None:
            return self._finder.like_photo(id, count)
        try:
            photo = preprocess.photo_from_bytes(pixels or b"", int(width), int(height))
        except ValueError as error:
            raise QueryError(f"The picture to compare with cannot be used: {error}.") from error
        features, _ = await self._see([photo])
        return {"results": self._finder.nearest(features.vectors[0], count)}

    def photo(self, id: str) -> Answer:
        """Everything known about a photo."""
        return describe(self.library, requests.row(self.library, id), self.pack.tags.words)

    def photos(self, limit: int = 100, offset: int = 0, sort: str = "date") -> Answer:
        """A page of all photos: `{total, results: [{id, name, taken}]}`."""
        count, first = requests.page(limit, offset)
        library = self.library
        rows = self._order(sort)[first : first + count].tolist()
        return {
            "total": len(library),
            "results": [
                {"id": id_text(library.number_at(row)), "name": library.names[row], "taken": taken_of(library, row)}
                for row in rows
            ],
        }

    def grid(self, sort: str = "date") -> Answer:
        """All photos as columns: `{ids, taken, aspect}`; ids is one text of 16 characters a photo."""
        rows, table = self._order(sort), self.library.table
        return {
            "ids": np.ascontiguousarray(table["hash"][rows, :8]).tobytes().hex(),
            "taken": table["taken"][rows],
            "aspect": (table["width"][rows] / table["height"][rows]).astype(np.float32),
        }

    def tags(self) -> list[Answer]:
        """How many photos have each tag, the most frequent first."""
        words = self.pack.tags.words
        found = self.library.table["tags"][self.library.comparable].reshape(-1)
        counts = np.bincount(found, minlength=len(words))[: len(words)]
        order = np.argsort(-counts, kind="stable")
        return [{"tag": words[tag], "count": int(counts[tag])} for tag in order.tolist() if counts[tag]]

    def stats(self) -> Answer:
        """Numbers about the library."""
        library = self.library
        return {
            "photos": len(library),
            "copies": len(library.owners) - len(library),
            "outdated": len(library) - int(library.comparable.sum()),
            "unsettled": self._ledger.unsettled,
            "vectorBytes": library.vectors.nbytes,
            "packs": [f"{self.pack.id} {self.pack.version}"],
            "timings": self._timings.medians(),
        }

    def verify(self) -> Answer:
        """Check the library's invariants: `{ok, problems}`."""
        found = verification.problems(self.library)
        return {"ok": not found, "problems": found}

    # Inside

    def _stage(self, change: Change) -> Answer:
        """`{batch, journal}`, both None where nothing changes."""
        if not len(change):
            return {"batch": None, "journal": None}
        number, journal = self._ledger.stage(change)
        return {"batch": number, "journal": journal}

    async def _see(self, photos: Sequence[NDArray[np.uint8]]) -> tuple[ImageFeatures, TagsFound]:
        with self._timings.measure("photos", len(photos)):
            results = await self._graph.run(TASKS, Batch(photos))
        return results[ImageEmbedding.name], results[Tags.name]

    def _ready(self, arrival: Arrival, item: Mapping[str, Any]) -> Taken:
        size = requests.whole(item, "photoWidth"), requests.whole(item, "photoHeight")
        return Taken(arrival, arrival.paths, *(max(1, side) for side in size))

    def _order(self, sort: str) -> NDArray[np.intp]:
        library = self.library
        rows = newest(library.vectors.alive, library.table["taken"])
        if requests.choice(sort, ("date", "name")) == "name":
            rows = np.array(sorted(rows.tolist(), key=lambda row: library.names[row]), np.intp)
        return rows


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
