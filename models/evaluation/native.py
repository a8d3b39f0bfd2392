"""A pack on CPython: vectors of photos and texts by the same code that the app runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import Pack
from shoebox.model.preprocess import square
from shoebox.photo.decode import decode_photo
from shoebox.sessions.native import NativeSessions
from shoebox.tasks.embedding import ImageEmbedding, ImageFeatures
from shoebox.tasks.text import TextEmbedding


class NativePack:
    """The networks of a pack folder under onnxruntime.

    Parameters
    ----------
    folder : Path
    threads : int, optional
        For each network; all cores if left out.

    Raises
    ------
    PackError
        If the folder is not a sound pack.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self.pack = Pack.from_folder(folder)
        sessions = NativeSessions(folder, self.pack, threads)
        pack = self.pack
        self._texts = TextEmbedding(pack.text, pack.dimension, pack.tokenizer, sessions, pack.unit)
        self._images = ImageEmbedding(pack.image, pack.dimension, pack.concepts.classes, sessions, pack.unit)

    def squares(self, files: Sequence[Path]) -> NDArray[np.uint8]:
        """Decode photos and make them squares: uint8 (n, side, side, 3)."""
        return np.stack([square(decode_photo(file.read_bytes()).pixels, self.pack.image.shape) for file in files])

    def photos(self, squares: NDArray[np.uint8]) -> ImageFeatures:
        """Vectors (n, d) and tag logits of squares."""
        return asyncio.run(self._images.features(squares))

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, d) of texts."""

        async def every() -> list[NDArray[np.float32]]:
            return [await self._texts.vector(text) for text in texts]

        return np.stack(asyncio.run(every()))

    def milliseconds(self, squares: NDArray[np.uint8], rounds: int = 5) -> float:
        """Milliseconds a photo for the image network in warm batches; the median of `rounds`."""
        batch = np.resize(squares, (self.pack.image.batch, *squares.shape[1:]))
        self.photos(batch)
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            self.photos(batch)
            times.append((time.perf_counter() - begun) / len(batch) * 1000)
        return float(np.median(times))
