"""Print what a face pack is worth: ``python -m models.evaluation.faces``.

Detection on one main face a photo (Labeled Faces in the Wild: the person meant is in the middle), false alarms on photos of
empty rooms, verification (are two faces the same person?) and milliseconds by stage, on one thread.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.faces.build import build
from shoebox.faces.boxes import Floats
from shoebox.faces.pack import FacePack
from shoebox.faces.rows import FaceRows
from shoebox.photo.decode import decode_photo
from shoebox.sessions.native import NativeFaceSessions
from shoebox.tasks.faces import FaceDetection, FaceMarking, FaceRecognition, face_tasks
from shoebox.tasks.graph import Batch, TaskGraph

SHARED = Path(__file__).parents[2].parent / "shared"
BATCH = 8
# Share of pairs of different people that may be taken for one person.
FALSE_PAIRS = (1e-4, 1e-3)
# The main face's middle lies at most this share of the photo's side from the photo's.
MIDDLE = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Main:
    """The main face of each photo that has one, in the order of the photos.

    Attributes
    ----------
    photos : (n,) int
        Places of the photos.
    boxes : (n, 4) int32
    quality : (n,) float32
    vectors : (n, d) float32
    """

    photos: NDArray[np.intp]
    boxes: NDArray[np.int32]
    quality: Floats
    vectors: Floats


class Stages:
    """A face pack's tasks, timed."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.pack = FacePack.from_folder(folder)
        self._graph = TaskGraph(face_tasks(self.pack, NativeFaceSessions(folder, self.pack, threads)))
        self.seconds: dict[str, float] = {}
        self.photos = self.faces = 0

    def rows(self, photos: Sequence[NDArray[np.uint8]]) -> FaceRows:
        """The faces of some photos."""
        batch = Batch(photos)
        for name in (FaceDetection.name, FaceMarking.name, FaceRecognition.name):
            begun = time.perf_counter()
            asyncio.run(self._graph.run([name], batch))
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun
        found: FaceRows = batch.results[FaceRecognition.name]
        self.photos += len(photos)
        self.faces += len(found)
        return found


def read(files: Iterable[Path]) -> Iterator[list[NDArray[np.uint8]]]:
    """Photos in batches."""
    waiting: list[NDArray[np.uint8]] = []
    for file in files:
        waiting.append(decode_photo(file.read_bytes()).pixels)
        if len(waiting) == BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def main_faces(stages: Stages, files: Sequence[Path]) -> Main:
    """The face in the middle of each photo."""
    photos, boxes, quality, vectors, start = [], [], [], [], 0
    for batch in read(files):
        rows = stages.rows(batch)
        for place, pixels in enumerate(batch):
            faces = rows.of(place)
            size = np.array([pixels.shape[1], pixels.shape[0]])
            away = np.abs(faces.boxes[:, :2] + faces.boxes[:, 2:] / 2 - size / 2).max(axis=1, initial=0) / size.max()
            near = np.flatnonzero(away <= MIDDLE)
            if len(near):
                best = near[int(np.argmax(faces.boxes[near, 2] * faces.boxes[near, 3] * faces.scores[near]))]
                photos.append(start + place)
                boxes.append(faces.boxes[best])
                quality.append(faces.quality[best])
                vectors.append(faces.vectors[best].astype(np.float32))
        start += len(batch)
    return Main(np.array(photos, np.intp), np.array(boxes), np.array(quality, np.float32), np.array(vectors))


def verification(vectors: Floats, people: NDArray[Any]) -> dict[float, float]:
    """The share of pairs of one person that are recognised, at each share of false pairs."""
    similar = vectors @ vectors.T
    pairs = np.triu_indices(len(vectors), 1)
    same = (people[:, None] == people)[pairs]
    scores = similar[pairs]
    strange = np.sort(scores[~same])
    return {share: float((scores[same] > strange[int(len(strange) * (1 - share))]).mean()) for share in FALSE_PAIRS}


def save(path: Path, found: Main, files: Sequence[Path]) -> None:
    """The main faces as an npz file; one of its arrays is called ``file``, which `numpy.savez` cannot write."""
    arrays = {
        "vectors": found.vectors,
        "box": found.boxes,
        "quality": found.quality,
        "person": np.array([files[place].parent.name for place in found.photos]),
        "file": np.array([files[place].name for place in found.photos]),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, values in arrays.items():
            data = io.BytesIO()
            np.save(data, values)
            archive.writestr(f"{name}.npy", data.getvalue())


def report(folder: Path, shared: Path, every: int, target: Path | None) -> None:
    """Print the table of one face pack."""
    photos = shared / "photos"
    files = sorted((photos / "faces").glob("*/*"))[::every]
    empty = sorted(file for kind in ("bathroom", "bedroom", "kitchen") for file in (photos / "labelled/rooms" / kind).glob("*"))
    stages = Stages(folder)
    found = main_faces(stages, files)
    people = np.array([files[place].parent.name for place in found.photos])
    print(f"{stages.pack.model.pack}")
    print(f"  main face found: {len(found.photos):,} of {len(files):,} ({len(found.photos) / len(files):.2%})")
    for share, right in verification(found.vectors, people).items():
        print(f"  pairs of one person recognised at {share:.2%} false pairs: {right:.1%}")
    for name, seconds in stages.seconds.items():
        count, what = (stages.photos, "photo") if name == FaceDetection.name else (stages.faces, "face")
        print(f"  {name}: {1000 * seconds / max(1, count):.1f} ms a {what}, one thread")
    rooms = Stages(folder)
    alarms = sum(len(rooms.rows(batch)) for batch in read(empty[::every]))
    print(f"  faces seen in {rooms.photos} photos of empty rooms: {alarms}")
    print(f"  face-detection there: {1000 * rooms.seconds[FaceDetection.name] / max(1, rooms.photos):.1f} ms a photo")
    if target is not None:
        save(target, found, files)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, help="folder of a face pack; the default pack, made anew, if left out")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--every", type=int, default=1, help="take only every n-th photo")
    parser.add_argument("--save", type=Path, help="write the main faces' vectors to this npz file")
    arguments = parser.parse_args()
    if not (arguments.shared / "photos/faces").is_dir():
        raise SystemExit(
            f"The photos are not here: {arguments.shared} does not hold photos/faces. Name the folder with --shared."
        )
    with tempfile.TemporaryDirectory() as made:
        folder: Path = arguments.pack or Path(made)
        if arguments.pack is None:
            build(folder)
        report(folder, arguments.shared, arguments.every, arguments.save)


if __name__ == "__main__":
    main()
