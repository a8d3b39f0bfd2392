"""Stored faces: packed lists of photos that were looked at, with what was found; and which faces are whose.

One list is one value in the browser's database, a `sealed` one of kind 4, first of a few photos and later, folded, of up to
1,024. Lists may be read in any order: of two looks at one photo the later holds.

Fields: `at` (when it was written, milliseconds since 1970), `pack`, `preprocessing` (what made the vectors), `photos`,
`faces` (how many), `dimension`; and where it is so, `people` (how alike faces of one person are, the four numbers of
`shoebox.people.calibration`, of packs that bring their own) and `beside` (1: seen by a pack that has not taken the place of the
present one yet). Sections: `ids` uint64, of the photos, also of those without a face; `owners` int32, the place
of each face's photo; then the columns of `shoebox.faces.rows.FaceRows`, vectors as float16 (`eyes` may be missing).

Kind 5 holds one person for each face, known by photo and box. It can be made anew from the faces and what the person said,
but then those whom nobody has named would get other ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.faces.quality import PARTS
from shoebox.faces.rows import FaceRows
from shoebox.people.calibration import Calibration
from shoebox.store.rows import ModelId
from shoebox.store.sealed import FACES, PEOPLE, Buffer, column, seal, unseal, whole, word


@dataclass(frozen=True, slots=True, eq=False)
class FaceList:
    """Some photos that were looked at.

    Attributes
    ----------
    at : int
        When this was written, milliseconds since 1970.
    model : ModelId
    ids : (m,) uint64
        Of the photos, each once.
    rows : FaceRows
        Their faces; `rows.photos` are places in `ids`.
    calibration : Calibration or None
        How alike faces of one person are to the model; None where it is one that is known.
    beside : bool
        Whether the model has yet to take the place of another one.

    Raises
    ------
    StoreError
        If a photo stands there twice, or a face is of none of them.
    """

    at: int
    model: ModelId
    ids: NDArray[np.uint64]
    rows: FaceRows
    calibration: Calibration | None = None
    beside: bool = False

    def __post_init__(self) -> None:
        if len(np.unique(self.ids)) != len(self.ids) or int(self.rows.photos.max(initial=-1)) >= len(self.ids):
            raise StoreError("A stored list of faces does not say whose photos they are of.")

    def take(self, places: NDArray[np.intp], at: int) -> FaceList:
        """Only some of the photos, in rising order."""
        fresh = np.full(len(self.ids), -1, np.int32)
        fresh[places] = np.arange(len(places))
        kept = fresh[self.rows.photos] >= 0
        return replace(self, at=at, ids=self.ids[places], rows=self.rows.take(kept, fresh[self.rows.photos[kept]]))


def joined(parts: list[FaceList], at: int) -> FaceList:
    """Lists of one model as one; no photo may stand in two of them."""
    starts = np.cumsum([0] + [len(part.ids) for part in parts])
    rows = FaceRows.joined([part.rows for part in parts], starts.tolist())
    return replace(parts[0], at=at, ids=np.concatenate([part.ids for part in parts]), rows=rows)


@dataclass(frozen=True, slots=True, eq=False)
class Belonging:
    """Which faces are whose.

    Attributes
    ----------
    photos : (n,) uint64
    boxes : (n, 4) int32
    persons : (n,) uint64
        Ids as numbers, 0 for nobody's.
    grouped : int
        How many faces there were when all of them were last grouped together.
    """

    photos: NDArray[np.uint64]
    boxes: NDArray[np.int32]
    persons: NDArray[np.uint64]
    grouped: int

    def equals(self, other: Belonging | None) -> bool:
        """Whether the same faces are the same people's."""
        if other is None or self.grouped != other.grouped or len(self.photos) != len(other.photos):
            return False
        mine, theirs = (np.lexsort((*each.boxes.T, each.photos)) for each in (self, other))
        return all(
            np.array_equal(getattr(self, name)[mine], getattr(other, name)[theirs]) for name in ("photos", "boxes", "persons")
        )


# Of each section of a list: type, and shape of one face (d is the length of the vectors).
_COLUMNS: dict[str, tuple[str, tuple[int, ...]]] = {
    "boxes": ("<i4", (4,)),
    "scores": ("<f4", ()),
    "quality": ("<f4", ()),
    "parts": ("<f4", (len(PARTS),)),
    "points": ("<f4", (5, 2)),
}
# A section that lists of earlier versions lack: then it is not known of any of their faces.
_EYES = "eyes"
# Fields that most lists do not have.
_PEOPLE, _BESIDE = "people", "beside"


