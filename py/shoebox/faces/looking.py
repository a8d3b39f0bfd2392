"""Where and how closely to look for faces in a photo, so that most photos cost little and small faces are found all the same.

Detectors see faces of a certain range of sizes well. A photo is looked at whole, at a few sizes (a face that fills the frame
is found in a small picture, one in a group in a larger). Where something small was glimpsed that is not surely a face, and the
photo holds more detail than was seen, the detector looks again at that part alone, in full detail. Long panoramas are cut into
windows first, since shrunk as a whole they would lose everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.faces.boxes import Floats, suppress
from shoebox.faces.detectors import GRAIN, Detections, FaceDetector
from shoebox.faces.doubts import believed
from shoebox.faces.pack import DetectorModel

# A photo more than this many times as long as it is wide is looked at in windows of that shape.
LONGEST_SHAPE = 2.5
# Small photos are enlarged at most so much: beyond, there is nothing more to see.
MOST_ENLARGED = 2.5
# A photo with a shorter side than this holds no face that could be described.
LEAST_SIDE = 12
# What is smaller than this many pixels of the picture, on its longer side, is worth a closer look: measured on the default
# detector, faces of 10 px get scores of 0.1 to 0.9 and faces of 16 px are found in 99 of 100 cases.
SMALL = 20
# A closer look must show at least so much more.
WORTHWHILE = 1.4
# How much a closer look enlarges the photo: the default detector is surer of 36 px than of 24.
ENLARGED = 1.5
# Neighbouring closer looks share this part of their side, so that no small face is cut in both.
SHARED = 0.25
# Most closer looks at one photo: half of a crowd that fills a picture of 1,280 x 960 with faces too small to be sure of.
MOST_LOOKS = 40
# Pictures of one size that go through the detector together.
TOGETHER = 4
# Finding the same face in two looks: less overlap than within one look, and a part of a face belongs to the whole.
SAME_FACE, PART_OF_FACE = 0.35, 0.75
# No photo is believed to have more faces.
MOST_FACES = 500


@dataclass(frozen=True, slots=True)
class View:
    """A part of a photo, at a size.

    Attributes
    ----------
    photo : int
    left, top, right, bottom : int
        The part, in pixels of the photo.
    width, height : int
        Of the picture made of it, before it is filled up to a multiple of `GRAIN`.
    """

    photo: int
    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels of the photo for one of the picture."""
        return (self.right - self.left) / self.width

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the picture, filled up."""
        return -(-self.height // GRAIN) * GRAIN, -(-self.width // GRAIN) * GRAIN

    def picture(self, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture, black where it is filled up."""
        part = photo[self.top : self.bottom, self.left : self.right]
        made = np.zeros((*self.shape, 3), np.uint8)
        if part.shape[:2] != (self.height, self.width):
            part = np.asarray(Image.fromarray(part).resize((self.width, self.height), Image.Resampling.BILINEAR))
        made[: self.height, : self.width] = part
        return made


async def find_faces(photos: Sequence[NDArray[np.uint8]], detector: FaceDetector, model: DetectorModel) -> list[Detections]:
    """The faces of photos.

    Parameters
    ----------
    photos : sequence of uint8 (height, width, 3)
        Upright, of any size.
    detector : FaceDetector
    model : DetectorModel
        How it is to be used.

    Returns
    -------
    list of Detections
        For each photo, in its pixels; boxes are cut at its border, best first.

    Raises
    ------
    SessionError
    """
    views = [view for place, photo in enumerate(photos) for view in whole_views(place, photo.shape, model.sides)]
    least = min(model.glimpse, model.sure) if model.closer else model.sure
    seen = await _look(photos, views, detector, least)
    if model.closer:
        close = [
            view
            for place, photo in enumerate(photos)
            for view in closer_views(place, photo.shape, [(v, d) for v, d in seen if v.photo == place], model)
        ]
        seen += await _look(photos, close, detector, model.sure)
    found = [
        merge([(v, d) for v, d in seen if v.photo == place], photo.shape, model.sure) for place, photo in enumerate(photos)
    ]
    return await believed(photos, found, detector, model)


def whole_views(photo: int, shape: tuple[int, ...], sides: Sequence[int]) -> list[View]:
    """Views that together show all of a photo (height, width), at each of some long sides; none where no face has room."""
    height, width = shape[:2]
    if min(height, width) < LEAST_SIDE:
        return []
    views = []
    for left, top, right, bottom in windows(height, width):
        longer = max(right - left, bottom - top)
        # Two long sides beyond the enlargement that is worth it would show the same.
        for side in sorted({min(side, int(longer * MOST_ENLARGED)) for side in sides}):
            scale = side / longer
            width_seen, height_seen = (max(1, round(length * scale)) for length in (right - left, bottom - top))
            views.append(View(photo, left, top, right, bottom, width_seen, height_seen))
    return views


