"""Lines of text cut out of a photo and made level, as high as the recogniser wants them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.reading.rectangles import Floats, Rectangles

# Text so much higher than wide is not a short word but a line that runs down or up (PaddleOCR's `get_rotate_crop_image`).
UPRIGHT = 1.5
# Beyond, a line is squeezed: forty times as long as it is high holds a hundred letters.
LONGEST = 40.0
# Grey, which the networks of PaddleOCR are given where there is nothing: 0 on their scale from -1 to 1.
NOTHING = 127


def level(photo: Image.Image, place: Rectangles, height: int) -> list[NDArray[np.uint8]]:
    """One line, as pictures of that height.

    Parameters
    ----------
    photo : Image
        RGB.
    place : Rectangles
        One only, in pixels of the photo.
    height : int
        Of the pictures.

    Returns
    -------
    list of uint8 (height, width, 3)
        One; or two, of a line that runs down or up: who knows which.
    """
    corners = place.corners()[0]
    width, across = (float(side) for side in place.sizes[0])
    if across < UPRIGHT * width:
        return [_cut(photo, corners, width, across, height)]
    return [_cut(photo, np.roll(corners, turn, axis=0), across, width, height) for turn in (1, -1)]


def padded(lines: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Lines of one height as a batch, filled up on the right."""
    widest = max(line.shape[1] for line in lines)
    batch = np.full((len(lines), lines[0].shape[0], widest, 3), NOTHING, np.uint8)
    for row, line in zip(batch, lines, strict=True):
        row[:, : line.shape[1]] = line
    return batch


def _cut(photo: Image.Image, corners: Floats, along: float, across: float, height: int) -> NDArray[np.uint8]:
    """What lies between four corners, from the top left clockwise, as the text stands."""
    along, across = max(along, 1.0), max(across, 1.0)
    width = max(height // 4, math.ceil(height * min(along / across, LONGEST)))
    # Pixels that are passed over would only make noise: large letters are averaged down to twice the height first.
    times = max(1, int(across / (2 * height)))
    low, high = corners.min(axis=0), corners.max(axis=0)
    left, top = (max(0, math.floor(edge) - times) for edge in low.tolist())
    right = min(photo.width, math.ceil(float(high[0])) + times)
    bottom = min(photo.height, math.ceil(float(high[1])) + times)
    if right <= left or bottom <= top:
        return np.full((height, width, 3), NOTHING, np.uint8)
    part = photo.reduce(times, (left, top, right, bottom)) if times > 1 else photo.crop((left, top, right, bottom))
    origin = (corners[0] - (left, top)) / times
    right_by = (corners[1] - corners[0]) / times / width
    down_by = (corners[3] - corners[0]) / times / height
    # Pillow asks, for the middle of each pixel of the result, where it comes from.
    matrix = (right_by[0], down_by[0], origin[0], right_by[1], down_by[1], origin[1])
    made = part.transform(
        (width, height),
        Image.Transform.AFFINE,
        tuple(float(number) for number in matrix),
        Image.Resampling.BICUBIC,
        fillcolor=(NOTHING,) * 3,
    )
    return np.asarray(made)
