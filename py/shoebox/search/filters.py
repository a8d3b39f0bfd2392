"""What the fields of a query let through: conditions on the columns of the library."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.search.names import Names
from shoebox.store.rows import NONE, SCREENSHOT

Mask = NDArray[np.bool_]

EARTH_RADIUS_KM = 6371.0088


class Filter(Protocol):
    """One condition."""

    @property
    def kind(self) -> str:
        """What it is about: "date", or the key of its field."""
        ...

    @property
    def said(self) -> str:
        """The condition in words that follow "photos"."""
        ...

    @property
    def brief(self) -> str:
        """The condition in as few words as can be, for a chip."""
        ...

    def mask(self, library: Library) -> Mask:
        """(count,) bool: the rows that it lets through, whether they are there or not."""
        ...


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition. Photos of which nothing is known meet it."""

    condition: Filter

    @property
    def kind(self) -> str:
        """What it is about."""
        return self.condition.kind

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return f"not {self.condition.brief}"

    @property
    def said(self) -> str:
        """The condition in words."""
        said = self.condition.said
        return said.replace("that are ", "that are not ") if said.startswith("that are ") else f"not {said}"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        return ~self.condition.mask(library)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of some conditions."""

    conditions: tuple[Filter, ...]

    @property
    def kind(self) -> str:
        """The kind of the first."""
        return self.conditions[0].kind

    @property
    def said(self) -> str:
        """The conditions in words."""
        return " or ".join(condition.said for condition in self.conditions)

    @property
    def brief(self) -> str:
        """The conditions in a few words."""
        return " or ".join(condition.brief for condition in self.conditions)

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        return any_of(condition.mask(library) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Camera:
    """Taken by a camera whose name has these words in it, in this order, whatever their case."""

    words: str
    kind: ClassVar[str] = "camera"

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return self.words

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"by the camera “{self.words}”"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        table = library.table
        return _lookup(table["camera"], [self.words.lower() in name.lower() for name in table.cameras.words])


@dataclass(frozen=True, slots=True)
class FormatIs:
    """Of one of these formats, as `formats` names them."""

    names: tuple[str, ...]
    brief: str
    kind: ClassVar[str] = "type"

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"of the type {self.brief}"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        table = library.table
        return _lookup(table["format"], [name in self.names for name in table.formats.words])


@dataclass(frozen=True, slots=True)
class Screenshot:
    """Screenshots, by the rule of `intake.is_screenshot`."""

    said: str = "that are screenshots"
    brief: str = "screenshots"
    kind: ClassVar[str] = "type"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        mask: Mask = (library.table["flags"] & SCREENSHOT) != 0
        return mask


@dataclass(frozen=True, slots=True)
class Near:
    """Taken at most so many kilometres from a place, given in degrees and, where it was asked for by name, its name."""

    latitude: float
    longitude: float
    kilometres: float
    name: str = ""
    kind: ClassVar[str] = "near"

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return self.said

    @property
    def said(self) -> str:
        """The condition in words."""
        place = self.name or f"{self.latitude:g}, {self.longitude:g}"
        return f"within {self.kilometres:g} km of {place}"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        far = distances(library.table["latitude"], library.table["longitude"], self.latitude, self.longitude)
        mask: Mask = far <= self.kilometres
        return mask


@dataclass(frozen=True, slots=True)
class Within:
    """Taken in a box on the map, given in degrees. Where west is greater than east, it lies across the date line."""

    south: float
    west: float
    north: float
    east: float
    said: str = "in that part of the map"
    brief: str = "part of the map"
    kind: ClassVar[str] = "within"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        latitude, longitude = library.table["latitude"], library.table["longitude"]
        inside = (latitude >= self.south) & (latitude <= self.north)
        after, until = longitude >= self.west, longitude <= self.east
        mask: Mask = inside & ((after & until) if self.west <= self.east else (after | until))
        return mask


@dataclass(frozen=True, slots=True)
class Favourite:
    """Favourites."""

    said: str = "among the favourites"
    brief: str = "favourites"
    kind: ClassVar[str] = "is"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        return library.favourites()


@dataclass(frozen=True, slots=True)
class Named:
    """Of a person, at a place, in an album, with a tag.

    Attributes
    ----------
    kind : str
        The key of its field.
    brief : str
        As it was asked for.
    said : str
    full : tuple of str
        The names that are meant, as `names` has them.
    names : Names
    """

    kind: str
    brief: str
    said: str
    full: tuple[str, ...]
    names: Names = field(compare=False)

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        return any_of(self.names.mask(library, name) for name in self.full)


def distances(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64], latitude: float, longitude: float
) -> NDArray[np.float64]:
    """Kilometres along a great circle from places to one place, all in degrees; NaN where a place is unknown."""
    north, south = np.radians(latitudes), math.radians(latitude)
    half = np.sin((north - south) / 2) ** 2
    half += np.cos(north) * math.cos(south) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def any_of(masks: Iterable[Mask]) -> Mask:
    """The rows that are in at least one of some masks."""
    return functools.reduce(operator.or_, masks)


def _lookup(codes: NDArray[np.uint16], wanted: list[bool]) -> Mask:
    table = np.zeros(NONE + 1, bool)
    table[: len(wanted)] = wanted
    return table[codes]