def write_faces(faces: FaceList) -> bytes:
    """The bytes of a list."""
    rows = faces.rows
    fields: dict[str, Any] = {
        "at": faces.at,
        "pack": faces.model.pack,
        "preprocessing": faces.model.preprocessing,
        "photos": len(faces.ids),
        "faces": len(rows),
        "dimension": int(rows.vectors.shape[1]),
    }
    if faces.calibration is not None:
        fields[_PEOPLE] = faces.calibration.numbers
    if faces.beside:
        fields[_BESIDE] = 1
    sections = {name: np.ascontiguousarray(getattr(rows, name), kind).tobytes() for name, (kind, _) in _COLUMNS.items()}
    sections[_EYES] = rows.eyes.astype("<f4").tobytes()
    sections["ids"] = faces.ids.astype("<u8").tobytes()
    sections["owners"] = rows.photos.astype("<i4").tobytes()
    sections["vectors"] = rows.vectors.astype("<f2").tobytes()
    return seal(FACES, fields, sections)


def read_faces(data: Buffer) -> FaceList:
    """The list in `data`, every field checked.

    Raises
    ------
    StoreError
        If anything in it is not as `write_faces` would have written it.
    """
    fields, sections = unseal(FACES, data)
    if sections.keys() - {_EYES} != {*_COLUMNS, "ids", "owners", "vectors"}:
        raise StoreError("A stored list of faces does not have the columns that it should have.")
    photos, count, dimension = (whole(fields, name, FACES) for name in ("photos", "faces", "dimension"))
    columns = {name: _column(sections, name, kind, (count, *shape), FACES) for name, (kind, shape) in _COLUMNS.items()}
    rows = FaceRows(
        photos=_column(sections, "owners", "<i4", (count,), FACES),
        eyes=_column(sections, _EYES, "<f4", (count,), FACES) if _EYES in sections else np.full(count, np.nan, np.float32),
        vectors=_column(sections, "vectors", "<f2", (count, dimension), FACES),
        **columns,
    )
    model = ModelId(word(fields, "pack", FACES), word(fields, "preprocessing", FACES))
    calibration = None
    if _PEOPLE in fields:
        numbers = fields[_PEOPLE]
        calibration = Calibration.of_numbers(numbers) if isinstance(numbers, list) else None
        if calibration is None:
            raise StoreError("A stored list of faces says what cannot be of how alike faces of one person are.")
    ids = _column(sections, "ids", "<u8", (photos,), FACES)
    beside = _BESIDE in fields and whole(fields, _BESIDE, FACES) == 1
    return FaceList(whole(fields, "at", FACES), model, ids, rows, calibration, beside)


def write_belonging(belonging: Belonging) -> bytes:
    """The bytes of who is who."""
    sections = {
        "photos": belonging.photos.astype("<u8").tobytes(),
        "boxes": np.ascontiguousarray(belonging.boxes, "<i4").tobytes(),
        "persons": belonging.persons.astype("<u8").tobytes(),
    }
    return seal(PEOPLE, {"faces": len(belonging.photos), "grouped": belonging.grouped}, sections)


def read_belonging(data: Buffer) -> Belonging:
    """Who is who, as `write_belonging` wrote it.

    Raises
    ------
    StoreError
        If anything in it is not as it must be.
    """
    fields, sections = unseal(PEOPLE, data)
    if set(sections) != {"photos", "boxes", "persons"}:
        raise StoreError("A stored list of people does not have the columns that it should have.")
    count = whole(fields, "faces", PEOPLE)
    return Belonging(
        _column(sections, "photos", "<u8", (count,), PEOPLE),
        _column(sections, "boxes", "<i4", (count, 4), PEOPLE),
        _column(sections, "persons", "<u8", (count,), PEOPLE),
        whole(fields, "grouped", PEOPLE),
    )


def _column(sections: dict[str, memoryview], name: str, dtype: str, shape: tuple[int, ...], kind: int) -> NDArray[Any]:
    """In the machine's own order and writable, wherever the bytes came from."""
    return column(sections, name, dtype, shape, kind).astype(np.dtype(dtype).newbyteorder("="))
