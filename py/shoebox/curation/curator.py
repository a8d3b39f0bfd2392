"""The quality of all photos of a library, its best ones, and the squares cut out of them: worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.curation import best, quality
from shoebox.curation.squares import across_and_down
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts
from shoebox.store.rows import SCREENSHOT

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# What photos show that are kept for use, not for looking at; with all that lies under them, such as receipts.
_UTILITIES = ("screenshot", "document")
_MOST_SQUARES = 10_000


class Curator:
    """Judges the photos of one library.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        Where faces are known.
    concepts : Concepts
        The pack's, in whose numbers the column `tags` is.
    """

    def __init__(self, library: Library, gallery: Gallery, concepts: Concepts) -> None:
        self._library, self._gallery, self._concepts = library, gallery, concepts
        self._judged: tuple[Any, Floats] | None = None
        self._chosen: tuple[Any, Mask] | None = None

    @property
    def edits(self) -> tuple[int, int, int]:
        """Is another whenever photos, or faces on them, may be judged differently."""
        return self._library.edits, self._library.vectors.count, len(self._gallery)

    def quality(self) -> Floats:
        """(count,) float32: how good the photo of each row is, 0 to 1."""
        if self._judged is None or self._judged[0] != self.edits:
            table = self._library.table
            found = quality.parts(table["looks"], table["width"], table["height"], self._faces())
            self._judged = self.edits, quality.combined(found, self.utilities())
        return self._judged[1]

    def best(self) -> Mask:
        """(count,) bool: the rows that are among the best."""
        if self._chosen is None or self._chosen[0] != self.edits:
            allowed = self._library.comparable & ~self.utilities()
            self._chosen = self.edits, best.choose(self.quality(), self._library.table["taken"], self._alike, allowed)
        return self._chosen[1]

    def utilities(self) -> Mask:
        """(count,) bool: screenshots, receipts and documents."""
        table = self._library.table
        mask: Mask = (table["flags"] & SCREENSHOT) != 0
        for name in _UTILITIES:
            concept = self._concepts.named(name)
            if concept is not None:
                mask |= self._concepts.showing(concept, table["tags"], table["tag_scores"]) & self._library.comparable
        return mask

    def squares(self, ids: Sequence[str]) -> list[tuple[float, float]]:
        """Where the square cut out of each photo stands, across and down, 0 to 1; the middle for photos that are not here."""
        if len(ids) > _MOST_SQUARES:
            raise QueryError(f"There are {len(ids):,} photos, but squares of at most {_MOST_SQUARES:,} are told at once.")
        return [self._square(requests.id_number(text)) for text in ids]

    def _square(self, number: int | None) -> tuple[float, float]:
        row = None if number is None else self._library.row_of(number)
        if number is None or row is None:
            return 0.5, 0.5
        table, faces = self._library.table, self._gallery.of(number)
        boxes = np.zeros((0, 4), np.float32) if faces is None else faces.boxes.astype(np.float32)
        weights = np.zeros(0, np.float32) if faces is None else faces.quality
        width, height = int(table["width"][row]), int(table["height"][row])
        across, down = across_and_down(width, height, int(table["looks"][row, 2]), boxes, weights)
        return round(across, 3), round(down, 3)

    def _faces(self) -> Floats:
        """(count,) float32: how well the best face on each photo is seen; NaN without one."""
        found = np.full(self._library.vectors.count, np.nan, np.float32)
        for model in self._gallery.models():
            photos, parts = self._gallery.faces(lambda photo: self._library.row_of(photo) is not None, model)
            rows = np.array([self._library.row_of(photo) for photo in photos.tolist()], np.intp)
            for_rows = np.concatenate([part.quality for part in parts]) if parts else np.zeros(0, np.float32)
            np.fmax.at(found, rows, for_rows)
        return found

    def _alike(self, row: int, others: Sequence[int]) -> Floats:
        vectors = self._library.vectors
        cosines: Floats = vectors.vectors(np.array(others, np.intp)) @ vectors.vectors(np.array([row], np.intp))[0]
        return cosines
