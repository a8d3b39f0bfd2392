"""Run the recipe: ``python -m models.training --shared ../shared --work models/work``."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from models.training import image
from models.training.data import flatten_captions, pixel_cache, read_pairs
from models.training.teacher import cached_encode


def main() -> None:
    """Run every step that has no result yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--work", type=Path, default=Path("models/work"))
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    pairs = read_pairs(arguments.shared / "photos")
    pixels = {name: pixel_cache(rows, work / f"pixels-{name}.npy") for name, rows in pairs.items()}
    texts = {name: flatten_captions(rows) for name, rows in pairs.items()}
    vectors = {name: cached_encode(texts[name][0], work / f"teacher-{name}.npy") for name in pairs}
    captions = image.Captions.of(vectors["train"], [len(pair.captions) for pair in pairs["train"]])
    galleries = {
        name: (pixels[name], torch.from_numpy(vectors[name]).float(), texts[name][1]) for name in ("dev", "mixed")
    }
    start = arguments.shared / "models/efficientnetv2_b0_imagenet.npz"
    image.train(start, pixels["train"], captions, galleries, work)


if __name__ == "__main__":
    main()
