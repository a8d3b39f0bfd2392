"""Changing over to another model pack while the present one goes on answering.

Vectors of two packs never stand in one library. So those of the next pack are made beside it, from the thumbnails, a few photos
at a time, and kept as runs of bytes in a store of their own; nobody searches them. When no photo is left, all are staged as
changes of the library and become true in one transaction, together with the choice of the pack. Whatever ends the work in the
middle, what was stored by then is recalled and gone on from.

A run is `sealed` bytes of kind `NEXT`. Fields: `pack`, `preprocessing`, `dimension`, `count`. Sections: `ids` (uint64),
`vectors` (count, dimension) float16, `tags` and `tag_scores` as in `store.rows`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shoebox.errors import PackError, QueryError, StoreError
from shoebox.faces.pack import FacePack
from shoebox.library.ledger import Ledger
from shoebox.library.relooking import AT_ONCE, Looks, look, rows_anew, thumbnails_given
from shoebox.model.container import Container, Source, checked_pack
from shoebox.model.manifest import MANIFEST, Section
from shoebox.model.pack import Pack
from shoebox.sessions.protocol import Network, Session, Sessions
from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.journal import Change
from shoebox.store.rows import TAGS_PER_PHOTO, id_numbers, id_text
from shoebox.store.sealed import NEXT, Buffer, column, seal, unseal, whole, word
from shoebox.tasks.embedding import ImageEmbedding
from shoebox.tasks.graph import TaskGraph
from shoebox.tasks.tags import Tags
from shoebox.tasks.text import TextEmbedding

Answer = dict[str, Any]


class NextSessions:
    """The networks of the pack that comes next, under their own names."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def open(self, network: Network) -> Session:
        """The session of the next pack's network of that name."""
        return await self._sessions.open("next-text" if network == "text" else "next-image")


