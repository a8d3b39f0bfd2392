"""Conditions on when a photo was taken, by the clock at its place; photos without a time meet none of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

import numpy as np

from shoebox.library.library import Library
from shoebox.search.dates import MILLISECONDS_A_DAY, Occasion, Period, moment
from shoebox.search.filters import Mask, any_of

# What `datetime` can hold.
_FIRST_MOMENT, _LAST_MOMENT = moment(date.min), moment(date.max)


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
        years = known.astype("datetime64[ms]").astype("datetime64[Y]").astype(np.intp) + 1970
        counts = np.bincount(years)
        # What is taken in a year may belong to an occasion that began in the year before.
        begun = np.flatnonzero(counts[1:] + np.append(counts[2:], 0)) + 1
        periods = [period for period in map(self.occasion.of, begun.tolist()) if period]
        starts = np.array([-math.inf, *(period.start for period in periods)])
        ends = np.array([-math.inf, *(period.end for period in periods)])
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
        return any_of(weekday == day for day in self.days)
