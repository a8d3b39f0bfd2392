"""Faces as columns, and how a face is known again.

A face is known by its photo and its box; its key is the second half of its subject in
`shoebox.library.subjects`. Another detector, or the same one
after an update, puts the box a little elsewhere; a face whose box overlaps that of a known face well enough is the same face
and keeps the known key. So what a person said about a face outlives every model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError
from shoebox.library import subjects
from shoebox.store.rows import id_text

# Two boxes of one photo that share at least this part of their union are of one face (PASCAL VOC's rule for "the same object").
SAME_FACE = 0.5


@dataclass(slots=True)
class Faces:
    """Faces of many photos.

    Attributes
    ----------
    keys : list of n str
        As `face_key` writes them; no two are equal.
    photos : (n,) uint64
        Ids of their photos.
    boxes : (n, 4) float32
        x, y, width, height in pixels of the upright photo.
    quality : (n,) float32
        How well the face can be recognised, from 0 to 1.
    vectors : (n, d) float32
        Unit rows, all of one recogniser.
    """

    keys: list[str]
    photos: NDArray[np.uint64]
    boxes: NDArray[np.float32]
    quality: NDArray[np.float32]
    vectors: NDArray[np.float32]

    def __post_init__(self) -> None:
        n = len(self.keys)
        if not (len(self.photos) == len(self.quality) == len(self.vectors) == n and self.boxes.shape == (n, 4)):
            raise ValueError("the columns of faces are of different lengths")
        if len(set(self.keys)) != n:
            raise ValueError("two faces have the same key")

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def none(cls, dimension: int) -> Faces:
        """No faces."""
        empty = np.zeros((0, 4), np.float32)
        return cls([], np.zeros(0, np.uint64), empty, np.zeros(0, np.float32), np.zeros((0, dimension), np.float32))

    @classmethod
    def of(
        cls,
        photos: NDArray[np.uint64],
        boxes: NDArray[np.float32],
        quality: NDArray[np.float32],
        vectors: NDArray[np.float32],
        known: Iterable[str] = (),
    ) -> Faces:
        """Faces as they were found, with the keys of those among `known` that they are.

        Raises
        ------
        ValueError
            If the columns do not fit each other.
        """
        return cls(known_keys(photos, boxes, known), photos, boxes, quality, vectors)

    def take(self, rows: NDArray[np.intp]) -> Faces:
        """Some of them, copied."""
        keys = [self.keys[row] for row in rows.tolist()]
        return Faces(keys, self.photos[rows], self.boxes[rows], self.quality[rows], self.vectors[rows])

    def joined(self, other: Faces) -> Faces:
        """These, and then the others."""
        if not len(self) or not len(other):
            return other if len(other) else self
        return Faces(
            self.keys + other.keys,
            np.concatenate([self.photos, other.photos]),
            np.concatenate([self.boxes, other.boxes]),
            np.concatenate([self.quality, other.quality]),
            np.concatenate([self.vectors, other.vectors]),
        )


def face_key(photo: int, box: Sequence[float]) -> str:
    """The key of a face: its photo, and its box in whole pixels of the upright photo, which may begin outside it."""
    return f"{id_text(photo)}/{','.join(str(round(side)) for side in box)}"


def parse_key(key: str) -> tuple[int, tuple[int, ...]]:
    """The photo and the box of a key.

    Raises
    ------
    QueryError
        If it is not the key of a face.
    """
    if not isinstance(key, str) or subjects.kind_of(subjects.face(key)) != subjects.FACE:
        raise QueryError(f"{key!r} is not a face.", "Reload the list of people and try again.")
    photo, box = key.split("/")
    return int(photo, 16), tuple(map(int, box.split(",")))


def overlaps(boxes: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.float64]:
    """Intersection over union of every box with every other, (n, m), from boxes (n, 4) and (m, 4) of x, y, width, height."""
    left, right = boxes[:, None, :].astype(np.float64), others[None, :, :].astype(np.float64)
    low = np.maximum(left[..., :2], right[..., :2])
    high = np.minimum(left[..., :2] + left[..., 2:], right[..., :2] + right[..., 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    union = left[..., 2:].prod(-1) + right[..., 2:].prod(-1) - shared
    share: NDArray[np.float64] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return share


def known_keys(photos: NDArray[np.uint64], boxes: NDArray[np.floating], known: Iterable[str]) -> list[str]:
    """A key for each face: that of a known face where it is one, its own otherwise.

    Within a photo the best overlap is taken first, so that of two faces that touch each finds its own. A face whose own key is
    in use already, which takes two equal boxes, gets one a pixel further to the right.
    """
    by_photo: dict[int, list[str]] = {}
    for key in sorted(set(known)):
        by_photo.setdefault(parse_key(key)[0], []).append(key)
    rows_of: dict[int, list[int]] = {}
    for row, photo in enumerate(photos.tolist()):
        rows_of.setdefault(photo, []).append(row)
    keys = [""] * len(photos)
    for photo, rows in rows_of.items():
        candidates = by_photo.get(photo, [])
        if candidates:
            share = overlaps(boxes[rows], np.array([parse_key(key)[1] for key in candidates]))
            for place in np.argsort(-share, axis=None, kind="stable").tolist():
                row, column = divmod(place, len(candidates))
                if share[row, column] < SAME_FACE:
                    break
                if not keys[rows[row]] and candidates[column]:
                    keys[rows[row]], candidates[column] = candidates[column], ""
        taken = {keys[row] for row in rows} | set(by_photo.get(photo, []))
        for row in rows:
            if not keys[row]:
                box = boxes[row].tolist()
                while (key := face_key(photo, box)) in taken:
                    box[0] += 1
                keys[row] = key
                taken.add(key)
    return keys