class Switching:
    """The change from the present pack of one library to another.

    Parameters
    ----------
    ledger : Ledger
    sessions : Sessions
        Has the networks "next-image" and "next-text" once `begin` has been answered.
    """

    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger, self._library, self._sessions = ledger, ledger.library, sessions
        self.end()

    def end(self) -> Answer:
        """Think of no other pack any more."""
        self._pack: Pack | None = None
        self._graph = TaskGraph([])
        self._done: set[int] = set()
        self._missed: set[int] = set()
        # What is still to do, the next one last, as the library was after so many edits.
        self._todo: list[int] = []
        self._numbers: list[int] = []
        self._edits = -1
        return {}

    def begin(self, files: Mapping[str, Buffer]) -> Answer:
        """Begin with the pack in these files (all but the networks): `{pack, image, text}`, the files of its networks."""
        self.end()
        pack = Pack.from_files({name: bytes(data) for name, data in files.items()})
        embedding = ImageEmbedding(pack.image, pack.dimension, pack.concepts.classes, NextSessions(self._sessions), pack.unit)
        self._pack, self._graph = pack, TaskGraph([embedding, Tags(pack.concepts)])
        return {"pack": pack.id, "image": pack.image.file.name, "text": pack.text.file.name}

    async def probe(self) -> Answer:
        """Run the text network once, so that no pack is changed over to with which nothing could be searched.

        Raises
        ------
        SessionError
            If it cannot be run, or gives what cannot be true.
        """
        pack = self._chosen()
        sessions = NextSessions(self._sessions)
        await TextEmbedding(pack.text, pack.dimension, pack.tokenizer, sessions, pack.unit).vector("a photo of a dog")
        return {}

    def recall(self, stored: Sequence[Buffer]) -> Answer:
        """Take note of what is stored already: `{usable}`, for each run whether it is of this pack and whole."""
        usable = []
        for data in stored:
            try:
                self._done.update(self._read(data).numbers.tolist())
            except StoreError:
                usable.append(False)
            else:
                usable.append(True)
        return {"usable": usable}

    def step(self) -> Answer:
        """The photos whose thumbnails are wanted next: `{ids, done, total, missed}`; none where all have had their turn.

        `missed` is how many could not be read, told at the end.
        """
        self._chosen()
        if self._edits != self._library.edits:
            there = self._library.table["hash"][self._library.vectors.alive]
            self._numbers = id_numbers(there).tolist()
            self._edits = self._library.edits
            seen = self._done | self._missed
            self._todo = [number for number in reversed(self._numbers) if number not in seen]
        return {
            "ids": [id_text(number) for number in self._coming()],
            "done": len(self._numbers) - len(self._todo),
            "total": len(self._numbers),
            "missed": len(self._missed.intersection(self._numbers)) if not self._todo else 0,
        }

    def _coming(self) -> list[int]:
        return self._todo[: -AT_ONCE - 1 : -1]

    async def take(self, ids: Sequence[str], thumbnails: Sequence[Buffer], tags: bool = True) -> Answer:
        """Look at photos, some of those that `step` named: `{bytes}` to be stored, None where none of them can be read.

        Photos that `step` named last and that are not among `ids` have no thumbnail; they are not asked for again.
        """
        pack = self._chosen()
        given, wanted = thumbnails_given(ids, thumbnails), self._coming()
        # Whatever comes of them, they have had their turn; those that the network fails on are named again after another start.
        del self._todo[len(self._todo) - len(wanted) :]
        looks = await look(self._graph, wanted, given, tags)
        seen = set() if looks is None else set(looks.numbers.tolist())
        self._missed.update(number for number in wanted if number not in seen)
        if looks is None:
            return {"bytes": None}
        sections = {
            "ids": looks.numbers.astype("<u8").tobytes(),
            "vectors": looks.vectors.astype("<f2").tobytes(),
            "tags": looks.tags.astype("<u2").tobytes(),
            "tag_scores": looks.scores.astype("<f2").tobytes(),
        }
        fields = {
            "pack": pack.model.pack,
            "preprocessing": pack.model.preprocessing,
            "dimension": pack.dimension,
            "count": len(looks.numbers),
        }
        self._done.update(seen)
        return {"bytes": seal(NEXT, fields, sections)}

    def finish(self, stored: Sequence[Buffer]) -> Answer:
        """Stage the new vectors in some stored runs: `{staged: [{batch, journal}], photos}`.

        To be stored together with the choice of the pack, and then the library is to be loaded anew with that pack. They cannot
        be accepted: this library goes on with the present pack.
        """
        pack, staged, photos = self._chosen(), [], 0
        for data in stored:
            looks = self._read(data)
            for low in range(0, len(looks.numbers), BLOCK_ROWS):
                new = rows_anew(self._library, pack.model, looks.at(slice(low, low + BLOCK_ROWS)))
                if new is not None:
                    staged.append(self._ledger.answer(Change(rows=new)))
                    photos += len(new)
        return {"staged": staged, "photos": photos}

    def _chosen(self) -> Pack:
        if self._pack is None:
            raise QueryError("No other model pack has been chosen.", "Choose one in the settings.")
        return self._pack

    def _read(self, data: Buffer) -> Looks:
        """The run in some bytes.

        Raises
        ------
        StoreError
            If it is damaged, or of another pack.
        """
        pack = self._chosen()
        fields, sections = unseal(NEXT, data)
        made = (word(fields, "pack", NEXT), word(fields, "preprocessing", NEXT), whole(fields, "dimension", NEXT))
        if made != (pack.model.pack, pack.model.preprocessing, pack.dimension):
            raise StoreError("What was stored of another model pack is of none that is wanted.")
        count = whole(fields, "count", NEXT)
        return Looks(
            column(sections, "ids", "<u8", (count,), NEXT),
            column(sections, "vectors", "<f2", (count, pack.dimension), NEXT).astype(np.float32),
            column(sections, "tags", "<u2", (count, TAGS_PER_PHOTO), NEXT),
            column(sections, "tag_scores", "<f2", (count, TAGS_PER_PHOTO), NEXT),
        )


def check_pack(source: Source) -> Answer:
    """What is in a `.pack` file, every byte checked.

    Returns
    -------
    dict
        `{kind: "photos" | "faces", pack, version, title, licence, terms, files: [{name, start, size}]}`.

    Raises
    ------
    PackError
        If it is none, damaged, or a pack that cannot be used here.
    """
    try:
        container = Container.read(source)
        pack = checked_pack(container)
    except PackError as error:
        raise PackError(error.what, "Get the file once more, or ask who made it. Nothing has been changed.") from error
    top = Section.parse(container.bytes_of(MANIFEST))
    return {
        "kind": "faces" if isinstance(pack, FacePack) else "photos",
        "pack": pack.id,
        "version": pack.version,
        "title": top.word("title") if "title" in top else pack.id,
        "licence": pack.licence,
        "terms": top.word("terms") if "terms" in top else "",
        "files": [{"name": each.name, "start": each.start, "size": each.size} for each in container.files.values()],
    }
