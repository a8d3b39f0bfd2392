"""Looking at photos once more, from the thumbnails that are kept of them: no file need be at hand.

What that costs against looking at the files themselves was measured: `docs/packs.md`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.store.blocks import round_vectors
from shoebox.store.rows import ModelId, Rows
from shoebox.store.sealed import Buffer
from shoebox.tasks.embedding import ImageEmbedding
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.tasks.tags import Tags, TagsFound

#: Photos whose thumbnails are asked for at once: two batches of eight.
AT_ONCE: Final = 16
# A thumbnail has a long side of 400 px; what claims to be far larger is none.
_MOST_PIXELS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Looks:
    """What a pack says about some photos.

    Attributes
    ----------
    numbers : (n,) uint64
        The photos.
    vectors : (n, dimension) float32
    tags : (n, TAGS_PER_PHOTO) uint16
    scores : (n, TAGS_PER_PHOTO) float16
        As in `store.rows`.
    """

    numbers: NDArray[np.uint64]
    vectors: NDArray[np.float32]
    tags: NDArray[np.uint16]
    scores: NDArray[np.float16]

    def at(self, places: slice | NDArray[np.bool_]) -> Looks:
        """Some of them."""
        return Looks(self.numbers[places], self.vectors[places], self.tags[places], self.scores[places])


def thumbnails_given(ids: Sequence[str], thumbnails: Sequence[Buffer]) -> dict[int, Buffer]:
    """The thumbnails that the page gives, by the photos' numbers; what is not the id of a photo is passed over.

    Raises
    ------
    QueryError
        If there are not as many as photos.
    """
    if len(ids) != len(thumbnails):
        raise QueryError(f"There are {len(ids)} photos but thumbnails of {len(thumbnails)}.")
    return {number: data for id, data in zip(ids, thumbnails, strict=True) if (number := requests.id_number(id)) is not None}


async def look(graph: TaskGraph, wanted: Sequence[int], thumbnails: Mapping[int, Buffer], tags: bool) -> Looks | None:
    """Look at some photos; those whose thumbnail is missing or cannot be read are left out. None where that leaves none.

    Parameters
    ----------
    graph : TaskGraph
        Makes vectors and tags.
    wanted : sequence of int
        The photos, by number.
    thumbnails : mapping of int to bytes
        JPEG files.
    tags : bool
        Whether photos get tags.

    Raises
    ------
    SessionError
        If the networks fail.
    """
    seen = [(number, photo) for number in wanted if (photo := _pixels(thumbnails.get(number))) is not None]
    if not seen:
        return None
    results = await graph.run((ImageEmbedding.name, Tags.name), Batch([photo for _, photo in seen]))
    features = results[ImageEmbedding.name]
    found = results[Tags.name] if tags else TagsFound.none(len(seen))
    good = np.flatnonzero(features.usable)
    return Looks(
        np.array([number for number, _ in seen], np.uint64)[good],
        features.vectors[good],
        np.asarray(found.tags[good], np.uint16),
        np.asarray(found.scores[good], np.float16),
    )


def rows_anew(library: Library, model: ModelId, looks: Looks) -> Rows | None:
    """The rows of photos as this model sees them; those that have left are left out. None where that leaves none."""
    rows = [library.row_of(number) for number in looks.numbers.tolist()]
    here = np.array([place for place, row in enumerate(rows) if row is not None], np.intp)
    if not len(here):
        return None
    old = library.rows_at(np.array([rows[place] for place in here.tolist()], np.intp))
    columns = {**old.columns, "tags": looks.tags[here], "tag_scores": looks.scores[here]}
    new = Rows(model, columns, round_vectors(looks.vectors[here]), old.paths, old.facts, old.cameras, old.formats)
    new.check()
    return new


def _pixels(thumbnail: Buffer | None) -> NDArray[np.uint8] | None:
    """A thumbnail as pixels (height, width, 3); None where there is none that can be read."""
    if thumbnail is None:
        return None
    try:
        with Image.open(io.BytesIO(bytes(thumbnail)), formats=("JPEG",)) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
