"""A library as the pieces of an archive, one after another, so that it is never in memory twice."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shoebox.archive.contents import COUNTED
from shoebox.archive.frames import PLAIN, WITH_TEXT, FrameWriter
from shoebox.archive.pictures import Picture, write_pictures
from shoebox.faces.gallery import Gallery
from shoebox.library.library import Library
from shoebox.library.sayings import RUN_LINES
from shoebox.reading.readings import Readings
from shoebox.store.blocks import Block, write_block
from shoebox.store.faces import Belonging, FaceList, write_belonging, write_faces
from shoebox.store.rows import ELSEWHERE, Paths, Rows, id_numbers
from shoebox.store.sayings import write_lines
from shoebox.store.sealed import BLOCK, FACES, PEOPLE, PICTURES, STATEMENTS, TEXTS
from shoebox.store.texts import TextList, write_texts

# So many photos share a group: with their thumbnails about 5 MB, which whoever reads the file writes in one transaction.
GROUP = 256
# Faces of one list, 350 bytes each, unless a single photo has more; and rows of who is who, 32 bytes each.
_FACES = 8192
# Photos of one list of text, at most 300 lines each.
_READ = 256
_BELONGING = 65536


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file, and what is needed for the next.

    Attributes
    ----------
    data : bytes
        Perhaps none.
    wanted : list of int
        The photos whose thumbnails the next step must be given.
    photos : int
        How many are written.
    """

    data: bytes
    wanted: list[int]
    photos: int