def windows(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """A photo as overlapping parts (left, top, right, bottom) of which none is much longer than wide; one where it is not."""
    shorter, longer = min(height, width), max(height, width)
    if longer <= shorter * LONGEST_SHAPE:
        return [(0, 0, width, height)]
    length = int(shorter * LONGEST_SHAPE)
    # Windows share at least the shorter side: no face is larger than that.
    count = 1 + -(-(longer - length) // max(1, length - shorter))
    starts = np.linspace(0, longer - length, count).round().astype(int)
    if width >= height:
        return [(int(start), 0, int(start) + length, height) for start in starts]
    return [(0, int(start), width, int(start) + length) for start in starts]


def closer_views(
    photo: int, shape: tuple[int, ...], seen: Sequence[tuple[View, Detections]], model: DetectorModel
) -> list[View]:
    """Squares of a photo, enlarged, around what was small and not surely seen as a face in its most detailed views."""
    if not seen:
        return []
    finest = min(view.scale for view, _ in seen)
    if finest < WORTHWHILE:
        return []
    glimpsed = []
    for view, found in seen:
        if view.scale <= finest * WORTHWHILE:
            sides = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1, initial=0)
            unsure = (sides < SMALL) & (found.scores >= model.glimpse) & (found.scores < model.sure)
            glimpsed.append(found[unsure].moved(view.scale, view.left, view.top).boxes)
    return squares_over(photo, shape, np.concatenate(glimpsed), int(model.closer / ENLARGED))


def squares_over(photo: int, shape: tuple[int, ...], boxes: Floats, side: int) -> list[View]:
    """Few squares of a side, on a grid of overlapping ones, that hold all boxes; the fullest first, at most `MOST_LOOKS`."""
    if not len(boxes):
        return []
    height, width = shape[:2]
    boxes = np.clip(boxes, 0, np.array([width, height, width, height], np.float32))
    step = int(side * (1 - SHARED))
    lefts, tops = _starts(width, side, step), _starts(height, side, step)
    grid = np.array([(left, top) for top in tops for left in lefts], np.float32)
    middles = np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, np.float32)
    inside = _within(boxes[:, :2], grid, side) & _within(boxes[:, 2:], grid, side)
    # What is too large to lie in the part that two squares share lies in none: then its middle decides.
    inside |= _within(middles, grid, side) & ~inside.any(axis=0)
    chosen: list[View] = []
    waiting = np.ones(len(boxes), bool)
    while waiting.any() and len(chosen) < MOST_LOOKS:
        best = int((inside & waiting).sum(axis=1).argmax())
        waiting &= ~inside[best]
        left, top = (int(start) for start in grid[best])
        right, bottom = min(left + side, width), min(top + side, height)
        width_seen, height_seen = (round(length * ENLARGED) for length in (right - left, bottom - top))
        chosen.append(View(photo, left, top, right, bottom, width_seen, height_seen))
    return chosen


def merge(seen: Sequence[tuple[View, Detections]], shape: tuple[int, ...], sure: float) -> Detections:
    """One list of faces out of several views of a photo (height, width)."""
    height, width = shape[:2]
    moved = [found[found.scores >= sure].moved(view.scale, view.left, view.top) for view, found in seen]
    moved = [found for found in moved if len(found)]
    if not moved:
        return Detections.none()
    boxes = np.concatenate([found.boxes for found in moved])
    scores = np.concatenate([found.scores for found in moved])
    points = None
    if all(found.points is not None for found in moved):
        points = np.concatenate([found.points for found in moved if found.points is not None])
    border = np.array([width, height, width, height], np.float32)
    everything = Detections(np.clip(boxes, 0, border), scores, points)
    sides = everything.boxes[:, 2:] - everything.boxes[:, :2]
    everything = everything[np.flatnonzero((sides >= 2).all(axis=1))]
    return everything[suppress(everything.boxes, everything.scores, SAME_FACE, PART_OF_FACE)[:MOST_FACES]]


async def _look(
    photos: Sequence[NDArray[np.uint8]], views: Sequence[View], detector: FaceDetector, least: float
) -> list[tuple[View, Detections]]:
    """Views of one shape go through the detector together."""
    seen: list[tuple[View, Detections]] = []
    shapes: dict[tuple[int, int], list[View]] = {}
    for view in views:
        shapes.setdefault(view.shape, []).append(view)
    for alike in shapes.values():
        for low in range(0, len(alike), TOGETHER):
            part = alike[low : low + TOGETHER]
            pictures = np.stack([view.picture(photos[view.photo]) for view in part])
            seen += zip(part, await detector.detect(pictures, least), strict=True)
    return seen


def _within(points: Floats, corners: Floats, side: int) -> NDArray[np.bool_]:
    """Which points (n, 2) lie in which squares, given by their corners (m, 2): (m, n) bool."""
    away = points - corners[:, None]
    return np.asarray(((away >= 0) & (away <= side)).all(axis=2))


def _starts(length: int, side: int, step: int) -> list[int]:
    """Where squares begin along one side of a photo: even steps, the last one flush with the end."""
    if length <= side:
        return [0]
    count = 1 + -(-(length - side) // step)
    return [int(start) for start in np.linspace(0, length - side, count).round()]
