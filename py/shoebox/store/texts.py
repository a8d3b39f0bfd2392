"""Stored text: packed lists of photos that were looked at, with the lines that were read in them.

One list is one value in the browser's database, a `sealed` one of kind 11, first of a few photos and later, folded, of up to
1,024. Lists may be read in any order: of two looks at one photo the later holds.

Fields: `at` (when it was written, milliseconds since 1970), `pack`, `preprocessing` (what read), `photos`, `lines` (how many).
Sections: `ids` uint64, of the photos, also of those without text; then, a line each, `owners` int32 (the place of its photo,
never falling), `corners` int32 (4 points: across, down), `scores` float32, and `texts`, UTF-8, with a newline after each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.reading.lines import LONGEST_LINE, TextRows
from shoebox.store.rows import ModelId
from shoebox.store.sealed import TEXTS, Buffer, column, seal, unseal, whole, word

_SECTIONS = {"ids", "owners", "corners", "scores", "texts"}


@dataclass(frozen=True, slots=True, eq=False)
class TextList:
    """Some photos that were looked at.

    Attributes
    ----------
    at : int
        When this was written, milliseconds since 1970.
    model : ModelId
    ids : (m,) uint64
        Of the photos, each once.
    rows : TextRows
        Their lines; `rows.photos` are places in `ids`.

    Raises
    ------
    StoreError
        If a photo stands there twice, or a line is of none of them.
    """

    at: int
    model: ModelId
    ids: NDArray[np.uint64]
    rows: TextRows

    def __post_init__(self) -> None:
        photos = self.rows.photos
        if len(np.unique(self.ids)) != len(self.ids) or int(photos.max(initial=-1)) >= len(self.ids):
            raise StoreError("A stored list of text does not say whose photos it is of.")
        if int(photos.min(initial=0)) < 0 or (np.diff(photos) < 0).any():
            raise StoreError("A stored list of text has lines that do not stand by their photos.")

    def take(self, places: NDArray[np.intp], at: int) -> TextList:
        """Only some of the photos, in rising order."""
        fresh = np.full(len(self.ids), -1, np.int32)
        fresh[places] = np.arange(len(places))
        kept = fresh[self.rows.photos] >= 0
        return TextList(at, self.model, self.ids[places], self.rows.take(kept, fresh[self.rows.photos[kept]]))


def joined(parts: list[TextList], at: int) -> TextList:
    """Lists of one model as one; no photo may stand in two of them."""
    starts = np.cumsum([0] + [len(part.ids) for part in parts[:-1]]).tolist()
    rows = TextRows.joined([part.rows for part in parts], starts)
    return TextList(at, parts[0].model, np.concatenate([part.ids for part in parts]), rows)


def write_texts(texts: TextList) -> bytes:
    """The bytes of a list."""
    rows = texts.rows
    fields = {
        "at": texts.at,
        "pack": texts.model.pack,
        "preprocessing": texts.model.preprocessing,
        "photos": len(texts.ids),
        "lines": len(rows),
    }
    sections = {
        "ids": texts.ids.astype("<u8").tobytes(),
        "owners": rows.photos.astype("<i4").tobytes(),
        "corners": np.ascontiguousarray(rows.corners, "<i4").tobytes(),
        "scores": rows.scores.astype("<f4").tobytes(),
        "texts": "".join(f"{text}\n" for text in rows.texts).encode(),
    }
    return seal(TEXTS, fields, sections)


def read_texts(data: Buffer) -> TextList:
    """The list in `data`, every field checked.

    Raises
    ------
    StoreError
        If anything in it is not as `write_texts` would have written it.
    """
    fields, sections = unseal(TEXTS, data)
    if set(sections) != _SECTIONS:
        raise StoreError("A stored list of text does not have the columns that it should have.")
    photos, count = whole(fields, "photos", TEXTS), whole(fields, "lines", TEXTS)
    rows = TextRows(
        column(sections, "owners", "<i4", (count,), TEXTS).astype(np.int32),
        column(sections, "corners", "<i4", (count, 4, 2), TEXTS).astype(np.int32),
        column(sections, "scores", "<f4", (count,), TEXTS).astype(np.float32),
        _lines(bytes(sections["texts"]), count),
    )
    if not ((rows.scores >= 0) & (rows.scores <= 1)).all():
        raise StoreError("A stored list of text is surer or less sure than can be.")
    model = ModelId(word(fields, "pack", TEXTS), word(fields, "preprocessing", TEXTS))
    ids = column(sections, "ids", "<u8", (photos,), TEXTS).astype(np.uint64)
    return TextList(whole(fields, "at", TEXTS), model, ids, rows)


def _lines(data: bytes, count: int) -> tuple[str, ...]:
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise StoreError("The lines of a stored list of text cannot be read.") from error
    if len(lines) != count + 1 or lines[-1] or not all(0 < len(line) <= LONGEST_LINE for line in lines[:-1]):
        raise StoreError("A stored list of text does not have as many lines as it says.")
    return tuple(lines[:-1])
