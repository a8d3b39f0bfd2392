"""The outlines of countries as the map draws them: projected, rounded and packed.

Little endian::

    0    uint32             arcs
    4    uint32             rings
    8    uint32             arcs in rings, all together
    12   uint32             bits of the grid: the square of Mercator's projection is 2 ** bits wide
    16   uint32[arcs]       points of each arc
    ..   uint32[rings]      arcs of each ring
    ..   int32[in rings]    the arcs of the rings; ~n is arc n backwards
    ..   int32[arcs, 2]     where each arc begins: from the west and from the north
    ..   int16[points, 2]   steps from point to point; the first of each arc is 0, 0
    ..   uint8[arcs]        1 where two countries meet, 0 where land meets the sea, 2 where the map ends: not to be drawn

Rings overlap no others, and holes are rings of other countries or water, so that all can be filled by the even-odd rule. Some
reach beyond the edge of the map, and are there a second time on its other side.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from shoebox.places.clusters import project
from tooling.atlas import Atlas

# 76 m at the equator: finer than Natural Earth is.
FINE_BITS = 19
# One pixel where the map is 16,000 pixels wide; from then on the fine outlines are drawn.
COARSE_BITS = 14
UNSEEN = 2
_LONGEST_STEP = 2**15 - 1


def pack_outlines(atlas: Atlas, bits: int) -> bytes:
    """Pack an atlas on a grid of `2 ** bits` steps; points that fall together become one."""
    arcs = [_steps(on_grid(arc, bits)) for arc in atlas.arcs]
    rings = [ring for country in atlas.countries for polygon in country.polygons for ring in polygon]
    members = np.array([arc for ring in rings for arc in ring], "<i4")
    used = np.bincount(np.where(members < 0, ~members, members), minlength=len(arcs))
    starts = np.array([on_grid(arc[:1], bits)[0] for arc in atlas.arcs], "<i4")
    columns: list[NDArray[np.generic]] = [
        np.array([len(steps) for steps in arcs], "<u4"),
        np.array([len(ring) for ring in rings], "<u4"),
        members,
        starts,
        np.concatenate(arcs).astype("<i2"),
        np.where([number in atlas.unseen for number in range(len(arcs))], UNSEEN, used > 1).astype("u1"),
    ]
    head = struct.pack("<4I", len(arcs), len(rings), len(members), bits)
    return head + b"".join(column.tobytes() for column in columns)


def on_grid(points: NDArray[np.float64], bits: int) -> NDArray[np.int64]:
    """Longitudes and latitudes in degrees, (points, 2), as whole steps from the west and from the north."""
    x, y = project(points[:, 1], points[:, 0])
    grid: NDArray[np.int64] = np.round(np.stack([x, y], axis=1) * 2**bits).astype(np.int64)
    return grid


def _steps(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Steps from point to point, the first one zero; long ones in parts, and none that leads nowhere."""
    steps = np.diff(points, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    parts = np.maximum(1, -(-np.abs(steps).max(axis=1, initial=0) // _LONGEST_STEP))
    if np.any(parts > 1):
        ends = np.concatenate([[[0, 0]], np.cumsum(steps, axis=0)])
        cut = [
            np.round(ends[place] + (ends[place + 1] - ends[place]) * np.arange(1, count + 1)[:, None] / count)
            for place, count in enumerate(parts.tolist())
        ]
        steps = np.diff(np.concatenate([[[0, 0]], *cut]), axis=0).astype(np.int64)
    return np.concatenate([np.zeros((1, 2), np.int64), steps])
