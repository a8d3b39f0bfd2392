"""Detectors of faces behind one face: pixels in, boxes with scores (and perhaps five points) out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.faces import ssd, yunet
from shoebox.faces.boxes import Floats, suppress
from shoebox.faces.pack import DetectorModel
from shoebox.sessions.protocol import Arrays, SessionError, Sessions

# Boxes of one look at one photo that share this much are one face (face-api and YuNet use 0.5 and 0.45).
SAME_FACE = 0.45
# The best boxes of one picture that are sorted out; more than the faces of any crowd.
MOST_BOXES = 1500
# The deepest networks halve their input five times.
GRAIN = 32


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What was found in one picture, best first.

    Attributes
    ----------
    boxes : (n, 4) float32
        Left, top, right, bottom, in pixels of the picture; a box may reach over its border.
    scores : (n,) float32
        From 0 to 1.
    points : (n, 5, 2) float32 or None
        Eyes (left in the picture first), nose, corners of the mouth; None from detectors that do not see them.
    """

    boxes: Floats
    scores: Floats
    points: Floats | None = None

    def __len__(self) -> int:
        return len(self.scores)

    @classmethod
    def none(cls) -> Detections:
        """Nothing found."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))

    def __getitem__(self, places: NDArray[Any]) -> Detections:
        return Detections(self.boxes[places], self.scores[places], None if self.points is None else self.points[places])

    def moved(self, scale: float, left: float = 0.0, top: float = 0.0) -> Detections:
        """The same, in a picture that is `scale` times as large and begins further to the left and above."""
        shift = np.array([left, top], np.float32)
        points = None if self.points is None else self.points * np.float32(scale) + shift
        return Detections(self.boxes * np.float32(scale) + np.tile(shift, 2), self.scores, points)


class FaceDetector(Protocol):
    """Something that finds faces in pictures of one size."""

    async def detect(self, pictures: NDArray[np.uint8], least: float) -> list[Detections]:
        """Faces in pictures, uint8 (n, height, width, 3) with sides that `GRAIN` divides, whose score is at least `least`."""
        ...


class NetworkDetector:
    """A detector of a face pack."""

    def __init__(self, model: DetectorModel, sessions: Sessions) -> None:
        self._model, self._sessions = model, sessions

    async def detect(self, pictures: NDArray[np.uint8], least: float) -> list[Detections]:
        """See `FaceDetector`.

        Raises
        ------
        SessionError
            If the network fails, or gives what cannot be true.
        """
        session = await self._sessions.open("face-detector")
        network = self._model.network
        outputs = await session.run({network.input: network.pixels.feed(pictures)})
        for name, values in outputs.items():
            if len(values) != len(pictures) or not np.isfinite(values).all():
                raise SessionError(f"The network that finds faces gave nothing usable ({name}).")
        return [_best(self._decode(outputs, row, pictures.shape[1], pictures.shape[2], least)) for row in range(len(pictures))]

    def _decode(self, outputs: Arrays, row: int, height: int, width: int, least: float) -> Detections:
        model = self._model
        if model.kind == "yunet":
            return Detections(*yunet.decode(outputs, row, height, width, model.strides, least))
        grids = 1 if model.coarse and max(height, width) > model.coarse else len(model.strides)
        standing = ssd.anchors(height, width, model.strides[:grids], model.sizes[:grids])
        scores, offsets = outputs.get("scores"), outputs.get("offsets")
        if scores is None or offsets is None or scores.shape[1] != len(standing) or offsets.shape[1:] != (len(standing), 4):
            raise SessionError("The network that finds faces is not the one that its manifest describes.")
        places = np.flatnonzero(scores[row] >= least)
        return Detections(ssd.decode(offsets[row, places], standing[places]), scores[row, places])


def _best(found: Detections) -> Detections:
    if len(found) > MOST_BOXES:
        found = found[np.argsort(-found.scores, kind="stable")[:MOST_BOXES]]
    return found[suppress(found.boxes, found.scores, SAME_FACE)]
