"""The verbs with which the page saves its library as one file, and takes such a file in; `shoebox.worker` lists them.

The page moves bytes, and nothing else: it gives thumbnails where they are wanted, writes what it is answered, and feeds a file
piece by piece, twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from shoebox import requests
from shoebox.archive.locked import check_work, is_locked
from shoebox.archive.pictures import Picture
from shoebox.archive.taking import Import, Taken
from shoebox.archive.writing import Export
from shoebox.errors import QueryError, ShoeboxError
from shoebox.faces.gallery import BELONGING_KEY, Gallery
from shoebox.library.ledger import Ledger
from shoebox.library.sayings import Sayings
from shoebox.reading.readings import Readings
from shoebox.store.rows import ModelId, id_text
from shoebox.store.sealed import Buffer

Answer = dict[str, Any]


class ArchiveVerbs:
    """Saving and taking in.

    Parameters
    ----------
    ledger, gallery, readings, sayings
        Of one library.
    model, reads : callable
        What looks for faces now, and what reads text; None where nothing does.
    changed : callable
        Called when who is who has been replaced.
    """

    def __init__(
        self,
        ledger: Ledger,
        gallery: Gallery,
        readings: Readings,
        sayings: Sayings,
        model: Callable[[], ModelId | None],
        reads: Callable[[], ModelId | None],
        changed: Callable[[], None],
    ) -> None:
        self._ledger, self._gallery, self._readings, self._sayings = ledger, gallery, readings, sayings
        self._model, self._reads, self._changed = model, reads, changed
        self._export: Export | None = None
        self._import: Import | None = None

    # Saving

    def export(self, thumbnails: bool = True, paths: bool = False) -> Export:
        """The library as it is now, to be written step by step."""
        return Export(self._ledger.library, self._gallery, self._readings, thumbnails=thumbnails, paths=paths, now=_now())

    def export_begin(self, thumbnails: bool = True, paths: bool = False) -> Answer:
        """Begin to save: `{photos}`. What was being saved is given up."""
        if not isinstance(thumbnails, bool) or not isinstance(paths, bool):
            raise QueryError("Thumbnails and paths are saved or they are not: say true or false.")
        self._export = self.export(thumbnails, paths)
        return {"photos": self._export.total}

    def export_step(
        self, ids: Sequence[str] = (), pictures: Sequence[Buffer] = (), sizes: Sequence[Sequence[int]] = ()
    ) -> Answer:
        """The next bytes of the file: `{bytes, wanted: [id], photos, done}`.

        Parameters
        ----------
        ids, pictures, sizes
            The thumbnails that the step before wanted, as far as there are any: photos, JPEG files, [width, height].
        """
        if self._export is None:
            raise QueryError("Nothing is being saved.", "Begin again.")
        given: dict[int, Picture] = {}
        for id, jpeg, size in zip(ids, pictures, sizes, strict=True):
            number = requests.id_number(id)
            if number is not None:
                width, height = (requests.whole({"size": side}, "size") for side in size)
                given[number] = Picture(memoryview(jpeg).tobytes(), width, height)
        piece = self._export.step(given)
        if piece is None:
            total, self._export = self._export.total, None
            return {"bytes": b"", "wanted": [], "photos": total, "done": True}
        wanted = [id_text(number) for number in piece.wanted]
        return {"bytes": piece.data, "wanted": wanted, "photos": piece.photos, "done": False}

    # Taking in

    def taking(self, own: bool = False) -> Import:
        """The taking in of a file, to be fed with its bytes."""
        parts = self._ledger, self._gallery, self._readings, self._sayings
        return Import(*parts, self._model(), self._reads(), own=own, now=_now())

    def import_begin(self, head: Buffer) -> Answer:
        """Begin to take a file in, given its first bytes: `{locked}`. What was being taken in is given up.

        If it is locked, only what the passphrase unlocks is fed; what that would cost has been looked at.
        """
        beginning = memoryview(head).tobytes()
        if is_locked(beginning):
            check_work(beginning)
        self._import = self.taking()
        return {"locked": is_locked(beginning)}

    def import_check(self, data: Buffer) -> Answer:
        """Check the next bytes of the file: `{photos, total}`, how many photos were checked, and how many there should be."""
        current = self._importing()
        current.check(data)
        return {"photos": current.seen, "total": current.beginning.counts["photos"] if current.beginning else 0}

    def import_checked(self) -> Answer:
        """The whole file has been checked; it is sound, or this raises: `{photos, people}`."""
        current = self._importing()
        current.checked()
        return {"photos": current.seen, "people": current.people}

    def import_take(self, data: Buffer) -> Answer:
        """Stage what the next bytes of the file bring: `{changes, photos, late}`.

        Each of `changes` is to be stored in one transaction, in their order: `{staged: [{batch, journal}],
        pictures: [{id, bytes, width, height}], faces: {batch, put, delete} | null, texts: the same, statements: {batch,
        statements} | null}`. All must be settled before the next bytes are given. `late`: it cannot be given up any more.
        """
        current = self._importing()
        changes: list[Taken] = []
        try:
            for taken in current.take(data):
                changes.append(taken)
        except ShoeboxError:
            # The file has changed since it was checked. What is staged and never settled would hold up everything after it.
            for taken in changes:
                current.give_up(taken)
            raise
        return {"changes": [_plain(taken) for taken in changes], "photos": current.photos, "late": current.late}

    def import_cancel(self) -> Answer:
        """Give up, before it is `late`: `{staged: [{batch, journal}], removed: [id]}`, to be stored in one transaction.

        The library is as it was then; so the thumbnails that were stored are to be deleted in the same transaction.
        """
        answer = self._importing().take_back()
        self._import = None
        return answer

    def import_end(self) -> Answer:
        """All is taken: `{put, photos, people, added, unsearchable}`; `put` are the last values for the store of faces."""
        current = self._importing()
        belonging = current.belonging()
        put = [] if belonging is None else [[BELONGING_KEY, belonging]]
        told = {"photos": current.seen, "people": current.people, "added": current.added}
        return {"put": put, **told, "unsearchable": current.unsearchable}

    def import_settle(self) -> Answer:
        """What `import_end` answered is stored, too."""
        current, self._import = self._importing(), None
        if current.ended():
            self._changed()
        return {}

    def _importing(self) -> Import:
        if self._import is None:
            raise QueryError("Nothing is being taken in.", "Begin again.")
        return self._import


def _plain(taken: Taken) -> Answer:
    pictures = [
        {"id": id_text(number), "bytes": picture.jpeg, "width": picture.width, "height": picture.height}
        for number, picture in taken.pictures.items()
    ]
    return {
        "staged": taken.staged,
        "pictures": pictures,
        "faces": taken.faces,
        "texts": taken.texts,
        "statements": taken.statements,
    }


def _now() -> int:
    return int(time.time() * 1000)
