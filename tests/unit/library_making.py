"""Rows, files and libraries to test with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from shoebox.library.arrivals import File
from shoebox.store.blocks import round_vectors
from shoebox.store.rows import NONE, SCHEMA, ModelId, Path, Paths, Rows

MODEL = ModelId("colours 1", "squash")
OTHER_MODEL = ModelId("colours 2", "squash")
DIMENSION = 8


def digest(content: int | str) -> bytes:
    """The sha256 of some content that is known by a number or a name."""
    return hashlib.sha256(str(content).encode()).digest()


def number(content: int | str) -> int:
    """The id of that content, as a number."""
    return int.from_bytes(digest(content)[:8], "big")


def vector(content: int | str, dimension: int = DIMENSION) -> np.ndarray:
    """The vector of that content, as it comes back from a block."""
    random = np.random.default_rng(number(content) % 2**32)
    found = random.standard_normal((1, dimension))
    return np.asarray(round_vectors(found / np.linalg.norm(found))[0])


def file(name: str, content: int | str, mtime: float = 0.0, size: int = 100) -> File:
    """A file with that content."""
    return File(name, size, mtime, digest(content))


def rows(
    photos: Sequence[tuple[int | str, Sequence[Path]]], model: ModelId = MODEL, dimension: int = DIMENSION, camera: str = ""
) -> Rows:
    """Rows of some contents under some paths."""
    columns = {name: np.zeros((len(photos), *shape), kind) for name, (kind, shape) in SCHEMA.items()}
    for place, (content, _) in enumerate(photos):
        columns["hash"][place] = np.frombuffer(digest(content), np.uint8)
        columns["taken"][place] = np.nan if number(content) % 5 == 0 else number(content) % 1_000_000
        columns["tags"][place] = [number(content) % 7, *[NONE] * 4]
    columns["bytes"][:] = 100
    columns["width"][:], columns["height"][:] = 400, 300
    columns["latitude"][:] = columns["longitude"][:] = np.nan
    columns["camera"][:] = 0 if camera else NONE
    vectors = np.array([vector(content, dimension) for content, _ in photos], np.float32).reshape(len(photos), dimension)
    facts = [json.dumps({"taken": None, "content": str(content)}).encode() for content, _ in photos]
    paths = Paths.of([list(each) for _, each in photos])
    return Rows(model, columns, vectors, paths, facts, [camera] if camera else [], ["JPEG"])
