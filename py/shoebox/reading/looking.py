"""How closely to look for text, so that the many photos without any cost little.

Every photo is looked at once, small. Where that shows anything like text it is looked at again in detail, since a sign rarely
stands alone, and the lines of a page that is seen small run into each other. Large letters are seen best in the small picture,
small ones in the large one. Long panoramas and scrolled screenshots are looked at in windows, since shrunk as a whole they
would lose everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.faces.looking import windows
from shoebox.reading.rectangles import Floats, Rectangles

# The detector halves its picture five times.
GRAIN = 32
# A photo with a shorter side than this holds no line that could be read.
LEAST_SIDE = 16
# Small photos are enlarged at most so much.
MOST_ENLARGED = 2.0
# The second look must show at least so much more.
WORTHWHILE = 1.3
# A picture of 1,600 x 640, with which a lane needs half a gigabyte; with 1,600 x 960 it were a fifth more.
MOST_PIXELS = 1_024_000
# Bands of one photo share this many pixels, so that no small line is cut in both; larger ones are seen in the first look.
SHARED = 64
# Of two rectangles one is left out if so much of it lies in the other; so many places along and across are looked at.
SAME = 0.4
SAMPLES = (7, 3)
# Letters that high are seen as well in the first look as in the second, or better. Pixels of the picture.
LARGE = 26.0
# Of two that show the same the surer is kept; so much surer counts what is large in the first look, and what was seen in
# detail.
LARGE_TRUSTED, DETAIL_TRUSTED = 0.3, 0.1
# Pillow first averages whole pixels down to so many times the size: twice as fast, and no eye tells them apart.
_ROUGHLY = 2.0
# Lines that are read in one photo, the highest first.
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class View:
    """A part of a photo, at a size: `left`, `top`, `right`, `bottom` in its pixels, and the size of the picture made of it."""

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

    def picture(self, photo: Image.Image) -> NDArray[np.uint8]:
        """The picture, black at the right and the bottom where it is filled up to a multiple of `GRAIN`."""
        made = np.zeros((-(-self.height // GRAIN) * GRAIN, -(-self.width // GRAIN) * GRAIN, 3), np.uint8)
        box = (self.left, self.top, self.right, self.bottom)
        shrunk = photo.resize((self.width, self.height), Image.Resampling.BILINEAR, box, _ROUGHLY)
        made[: self.height, : self.width] = np.asarray(shrunk)
        return made


def first_views(width: int, height: int, side: int) -> list[View]:
    """Views that together show all of a photo at that long side; none where nothing could be read."""
    if min(width, height) < LEAST_SIDE:
        return []
    return [_view(*window, min(side / max(window[2] - window[0], window[3] - window[1]), MOST_ENLARGED))
            for window in windows(height, width)]  # fmt: skip


def second_view(view: View, side: int) -> list[View]:
    """The same part of a photo in detail, at a longer long side, in bands across; none where that shows nothing new."""
    width, height = view.right - view.left, view.bottom - view.top
    scale = min(side / max(width, height), 1.0)
    if scale * view.scale < WORTHWHILE:
        return []
    rows = max(GRAIN + SHARED, int(MOST_PIXELS / (width * scale)))
    count = max(1, -(-(int(height * scale) - SHARED) // (rows - SHARED)))
    length = min(height, -(-(height + int((count - 1) * SHARED / scale)) // count))
    starts = np.linspace(0, height - length, count).round().astype(int).tolist()
    return [_view(view.left, view.top + top, view.right, view.top + top + length, scale) for top in starts]


def merged(first: Sequence[tuple[View, Rectangles]], second: Sequence[tuple[View, Rectangles]]) -> Rectangles:
    """One list out of the views of a photo, in its pixels, without those that show the same."""
    seen: list[Rectangles] = []
    trust: list[Floats] = [np.zeros(0, np.float32)]
    for view, found in first:
        seen.append(found.moved(view.scale, view.left, view.top))
        trust.append(found.scores + np.where(found.sizes.min(axis=1) >= LARGE, np.float32(LARGE_TRUSTED), np.float32(0)))
    for view, found in second:
        seen.append(found.moved(view.scale, view.left, view.top))
        trust.append(found.scores + np.float32(DETAIL_TRUSTED))
    return apart(Rectangles.joined(seen)[np.argsort(-np.concatenate(trust), kind="stable")])


def apart(found: Rectangles) -> Rectangles:
    """Without those that show the same as one before them: that lie in it for a good part, or in which that lies."""
    points = found.spread(SAMPLES)
    held = found.holding(points.reshape(-1, 2))
    inside = held.reshape(len(found), *points.shape[:2]).mean(axis=2)
    same = np.maximum(inside, inside.T) >= SAME
    kept: list[int] = []
    for place in range(len(found)):
        if not same[place, kept].any():
            kept.append(place)
    return found[np.array(kept, np.intp)]


def _view(left: int, top: int, right: int, bottom: int, scale: float) -> View:
    width, height = (max(1, round(length * scale)) for length in (right - left, bottom - top))
    return View(left, top, right, bottom, width, height)
