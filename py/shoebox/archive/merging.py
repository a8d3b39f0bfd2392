"""What of an archive a library takes in. Merging is a join: whichever order archives come in, and however often, all is there.

A photo is known by its content. Its row is taken where the library does not know the photo; where it does, and a file of it was
seen on this device, the row here stays, unless only the other has a vector of today's pack. Of two rows that both came with
archives one stands, by a total order (`_rank`). Of two looks at the faces or the text of a photo the later stands, of two
statements about the same that of higher rank. Photos that another pack has looked at are taken as they are, and never compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from shoebox.archive.contents import Group, numbers_of
from shoebox.errors import ArchiveError, StoreError
from shoebox.faces.gallery import Gallery
from shoebox.library.library import Library
from shoebox.reading.readings import Readings
from shoebox.store.faces import Belonging, FaceList
from shoebox.store.rows import BARE, ELSEWHERE, NONE, SCHEMA, ModelId, Path, Paths, Rows
from shoebox.store.texts import TextList

# Numbers of models are one byte.
_MOST_MODELS = 200
_OWN_FLAGS = np.uint8(~(ELSEWHERE | BARE) & 0xFF)
Rank = tuple[Any, ...]


class Fit:
    """Whether the photos of an archive can stand in a library beside those that are there; asked of all before any is taken.

    Parameters
    ----------
    library : Library
    gallery : Gallery
    """

    def __init__(self, library: Library, gallery: Gallery) -> None:
        self._library = library
        self._models: set[ModelId] = set(library.models)
        self._cameras, self._formats = set(library.table.cameras.words), set(library.table.formats.words)
        self._dimensions: dict[ModelId, int] = {each.model: each.rows.vectors.shape[1] for each in gallery.lists()}

    def check_rows(self, rows: Rows) -> None:
        """Raise `ArchiveError` unless the library could take these photos."""
        library = self._library
        if rows.model == library.model and rows.vectors.shape[1] not in (0, library.dimension):
            raise ArchiveError("The file holds photos of a model pack of the same name as the one here, but of another kind.")
        self._models.add(rows.model)
        self._cameras.update(rows.cameras)
        self._formats.update(rows.formats)
        if len(self._models) > _MOST_MODELS or max(len(self._cameras), len(self._formats)) >= NONE:
            raise ArchiveError("The file holds more kinds of cameras or model packs than there are.")
        for place, number in enumerate(numbers_of(rows)):
            row = library.row_of(number)
            if row is not None and library.table["hash"][row].tobytes() != rows.columns["hash"][place].tobytes():
                raise ArchiveError("The file contradicts this library: it knows another photo by the same number.")

    def check_faces(self, faces: FaceList) -> None:
        """Raise `ArchiveError` unless these faces could stand beside those that are known."""
        dimension = faces.rows.vectors.shape[1]
        if self._dimensions.setdefault(faces.model, dimension) != dimension:
            raise ArchiveError("The file holds faces that were found by a model pack of the same name, but of another kind.")


def as_they_can_stand(library: Library, rows: Rows) -> Rows:
    """Rows of today's pack without vectors, which a library of another pack has let go, are not of today's pack any more."""
    if rows.model != library.model or rows.vectors.shape[1]:
        return rows
    return replace(rows, model=ModelId(rows.model.pack, f"{rows.model.preprocessing}, vectors let go"))


def rows_to_enter(library: Library, group: Group) -> list[Rows]:
    """The rows that a group of photos from another device brings, each of one model; those that change nothing are left out."""
    rows, numbers = as_they_can_stand(library, group.rows), numbers_of(group.rows)
    present = _present(library, numbers)
    today = rows.model == library.model
    taken: list[int] = []
    flags, paths = rows.columns["flags"] & _OWN_FLAGS, rows.paths.by_row(len(rows))
    cleared: list[Rows] = []
    for place, number in enumerate(numbers):
        bare = BARE if number not in group.pictures else 0
        if number not in present:
            flags[place] |= ELSEWHERE | bare
            taken.append(place)
        elif library.is_here(number):
            if today and not library.is_comparable(number):
                paths[place] = library.paths_of(number)
                taken.append(place)
        else:
            here, at = present[number]
            bare &= int(here.columns["flags"][at])
            if _rank(rows, place, paths[place], today) > _rank(
                here, at, library.elsewhere[number], here.model == library.model
            ):
                flags[place] |= ELSEWHERE | bare
                taken.append(place)
            elif int(here.columns["flags"][at]) & BARE and not bare:
                cleared.append(_pictured(here.take([at])))
    if taken:
        brought = replace(rows, columns={**rows.columns, "flags": flags}, paths=Paths.of(paths))
        cleared.append(brought if len(taken) == len(rows) else brought.take(taken))
    return cleared


def _present(library: Library, numbers: Iterable[int]) -> dict[int, tuple[Rows, int]]:
    """The rows of those photos that are there, and the place of each in them."""
    known = [(number, row) for number in numbers if (row := library.row_of(number)) is not None]
    rows = np.array([row for _, row in known], np.intp)
    found: dict[int, tuple[Rows, int]] = {}
    models = library.table["model"][rows]
    for model in np.unique(models).tolist():
        places = np.flatnonzero(models == model)
        taken = library.rows_at(rows[places])
        found.update({known[place][0]: (taken, at) for at, place in enumerate(places.tolist())})
    return found


def _rank(rows: Rows, place: int, paths: list[Path], today: bool) -> Rank:
    """Of two rows of one photo that both came with archives, that of the higher rank stands.

    First today's pack, since only its vectors can be searched; then the later; then the one that knows names. What follows only
    makes the order total.
    """
    columns = rows.columns
    camera = int(columns["camera"][place])
    return (
        today,
        float(columns["indexed"][place]),
        bool(paths),
        rows.model.pack,
        rows.model.preprocessing,
        rows.facts[place],
        rows.vectors[place].tobytes() if today else b"",
        "" if camera == NONE else rows.cameras[camera],
        rows.formats[int(columns["format"][place])],
        int(columns["flags"][place] & _OWN_FLAGS),
        *(columns[name][place].tobytes() for name in SCHEMA if name not in ("camera", "format", "flags")),
        paths,
    )


def _pictured(rows: Rows) -> Rows:
    """The same rows, now with thumbnails."""
    flags = rows.columns["flags"] & np.uint8(~BARE & 0xFF)
    return replace(rows, columns={**rows.columns, "flags": flags})


def faces_to_take(gallery: Gallery, faces: FaceList, wanted: ModelId | None) -> FaceList | None:
    """What of a list of faces is news; None where nothing is.

    Parameters
    ----------
    gallery : Gallery
    faces : FaceList
    wanted : ModelId or None
        What looks for faces here: its looks stand against those of other packs, however old. None: whatever most were made by.
    """
    wanted = wanted or next(iter(gallery.models()), None)
    news, at = _news(gallery.list_of, faces, wanted)
    if not news:
        return None
    return replace(faces, at=at) if len(news) == len(faces.ids) else faces.take(np.array(news, np.intp), at)


def texts_to_take(readings: Readings, texts: TextList, wanted: ModelId | None) -> TextList | None:
    """What of a list of text is news, as `faces_to_take`; None where nothing is."""
    wanted = wanted or next(iter(readings.models()), None)
    news, at = _news(readings.list_of, texts, wanted)
    if not news:
        return None
    return replace(texts, at=at) if len(news) == len(texts.ids) else texts.take(np.array(news, np.intp), at)


def _news(
    known_of: Callable[[int], FaceList | TextList | None], came: FaceList | TextList, wanted: ModelId | None
) -> tuple[list[int], int]:
    """The places of the photos of which a list knows better than what is there, and when it must count as written for that."""
    at, news = came.at, []
    for place, photo in enumerate(came.ids.tolist()):
        known = known_of(photo)
        if known is None:
            news.append(place)
        elif came.at > known.at if known.model == came.model else came.model == wanted:
            # Of two stored looks the later holds, so a preferred one must not be older.
            at = max(at, known.at + 1)
            news.append(place)
    return news, at


def merge_belonging(present: Belonging | None, came: Belonging | None) -> Belonging | None:
    """Who is who, of both: what each side alone knows stands; of two persons for one face it is the lesser number.

    Where both sides knew something that the other did not, `grouped` is 0: all faces are to be grouped anew.
    """
    if present is None or came is None:
        return present if came is None else came
    mine, theirs = _by_face(present), _by_face(came)
    both = {**theirs, **mine}
    for face in mine.keys() & theirs.keys():
        known = [person for person in (mine[face], theirs[face]) if person]
        both[face] = min(known, default=0)
    if both == mine:
        return present
    if both == theirs:
        return came
    faces = sorted(both)
    return Belonging(
        np.array([face[0] for face in faces], np.uint64),
        np.array([face[1:] for face in faces], np.int32).reshape(len(faces), 4),
        np.array([both[face] for face in faces], np.uint64),
        0,
    )


def join_belonging(parts: Iterable[Belonging]) -> Belonging | None:
    """The parts of who is who as one."""
    every = list(parts)
    if not every:
        return None
    photos, boxes, persons = (
        np.concatenate([getattr(part, name) for part in every]) for name in ("photos", "boxes", "persons")
    )
    return Belonging(photos, boxes, persons, every[0].grouped)


def _by_face(belonging: Belonging) -> dict[tuple[int, ...], int]:
    where: Iterator[tuple[int, ...]] = zip(belonging.photos.tolist(), *belonging.boxes.T.tolist(), strict=True)
    return dict(zip(where, belonging.persons.tolist(), strict=True))


def refuse_unless_empty(library: Library) -> None:
    """Raise `StoreError` unless a library can become what a file says."""
    if len(library) or len(library.statements):
        raise StoreError("Only an empty library can become what a file holds.", "Take the file in as one from another device.")
