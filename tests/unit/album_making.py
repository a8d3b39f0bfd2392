"""A made-up life of two years, told by photos: home, the way to work, three trips, a day out, a party, a camera without GPS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from shoebox.api import Shoebox
from shoebox.store.journal import Change
from shoebox.store.rows import NONE, SCREENSHOT, id_text
from tests.unit.library_making import number, rows
from tests.unit.tiny_pack import DIMENSION

Spot = tuple[float, float]

NOWHERE: Spot = (float("nan"), float("nan"))
# Towns of `place_making`; Hamlet is a day out from Paris.
PARIS, VERSAILLES, MUNICH, NICE = (48.853, 2.349), (48.804, 2.134), (48.137, 11.575), (43.703, 7.266)
SPRINGFIELD, HAMLET = (37.215, -93.298), (48.700, 3.200)
BLACK = 8  # Number of a concept of the tiny pack.


def moment(*when: int) -> float:
    """Milliseconds since 1970 of a year, month, day, hour and minute."""
    return datetime(*when, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type, misc]


@dataclass
class Photo:
    """One photo."""

    name: str
    taken: float
    spot: Spot = NOWHERE
    screenshot: bool = False
    tag: int = NONE


@dataclass
class Life:
    """Photos in the order in which they came."""

    photos: list[Photo] = field(default_factory=list)

    def take(self, what: str, when: Sequence[int], count: int, hours: float, spot: Spot, **more: object) -> list[str]:
        """Photos on the same day, evenly spread over some hours; answers their ids."""
        start = moment(*when)
        names = [f"{what}/{'-'.join(map(str, when))}/{place}.jpg" for place in range(count)]
        for place, name in enumerate(names):
            self.photos.append(Photo(name, start + place * hours * 3_600_000 / max(count - 1, 1), spot, **more))  # type: ignore[arg-type]
        return [photo(name) for name in names]

    def stay(self, what: str, first: Sequence[int], days: int, a_day: int, spots: Sequence[Spot]) -> list[str]:
        """So many photos on each of some days, from ten to six; the spots take turns."""
        found = []
        for day in range(days):
            when = datetime(*first) + timedelta(days=day, hours=10)  # type: ignore[arg-type]
            spot = spots[day % len(spots)]
            found += self.take(what, (when.year, when.month, when.day, 10, 0), a_day, 8, spot)
        return found


def photo(name: str) -> str:
    """The id of the photo of that name."""
    return id_text(number(name))


def everyday(life: Life) -> None:
    """Two photos each Saturday at home in Paris, one each Tuesday at work in Versailles, for two years from 2023 on.

    In the middle of February, May and August nobody is at home.
    """
    for week in range(104):
        saturday = datetime(2023, 1, 7) + timedelta(weeks=week)
        tuesday = saturday + timedelta(days=3)
        if saturday.month in (2, 5, 8) and 7 <= saturday.day <= 23:
            continue
        life.take("home", (saturday.year, saturday.month, saturday.day, 11), 2, 1, PARIS)
        life.take("work", (tuesday.year, tuesday.month, tuesday.day, 9), 1, 0, VERSAILLES)


@dataclass
class Known:
    """What should be found in a life: ids of photos."""

    munich: list[str]
    nice: list[str]
    springfield: list[str]
    day_out: list[str]
    party: list[str]
    screens: list[str]


def whole_life() -> tuple[Life, Known]:
    """All of it."""
    life = Life()
    everyday(life)
    munich = life.stay("munich", (2023, 5, 12), 3, 8, [MUNICH])
    # Every second day in Nice with a camera that does not know where it is.
    nice = life.stay("nice", (2023, 8, 16), 5, 6, [NICE, NOWHERE])
    springfield = life.stay("springfield", (2024, 2, 28), 3, 4, [SPRINGFIELD])
    day_out = life.take("out", (2024, 6, 12, 10), 20, 6, HAMLET)
    party = life.take("party", (2024, 9, 18, 15), 25, 5, PARIS)
    screens = life.take("screens", (2023, 5, 13, 12), 6, 2, NOWHERE, screenshot=True)
    return life, Known(munich, nice, springfield, day_out, party, screens)


def put_in(box: Shoebox, life: Life) -> None:
    """Put all photos of a life into a library."""
    made = rows([(each.name, [(each.name, 0.0)]) for each in life.photos], box.pack.model, DIMENSION)
    made.columns["taken"][:] = [each.taken for each in life.photos]
    made.columns["latitude"][:], made.columns["longitude"][:] = np.array([each.spot for each in life.photos]).T
    made.columns["flags"][:] = [SCREENSHOT if each.screenshot else 0 for each in life.photos]
    made.columns["tags"][:] = NONE
    made.columns["tags"][:, 0] = [each.tag for each in life.photos]
    made.columns["tag_scores"][:, 0] = [0.0 if each.tag == NONE else 0.9 for each in life.photos]
    box.library.apply(Change(rows=made))
