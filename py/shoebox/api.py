"""What the page calls: one class, plain data in and plain data out.

The verbs, their arguments and their answers are listed in `shoebox.worker`; the same class runs on CPython with
`shoebox.sessions.native`. Every error is a `ShoeboxError` and leaves the library as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.albums.names import AlbumNames
from shoebox.albums.verbs import AlbumVerbs
from shoebox.archive.verbs import ArchiveVerbs
from shoebox.curation.curator import Curator
from shoebox.curation.names import BestName
from shoebox.duplicates.verbs import DuplicateVerbs
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.faces.seeking import Seeking
from shoebox.library import removal, subjects, verification
from shoebox.library.adding import Adding
from shoebox.library.intake import describe, taken_of
from shoebox.library.ledger import Ledger
from shoebox.library.library import Library
from shoebox.library.renewal import Renewal
from shoebox.library.sayings import Sayings
from shoebox.library.switching import Switching
from shoebox.model import preprocess
from shoebox.model.pack import Pack
from shoebox.people.names import PersonNames
from shoebox.people.verbs import PeopleVerbs
from shoebox.places.verbs import PlaceVerbs
from shoebox.reading.reader import Reader
from shoebox.reading.readings import Readings
from shoebox.reading.words import WrittenNames
from shoebox.search.background import Background
from shoebox.search.finding import Finder
from shoebox.search.names import Names, TagNames
from shoebox.search.ranking import newest
from shoebox.sessions.protocol import Sessions
from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.journal import Change
from shoebox.store.rows import BARE, ModelId, id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.embedding import ImageEmbedding
from shoebox.tasks.graph import TaskGraph
from shoebox.tasks.tags import Tags
from shoebox.tasks.text import TextEmbedding
from shoebox.timings import Timings

Answer = dict[str, Any]

# Room is made for at most so many blocks before they come: four million photos.
MOST_BLOCKS = 4096


@dataclass
class _Loading:
    """A library that is being loaded: what there was to tell so far, and since when."""

    problems: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)


class Shoebox:
    """A library of photos with the networks that search it.

    Parameters
    ----------
    pack : Pack
    sessions : Sessions
        Where the pack's networks run.

    Attributes
    ----------
    sayings : Sayings
        What the person says about photos; its verbs stand beside those of this class, as do those of the next ones.
    people : PeopleVerbs
        Who is on the photos.
    seeking : Seeking
        Looking for faces.
    reader : Reader
        Reading what is written in photos.
    curator : Curator
        How good photos are, and where squares are cut out of them.
    places : PlaceVerbs
        Where photos were taken, and what happened on this day.
    duplicates : DuplicateVerbs
        Which photos are there more than once.
    archive : ArchiveVerbs
        The library as one file.
    albums : AlbumVerbs
        Trips, events, things, and what a person put together.
    switching : Switching
        Changing over to another model pack.
    renewal : Renewal
        Looking again at photos that another pack has looked at.
    """

    def __init__(self, pack: Pack, sessions: Sessions) -> None:
        self.pack = pack
        self.library = Library(pack.model, pack.dimension)
        self._ledger = Ledger(self.library)
        self.sayings = Sayings(self.library)
        embedding = ImageEmbedding(pack.image, pack.dimension, pack.concepts.classes, sessions, pack.unit)
        self._graph = TaskGraph([embedding, Tags(pack.concepts)])
        self._timings = Timings()
        text = TextEmbedding(pack.text, pack.dimension, pack.tokenizer, sessions, pack.unit)
        self._gallery = Gallery()
        self.seeking = Seeking(self.library, self._gallery, sessions, self._timings)
        self._readings = Readings()
        self.reader = Reader(self.library, self._readings, sessions, self._timings)
        self.people = PeopleVerbs(self.library, self._gallery, self.sayings, sessions, self._seeks)
        self.duplicates = DuplicateVerbs(self.library, self._gallery, self.sayings, sessions)
        self.archive = ArchiveVerbs(
            self._ledger,
            self._gallery,
            self._readings,
            self.sayings,
            self._seeks,
            lambda: self.reader.model,
            self.people.forget,
        )
        self.switching = Switching(self._ledger, sessions)
        self.renewal = Renewal(self._ledger, self._graph)
        self._erasing: int | None = None
        self._loading: _Loading | None = None
        self.curator = Curator(self.library, self._gallery, pack.concepts)
        names: dict[str, Names] = {
            "tag": TagNames(pack.concepts),
            "person": PersonNames(self.people),
            "text": WrittenNames(self._readings),
            "is": BestName(self.curator),
        }
        self.places = PlaceVerbs(self.library, names, self.curator.quality)
        self.albums = AlbumVerbs(self.library, self.sayings, self.curator, pack.concepts, self.places.whereabouts)
        names["album"] = AlbumNames(self.albums.overview)
        background = Background(self.library, pack)
        self._finder = Finder(self.library, background, pack.concepts, text, self._timings, names, self.places.gazetteer)
        self._forget()

    def _seeks(self) -> ModelId | None:
        """What looks for faces now."""
        return self.seeking.model

    def _forget(self) -> None:
        """Let go of all that is on its way in."""
        self._adding = Adding(self._ledger, self._graph, self._timings)

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

    def load(
        self,
        blocks: Sequence[Buffer],
        journal: Iterable[Buffer],
        keys: Sequence[int] | None = None,
        statements: Sequence[Buffer] = (),
        statement_keys: Sequence[int] = (),
        author: str | None = None,
        faces: Sequence[Buffer] = (),
        face_keys: Sequence[int] = (),
        texts: Sequence[Buffer] = (),
        text_keys: Sequence[int] = (),
    ) -> Answer:
        """Become what is stored: `{photos, problems}`. What is damaged is told and passed over.

        Where `load_blocks` has been called before, the blocks are those that it was given and these.
        """
        loading, self._loading = self._loading or self._begin_loading(), None
        problems = loading.problems + self._ledger.load_blocks(blocks, keys) + self._ledger.load_journal(journal)
        problems += self.sayings.load(statements, statement_keys, author)
        problems += self._gallery.load(faces, face_keys)
        problems += self._readings.load(texts, text_keys)
        self.people.forget()
        self.duplicates.forget()
        self._timings.note("load", time.perf_counter() - loading.begun)
        return {"photos": len(self.library), "problems": problems}

    def load_blocks(
        self, blocks: Sequence[Buffer], keys: Sequence[int] | None = None, anew: bool = False, total: int = 0
    ) -> Answer:
        """Some of what is stored, before `load`, so that a large library is never in memory twice: `{photos}`.

        `anew` is said with the first ones: whatever was loaded before is forgotten. `total` says how many blocks there will be.
        """
        if anew or self._loading is None:
            self._loading = self._begin_loading()
            self.library.reserve(min(requests.whole({"total": total}, "total"), MOST_BLOCKS) * BLOCK_ROWS)
        self._loading.problems += self._ledger.load_blocks(blocks, keys)
        return {"photos": len(self.library)}

    def _begin_loading(self) -> _Loading:
        self._forget()
        self._ledger.reset()
        return _Loading()

    def accept(self, batch: int, keys: Iterable[int] = ()) -> Answer:
        """What was staged under this number is stored (statements: under these keys): do it."""
        if batch < 0:
            self.sayings.accept(int(batch), keys)
            if batch == self._erasing:
                self._gallery.reset()
                self.people.forget()
        else:
            self._ledger.accept(int(batch))
        return {}

    def reject(self, batch: int) -> Answer:
        """What was staged under this number could not be stored: forget it."""
        (self.sayings if batch < 0 else self._ledger).reject(int(batch))
        return {}

    def clear(self) -> Answer:
        """Become empty."""
        self._forget()
        self._ledger.reset()
        self.sayings.reset()
        self._gallery.reset()
        self._readings.reset()
        self.people.forget()
        self.duplicates.forget()
        return {}

    def faces_erase(self) -> Answer:
        """Forget all faces, and what was said about them and about people: `{batch, put, delete}`, staged as `fold`."""
        answer = self.sayings.purge(subjects.is_about_people)
        self._erasing = answer["batch"]
        return answer

    def compact(self, force: bool = False) -> Answer | None:
        """Fold the journal into blocks, if it has grown: `{batch, put, delete, clearJournal}` or None."""
        plan = self._ledger.compact(force)
        if plan is None:
            return None
        number, put, delete, through = plan
        return {"batch": number, "put": [[key, data] for key, data in put], "delete": delete, "clearJournal": through}

    # Photos on their way in

    def plan(self, entries: Sequence[Mapping[str, Any]], addition: int = 0, whole: bool = True) -> Answer:
        """Which files need work: `{work, unchanged}`; see `adding.Adding.plan`."""
        return self._adding.plan(entries, addition, whole)

    def inspect(self, entry: Mapping[str, Any], head: Buffer, whole: bool = False) -> Answer:
        """Say what to do with a file, given its first bytes."""
        return self._adding.inspect(entry, head, whole)

    async def index(self, batch: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer], tags: bool = True) -> Answer:
        """Run decoded photos through the networks and stage their rows: `{batch, journal, rows, failed}`."""
        return await self._adding.index(batch, pixels, bool(tags))

    def abandon(self, tickets: Iterable[int]) -> Answer:
        """Give up tickets: `{names}` of all files that will not become photos by them."""
        return self._adding.abandon(tickets)

    def sweep(self, root: str, seen: Iterable[str], sure: bool) -> Answer:
        """Let go of what a full scan of a folder did not find: `{removed, names, batch, journal}`, staged."""
        self._adding.folders.forget(root)
        change = self.library.sweep(root, seen, bool(sure))
        removed = [id_text(number) for number in self.library.leaving(change)]
        return {"removed": removed, "names": change.drop, **self._ledger.answer(change)}

    def remove(self, ids: Iterable[str], keep: bool = False) -> Answer:
        """Let go of photos: `{removed, kept, batch, journal}`, staged. Unknown ids are passed over.

        With `keep`, `kept` is a list of bytes from which `restore` brings the photos back.
        """
        numbers = {number for number in map(requests.id_number, ids) if number is not None}
        change = Change(remove=sorted(number for number in numbers if self.library.row_of(number) is not None))
        kept = removal.keepsakes(self.library, change.remove) if keep else []
        return {"removed": [id_text(number) for number in change.remove], "kept": kept, **self._ledger.answer(change)}

    def restore(self, kept: Sequence[Buffer]) -> Answer:
        """Bring removed photos back: `{restored, staged: [{batch, journal}]}`."""
        changes = removal.returning(self.library, kept)
        hashes = [change.rows.columns["hash"] for change in changes if change.rows is not None]
        restored = [id_text(number) for each in hashes for number in id_numbers(each).tolist()]
        return {"restored": restored, "staged": [self._ledger.answer(change) for change in changes]}

    # Looking

    async def search(
        self, query: str, limit: int = 100, offset: int = 0, sort: str = "relevance", now: float | None = None
    ) -> Answer:
        """Find photos: `{total, relevant, results, explanation, chips}`.

        The results are those that the query is believed to mean (`relevant` of them), and after them the others that pass its
        filters, by falling score. With sort "date" the relevant ones come newest first. `now` says what "yesterday" means:
        the clock on the wall, in milliseconds since 1970 as if it were UTC.
        """
        by_date = requests.choice(sort, ("relevance", "date")) == "date"
        return await self._finder.search(query, *requests.page(limit, offset), by_date, requests.today(now))

    def complete(self, query: str, cursor: int, now: float | None = None) -> list[Answer]:
        """How what stands before the cursor may go on: `[{text, kind, label, count, replace: [from, to]}]`."""
        place = requests.whole({"cursor": cursor}, "cursor")
        return [
            {**asdict(found), "replace": [found.replace.start, found.replace.end]}
            for found in self._finder.complete(query, place, requests.today(now))
        ]

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
            photo = preprocess.photo_from_bytes(b"" if pixels is None else pixels, int(width), int(height))
        except ValueError as error:
            raise QueryError(f"The picture to compare with cannot be used: {error}.") from error
        features, _ = await self._adding.see([photo])
        return {"results": self._finder.nearest(features.vectors[0], count)}

    def photo(self, id: str) -> Answer:
        """Everything known about a photo."""
        row = requests.row(self.library, id)
        told = describe(self.library, row, self.pack.concepts)
        place = told["place"] and {**told["place"], **self.places.of_photo(row)}
        quality = round(float(self.curator.quality()[row]), 3)
        number = self.library.number_at(row)
        text = list(self._readings.of(number).texts)
        return {**told, "place": place, "quality": quality, "text": text, **self.people.on_photo(number)}

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
        """How many photos show each concept or one under it, the most frequent first: `[{tag, count}]`."""
        concepts = self.pack.concepts
        table, rows = self.library.table, self.library.comparable
        counts = concepts.counts(table["tags"][rows], table["tag_scores"][rows])
        order = np.argsort(-counts, kind="stable")
        return [{"tag": concepts[number].name, "count": int(counts[number])} for number in order.tolist() if counts[number]]

    def stats(self) -> Answer:
        """Numbers about the library."""
        library = self.library
        return {
            "photos": len(library),
            "faces": self._gallery.count(),
            "texts": self._readings.count(),
            "copies": len(library.owners) + len(library.elsewhere) - len(library),
            "elsewhere": len(library.elsewhere),
            "bare": int((library.vectors.alive & ((library.table["flags"] & BARE) != 0)).sum()),
            "outdated": len(library) - int(library.comparable.sum()),
            "unsettled": self._ledger.unsettled,
            "vectorBytes": library.vectors.nbytes,
            "packs": [f"{self.pack.id} {self.pack.version}"],
            "timings": self._timings.medians(),
        }

    def verify(self, statements: Sequence[Buffer] = (), faces: Sequence[Buffer] = (), texts: Sequence[Buffer] = ()) -> Answer:
        """Check the library's invariants, and that these statements, faces and texts, as stored, hold all: `{ok, problems}`."""
        found = verification.problems(self.library) + self.sayings.problems(statements)
        found += self._gallery.problems(faces) + self.people.problems() + self._readings.problems(texts)
        return {"ok": not found, "problems": found}

    # Inside

    def _order(self, sort: str) -> NDArray[np.intp]:
        library = self.library
        rows = newest(library.vectors.alive, library.table["taken"])
        if requests.choice(sort, ("date", "name")) == "name":
            rows = np.array(sorted(rows.tolist(), key=lambda row: library.names[row]), np.intp)
        return rows
