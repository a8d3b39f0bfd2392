"""What a photo looks like, measured on its pixels: how sharp, how well exposed, and where a square is best cut.

Measured once, while a photo is indexed and its pixels (about 512 px on the long side) are at hand; `store.rows` keeps three
bytes a photo. Methods are described and measured in docs/curation.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: The highest byte of a measure; 0 to 1 is stored as 0 to this.
FULL: Final = 254

Floats = NDArray[np.float32]

# Shares of red, green and blue in how light a colour is (ITU-R BT.601), of 256.
_LUMA: Final = np.array([77, 150, 29], np.uint16)

# Sharpness is judged on a grid of patches at full detail: enough of them that a subject fills one, few enough to take half a
# millisecond.
_GRID: Final = 5
_PATCH: Final = 48
# A patch with less contrast between neighbours than this (mean absolute gradient, of 255) is sky, wall or night: no detail to
# judge.
_FLAT: Final = 2.0
# The share of the patches with detail that may be out of focus behind or before the subject.
_SUBJECT: Final = 0.75
# Mean second difference of neighbours over mean first difference, absolute, in the patches that count and in the direction in
# which it is less. Of 104 photos of some 40 cameras, 512 px long, nineteen in twenty lie above 0.96 as they are; the median is
# 1.37, blurred by a Gaussian of 1 px 0.81, by 1.5 px 0.56, by 2 px 0.44, and shaken sideways by 9 px 0.66.
_BLURRED: Final = 0.45
_SHARP: Final = 1.0

# Exposure is judged on about so many pixels, evenly spread.
_SAMPLE: Final = 3000
# Shares of pixels that have lost all detail in the dark and in the light, beyond which a photo counts for nothing.
_BLACK: Final = 8
_WHITE: Final = 250
_LOST: Final = 0.5
# Range between the darkest and lightest twentieth, of 255: fog and flat scans below the first, ordinary photos above the
# second.
_DULL: Final = 40.0
_RICH: Final = 130.0

# Saliency works on a picture of this height and width at most.
_SMALL: Final = 48


def measure(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The looks of a photo.

    Parameters
    ----------
    pixels : (height, width, 3) uint8
        sRGB, upright.

    Returns
    -------
    (3,) uint8
        Sharpness and exposure, 0 to `FULL`; and where on the long side the square that matters begins: 0 at the left or top,
        `FULL` as far to the right or bottom as it goes.
    """
    found = sharpness(pixels), exposure(pixels), window(pixels)
    return np.asarray(np.rint(np.clip(found, 0, 1) * FULL), np.uint8)


def sharpness(pixels: NDArray[np.uint8]) -> float:
    """How sharp the sharpest parts of a photo are, 0 to 1; 0.5 where there is no detail to judge by.

    Parameters
    ----------
    pixels : (height, width, 3) uint8
    """
    if min(pixels.shape[:2]) < 3:
        return 0.5
    # Green is sharpest in every camera: its sensor has twice as many green points.
    patches = _patches(pixels[..., 1])
    # A camera that moved blurs in one direction only.
    found = [_quantile(ratios, _SUBJECT) for axis in (1, 2) if len(ratios := _fineness(patches, axis))]
    return float(np.clip((min(found) - _BLURRED) / (_SHARP - _BLURRED), 0, 1)) if found else 0.5


def _patches(plane: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Patches of one size, evenly spread over the plane, as (n, side, side)."""
    height, width = plane.shape
    side_y, side_x = min(_PATCH, height), min(_PATCH, width)
    rows = np.linspace(0, height - side_y, min(_GRID, height // side_y), dtype=int).tolist()
    columns = np.linspace(0, width - side_x, min(_GRID, width // side_x), dtype=int).tolist()
    return np.stack([plane[y : y + side_y, x : x + side_x] for y in rows for x in columns]).astype(np.int16)


def _fineness(patches: NDArray[np.int16], axis: int) -> Floats:
    """How much of the detail along an axis is as fine as pixels, of the patches that have detail there."""
    steps = np.diff(patches, axis=axis)
    bends = np.diff(steps, axis=axis)
    gradient = np.abs(steps).mean(axis=(1, 2), dtype=np.float32)
    detailed = gradient >= _FLAT
    return np.asarray(np.abs(bends).mean(axis=(1, 2), dtype=np.float32)[detailed] / gradient[detailed], np.float32)


def _quantile(values: Floats, share: float) -> float:
    """As `np.quantile` of a few values, whose own overhead is half a millisecond in a browser."""
    ordered = np.sort(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def exposure(pixels: NDArray[np.uint8]) -> float:
    """How well a photo is exposed, 0 to 1: little lost in black and white, and a range of tones between.

    Parameters
    ----------
    pixels : (height, width, 3) uint8
    """
    step = max(1, int(np.sqrt(pixels.shape[0] * pixels.shape[1] / _SAMPLE)))
    light = (pixels[::step, ::step].astype(np.uint16) @ _LUMA) >> 8
    # How many are no lighter than each of the 256 tones.
    below = np.cumsum(np.bincount(light.ravel(), minlength=256))
    count = int(below[-1])
    lost = (int(below[_BLACK - 1]) + count - int(below[_WHITE])) / count
    low, high = (int(np.searchsorted(below, share * count)) for share in (0.05, 0.95))
    kept = 1 - min(1.0, lost / _LOST)
    rich = np.clip((high - low - _DULL) / (_RICH - _DULL), 0, 1)
    return float(np.sqrt(kept * rich))


def window(pixels: NDArray[np.uint8]) -> float:
    """Where along the long side the square with most of what catches the eye begins, 0 to 1; 0.5 for the middle.

    Parameters
    ----------
    pixels : (height, width, 3) uint8
    """
    small = _shrunk(pixels)
    height, width, _ = small.shape
    if height == width:
        return 0.5
    along = saliency(small).sum(axis=0 if width > height else 1)
    side, spare = min(height, width), abs(width - height)
    sums = np.convolve(along, np.ones(side, np.float32), "valid")
    # What is in the middle of a photo was meant; a square elsewhere must hold clearly more.
    middle = 1 - 0.15 * np.abs(np.linspace(-1, 1, spare + 1))
    return float(np.argmax(sums * middle) / spare)


def saliency(small: Floats) -> Floats:
    """How much each pixel catches the eye: how far its colour is from the picture's own, and how much is going on there.

    The first half is frequency-tuned saliency (Achanta et al., CVPR 2009), in opponent colours instead of Lab.

    Parameters
    ----------
    small : (height, width, 3) float32
        RGB, 0 to 255, small.

    Returns
    -------
    (height, width) float32, never below 0.
    """
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    opponents = np.stack([(red + green + blue) / 3, red - green, (red + green) / 2 - blue], axis=-1)
    far = np.linalg.norm(opponents - opponents.mean(axis=(0, 1)), axis=-1)
    light = opponents[..., 0]
    busy = np.zeros_like(light)
    busy[:, 1:] += np.abs(np.diff(light, axis=1))
    busy[1:] += np.abs(np.diff(light, axis=0))
    return np.asarray(far / max(1e-6, float(far.mean())) + busy / max(1e-6, float(busy.mean())), np.float32)


def _shrunk(pixels: NDArray[np.uint8]) -> Floats:
    """The mean colours of square cells, about `_SMALL` along the long side, as (rows, columns, 3) float32."""
    cell = -(-max(pixels.shape[:2]) // _SMALL)
    return np.asarray(Image.fromarray(pixels).reduce(cell), np.float32)
