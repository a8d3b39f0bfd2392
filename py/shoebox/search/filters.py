"""What the fields of a query let through: conditions on the columns of the library."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.search.dates import MILLISECONDS_A_DAY, Occasion, Period, moment
from shoebox.search.names import Names
from shoebox.store.rows import NONE, SCREENSHOT

Mask = NDArray[np.bool_]

EARTH_RADIUS_KM = 6371.0088
# What `datetime` can hold.
_FIRST_MOMENT, _LAST_MOMENT = moment(date.min), moment(date.max)


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
        return _any(condition.mask(library) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Taken:
    """Taken from `start` up to but without `end`: the clock at the place, milliseconds since 1970, infinite where open."""

    start: float
    end: float
    said: str
    brief: str
    period: Period | None = field(default=None, compare=False)
    kind: ClassVar[str] = "date"

    @classmethod
    def within(cls, period: Period) -> Taken:
        """Taken in that time."""
        return cls(period.start, period.end, f"taken {period.said}", period.name, period)

    @classmethod
    def since(cls, period: Period) -> Taken:
        """Taken in that time or later."""
        return cls(period.start, math.inf, f"taken since {period.begins}", f"since {period.begins}")

    @classmethod
    def before(cls, period: Period) -> Taken:
        """Taken earlier than that."""
        return cls(-math.inf, period.start, f"taken before {period.begins}", f"before {period.begins}")

    @classmethod
    def until(cls, period: Period) -> Taken:
        """Taken in that time or earlier."""
        return cls(-math.inf, period.end, f"taken until {period.ends}", f"until {period.ends}")

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through; photos without a time meet no such condition."""
        taken = library.table["taken"]
        mask: Mask = (taken >= self.start) & (taken < self.end)
        return mask


@dataclass(frozen=True, slots=True)
class Every:
    """Taken on an occasion, whatever the year."""

    occasion: Occasion
    kind: ClassVar[str] = "date"

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"taken {self.occasion.said}"

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return f"every {self.occasion.name}"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        taken = library.table["taken"]
        known = taken[(taken >= _FIRST_MOMENT) & (taken < _LAST_MOMENT)]
        if not len(known):
            return np.zeros(len(taken), bool)
        years = known.astype("datetime64[ms]").astype("datetime64[Y]").astype(np.int64) + 1970
        counts = np.bincount(years)
        # What is taken in a year may belong to an occasion that began in the year before.
        begun = np.flatnonzero(counts[1:] + np.append(counts[2:], 0)) + 1
        periods = [period for period in map(self.occasion.of, begun.tolist()) if period]
        starts, ends = (np.array([-math.inf, *edge]) for edge in zip(*((p.start, p.end) for p in periods), strict=True))
        place = np.searchsorted(starts, taken, "right") - 1
        mask: Mask = taken < ends[place]
        return mask


@dataclass(frozen=True, slots=True)
class OnDays:
    """Taken on some days of the week.

    Attributes
    ----------
    days : tuple of int
        Monday is 0.
    name : str
        Such as "Sundays".
    """

    days: tuple[int, ...]
    name: str
    kind: ClassVar[str] = "date"

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"taken on {self.name}"

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return self.name

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through; photos without a time meet no such condition."""
        # 1 January 1970 was a Thursday.
        weekday = np.mod(np.floor(library.table["taken"] / MILLISECONDS_A_DAY) + 3, 7)
        return _any(weekday == day for day in self.days)


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
    """Taken at most so many kilometres from a place, given in degrees."""

    latitude: float
    longitude: float
    kilometres: float
    kind: ClassVar[str] = "near"

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        return self.said

    @property
    def said(self) -> str:
        """The condition in words."""
        return f"within {self.kilometres:g} km of {self.latitude:g}, {self.longitude:g}"

    def mask(self, library: Library) -> Mask:
        """The rows that it lets through."""
        far = distances(library.table["latitude"], library.table["longitude"], self.latitude, self.longitude)
        mask: Mask = far <= self.kilometres
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
        return _any(self.names.mask(library, name) for name in self.full)


def distances(
    latitudes: NDArray[np.float64], longitudes: NDArray[np.float64], latitude: float, longitude: float
) -> NDArray[np.float64]:
    """Kilometres along a great circle from places to one place, all in degrees; NaN where a place is unknown."""
    north, south = np.radians(latitudes), math.radians(latitude)
    half = np.sin((north - south) / 2) ** 2
    half += np.cos(north) * math.cos(south) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _any(masks: Iterable[Mask]) -> Mask:
    """The rows that are in at least one of some masks."""
    return functools.reduce(operator.or_, masks)


def _lookup(codes: NDArray[np.uint16], wanted: list[bool]) -> Mask:
    table = np.zeros(NONE + 1, bool)
    table[: len(wanted)] = wanted
    return table[codes]
