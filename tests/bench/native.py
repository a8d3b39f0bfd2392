"""The same work on CPython: Pillow decodes with `draft`, onnxruntime runs the networks, numpy searches."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.photo.decode import DecodedPhoto, decode_photo
from shoebox.sessions.native import NativeSessions
from tests.bench.place import BATCH
from tests.photos import REPOSITORY
from tests.running import finish
from tests.synthetic import default_pack


def shoebox(threads: int) -> Shoebox:
    """An empty library on CPython."""
    pack = default_pack()
    return Shoebox(pack, NativeSessions(REPOSITORY / "models" / "default", pack, threads))


@dataclass(frozen=True)
class Prepared:
    """A photo that is ready for the networks."""

    entry: dict[str, Any]
    head: bytes
    photo: DecodedPhoto


def prepare(path: Path) -> Prepared:
    """Read, hash and decode a photo, and make its thumbnail."""
    data = path.read_bytes()
    entry = {"name": path.name, "size": len(data), "mtime": 0.0, "hash": hashlib.sha256(data).hexdigest()}
    return Prepared(entry, data[: 256 * 1024], decode_photo(data, path.name))


def index_rate(paths: Sequence[Path], threads: int) -> float:
    """Photos a second: the next batch is decoded while the networks see the one before."""
    return finish(_index(paths, threads))


async def _index(paths: Sequence[Path], threads: int) -> float:
    box = shoebox(threads)
    batches = [paths[low : low + BATCH] for low in range(0, len(paths), BATCH)]
    with ThreadPoolExecutor(threads) as pool:

        def begin(batch: Sequence[Path]) -> list[Future[Prepared]]:
            return [pool.submit(prepare, path) for path in batch]

        warm, coming = begin(batches[0]), begin(batches[1])
        await _embed(box, [future.result() for future in warm])
        started = time.perf_counter()
        for number in range(1, len(batches)):
            ready = [future.result() for future in coming]
            if number + 1 < len(batches):
                coming = begin(batches[number + 1])
            await _embed(box, ready)
        # The second batch began before the clock, the last one ended with it: as many were decoded as were embedded, less one.
        return sum(map(len, batches[1:])) / (time.perf_counter() - started)


async def _embed(box: Shoebox, ready: Sequence[Prepared]) -> None:
    items, pixels = [], []
    for prepared in ready:
        order = box.inspect(entry=prepared.entry, head=prepared.head, whole=False)
        photo = prepared.photo
        height, width = photo.pixels.shape[:2]
        item = {"ticket": order["ticket"], "width": width, "height": height}
        items.append(item | {"photoWidth": photo.photo_width, "photoHeight": photo.photo_height})
        pixels.append(photo.pixels.tobytes())
    answer = await box.index(batch=items, pixels=pixels)
    box.accept(batch=answer["batch"])


def search_ms(vectors: NDArray[np.float32], queries: NDArray[np.float32], limit: int = 100) -> list[float]:
    """Milliseconds for each query: one matrix-vector product and the best `limit`, as plain numpy does it."""
    times = []
    for query in queries:
        started = time.perf_counter()
        scores = vectors @ query
        best = np.argpartition(scores, -limit)[-limit:]
        best[np.argsort(-scores[best])]
        times.append(1000 * (time.perf_counter() - started))
    return times
