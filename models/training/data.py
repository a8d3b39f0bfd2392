"""Pairs of photos and captions, read from ``../shared/photos`` and kept as arrays.

Every tenth pair of ``captions-more`` (file name order, starting with the first) and the dev
split of ``captions`` are never trained on: they are the galleries of ``models/evaluation``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 224  # both sources are mostly stored squashed to a square of this side
HELD_OUT_EVERY = 10


@dataclass(frozen=True)
class Pair:
    """One photo and the captions that people wrote for it."""

    path: Path
    source: str
    captions: tuple[str, ...]


def read_pairs(photos: Path) -> dict[str, list[Pair]]:
    """Return the pairs under the keys ``train``, ``dev`` and ``mixed``."""
    pairs: dict[str, list[Pair]] = {"train": [], "dev": [], "mixed": []}
    for row in json.loads((photos / "captions/captions.json").read_text()):
        path = photos / "captions/images" / row["file"]
        pairs[row["split"]].append(Pair(path, "captions", tuple(row["captions"])))
    more = sorted(json.loads((photos / "captions-more/captions.json").read_text()), key=lambda row: row["file"])
    for index, row in enumerate(more):
        split = "mixed" if index % HELD_OUT_EVERY == 0 else "train"
        path = photos / "captions-more/images" / row["file"]
        pairs[split].append(Pair(path, row["source"], tuple(row["captions"])))
    return pairs


def squashed(path: Path, side: int = SIDE) -> np.ndarray:
    """Read a photo as (side, side, 3) uint8 RGB, squashed to a square as the app does."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC))


def shrunk(pixels: np.ndarray, side: int) -> np.ndarray:
    """Resize one cached photo (h, w, 3) to (side, side, 3), as `squashed` does from the file."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC))


def pixel_cache(pairs: list[Pair], path: Path) -> np.ndarray:
    """Return all photos as (n, 224, 224, 3) uint8, from `path` or decoded and kept there."""
    if path.exists():
        cached: np.ndarray = np.load(path, mmap_mode="r")
        if len(cached) == len(pairs):
            return cached
    pixels = np.empty((len(pairs), SIDE, SIDE, 3), np.uint8)
    for row, pair in enumerate(pairs):
        pixels[row] = squashed(pair.path)
    np.save(path, pixels)
    return pixels


def flatten_captions(pairs: list[Pair]) -> tuple[list[str], np.ndarray]:
    """Return all captions in order and, for each, the row of its photo."""
    texts = [text for pair in pairs for text in pair.captions]
    owner = np.repeat(np.arange(len(pairs)), [len(pair.captions) for pair in pairs])
    return texts, owner
