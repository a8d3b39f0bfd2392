"""What the SSD detector's numbers mean: boxes that stand at every cell of six grids, moved and scaled.

Liu et al. 2016, in the form of TensorFlow's object detection API, from which face-api's detector comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shoebox.faces.boxes import Floats

# TensorFlow's box coder: offsets were divided by these in training.
CENTRE_SCALE, SIZE_SCALE = 10.0, 5.0
# Offsets of size beyond this are no face, and would overflow.
MOST_OFFSET = 20.0


def anchors(height: int, width: int, strides: Sequence[int], sizes: Sequence[tuple[tuple[float, float], ...]]) -> Floats:
    """The boxes before they are moved, in the order of the network's output.

    Parameters
    ----------
    height, width : int
        Of the input.
    strides : sequence of int
        Width of a cell of each grid, in pixels of the input.
    sizes : sequence of tuples of (height, width)
        The boxes at each cell of each grid, in pixels of the input.

    Returns
    -------
    (boxes, 4) float32
        Centre (y, x), height and width.
    """
    return _anchors(height, width, tuple(strides), tuple(tuple((float(h), float(w)) for h, w in level) for level in sizes))


def decode(offsets: Floats, standing: Floats) -> Floats:
    """Boxes from offsets.

    Parameters
    ----------
    offsets : (n, 4) float32
        Of centre (y, x), height and width, as the network gives them.
    standing : (n, 4) float32
        The anchors that they belong to.

    Returns
    -------
    (n, 4) float32
        Left, top, right, bottom.
    """
    centres = offsets[:, :2] / CENTRE_SCALE * standing[:, 2:] + standing[:, :2]
    halves = np.exp(np.clip(offsets[:, 2:], -MOST_OFFSET, MOST_OFFSET) / SIZE_SCALE) * standing[:, 2:] / 2
    return np.concatenate([(centres - halves)[:, ::-1], (centres + halves)[:, ::-1]], axis=1).astype(np.float32)


@lru_cache(maxsize=16)
def _anchors(
    height: int, width: int, strides: tuple[int, ...], sizes: tuple[tuple[tuple[float, float], ...], ...]
) -> NDArray[np.float32]:
    levels = []
    for stride, level in zip(strides, sizes, strict=True):
        rows, columns = -(-height // stride), -(-width // stride)
        y, x = np.meshgrid(np.arange(rows) + 0.5, np.arange(columns) + 0.5, indexing="ij")
        # A grid divides the input evenly, also where its cells do not fit a whole number of times.
        centres = np.stack([y * (height / rows), x * (width / columns)], axis=-1)
        cells = np.empty((rows, columns, len(level), 4), np.float32)
        cells[..., :2] = centres[:, :, None]
        cells[..., 2:] = level
        levels.append(cells.reshape(-1, 4))
    made = np.concatenate(levels)
    made.flags.writeable = False
    return made
