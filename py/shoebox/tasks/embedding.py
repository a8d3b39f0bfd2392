"""Photos to vectors: the image half of the image-text network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import ImageModel
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.tasks.graph import Batch

# Networks give unit vectors; half precision on a graphics processor is off by less than this.
LENGTH_TOLERANCE = 0.05
# A vector shorter than this is a zero with rounding.
SHORTEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ImageFeatures:
    """What the image network says about n photos.

    Attributes
    ----------
    vectors : (n, d) float32
        Unit rows; zero where `usable` is False.
    logits : (n, tags) float32
    usable : (n,) bool
        False for photos for which the network gave what cannot be true (a graphics processor that was lost gives zeros or NaN).
    """

    vectors: NDArray[np.float32]
    logits: NDArray[np.float32]
    usable: NDArray[np.bool_]


class ImageEmbedding:
    """Runs the image network over photos, at most `model.batch` at once."""

    name = "image-embedding"
    depends: tuple[str, ...] = ()

    def __init__(self, model: ImageModel, dimension: int, tags: int, sessions: Sessions, unit: bool = True) -> None:
        self._model, self._dimension, self._tags, self._sessions = model, dimension, tags, sessions
        self._unit = unit

    async def run(self, batch: Batch) -> ImageFeatures:
        """The features of all photos of the batch.

        Raises
        ------
        SessionError
            If the network fails, or gives nothing usable at all.
        """
        return await self.features(batch.squares(self._model.shape))

    async def features(self, squares: NDArray[np.uint8]) -> ImageFeatures:
        """The features of squares, uint8 (n, side, side, 3)."""
        session = await self._sessions.open("image")
        vectors = np.empty((len(squares), self._dimension), np.float32)
        logits = np.empty((len(squares), self._tags), np.float32)
        for low in range(0, len(squares), self._model.batch):
            part = slice(low, min(low + self._model.batch, len(squares)))
            size = part.stop - part.start
            outputs = await session.run({self._model.input: self._model.pixels.feed(squares[part])})
            vectors[part] = self._output(outputs, self._model.embedding, (size, self._dimension))
            if self._model.logits:
                logits[part] = self._output(outputs, self._model.logits, (size, self._tags))
        vectors, usable = unit_rows(vectors, self._unit)
        usable &= np.isfinite(logits).all(axis=1)
        if len(squares) and not usable.any():
            raise SessionError("The network gave nothing usable for these photos.")
        return ImageFeatures(vectors, logits, usable)

    @staticmethod
    def _output(outputs: dict[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[Any]:
        if name not in outputs or outputs[name].shape != shape:
            found = outputs[name].shape if name in outputs else "missing"
            raise SessionError(f"The output {name} of the image network should be of size {shape}; it is {found}.")
        return outputs[name]


def unit_rows(vectors: NDArray[np.floating[Any]], near: bool = True) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Rows scaled to length one exactly, and which rows can be.

    Parameters
    ----------
    vectors : (n, d) float
    near : bool
        Whether they must be near that length already; otherwise any finite row that is not zero will do.

    Returns
    -------
    rows : (n, d) float32
        Zero where they were not: not finite, or of a length that no unit vector has.
    usable : (n,) bool
    """
    with np.errstate(all="ignore"):
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        usable = np.isfinite(lengths) & (np.abs(lengths - 1) <= LENGTH_TOLERANCE if near else lengths > SHORTEST)
        rows = np.where(usable[:, None], vectors / lengths[:, None], 0)
    return rows.astype(np.float32), usable
