"""Libraries to be saved and taken in, and all that they know as plain data that can be compared."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from shoebox.api import Shoebox
from shoebox.archive.files import Thumbnail
from shoebox.archive.pictures import Picture
from shoebox.archive.taking import Taken
from shoebox.library import subjects
from shoebox.library.statements import FAVOURITE, Statement, Value
from shoebox.reading.lines import TextRows
from shoebox.store.faces import Belonging, FaceList
from shoebox.store.journal import Change
from shoebox.store.rows import ModelId, Path, id_text
from shoebox.store.texts import TextList
from tests.unit.library_making import number, rows
from tests.unit.test_people_verbs import face_rows
from tests.unit.tiny_pack import DIMENSION, NumpySessions, tiny_pack

FACES = ModelId("drawn 1", "faces-1")
READS = ModelId("reads 1", "text-1")
AUTHORS = ("a" * 16, "b" * 16)
Content = int | str


def add(box: Shoebox, *photos: tuple[Content, Sequence[Path]], model: ModelId | None = None, indexed: float = 0.0) -> None:
    """Photos of some contents under some paths, as if they had been indexed on this device."""
    if photos:
        made = rows(photos, model or box.pack.model, DIMENSION, camera="Pixel")
        made.columns["indexed"][:] = indexed
        box.accept(box._ledger.answer(Change(rows=made))["batch"])  # type: ignore[arg-type]


def look(box: Shoebox, content: Content, who: Sequence[int], at: int = 1, model: ModelId = FACES) -> None:
    """A photo was looked at: these people are on it."""
    found = face_rows([list(who)])
    faces = FaceList(at, model, np.array([number(content)], np.uint64), found)
    box.seeking.settle(box._gallery.stage_list(faces)["batch"], True)


def read(box: Shoebox, content: Content, lines: Sequence[str], at: int = 1, model: ModelId = READS) -> None:
    """A photo was looked at for text: these lines are on it."""
    corners = np.array([[[9, 20 * place], [60, 20 * place], [60, 9], [9, 9]] for place in range(len(lines))], np.int32)
    made = TextRows(
        np.zeros(len(lines), np.int32), corners.reshape(-1, 4, 2), np.full(len(lines), 0.9, np.float32), tuple(lines)
    )
    texts = TextList(at, model, np.array([number(content)], np.uint64), made)
    box.reader.settle(box._readings.stage_list(texts)["batch"], True)


def belong(box: Shoebox, *who: tuple[Content, int, int]) -> None:
    """Of a photo, the face at a place is that person's."""
    photos = np.array([number(content) for content, _, _ in who], np.uint64)
    boxes = np.array([[90 * place, 40, 60, 80] for _, place, _ in who], np.int32).reshape(len(who), 4)
    box._gallery.keep(Belonging(photos, boxes, np.array([person for *_, person in who], np.uint64), len(who)))
    box.people.forget()


def say(box: Shoebox, content: Content, value: Value, at: int, author: str = AUTHORS[0], predicate: str = FAVOURITE) -> None:
    """Something was said about a photo."""
    said = box.sayings.adopt([Statement(subjects.photo(number(content)), predicate, value, at, author)])
    if said["batch"] is not None:
        box.accept(said["batch"])


@functools.cache
def jpeg(colour: int = 0, size: tuple[int, int] = (12, 9)) -> Thumbnail:
    """A thumbnail."""
    data = io.BytesIO()
    Image.new("RGB", size, (colour % 256, 90, 40)).save(data, "JPEG")
    return data.getvalue(), *size


def thumbnails(*contents: Content) -> dict[str, Thumbnail]:
    """Thumbnails of photos of some contents."""
    return {id_text(number(content)): jpeg(place) for place, content in enumerate(contents)}


def saved(box: Shoebox, thumbs: dict[str, Thumbnail] | None = None, paths: bool = True) -> bytes:
    """The library as a file."""
    export = box.archive.export(thumbs is not None, paths)
    parts: list[bytes] = []
    given: dict[int, Picture] = {}
    while (piece := export.step(given)) is not None:
        parts.append(piece.data)
        here = {wanted: (thumbs or {}).get(id_text(wanted)) for wanted in piece.wanted}
        given = {wanted: Picture(*found) for wanted, found in here.items() if found is not None}
    return b"".join(parts)


def take(box: Shoebox, data: bytes, own: bool = False, crash_after: int | None = None) -> dict[str, Thumbnail]:
    """Take a file in, in pieces of odd sizes; answers its thumbnails. May stop after so many changes."""
    taking = box.archive.taking(own)
    for low in range(0, len(data), 997):
        taking.check(data[low : low + 997])
    taking.checked()
    found: dict[str, Thumbnail] = {}
    done = 0
    for low in range(0, len(data), 4001):
        for taken in taking.take(data[low : low + 4001]):
            settle(box, taken, stored=done != crash_after)
            if done == crash_after:
                return found
            found.update({id_text(photo): (each.jpeg, each.width, each.height) for photo, each in taken.pictures.items()})
            done += 1
    taking.belonging()
    taking.ended()
    box.people.forget()
    return found


def settle(box: Shoebox, taken: Taken, stored: bool = True) -> None:
    """A change has been stored, or could not be."""
    done = box.accept if stored else box.reject
    for staged in taken.staged:
        done(staged["batch"])
    if taken.faces is not None:
        box.seeking.settle(taken.faces["batch"], stored)
    if taken.texts is not None:
        box.reader.settle(taken.texts["batch"], stored)
    if taken.statements is not None:
        done(taken.statements["batch"])


_pack = functools.cache(tiny_pack)


def empty() -> Shoebox:
    """A library without anything."""
    return Shoebox(_pack(), NumpySessions())


def known(box: Shoebox, paths: bool = True) -> dict[str, Any]:
    """Everything that a library knows, in a form that can be compared."""
    library, gallery = box.library, box._gallery
    photos = {}
    for row in np.flatnonzero(library.vectors.alive).tolist():
        one = library.rows_at(np.array([row]))
        columns = {name: column[0].tobytes() for name, column in one.columns.items() if name not in ("camera", "format")}
        where = one.paths.by_row(1)[0] if paths else []
        photos[library.number_at(row)] = (one.model, columns, one.vectors.tobytes(), where, one.facts, one.cameras, one.formats)
    faces = {}
    for each in gallery.lists():
        for place, photo in enumerate(each.ids.tolist()):
            found = each.rows.of(place)
            faces[photo] = (each.model, found.boxes.tobytes(), found.vectors.tobytes())
    texts = {}
    for written in box._readings.lists():
        for place, photo in enumerate(written.ids.tolist()):
            lines = written.rows.of(place)
            texts[photo] = (written.model, lines.texts, lines.corners.tobytes(), lines.scores.tobytes())
    whose = gallery.belonging
    people: dict[tuple[int, ...], int] = {}
    if whose is not None:
        people = dict(
            zip(zip(whose.photos.tolist(), *whose.boxes.T.tolist(), strict=True), whose.persons.tolist(), strict=True)
        )
    said = {statement.line() for statement in library.statements}
    return {"photos": photos, "faces": faces, "texts": texts, "people": people, "said": said}
