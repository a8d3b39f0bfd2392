"""Large libraries without large collections: rows as a person's photos would make them, in the app's own stored form.

Vectors follow the pack's model of how photos lie (`space.npz`) and come in clusters, as the photos of one afternoon do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import Pack
from shoebox.store.blocks import BLOCK_ROWS, Block, write_block
from shoebox.store.rows import NONE, SCHEMA, Paths, Rows
from tests.photos import REPOSITORY

# Photos taken on one occasion, on average, and how much of a photo's vector is the occasion's.
PHOTOS_PER_CLUSTER = 12
LIKENESS = 0.8
DAY_MS = 86_400_000.0
FIRST_DAY = 1_104_537_600_000.0  # 2005-01-01
ASPECTS = ((4000, 3000), (4000, 3000), (3000, 4000), (4032, 2268), (3000, 3000), (6000, 2000))


def default_pack() -> Pack:
    """The pack that the app is built with."""
    return Pack.from_folder(REPOSITORY / "models" / "default")


def vectors(count: int, pack: Pack, seed: int = 100) -> NDArray[np.float32]:
    """Unit vectors (count, d) in clusters, distributed as the pack says that photos are."""
    random = np.random.default_rng(seed)
    clusters = max(1, count // PHOTOS_PER_CLUSTER)
    assert pack.space is not None
    space, factor = pack.space, pack.space.factor

    def draw(number: int) -> NDArray[np.float32]:
        common = random.standard_normal((number, factor.shape[1]), np.float32) @ factor.T
        return common + space.rest * random.standard_normal((number, pack.dimension), np.float32)

    centres = draw(clusters)
    chosen = np.sort(random.integers(0, clusters, count))
    found = np.empty((count, pack.dimension), np.float32)
    for low in range(0, count, 8192):
        part = slice(low, min(low + 8192, count))
        own = draw(part.stop - low)
        found[part] = space.mean + np.sqrt(LIKENESS) * centres[chosen[part]] + np.sqrt(1 - LIKENESS) * own
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def rows(count: int, pack: Pack, seed: int = 100) -> Iterator[Rows]:
    """Rows of `count` made-up photos, in blocks, oldest first."""
    random = np.random.default_rng(seed)
    embedded = vectors(count, pack, seed)
    taken = FIRST_DAY + np.sort(random.uniform(0, 7000 * DAY_MS, count)).round()
    sizes = np.array(ASPECTS, np.uint32)[random.integers(0, len(ASPECTS), count)]
    for low in range(0, count, BLOCK_ROWS):
        n = min(BLOCK_ROWS, count - low)
        part = slice(low, low + n)
        columns = {name: np.zeros((n, *shape), kind) for name, (kind, shape) in SCHEMA.items()}
        columns["hash"] = random.integers(0, 256, (n, 32), np.uint8)
        columns["taken"] = taken[part]
        columns["indexed"] = np.full(n, FIRST_DAY + 7000 * DAY_MS)
        columns["bytes"] = random.integers(2_000_000, 6_000_000, n).astype("<f8")
        columns["width"], columns["height"] = sizes[part, 0], sizes[part, 1]
        columns["latitude"], columns["longitude"] = np.full(n, np.nan), np.full(n, np.nan)
        columns["tags"] = np.full((n, SCHEMA["tags"][1][0]), NONE, np.uint16)
        columns["tags"][:, 0] = random.integers(0, 1000, n)
        columns["tag_scores"][:, 0] = 0.5
        names = [
            [(f"camera/{2005 + number // 6000}/IMG_{number:06d}.jpg", float(taken[number]))] for number in range(low, low + n)
        ]
        stored = embedded[part].astype(np.float16).astype(np.float32)
        yield Rows(pack.model, columns, stored, Paths.of(names), [b"{}"] * n, ["Shoebox Test 1"], ["JPEG"])


def write_blocks(folder: Path, count: int, seed: int = 100) -> tuple[list[Path], list[str]]:
    """Write the blocks of a library of `count` photos; answers their files and the ids of the newest photos, newest first."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    ids: list[str] = []
    for key, part in enumerate(rows(count, default_pack(), seed), start=1):
        part.check()
        path = folder / f"{key:05d}.block"
        path.write_bytes(write_block(Block(key, 0, part)))
        files.append(path)
        ids = [digest[:8].tobytes().hex() for digest in part.columns["hash"][::-1]] + ids[: 2 * BLOCK_ROWS]
    return files, ids
