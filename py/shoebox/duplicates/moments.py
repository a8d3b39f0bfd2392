"""When photos were taken, exactly enough to say which belong to one burst."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates.calibration import BURST_SECONDS, CLOCK_SECONDS, ZONE_STEP_SECONDS

# A moment and not only a day, from a clock that ran while the photo was taken.
_CLOCKS = frozenset({"camera", "name"})
_ZONE = re.compile(r"[+-]\d\d:\d\d$|Z$")


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """When some photos were taken.

    Attributes
    ----------
    wall : (n,) float64
        Seconds since 1970 on the clock on the wall, NaN where only a day is known, or nothing, or only when it was edited.
    offset : (n,) float64
        Seconds by which that clock is ahead of UTC, NaN where it is not known.
    by_camera : (n,) bool
        Whether the camera itself wrote the moment.
    """

    wall: NDArray[np.float64]
    offset: NDArray[np.float64]
    by_camera: NDArray[np.bool_]

    @classmethod
    def of(cls, facts: Iterable[bytes], taken: NDArray[np.float64]) -> Moments:
        """From the stored facts of photos and their column `taken` (milliseconds)."""
        count = len(taken)
        wall, offset = np.full(count, np.nan), np.full(count, np.nan)
        by_camera = np.zeros(count, bool)
        for row, (line, unknown) in enumerate(zip(facts, np.isnan(taken).tolist(), strict=True)):
            if unknown:
                continue
            try:
                # As text: of bytes json would first guess the encoding, which takes as long as reading them.
                said = json.loads(str(line, "utf-8"))
            except ValueError:
                continue
            text, source = said.get("taken"), said.get("takenFrom")
            if source not in _CLOCKS or not isinstance(text, str) or "T" not in text:
                continue
            wall[row] = taken[row] / 1000
            by_camera[row] = source == "camera"
            if _ZONE.search(text):
                ahead = datetime.fromisoformat(text).utcoffset()
                offset[row] = np.nan if ahead is None else ahead.total_seconds()
        return cls(wall, offset, by_camera)

    def apart(self, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.float64]:
        """Seconds between photos in pairs; NaN where a moment is not known.

        Where both zones are known the instants are compared, else the clocks on the wall.
        """
        wall = np.abs(self.wall[left] - self.wall[right])
        true = np.abs(self.wall[left] - self.offset[left] - self.wall[right] + self.offset[right])
        return np.asarray(np.where(np.isnan(true), wall, true))

    def two_exposures(self, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether a camera's own clock says of pairs that they are two photos, and not one that was copied."""
        seconds = self.apart(left, right)
        from_step = np.abs(seconds - np.round(seconds / ZONE_STEP_SECONDS) * ZONE_STEP_SECONDS)
        # Below a second only hundredths tell: a copy may have lost them.
        different = from_step >= CLOCK_SECONDS
        return np.asarray(different & self.by_camera[left] & self.by_camera[right])


def near_in_time(moments: Moments, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of photos that were taken within `BURST_SECONDS`, each with at most `most` of those that follow it.

    Returns
    -------
    left, right : (p,) rows
    """
    found: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for clock in (moments.wall, moments.wall - moments.offset):
        rows = np.flatnonzero(~np.isnan(clock))
        rows = rows[np.argsort(clock[rows], kind="stable")]
        for step in range(1, most + 1):
            left, right = rows[:-step], rows[step:]
            near = clock[right] - clock[left] <= BURST_SECONDS
            if not near.any():
                break
            left, right = left[near], right[near]
            close = moments.apart(left, right) <= BURST_SECONDS
            found.append((np.minimum(left, right)[close], np.maximum(left, right)[close]))
    if not found:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    pairs = np.unique(np.stack([np.concatenate(side) for side in zip(*found, strict=True)]), axis=1)
    return pairs[0], pairs[1]
