"""Faces as they are stored: one row each, columns for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.faces.quality import PARTS

# Vectors have length one; half precision is off by less than this.
LENGTH_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face.

    Attributes
    ----------
    photo : int
        Place of its photo in the batch.
    box : (4,) int32
        x, y, width, height in pixels of the upright photo.
    score : float
        The detector's, from 0 to 1.
    points : (5, 2) float32
        Eyes (left in the photo first), nose, corners of the mouth, in pixels of the upright photo.
    quality : float
        How well it can be recognised, from 0 to 1.
    vector : (d,) float16
        Of length one.
    """

    photo: int
    box: NDArray[np.int32]
    score: float
    points: NDArray[np.float32]
    quality: float
    vector: NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class FaceRows:
    """The faces of some photos.

    Attributes
    ----------
    photos : (n,) int32
        Place of the photo of each face; rising.
    boxes : (n, 4) int32
        x, y, width, height in pixels of the upright photo; within it.
    scores, quality : (n,) float32
        From 0 to 1.
    parts : (n, 4) float32
        What quality is made of, in the order of `shoebox.faces.quality.PARTS`.
    eyes : (n,) float32
        How open they are, from 0 to 1; NaN where that is not known.
    points : (n, 5, 2) float32
    vectors : (n, d) float16
        Rows of length one.

    Raises
    ------
    StoreError
        If the columns do not fit each other, or hold what cannot be true.
    """

    photos: NDArray[np.int32]
    boxes: NDArray[np.int32]
    scores: NDArray[np.float32]
    quality: NDArray[np.float32]
    parts: NDArray[np.float32]
    eyes: NDArray[np.float32]
    points: NDArray[np.float32]
    vectors: NDArray[np.float16]

    def __post_init__(self) -> None:
        n = len(self.photos)
        wanted = {
            "photos": (np.int32, (n,)),
            "boxes": (np.int32, (n, 4)),
            "scores": (np.float32, (n,)),
            "quality": (np.float32, (n,)),
            "parts": (np.float32, (n, len(PARTS))),
            "eyes": (np.float32, (n,)),
            "points": (np.float32, (n, 5, 2)),
            "vectors": (np.float16, (n, *self.vectors.shape[1:2])),
        }
        for name, (kind, shape) in wanted.items():
            column = getattr(self, name)
            if column.dtype != kind or column.shape != shape:
                raise StoreError(f"The faces' {name} are {column.dtype} {column.shape}, not {np.dtype(kind)} {shape}.")
        if (np.diff(self.photos) < 0).any() or (self.photos < 0).any():
            raise StoreError("The faces are not in the order of their photos.")
        if (self.boxes[:, :2] < 0).any() or (self.boxes[:, 2:] < 1).any():
            raise StoreError("A face has a box that no photo holds.")
        for name in ("scores", "quality", "parts"):
            column = getattr(self, name)
            if not ((column >= 0) & (column <= 1)).all():
                raise StoreError(f"The faces' {name} are not between 0 and 1.")
        if ((self.eyes < 0) | (self.eyes > 1)).any():
            raise StoreError("The faces' eyes are not between 0 and 1.")
        lengths = np.linalg.norm(self.vectors.astype(np.float32), axis=1)
        if not (np.abs(lengths - 1) <= LENGTH_TOLERANCE).all() or not np.isfinite(self.points).all():
            raise StoreError("A face has a vector that is not of length one, or points that are nowhere.")

    @classmethod
    def none(cls, dimension: int) -> FaceRows:
        """No faces."""
        return cls(
            photos=np.zeros(0, np.int32),
            boxes=np.zeros((0, 4), np.int32),
            scores=np.zeros(0, np.float32),
            quality=np.zeros(0, np.float32),
            parts=np.zeros((0, len(PARTS)), np.float32),
            eyes=np.zeros(0, np.float32),
            points=np.zeros((0, 5, 2), np.float32),
            vectors=np.zeros((0, dimension), np.float16),
        )

    @classmethod
    def joined(cls, parts: Sequence[FaceRows], starts: Sequence[int]) -> FaceRows:
        """Faces of several batches as of one, in which the photos of each begin at one of `starts`, which rise."""
        if len({part.vectors.shape[1] for part in parts}) != 1:
            raise StoreError("The faces have vectors of different lengths.")
        return cls(
            photos=np.concatenate([part.photos + np.int32(start) for part, start in zip(parts, starts, strict=False)]),
            boxes=np.concatenate([part.boxes for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            quality=np.concatenate([part.quality for part in parts]),
            parts=np.concatenate([part.parts for part in parts]),
            eyes=np.concatenate([part.eyes for part in parts]),
            points=np.concatenate([part.points for part in parts]),
            vectors=np.concatenate([part.vectors for part in parts]),
        )

    def take(self, kept: NDArray[np.bool_] | slice, photos: NDArray[np.int32]) -> FaceRows:
        """Some of the faces, with other places for their photos."""
        return FaceRows(
            photos,
            self.boxes[kept],
            self.scores[kept],
            self.quality[kept],
            self.parts[kept],
            self.eyes[kept],
            self.points[kept],
            self.vectors[kept],
        )

    def __len__(self) -> int:
        return len(self.photos)

    def __iter__(self) -> Iterator[Face]:
        for row in range(len(self)):
            yield Face(
                int(self.photos[row]),
                self.boxes[row],
                float(self.scores[row]),
                self.points[row],
                float(self.quality[row]),
                self.vectors[row],
            )

    def of(self, photo: int) -> FaceRows:
        """The faces of one photo."""
        low, high = (int(place) for place in np.searchsorted(self.photos, [photo, photo + 1]))
        part = slice(low, high)
        return self.take(part, self.photos[part])