class Export:
    """The writing of one archive.

    Photos that come while it is written are left out, and so are those that leave.

    Parameters
    ----------
    library : Library
    gallery : Gallery
    readings : Readings
    thumbnails : bool
        Whether thumbnails are asked for.
    paths : bool
        Whether the names of the files are told.
    now : int
        Milliseconds since 1970.

    Attributes
    ----------
    total : int
        How many photos there are to write.
    """

    def __init__(
        self, library: Library, gallery: Gallery, readings: Readings, *, thumbnails: bool, paths: bool, now: int
    ) -> None:
        self._library, self._gallery = library, gallery
        self._thumbnails, self._paths, self._now = thumbnails, paths, now
        # What is read while the file is written is left out.
        self._read = list(readings.lists())
        self._version = WITH_TEXT if self._read else PLAIN
        self._counts = dict.fromkeys(COUNTED[self._version], 0)
        self._writer = FrameWriter()
        # By model and content, so that equal libraries become equal files, however they came about.
        rows = np.flatnonzero(library.vectors.alive)
        numbers, models = id_numbers(library.table["hash"][rows]), library.table["model"][rows]
        names = [(model.pack, model.preprocessing) for model in library.models]
        rank = np.array([sorted(names).index(name) for name in names], np.intp)
        self._numbers: list[int] = numbers[np.lexsort((numbers, rank[models]))].tolist()
        self._steps = self._run()
        self._begun = False

    @property
    def total(self) -> int:
        """How many photos are to be written."""
        return len(self._numbers)

    def step(self, pictures: Mapping[int, Picture]) -> Piece | None:
        """The next piece, given the thumbnails that the one before wanted, as far as there are any; None after the last."""
        try:
            if not self._begun:
                self._begun = True
                return next(self._steps)
            return self._steps.send(pictures)
        except StopIteration:
            return None

    def _run(self) -> Generator[Piece, Mapping[int, Picture], None]:
        yield self._piece([self._writer.begin(self._beginning(), self._version)])
        for low in range(0, len(self._numbers), GROUP):
            numbers = self._numbers[low : low + GROUP]
            given: Mapping[int, Picture] = {}
            if self._thumbnails:
                given = yield Piece(b"", numbers, self._counts["photos"])
            for rows in self._groups(numbers):
                yield self._piece(self._group(rows, given))
        written = set(self._numbers)
        written = {number for number in written if number in self._library.vectors}
        for faces in _small(_only(faces, written) for faces in self._gallery.lists()):
            self._counts["faces"] += len(faces.rows)
            yield self._piece([self._writer.frame(FACES, write_faces(faces))])
        for belonging in self._belonging(written):
            self._counts["belonging"] += len(belonging.photos)
            yield self._piece([self._writer.frame(PEOPLE, write_belonging(belonging))])
        for texts in self._texts(written):
            self._counts["texts"] += len(texts.rows)
            yield self._piece([self._writer.frame(TEXTS, write_texts(texts))])
        said = sorted(self._library.statements, key=lambda each: (each.predicate, each.subject))
        for low in range(0, len(said), RUN_LINES):
            lines = [statement.line() for statement in said[low : low + RUN_LINES]]
            self._counts["statements"] += len(lines)
            yield self._piece([self._writer.frame(STATEMENTS, write_lines(lines))])
        yield self._piece([self._writer.end(self._counts)])

    def _piece(self, parts: list[bytes]) -> Piece:
        return Piece(b"".join(parts), [], self._counts["photos"])

    def _beginning(self) -> dict[str, object]:
        library, belonging = self._library, self._gallery.belonging
        counts = {
            "photos": self.total,
            "thumbnails": self.total if self._thumbnails else 0,
            "faces": self._gallery.count(),
            "belonging": 0 if belonging is None else len(belonging.photos),
            "statements": len(library.statements),
        }
        if self._version == WITH_TEXT:
            counts["texts"] = sum(len(texts.rows) for texts in self._read)
        made_by = library.models + self._gallery.models() + [texts.model for texts in self._read]
        return {
            "made": self._now,
            "paths": self._paths,
            "models": [[model.pack, model.preprocessing] for model in dict.fromkeys(made_by)],
            "counts": counts,
        }

    def _groups(self, numbers: list[int]) -> Iterator[Rows]:
        """The rows of those that are still there, of one model each."""
        library = self._library
        rows = np.array([row for row in map(library.row_of, numbers) if row is not None], np.intp)
        models = library.table["model"][rows]
        for model in np.unique(models).tolist():
            yield library.rows_at(rows[models == model])

    def _group(self, rows: Rows, given: Mapping[int, Picture]) -> list[bytes]:
        if not self._paths:
            rows = _without_paths(rows)
        numbers: list[int] = id_numbers(rows.columns["hash"]).tolist()
        parts = [self._writer.frame(BLOCK, write_block(Block(0, 0, rows)))]
        pictures = {number: given[number] for number in numbers if number in given and given[number].is_sound()}
        parts += [self._writer.frame(PICTURES, run) for run in write_pictures(pictures)]
        self._counts["photos"] += len(rows)
        self._counts["thumbnails"] += len(pictures)
        return parts

    def _texts(self, written: set[int]) -> Iterator[TextList]:
        for texts in self._read:
            here = np.flatnonzero([photo in written for photo in texts.ids.tolist()])
            for low in range(0, len(here), _READ):
                yield texts.take(here[low : low + _READ], texts.at)

    def _belonging(self, written: set[int]) -> Iterator[Belonging]:
        whole = self._gallery.belonging
        if whole is None:
            return
        here = (place for place, photo in enumerate(whole.photos.tolist()) if photo in written and self._gallery.sought(photo))
        rows = np.array(list(here), np.intp)
        order = rows[np.lexsort((*whole.boxes[rows].T, whole.photos[rows]))]
        for low in range(0, len(order), _BELONGING):
            part = order[low : low + _BELONGING]
            yield Belonging(whole.photos[part], whole.boxes[part], whole.persons[part], whole.grouped)


def _without_paths(rows: Rows) -> Rows:
    columns = {**rows.columns, "flags": rows.columns["flags"] | np.uint8(ELSEWHERE)}
    return replace(rows, columns=columns, paths=Paths.of([()] * len(rows)))


def _only(faces: FaceList, photos: set[int]) -> FaceList:
    here = np.array([photo in photos for photo in faces.ids.tolist()], bool)
    return faces if here.all() else faces.take(np.flatnonzero(here), faces.at)


def _small(lists: Iterator[FaceList]) -> Iterator[FaceList]:
    """Lists as such of a bounded size."""
    for faces in lists:
        ends: NDArray[np.intp] = np.cumsum(np.bincount(faces.rows.photos, minlength=len(faces.ids)))
        low = 0
        while low < len(faces.ids):
            before = int(ends[low - 1]) if low else 0
            high = max(low + 1, int(np.searchsorted(ends, before + _FACES, "right")))
            high = min(high, low + GROUP, len(faces.ids))
            yield faces if (low, high) == (0, len(faces.ids)) else faces.take(np.arange(low, high), faces.at)
            low = high
