"""Rows of the library as columns: what one block or one batch of new photos holds.

Columns, one entry per photo (`SCHEMA` has their types)::

    hash        (n, 32) sha256 of the file's bytes; its first 8 bytes are the photo's id
    taken       (n,)    clock at the place of the photo, milliseconds since 1970 as if it were UTC, NaN if unknown
    indexed     (n,)    when the photo was indexed, milliseconds since 1970, UTC
    bytes       (n,)    size of the file
    width       (n,)    pixels of the upright photo
    height      (n,)
    latitude    (n,)    degrees, NaN if unknown, as is longitude then
    longitude   (n,)
    camera      (n,)    place in `cameras`, NONE if unknown
    format      (n,)    place in `formats`
    flags       (n,)    SCREENSHOT, ELSEWHERE, BARE
    tags        (n, 5)  numbers of the pack's concepts by falling score, NONE where there are fewer; each the most specific of
                        its kind, so those above it are meant too; only to be read with the pack that `model` names
    tag_scores  (n, 5)  how sure each is, 0 to 1; 0 where there is none
    looks       (n, 3)  as `shoebox.curation.looks.measure` gives them, `UNMEASURED` where nobody has measured
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError

TAGS_PER_PHOTO = 5
NONE = 0xFFFF
SCREENSHOT = 1
# No file of the photo was ever seen on this device: it came with an archive, and its paths are those of where that was made.
ELSEWHERE = 2
# It came without a thumbnail.
BARE = 4
HASH_BYTES = 32
LOOKS = 3
UNMEASURED = 255

SCHEMA: dict[str, tuple[str, tuple[int, ...]]] = {
    "hash": ("u1", (HASH_BYTES,)),
    "taken": ("<f8", ()),
    "indexed": ("<f8", ()),
    "bytes": ("<f8", ()),
    "width": ("<u4", ()),
    "height": ("<u4", ()),
    "latitude": ("<f8", ()),
    "longitude": ("<f8", ()),
    "camera": ("<u2", ()),
    "format": ("<u2", ()),
    "flags": ("u1", ()),
    "tags": ("<u2", (TAGS_PER_PHOTO,)),
    "tag_scores": ("<f2", (TAGS_PER_PHOTO,)),
    "looks": ("u1", (LOOKS,)),
}
# Columns that blocks of earlier versions lack, and what then stands in every place.
LATER: dict[str, int] = {"looks": UNMEASURED}

# Unit vectors stored as float16 come back with a length within 0.001 of 1; more is damage.
LENGTH_TOLERANCE = 5e-3
# The last moment that JavaScript's Date can hold, in milliseconds.
LAST_MOMENT = 8.64e15

Path = tuple[str, float]


@dataclass(slots=True)
class Paths:
    """Where photos lie, as columns.

    Attributes
    ----------
    names : list of p str
        By row, the main path of each row first; without the character NUL, which no file system allows.
    rows : (p,) uint32
        The row of each, never falling.
    times : (p,) float64
        When the file was last modified, milliseconds since 1970.
    """

    names: list[str]
    rows: NDArray[np.uint32]
    times: NDArray[np.float64]

    @classmethod
    def of(cls, paths: Sequence[Sequence[Path]]) -> Paths:
        """Columns from one list of (name, time) for each row."""
        owners = np.repeat(np.arange(len(paths), dtype=np.uint32), [len(each) for each in paths])
        pairs = [path for each in paths for path in each]
        return cls([name for name, _ in pairs], owners, np.array([time for _, time in pairs], np.float64))

    def by_row(self, count: int) -> list[list[Path]]:
        """The paths of each of `count` rows."""
        pairs = list(zip(self.names, self.times.tolist(), strict=True))
        starts = np.searchsorted(self.rows, np.arange(count + 1)).tolist()
        return [pairs[start:end] for start, end in pairwise(starts)]


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which networks and which preparation of pixels made a vector; vectors of unlike ids are never compared."""

    pack: str
    preprocessing: str


