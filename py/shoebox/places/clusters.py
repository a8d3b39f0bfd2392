"""Photos on the map: put together where they would lie on top of each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# As on other maps in browsers: the world is 256 pixels wide at zoom 0, and doubles with each step. Mercator's projection
# ends where its square does.
WORLD_PIXELS = 256
NORTHMOST = math.degrees(math.atan(math.sinh(math.pi)))
# Photos nearer than this on the screen become one.
CLUSTER_PIXELS = 76.0


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Photos by clusters, the largest first.

    Attributes
    ----------
    x, y : (clusters,) float64
        The middle of the photos, from 0 to 1 over the map: from the date line and from the north.
    counts : (clusters,) intp
    covers : (clusters,) intp
        The best photo of each, the newest among equals.
    south, west, north, east : (clusters,) float64
        The box around the photos, in degrees.
    """

    x: Floats
    y: Floats
    counts: NDArray[np.intp]
    covers: NDArray[np.intp]
    south: Floats
    west: Floats
    north: Floats
    east: Floats


def project(latitudes: Floats, longitudes: Floats) -> tuple[Floats, Floats]:
    """Mercator's projection: x from 0 (west) to 1 (east), y from 0 (north) to 1 (south)."""
    north = np.radians(np.clip(latitudes, -NORTHMOST, NORTHMOST))
    return longitudes / 360 + 0.5, 0.5 - np.arcsinh(np.tan(north)) / (2 * np.pi)


def cluster(
    latitudes: Floats, longitudes: Floats, taken: Floats, zoom: float, worth: NDArray[np.float32] | None = None
) -> Clusters:
    """Put photos together that lie near each other at some zoom.

    Photos are first counted in the cells of a grid that is fixed to the map, so that moving it changes nothing. Then, the
    largest first, each cell takes in the cells around it whose photos have their middle within reach: what a line of the grid
    cut apart comes together again.

    Parameters
    ----------
    latitudes, longitudes : (photos,) float64
        In degrees, all finite.
    taken : (photos,) float64
        Milliseconds; NaN where unknown.
    zoom : float
        256 * 2 ** zoom pixels are the width of the world.
    worth : (photos,) float32, optional
        How good each photo is, as a cover; all are equal if left out.
    """
    x, y = project(latitudes, longitudes)
    reach = CLUSTER_PIXELS / (WORLD_PIXELS * 2.0**zoom)
    columns = math.ceil(1 / reach) + 2
    cells = np.floor(y / reach).astype(np.int64) * columns + np.floor(x / reach).astype(np.int64)
    keys, members, counts = np.unique(cells, return_inverse=True, return_counts=True)
    middle_x, middle_y = (np.bincount(members, each, len(keys)) / counts for each in (x, y))
    into = _merged(keys, columns, middle_x, middle_y, counts, reach)
    heads, members = np.unique(into[members], return_inverse=True)
    sizes = np.bincount(members, minlength=len(heads))
    by_size = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(heads), np.intp)
    rank[by_size] = np.arange(len(heads))
    members = rank[members]
    better = np.zeros(len(x)) if worth is None else -worth
    order = np.lexsort((-np.nan_to_num(taken, nan=-np.inf), better, members))
    first = np.searchsorted(members[order], np.arange(len(heads)))
    sizes = sizes[by_size]
    return Clusters(
        x=np.bincount(members, x, len(heads)) / sizes,
        y=np.bincount(members, y, len(heads)) / sizes,
        counts=sizes,
        covers=order[first],
        south=_of_each(np.minimum, latitudes[order], first),
        west=_of_each(np.minimum, longitudes[order], first),
        north=_of_each(np.maximum, latitudes[order], first),
        east=_of_each(np.maximum, longitudes[order], first),
    )


def _of_each(least: np.ufunc, values: Floats, first: NDArray[np.intp]) -> Floats:
    """The least or greatest value of each run that begins at `first`."""
    found: Floats = least.reduceat(values, first) if len(first) else np.zeros(0)
    return found


def _merged(
    keys: NDArray[np.int64], columns: int, x: Floats, y: Floats, counts: NDArray[np.intp], reach: float
) -> NDArray[np.intp]:
    """(cells,) intp: the cell that each goes into; a cell that takes in others goes into itself."""
    places = {key: place for place, key in enumerate(keys.tolist())}
    into = np.full(len(keys), -1, np.intp)
    around = [down * columns + right for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
    for place in np.argsort(-counts, kind="stable").tolist():
        if into[place] >= 0:
            continue
        into[place] = place
        for step in around:
            other = places.get(int(keys[place]) + step)
            if other is not None and into[other] < 0 and math.hypot(x[other] - x[place], y[other] - y[place]) < reach:
                into[other] = place
    return into
