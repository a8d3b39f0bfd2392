"""A second look at what may be a face: seen alone, in the size that the detector knows best, a face is a face again.

A detector that was trained on faces of all sizes sees some in bark, in cloth and in cats. It is as sure of these as of a person
in profile; but not twice, from another distance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.faces.boxes import Floats, overlaps
from shoebox.faces.detectors import Detections, FaceDetector
from shoebox.faces.pack import DetectorModel

# The picture that is made of a face, and how much of it the face takes: a square 2.2 times as long as its longer side. Of 1.6,
# 2.2 and 3 it tells faces and others apart best.
SIDE, SIZE = 256, 2.2
# The same face is seen again if the boxes share this part.
SAME_FACE = 0.4
# Pictures that go through the detector together.
TOGETHER = 4


async def believed(
    photos: Sequence[NDArray[np.uint8]], found: Sequence[Detections], detector: FaceDetector, model: DetectorModel
) -> list[Detections]:
    """Faces without those that are in doubt and do not stand a second look.

    Parameters
    ----------
    photos : sequence of n uint8 (height, width, 3)
    found : sequence of n Detections
        Of each photo, in its pixels.
    detector : FaceDetector
    model : DetectorModel
        `doubt`: scores below it are in doubt; `again`: what the second look must give; `doubted`: the longer side, in pixels,
        of the smallest face that is looked at again, since smaller ones have too little to show.

    Raises
    ------
    SessionError
    """
    places = [
        (photo, row)
        for photo, faces in enumerate(found)
        for row, (box, score) in enumerate(zip(faces.boxes, faces.scores.tolist(), strict=True))
        if score < model.doubt and max(box[2:] - box[:2]) >= model.doubted
    ]
    doubtful: set[tuple[int, int]] = set()
    for low in range(0, len(places), TOGETHER):
        part = places[low : low + TOGETHER]
        pictures = np.stack([close_up(photos[photo], found[photo].boxes[row]) for photo, row in part])
        for (photo, row), seen in zip(part, await detector.detect(pictures, model.again), strict=True):
            if not len(seen) or overlaps(seen.boxes, expected(found[photo].boxes[row])).max() < SAME_FACE:
                doubtful.add((photo, row))
    return [
        faces[np.array([row for row in range(len(faces)) if (photo, row) not in doubtful], np.intp)]
        for photo, faces in enumerate(found)
    ]


def close_up(photo: NDArray[np.uint8], box: Floats) -> NDArray[np.uint8]:
    """A square picture around a box, uint8 (SIDE, SIDE, 3), black where there is no photo."""
    half = float(max(box[2:] - box[:2])) * SIZE / 2
    x, y = ((box[:2] + box[2:]) / 2).tolist()
    square = tuple(round(side) for side in (x - half, y - half, x + half, y + half))
    return np.asarray(Image.fromarray(photo).crop(square).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def expected(box: Floats) -> Floats:
    """Where a box lies in its `close_up`: (1, 4)."""
    sides = box[2:] - box[:2]
    half = sides / max(sides) * (SIDE / SIZE / 2)
    return np.concatenate([SIDE / 2 - half, SIDE / 2 + half])[None].astype(np.float32)
