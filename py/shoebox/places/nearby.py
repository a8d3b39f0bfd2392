"""Which points lie near which others, on the globe."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shoebox.search.filters import EARTH_RADIUS_KM

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# So many pairs are looked at in one go: some ten columns of 8 bytes each stay below 100 MB.
_PAIRS_AT_ONCE = 1_000_000
_KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180
# Longitudes are below 540 after those beyond the date line have been repeated, so rows cannot mix.
_ROW = 2000.0


class Nearby:
    """Points that can be asked who is near.

    They lie in rows of equal height, sorted by longitude in each; for a question, two or three rows are cut out with a window
    of longitudes. So a question costs two binary searches a row and no more than the points in the windows.

    Parameters
    ----------
    latitudes, longitudes : (count,) float64
        In degrees.
    """

    def __init__(self, latitudes: Floats, longitudes: Floats) -> None:
        self._latitudes, self._longitudes = latitudes, longitudes
        self._vectors = unit_vectors(latitudes, longitudes)
        self._rows: dict[float, tuple[Floats, Places]] = {}

    def __len__(self) -> int:
        return len(self._latitudes)

    def pairs(self, latitudes: Floats, longitudes: Floats, kilometres: float) -> Iterator[tuple[Places, Places, Floats]]:
        """All pairs of a question and a point that are at most so far from each other.

        Parameters
        ----------
        latitudes, longitudes : (questions,) float64
            In degrees.
        kilometres : float

        Yields
        ------
        questions, points : (pairs,) intp
            All pairs of one question come together, questions in order.
        distances : (pairs,) float64
            In kilometres along great circles.
        """
        if not len(self) or not len(latitudes):
            return
        height = max(kilometres / _KM_PER_DEGREE, 1e-6)
        keys, order = self._sorted(height)
        half = _half_window(latitudes, height)
        row = np.floor((latitudes + 90) / height)
        # (questions, 3): where the window begins and ends in the rows below, of, and above the question.
        starts = np.empty((len(row), 3), np.intp)
        ends = np.empty_like(starts)
        for place, step in enumerate((-1, 0, 1)):
            starts[:, place] = np.searchsorted(keys, (row + step) * _ROW + (longitudes - half), "left")
            ends[:, place] = np.searchsorted(keys, (row + step) * _ROW + (longitudes + half), "right")
        sizes = np.maximum(ends - starts, 0)
        vectors = unit_vectors(latitudes, longitudes)
        for first, last in _portions(sizes.sum(axis=1)):
            part = sizes[first:last].ravel()
            ends_of = np.cumsum(part)
            within = np.arange(int(ends_of[-1]) if len(ends_of) else 0) - np.repeat(ends_of - part, part)
            points = order[np.repeat(starts[first:last].ravel(), part) + within]
            questions = np.repeat(np.repeat(np.arange(first, last), 3), part)
            chords = np.zeros(len(points))
            for axis in range(3):
                chords += (vectors[axis][questions] - self._vectors[axis][points]) ** 2
            far = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chords) / 2, 1.0))
            near = np.flatnonzero(far <= kilometres)
            if np.any(half[first:last] == 180):
                # A window all around a pole ends where it began: what lies just there was found twice.
                _, once = np.unique(questions[near] * len(self) + points[near], return_index=True)
                near = near[once]
            yield questions[near], points[near], far[near]

    def _sorted(self, height: float) -> tuple[Floats, Places]:
        """Row and longitude of each point as one number, sorted, and the points in that order; kept for each height."""
        if height not in self._rows:
            rows = np.floor((self._latitudes + 90) / height)
            points = np.arange(len(self))
            # A window may reach over the date line: of the points near it there are copies on the other side.
            reach = _half_window(np.minimum(np.abs(self._latitudes) + 2 * height, 90.0), height)
            east, west = self._longitudes >= 180 - reach, self._longitudes <= reach - 180
            longitudes = np.concatenate([self._longitudes, self._longitudes[east] - 360, self._longitudes[west] + 360])
            keys = np.concatenate([rows, rows[east], rows[west]]) * _ROW + longitudes
            order = np.argsort(keys, kind="stable")
            self._rows[height] = keys[order], np.concatenate([points, points[east], points[west]])[order]
        return self._rows[height]


def unit_vectors(latitudes: Floats, longitudes: Floats) -> tuple[Floats, Floats, Floats]:
    """Points on the globe as vectors of length one: x, y, z."""
    north, east = np.radians(latitudes), np.radians(longitudes)
    return np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)


def _half_window(latitudes: Floats, height: float) -> Floats:
    """Degrees of longitude that a circle of `height` degrees around a point reaches to either side; 180 around a pole."""
    ratio = np.sin(np.radians(min(height, 90.0))) / np.maximum(np.cos(np.radians(latitudes)), 1e-12)
    polar = (np.abs(latitudes) + height >= 90) | (ratio >= 1)
    # A little more, so that rounding loses nobody at the edge.
    window = np.degrees(np.arcsin(np.minimum(ratio, 1.0))) * (1 + 1e-9) + 1e-9
    return np.where(polar, 180.0, window)


def _portions(sizes: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Cut questions into runs that have about `_PAIRS_AT_ONCE` pairs each, every question whole."""
    total = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(total[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(total, before + _PAIRS_AT_ONCE, "right")))
        yield first, last
        first = last
