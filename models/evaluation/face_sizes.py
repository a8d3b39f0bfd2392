"""In how many cases a face pack finds a face, by its size: ``python -m models.evaluation.face_sizes --pack FOLDER``.

Faces of Labeled Faces in the Wild, each with what is around it, are put into photos of empty rooms of 1,280 x 960, a few into
each; another pack, or the same with other sides, sees the same pictures.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.evaluation.faces import SHARED
from shoebox.faces.detectors import Detections, NetworkDetector
from shoebox.faces.looking import find_faces
from shoebox.faces.pack import FacePack
from shoebox.sessions.native import NativeFaceSessions

WIDTH, HEIGHT = 1280, 960
# Longer sides of faces, in pixels of that picture.
SIZES = (16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
FACES_OF_A_SIZE = 60
MOST_IN_A_SCENE = 6
# The face in the middle of a photo of 250 px, as detectors draw its box, and the part of the photo that is put elsewhere.
FACE, PATCH = 100, 170
# A face counts as found where a box has its middle this near to the face's, and a side this many times as long at most, as
# shares of the face's side.
NEAR, LIKE = 0.35, 1.8


def scene(room: Image.Image, people: Sequence[Image.Image], size: int) -> tuple[NDArray[np.uint8], list[tuple[float, float]]]:
    """A picture of a room with people in it, and the middles of their faces.

    Parameters
    ----------
    room : Image
    people : sequence of Image
        Side by side, from the left.
    size : int
        Side of each face.

    Returns
    -------
    uint8 (HEIGHT, WIDTH, 3), list of (x, y)
    """
    made = room.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    side = round(PATCH * size / FACE)
    middles = []
    for place, person in enumerate(people):
        low = (person.width - PATCH) // 2
        patch = person.convert("RGB").crop((low, low, low + PATCH, low + PATCH)).resize((side, side), Image.Resampling.LANCZOS)
        left = round((place + 0.5) * WIDTH / len(people) - side / 2)
        # Not all at one height, and so that the whole face is in the picture.
        top = round((HEIGHT - side) * (0.2 + 0.6 * ((place * 7) % 5) / 4))
        made.paste(patch, (left, top))
        middles.append((left + side / 2, top + side / 2))
    return np.asarray(made), middles


def found(faces: Detections, middles: Sequence[tuple[float, float]], size: int) -> int:
    """How many of the faces at these places are among those that were found."""
    count = 0
    for middle in middles:
        away = np.abs((faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2 - np.array(middle)).max(axis=1, initial=0)
        ratio = (faces.boxes[:, 2:] - faces.boxes[:, :2]).max(axis=1, initial=0) / size
        count += bool(((away < NEAR * size) & (ratio < LIKE) & (ratio > 1 / LIKE)).any())
    return count


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description="In how many cases a face is found, by its size.")
    parser.add_argument("--pack", type=Path, required=True, help="folder of a face pack")
    parser.add_argument("--shared", type=Path, default=SHARED)
    arguments = parser.parse_args()
    photos = arguments.shared / "photos"
    people = sorted((photos / "faces").glob("*/*"))
    rooms = sorted((photos / "labelled/rooms").glob("*/*"))
    if not people or not rooms:
        raise SystemExit(f"The photos are not here: {arguments.shared} does not hold photos/faces and photos/labelled/rooms.")
    pack = FacePack.from_folder(arguments.pack)
    detector = NetworkDetector(pack.detector, NativeFaceSessions(arguments.pack, pack, 1))
    rng = np.random.default_rng(0)
    print(f"{pack.model.pack}\n\n| side of the face, px | found |\n|---|---|")
    for size in SIZES:
        chosen = [people[place] for place in rng.permutation(len(people))[:FACES_OF_A_SIZE]]
        together = max(1, min(MOST_IN_A_SCENE, WIDTH // round(PATCH * size / FACE * 1.2)))
        count = 0
        for low in range(0, len(chosen), together):
            with Image.open(rooms[int(rng.integers(len(rooms)))]) as room:
                opened = [Image.open(path) for path in chosen[low : low + together]]
                picture, middles = scene(room, opened, size)
            (faces,) = asyncio.run(find_faces([picture], detector, pack.detector))
            count += found(faces, middles, size)
        print(f"| {size} | {count / len(chosen):.1%} |", flush=True)


if __name__ == "__main__":
    main()
