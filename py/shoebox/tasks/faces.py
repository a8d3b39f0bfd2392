"""Photos to faces: detection, five points, and vectors by which people are told apart. Three tasks, each needs the last.

Any detector goes with any recogniser: detection hands on boxes, the points make upright crops of whatever size and shape the
recogniser wants, and all faces of a batch of photos go through the recogniser in one run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.faces import alignment, quality
from shoebox.faces.boxes import Floats
from shoebox.faces.detectors import Detections, FaceDetector, NetworkDetector
from shoebox.faces.eyes import openness
from shoebox.faces.looking import find_faces
from shoebox.faces.pack import DetectorModel, FacePack, LandmarkModel, RecogniserModel
from shoebox.faces.rows import FaceRows
from shoebox.sessions.protocol import Arrays, SessionError, Sessions
from shoebox.tasks.graph import Batch, Task

# A head tilted by more than this (in radians) is turned upright and looked at once more: the landmark network knows few such.
TILTED = 0.26
# Of the iBUG 300-W scheme.
POINTS = 68
# Faces with which the recogniser's memory is still small: 64 crops and their mirror images.
MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """The faces of a batch of photos, in the order of the photos.

    Attributes
    ----------
    owners : (n,) intp
        The photo of each face.
    boxes : (n, 4) float32
        Left, top, right, bottom, in pixels of the decoded photo.
    scores : (n,) float32
    marks : (n, 5, 2) or (n, 68, 2) float32
        As the landmark network or the detector saw them.
    """

    owners: NDArray[np.intp]
    boxes: Floats
    scores: Floats
    marks: Floats

    @property
    def points(self) -> Floats:
        """Eyes, nose and corners of the mouth: (n, 5, 2)."""
        return self.marks if self.marks.shape[1] == 5 else alignment.five_points(self.marks)


class FaceLandmarks(Protocol):
    """Something that puts points on faces."""

    async def points(self, batch: Batch, owners: NDArray[np.intp], found: Detections) -> Floats:
        """Points of faces in the photos `owners`: (n, 5, 2), eyes, nose and corners of the mouth, or all 68, (n, 68, 2)."""
        ...


class FaceRecogniser(Protocol):
    """Something that turns aligned faces into vectors.

    Attributes
    ----------
    side : int
        Of its crops.
    dimension : int
    """

    side: int
    dimension: int

    def alignment(self, marks: Floats) -> Floats:
        """Transforms (n, 2, 3) from crops to photos, for faces with these points, (n, 5, 2) or (n, 68, 2)."""
        ...

    async def vectors(self, chips: NDArray[np.uint8]) -> Floats:
        """Vectors (n, dimension), of any length, of crops uint8 (n, side, side, 3)."""
        ...


class NetworkLandmarks:
    """The 68-point network of a face pack."""

    def __init__(self, model: LandmarkModel, sessions: Sessions) -> None:
        self._model, self._sessions = model, sessions

    async def points(self, batch: Batch, owners: NDArray[np.intp], found: Detections) -> Floats:
        """See `FaceLandmarks`. Tilted heads are turned upright and seen a second time."""
        marks = await self._see(batch, owners, found.boxes, np.zeros(len(found), np.float32))
        points = alignment.five_points(marks)
        across = points[:, 1] - points[:, 0]
        angles = np.arctan2(across[:, 1], across[:, 0])
        tilted = np.flatnonzero(np.abs(angles) > TILTED)
        if len(tilted):
            marks[tilted] = await self._see(batch, owners[tilted], found.boxes[tilted], angles[tilted])
        return marks

    async def _see(self, batch: Batch, owners: NDArray[np.intp], boxes: Floats, angles: Floats) -> Floats:
        model = self._model
        session = await self._sessions.open("face-landmarks")
        seen = np.empty((len(boxes), POINTS, 2), np.float32)
        for low in range(0, len(boxes), MOST_AT_ONCE):
            part = slice(low, low + MOST_AT_ONCE)
            matrices = alignment.squares(boxes[part], model.side, model.size, angles[part])
            chips = alignment.crops(batch.photos, owners[part], matrices, model.side)
            outputs = await session.run({model.network.input: model.network.pixels.feed(chips)})
            points = _output(outputs, (len(chips), POINTS, 2), "points at eyes and mouths")
            seen[part] = alignment.transform(matrices, points * model.side)
        return seen


class DetectedLandmarks:
    """The points that the detector itself saw."""

    async def points(self, batch: Batch, owners: NDArray[np.intp], found: Detections) -> Floats:
        """See `FaceLandmarks`."""
        if found.points is None:
            raise SessionError("The network that finds faces gave no points, and there is no other that does.")
        return found.points


class NetworkRecogniser:
    """The recognition network of a face pack."""

    def __init__(self, model: RecogniserModel, sessions: Sessions) -> None:
        self._model, self._sessions = model, sessions
        self.side, self.dimension = model.side, model.dimension

    def alignment(self, marks: Floats) -> Floats:
        """See `FaceRecogniser`. All points of the nose, the eyes and the lips steady the crop, where they are known."""
        fine = self._model.fine
        if marks.shape[1] == 5:
            return alignment.similarity(self._model.template, marks)
        if fine is None:
            return alignment.similarity(self._model.template, alignment.five_points(marks))
        return alignment.similarity(fine[:, 1:], marks[:, fine[:, 0].astype(int)])

    async def vectors(self, chips: NDArray[np.uint8]) -> Floats:
        """See `FaceRecogniser`."""
        network, size = self._model.network, self._model.batch or max(1, len(chips))
        session = await self._sessions.open("face-recogniser")
        made = np.empty((len(chips), self.dimension), np.float32)
        for low in range(0, len(chips), size):
            part = chips[low : low + size]
            outputs = await session.run({network.input: network.pixels.feed(part)})
            made[low : low + len(part)] = _output(outputs, (len(part), self.dimension), "tells faces apart")
        return made


class FaceDetection:
    """Where faces are: a list of `Detections`, one for each photo, in pixels of the decoded photo."""

    name = "face-detection"
    depends: tuple[str, ...] = ()

    def __init__(self, detector: FaceDetector, model: DetectorModel) -> None:
        self._detector, self._model = detector, model

    async def run(self, batch: Batch) -> list[Detections]:
        """The faces of each photo of the batch."""
        return await find_faces(batch.photos, self._detector, self._model)


class FaceMarking:
    """Five points on each face that was found."""

    name = "face-landmarks"
    depends: tuple[str, ...] = (FaceDetection.name,)

    def __init__(self, landmarks: FaceLandmarks) -> None:
        self._landmarks = landmarks

    async def run(self, batch: Batch) -> Marked:
        """All faces of the batch with their points."""
        found: list[Detections] = batch.results[FaceDetection.name]
        owners = np.repeat(np.arange(len(found), dtype=np.intp), [len(faces) for faces in found])
        if not len(owners):
            return Marked(owners, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32))
        with_faces = [faces for faces in found if len(faces)]
        given = [faces.points for faces in with_faces if faces.points is not None]
        everything = Detections(
            np.concatenate([faces.boxes for faces in with_faces]),
            np.concatenate([faces.scores for faces in with_faces]),
            np.concatenate(given) if len(given) == len(with_faces) else None,
        )
        marks = await self._landmarks.points(batch, owners, everything)
        if not np.isfinite(marks).all():
            raise SessionError("The network that points at eyes and mouths gave nothing usable.")
        return Marked(owners, everything.boxes, everything.scores, marks)


class FaceRecognition:
    """Faces as they are stored: `FaceRows`, in pixels of the upright photo."""

    name = "face-recognition"
    depends: tuple[str, ...] = (FaceMarking.name,)

    def __init__(self, recogniser: FaceRecogniser) -> None:
        self._recogniser = recogniser

    async def run(self, batch: Batch) -> FaceRows:
        """All faces of the batch. Each is described as it is and mirrored, and the two vectors are averaged."""
        marked: Marked = batch.results[FaceMarking.name]
        if not len(marked.owners):
            return FaceRows.none(self._recogniser.dimension)
        matrices = self._recogniser.alignment(marked.marks)
        points = marked.points
        vectors, parts = [], []
        for low in range(0, len(marked.owners), MOST_AT_ONCE):
            part = slice(low, low + MOST_AT_ONCE)
            chips = alignment.crops(batch.photos, marked.owners[part], matrices[part], self._recogniser.side)
            both = await self._recogniser.vectors(np.concatenate([chips, chips[:, :, ::-1]]))
            vectors.append(both[: len(chips)] + both[len(chips) :])
            parts.append(quality.parts(points[part], marked.scores[part], chips))
        return _rows(batch, marked, np.concatenate(vectors), np.concatenate(parts))


def face_tasks(pack: FacePack, sessions: Sessions) -> tuple[Task, ...]:
    """The three tasks of a face pack, to be put into a graph with any others."""
    landmarks: FaceLandmarks = NetworkLandmarks(pack.landmarks, sessions) if pack.landmarks else DetectedLandmarks()
    return (
        FaceDetection(NetworkDetector(pack.detector, sessions), pack.detector),
        FaceMarking(landmarks),
        FaceRecognition(NetworkRecogniser(pack.recogniser, sessions)),
    )


def _rows(batch: Batch, marked: Marked, vectors: Floats, parts: Floats) -> FaceRows:
    """Faces in pixels of the upright photos; those whose vectors are nothing are left out."""
    lengths = np.linalg.norm(vectors, axis=1)
    usable = np.flatnonzero(np.isfinite(lengths) & (lengths > 0))
    if not len(usable):
        raise SessionError("The network that tells faces apart gave nothing usable.")
    owners = marked.owners[usable]
    sizes = np.array(batch.sizes, np.float32)[owners]
    scales = sizes / np.array([(photo.shape[1], photo.shape[0]) for photo in batch.photos], np.float32)[owners]
    corners = (marked.boxes[usable] * np.tile(scales, 2)).round()
    low = np.clip(corners[:, :2], 0, sizes - 1)
    high = np.clip(corners[:, 2:], low + 1, sizes)
    return FaceRows(
        photos=owners.astype(np.int32),
        boxes=np.concatenate([low, high - low], axis=1).astype(np.int32),
        scores=np.clip(marked.scores[usable], 0, 1).astype(np.float32),
        quality=quality.combined(parts[usable]),
        parts=parts[usable],
        eyes=openness(marked.marks[usable]),
        points=(marked.points[usable] * scales[:, None]).astype(np.float32),
        vectors=(vectors[usable] / lengths[usable, None]).astype(np.float16),
    )


def _output(outputs: Arrays, shape: tuple[int, ...], what: str) -> Floats:
    """The only output of a network, checked."""
    values = next(iter(outputs.values()), None)
    if values is None or values.shape != shape:
        found = "nothing" if values is None else str(values.shape)
        raise SessionError(f"The network that {what} should give {shape} numbers; it gave {found}.")
    return np.asarray(values, np.float32)