@dataclass(slots=True)
class Rows:
    """Some photos, as columns.

    Attributes
    ----------
    model : ModelId
        What made the vectors, the same for all rows.
    columns : dict of str to ndarray
        As `SCHEMA`.
    vectors : (n, d) float32
        Unit rows that float16 holds exactly, or d = 0 where the vectors were of another pack and have been let go.
    paths : Paths
        Where the photos lie, at least one path each but for those that are ELSEWHERE.
    facts : list of n bytes
        What else is known, one JSON object each, without newlines; read only when a person opens the photo.
    cameras, formats : list of str
        What the columns `camera` and `format` point at.
    """

    model: ModelId
    columns: dict[str, NDArray[Any]]
    vectors: NDArray[np.float32]
    paths: Paths
    facts: list[bytes]
    cameras: list[str]
    formats: list[str]

    def __len__(self) -> int:
        return len(self.facts)

    def take(self, places: Sequence[int]) -> Rows:
        """Only some of them, in this order."""
        paths = self.paths.by_row(len(self))
        return Rows(
            self.model,
            {name: column[list(places)] for name, column in self.columns.items()},
            self.vectors[list(places)],
            Paths.of([paths[place] for place in places]),
            [self.facts[place] for place in places],
            self.cameras,
            self.formats,
        )

    def check(self) -> None:
        """Raise `StoreError` unless every value of every row is one that could have been written."""
        problem = problem_of(self)
        if problem:
            raise StoreError(f"Stored photos cannot be read: {problem}.")


def id_numbers(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The ids of photos as numbers.

    Parameters
    ----------
    hashes : (n, 32) uint8

    Returns
    -------
    (n,) uint64 in the machine's byte order; `id_text` writes one as the id.
    """
    return np.ascontiguousarray(hashes[:, :8]).view(">u8").reshape(-1).astype(np.uint64)


def id_text(number: int) -> str:
    """The id of a photo: 16 hexadecimal digits."""
    return f"{number:016x}"


def problem_of(rows: Rows) -> str | None:
    """The first thing that is wrong with `rows`, or None."""
    n, c = len(rows.facts), rows.columns
    for name, (kind, shape) in SCHEMA.items():
        if name not in c or c[name].dtype != np.dtype(kind) or c[name].shape != (n, *shape):
            return f"the column {name} has the wrong form"
    if set(c) != set(SCHEMA):
        return "there are columns that this version does not know"
    for name, lowest, highest, may_lack in (
        ("taken", -LAST_MOMENT, LAST_MOMENT, True),
        ("indexed", 0.0, LAST_MOMENT, False),
        ("bytes", 0.0, 2.0**53, False),
        ("width", 1, 2**31, False),
        ("height", 1, 2**31, False),
        ("latitude", -90.0, 90.0, True),
        ("longitude", -180.0, 180.0, True),
        ("flags", 0, SCREENSHOT | ELSEWHERE | BARE, False),
    ):
        inside = (c[name] >= lowest) & (c[name] <= highest)
        if may_lack:
            inside |= np.isnan(c[name])
        if not inside.all():
            return f"{name} is out of range"
    if (np.isnan(c["latitude"]) != np.isnan(c["longitude"])).any():
        return "a place has only one coordinate"
    if (c["format"] >= len(rows.formats)).any() or ((c["camera"] >= len(rows.cameras)) & (c["camera"] != NONE)).any():
        return "a format or camera is not in its list"
    scores = c["tag_scores"].astype(np.float32)
    if not ((scores >= 0) & (scores <= 1)).all():
        return "the score of a tag is out of range"
    return _vector_problem(rows.vectors, n) or _path_problem(rows.paths, (c["flags"] & ELSEWHERE) != 0)


def _vector_problem(vectors: NDArray[np.float32], n: int) -> str | None:
    if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != n:
        return "the vectors have the wrong form"
    if vectors.shape[1]:
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        if not (np.abs(lengths - 1) <= LENGTH_TOLERANCE).all():
            return "a vector is not of length one"
    return None


def _path_problem(paths: Paths, elsewhere: NDArray[np.bool_]) -> str | None:
    if not len(paths.names) == len(paths.rows) == len(paths.times):
        return "the columns of paths have different lengths"
    rows, n = paths.rows.astype(np.int64), len(elsewhere)
    if (np.diff(rows) < 0).any() or (rows >= n).any() or not (elsewhere | (np.bincount(rows, minlength=n) > 0)).all():
        return "the paths are not in order, or a photo has none"
    if "" in paths.names:
        return "a path is empty"
    if not (np.abs(paths.times) <= LAST_MOMENT).all():
        return "the time of a file is out of range"
    return None
