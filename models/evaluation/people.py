"""How rightly faces are grouped: BCubed precision and recall of people mixed in one library, over thresholds, and by slice.

    python -m models.evaluation.people --vectors faces.npz [--photos ../shared/photos/faces] [--pack FOLDER]

The threshold is chosen on one half of the people and judged on the other; all of them are always grouped together, since with
fewer strangers about every threshold looks better.

`faces.npz` holds the faces as the pack under test found them: `vectors` (n, d), `person` and `file` (n,) str, `box` (n, 4) of
x, y, width, height, `quality` (n,), and, for the slice by pose, `landmarks5` (n, 5, 2).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.faces.pack import FacePack
from shoebox.faces.quality import PARTS, parts
from shoebox.people.calibration import FACE_API, Calibration
from shoebox.people.faces import Faces, face_key
from shoebox.people.grouping import FREE, Grouping

ROOT = Path(__file__).resolve().parents[2]
# Over-merging is worse than splitting: of the thresholds that keep this precision the one with the best recall is chosen.
LEAST_PRECISION = 0.98
# Thresholds that are tried, as shares of the one that the pack ships with.
TRIED = np.round(np.arange(0.8, 1.2501, 0.01), 2)
SLICES = 4
# Of a face's box, the part that is skin for the most part.
SKIN = (0.25, 0.75)

Floats = NDArray[np.float64]


def bcubed(labels: NDArray[np.integer], truth: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """BCubed precision and recall of each item (Bagga and Baldwin, 1998); their means are those of the grouping.

    Parameters
    ----------
    labels : (n,) int
        Groups; what has a negative one is alone.
    truth : (n,) int
        From 0.
    """
    alone = labels.max(initial=-1) + 1 + np.arange(len(labels))
    groups = np.unique(np.where(labels < 0, alone, labels), return_inverse=True)[1]
    width = int(truth.max(initial=0)) + 1
    _, place, counts = np.unique(groups * width + truth, return_inverse=True, return_counts=True)
    right = counts[place].astype(np.float64)
    return right / np.bincount(groups)[groups], right / np.bincount(truth)[truth]


def group(faces: Faces, calibration: Calibration) -> NDArray[np.int64]:
    """Groups of all faces, as the app makes them."""
    return asyncio.run(Grouping(faces, calibration, np.full(len(faces), FREE)).anew())


def first_half(people: NDArray[np.str_]) -> NDArray[np.bool_]:
    """(n,) bool: whether each person belongs to the half that thresholds are chosen on, by a hash of the name."""
    chosen = {person: hashlib.sha256(person.encode()).digest()[0] % 2 == 0 for person in set(people.tolist())}
    return np.array([chosen[person] for person in people.tolist()])


def lab(pixels: NDArray[np.uint8]) -> Floats:
    """CIE L*a*b* (D65) of sRGB pixels (..., 3)."""
    value = pixels / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    ratio = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.asarray(np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1))


def properties(photos: Path, stored: dict[str, NDArray[np.generic]]) -> dict[str, Floats]:
    """What the slices are by, one number a face: size, brightness, skin tone, and pose where it is known.

    Skin tone is the individual typology angle, atan((L* - 50) / b*) in degrees, higher for lighter skin (Chardon et al., 1991),
    of the median colour in the middle of the box. Under LFW's press lighting it is a rough measure.
    """
    boxes = np.asarray(stored["box"], np.float64)
    colours, crops = [], []
    for person, file, (x, y, width, height) in zip(stored["person"], stored["file"], boxes.tolist(), strict=True):
        with Image.open(photos / str(person) / str(file)) as image:
            whole = image.convert("RGB")
        low, high = SKIN
        inner = whole.crop(
            tuple(round(side) for side in (x + low * width, y + low * height, x + high * width, y + high * height))
        )
        colours.append(np.median(lab(np.asarray(inner)).reshape(-1, 3), axis=0))
        crops.append(np.asarray(whole.crop(tuple(round(side) for side in (x, y, x + width, y + height))).resize((96, 96))))
    colour = np.array(colours)
    angle = np.degrees(np.arctan2(colour[:, 0] - 50, colour[:, 2]))
    found = {"face width, px": boxes[:, 2], "brightness, L*": colour[:, 0], "skin tone, ITA degrees": angle}
    if "landmarks5" in stored:
        scores = np.ones(len(boxes), np.float32)
        made = parts(np.asarray(stored["landmarks5"], np.float32), scores, np.stack(crops))
        found["pose, 1 is frontal"] = made[:, PARTS.index("pose")].astype(np.float64)
    return found


def line(name: str, precision: Floats, recall: Floats) -> str:
    """A row of the table."""
    p, r = float(precision.mean()), float(recall.mean())
    return f"| {name:<34} | {len(precision):>5} | {p:.4f} | {r:.4f} | {2 * p * r / (p + r):.4f} |"


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description="BCubed figures of grouping faces.")
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--photos", type=Path, default=ROOT.parent / "shared" / "photos" / "faces")
    parser.add_argument("--pack", type=Path, help="folder of the face pack that found them; the default pack if left out")
    arguments = parser.parse_args()
    shipped = FACE_API if arguments.pack is None else FacePack.from_folder(arguments.pack).calibration
    with np.load(arguments.vectors, allow_pickle=False) as archive:
        stored = {name: archive[name] for name in archive.files}
    truth = np.unique(stored["person"], return_inverse=True)[1]
    count = len(truth)
    photos = np.arange(count, dtype=np.uint64)
    boxes = np.asarray(stored["box"], np.float32)
    keys = [face_key(photo, box) for photo, box in enumerate(boxes.tolist())]
    faces = Faces(keys, photos, boxes, np.asarray(stored["quality"], np.float32), np.asarray(stored["vectors"], np.float32))
    choosing = first_half(stored["person"])
    header = "| what | faces | precision | recall | F |\n|---|---|---|---|---|"
    print(f"{len(set(truth.tolist()))} people. The half that the threshold is chosen on:\n\n{header}")
    thresholds = np.round(TRIED * shipped.same, 4)
    best, chosen = -1.0, float(thresholds[0])
    for threshold in thresholds.tolist():
        precision, recall = bcubed(group(faces, replace(shipped, same=threshold, tight=threshold / 2)), truth)
        print(line(f"same = {threshold}", precision[choosing], recall[choosing]))
        if precision[choosing].mean() >= LEAST_PRECISION and recall[choosing].mean() > best:
            best, chosen = float(recall[choosing].mean()), threshold
    precision, recall = bcubed(group(faces, replace(shipped, same=chosen, tight=chosen / 2)), truth)
    print(f"\nChosen: {chosen}.\n\n{header}")
    print(line("the other half", precision[~choosing], recall[~choosing]))
    print(line("both", precision, recall))
    precision, recall = bcubed(group(faces, shipped), truth)
    print(line(f"both, as shipped (same = {shipped.same})", precision, recall))
    print(f"\nBy slice, as shipped:\n\n{header}")
    for name, values in properties(arguments.photos, stored).items():
        edges = np.quantile(values, np.linspace(0, 1, SLICES + 1))
        place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, SLICES - 1)
        for number in range(SLICES):
            inside = place == number
            if inside.any():
                print(line(f"{name} {edges[number]:.3g} to {edges[number + 1]:.3g}", precision[inside], recall[inside]))


if __name__ == "__main__":
    main()
