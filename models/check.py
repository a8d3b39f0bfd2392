"""Is a pack sound? ``python build.py models check [FOLDER]``: files and sums, sizes on disk, and one run of each network."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.evaluation.native import NativePack
from shoebox.errors import ShoeboxError

# What a pack may weigh: an encoder with its heads at most 10 MB, so that a first visit stays small.
LARGEST_NETWORK = 10_000_000
UNIT_TOLERANCE = 1e-3
TEXTS = ("two dogs running in the snow", "a birthday cake", "x")


def problems_of(folder: Path) -> list[str]:
    """Return a sentence for everything that is wrong with the pack in `folder`; none if it is sound."""
    try:
        native = NativePack(folder)
        pack = native.pack
        found = [
            f"{model.file.name} has {model.file.size:,} bytes; a network may have {LARGEST_NETWORK:,}."
            for model in (pack.image, pack.text)
            if model.file.size > LARGEST_NETWORK
        ]
        noise = np.random.default_rng(8).integers(0, 256, (3, pack.image.side, pack.image.side, 3), dtype=np.uint8)
        features = native.photos(noise)
        vectors = {"photos": features.vectors, "texts": native.texts(TEXTS)}
    except ShoeboxError as error:
        return [str(error)]
    for name, rows in vectors.items():
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
        if rows.shape != (3, pack.dimension):
            found.append(f"The vectors of {name} have the shape {rows.shape}, not (3, {pack.dimension}).")
        elif not np.all(np.abs(lengths - 1) < UNIT_TOLERANCE):
            found.append(f"The vectors of {name} have the lengths {lengths.tolist()}, not 1.")
    return found


def main() -> int:
    """Check a pack and print what is wrong, or what it is."""
    parser = argparse.ArgumentParser(prog="build.py models check", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("models/default"))
    folder: Path = parser.parse_args().folder
    problems = problems_of(folder)
    for problem in problems:
        print(problem)
    if not problems:
        sizes = ", ".join(f"{path.name} {path.stat().st_size / 1e6:.2f} MB" for path in sorted(folder.glob("*.onnx")))
        print(f"The pack in {folder} is sound: {sizes}.")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
