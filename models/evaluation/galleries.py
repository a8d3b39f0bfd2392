"""The galleries that judge a pack: photos and captions that no training step may touch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.data import Pair, flatten_captions, read_pairs


@dataclass(frozen=True)
class Gallery:
    """Photos and the collections they come from; their captions, and for each caption the row of its photo."""

    name: str
    photos: tuple[Path, ...]
    sources: tuple[str, ...]
    captions: tuple[str, ...]
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, name: str, pairs: list[Pair]) -> Gallery:
        """Lay out the pairs of a gallery."""
        captions, owner = flatten_captions(pairs)
        photos, sources = tuple(pair.path for pair in pairs), tuple(pair.source for pair in pairs)
        return cls(name, photos, sources, tuple(captions), owner.astype(np.int64))


def read_galleries(photos: Path) -> list[Gallery]:
    """Return *dev*, *mixed sources* and *both together* (issue text; see models/README.md).

    Raises FileNotFoundError where the folder of photos is not there.
    """
    pairs = read_pairs(photos)
    return [
        Gallery.of("dev", pairs["dev"]),
        Gallery.of("mixed sources", pairs["mixed"]),
        Gallery.of("both together", [*pairs["dev"], *pairs["mixed"]]),
    ]


def labelled_photos(photos: Path) -> tuple[list[Path], NDArray[np.int64]]:
    """Return one photo per ImageNet class and its class: names begin with the WordNet id."""
    files = sorted((photos / "labelled/imagenet-1000").glob("n*_*"))
    wordnet = sorted({file.name.split("_")[0] for file in files})
    position = {identity: index for index, identity in enumerate(wordnet)}
    return files, np.array([position[file.name.split("_")[0]] for file in files])
