"""What the fields of a query let through: conditions on the columns of the library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.store.rows import NONE, SCREENSHOT

EARTH_RADIUS_KM = 6371.0088


class Filter(Protocol):
    """One condition."""

    @property
    def said(self) -> str:
        """The condition in words that follow "photos"."""
        ...

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """(count,) bool: the rows that it lets through, whether they are there or not."""
        ...


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition. Photos of which nothing is known meet it."""

    condition: Filter

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"not {self.condition.said}"

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through."""
        return ~self.condition.mask(library)


@dataclass(frozen=True, slots=True)
class Taken:
    """Taken from `start` up to but without `end`: the clock at the place, milliseconds since 1970, infinite where open."""

    start: float
    end: float
    said: str

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through; photos without a time meet no such condition."""
        taken = library.table["taken"]
        mask: NDArray[np.bool_] = (taken >= self.start) & (taken < self.end)
        return mask


@dataclass(frozen=True, slots=True)
class Camera:
    """Taken by a camera whose name has these words in it, in this order, whatever their case."""

    words: str

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"by the camera “{self.words}”"

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through."""
        table = library.table
        return _lookup(table["camera"], [self.words.lower() in name.lower() for name in table.cameras.words])


@dataclass(frozen=True, slots=True)
class FormatIs:
    """Of one of these formats, as `formats` names them."""

    names: tuple[str, ...]
    said: str

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through."""
        table = library.table
        return _lookup(table["format"], [name in self.names for name in table.formats.words])


@dataclass(frozen=True, slots=True)
class Screenshot:
    """Screenshots, by the rule of `intake.is_screenshot`."""

    said: str = "that are screenshots"

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through."""
        mask: NDArray[np.bool_] = (library.table["flags"] & SCREENSHOT) != 0
        return mask


@dataclass(frozen=True, slots=True)
class Near:
    """Taken at most so many kilometres from a place, given in degrees."""

    latitude: float
    longitude: float
    kilometres: float

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"within {self.kilometres:g} km of {self.latitude:g}, {self.longitude:g}"

    def mask(self, library: Library) -> NDArray[np.bool_]:
        """The rows that it lets through."""
        far = distances(library.table["latitude"], library.table["longitude"], self.latitude, self.longitude)
        mask: NDArray[np.bool_] = far <= self.kilometres
        return mask


def distances(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64], latitude: float, longitude: float
) -> NDArray[np.float64]:
    """Kilometres along a great circle from places to one place, all in degrees; NaN where a place is unknown."""
    north, south = np.radians(latitudes), math.radians(latitude)
    half = np.sin((north - south) / 2) ** 2
    half += np.cos(north) * math.cos(south) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def period(text: str) -> tuple[float, float] | None:
    """Beginning and end of a year, month or day ('2019', '2019-05', '2019-05-03') in milliseconds since 1970, or None."""
    parts = text.split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    if any(not 1 <= len(part) <= 2 for part in parts[1:]):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if len(parts) == 1:
            end = datetime(year + 1, 1, 1, tzinfo=UTC)
        elif len(parts) == 2:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        else:
            return (start.timestamp() * 1000, start.timestamp() * 1000 + 86_400_000) if month and day else None
    except ValueError:
        return None
    return (start.timestamp() * 1000, end.timestamp() * 1000) if month or len(parts) == 1 else None


def _lookup(codes: NDArray[np.uint16], wanted: list[bool]) -> NDArray[np.bool_]:
    table = np.zeros(NONE + 1, bool)
    table[: len(wanted)] = wanted
    return table[codes]
