"""Face networks in a few lines of numpy: they see what is drawn for them, so that tests need neither weights nor onnxruntime.

A "face" is a square of pure red in a picture without red; its left eye is green, its right eye blue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.faces.detectors import Detections
from shoebox.sessions.protocol import Arrays, Network

SHA = "0" * 64
MANIFEST = f"""
id = "drawn"
version = "1"
licence = "CC0-1.0"

[detector]
kind = "yunet"
file = "detector.onnx"
bytes = 1
sha256 = "{SHA}"
input = "pixels"
strides = [8]
sides = [64, 128]
closer = 0
glimpse = 0.5
sure = 0.5

[people]
same = 0.061

[recogniser]
file = "recogniser.onnx"
bytes = 1
sha256 = "{SHA}"
input = "pixels"
side = 16
dimension = 8
batch = 0
template = [[5, 5], [11, 5], [8, 8], [5, 11], [11, 11]]
"""


def blank(height: int, width: int) -> NDArray[np.uint8]:
    """A grey-green picture without red."""
    photo = np.zeros((height, width, 3), np.uint8)
    photo[..., 1:] = 60
    return photo


def draw(photo: NDArray[np.uint8], left: int, top: int, side: int) -> None:
    """Put a face into a picture."""
    photo[top : top + side, left : left + side] = (255, 0, 0)


class RedDetector:
    """Finds the red squares of a picture; remembers the shapes of what it saw."""

    def __init__(self, smallest: int = 3, sure_from: int = 8) -> None:
        self.smallest, self.sure_from = smallest, sure_from
        self.shapes: list[tuple[int, ...]] = []

    async def detect(self, pictures: NDArray[np.uint8], least: float) -> list[Detections]:
        self.shapes.append(pictures.shape)
        return [self._one(picture, least) for picture in pictures]

    def _one(self, picture: NDArray[np.uint8], least: float) -> Detections:
        red = (picture[..., 0] > 128) & (picture[..., 1] < 40)
        boxes = []
        while red.any():
            top, left = np.argwhere(red)[0]
            right = left + int(np.argmin(np.append(red[top, left:], False)))
            bottom = top + int(np.argmin(np.append(red[top:, left], False)))
            red[top:bottom, left:right] = False
            if min(right - left, bottom - top) >= self.smallest:
                boxes.append((left, top, right, bottom))
        found = np.array(boxes, np.float32).reshape(-1, 4)
        sides = (found[:, 2:] - found[:, :2]).max(axis=1, initial=0)
        scores = np.where(sides >= self.sure_from, 0.9, 0.2).astype(np.float32)
        kept = np.flatnonzero(scores >= least)
        return Detections(found[kept], scores[kept])


class DrawnSession:
    """One of the networks; remembers how many pictures each run had."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.runs: list[int] = []
        self.spoilt = False

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        (pixels,) = inputs.values()
        self.runs.append(len(pixels))
        if self.network == "face-recogniser":
            means = pixels.reshape(len(pixels), 8, -1).mean(axis=2).astype(np.float32) + 1
            return {"vectors": means * (np.nan if self.spoilt else 1)}
        if self.network == "face-landmarks":
            points = np.tile(np.linspace(0.2, 0.8, 68, dtype=np.float32)[:, None], (len(pixels), 1, 2))
            return {"points": points * (np.nan if self.spoilt else 1)}
        return self._yunet(pixels)

    def _yunet(self, pixels: NDArray[Any]) -> Arrays:
        """A cell of 8 px whose middle is red is a face of 16 px around it."""
        count, height, width, _ = pixels.shape
        middle = pixels[:, 4::8, 4::8].astype(np.int32)
        face = ((middle[..., 0] > 128) & (middle[..., 1] < 40)).reshape(count, -1, 1).astype(np.float32)
        if self.spoilt:
            face[:] = np.nan
        cells = height // 8 * (width // 8)
        box = np.tile(np.array([0.5, 0.5, np.log(2), np.log(2)], np.float32), (count, cells, 1))
        points = np.array([0.2, 0.2, 0.8, 0.2, 0.5, 0.5, 0.2, 0.8, 0.8, 0.8], np.float32)
        return {"cls_8": face, "obj_8": face, "bbox_8": box, "kps_8": np.tile(points, (count, cells, 1))}


class DrawnSessions:
    """The networks of the pack that `MANIFEST` describes."""

    def __init__(self) -> None:
        self.sessions: dict[str, DrawnSession] = {}

    async def open(self, network: Network) -> DrawnSession:
        return self.sessions.setdefault(network, DrawnSession(network))
