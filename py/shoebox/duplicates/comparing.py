"""Comparing all photos of a library, in steps: which are alike, which are the same picture, which of a burst is sharpest.

No step takes longer than about a second, so that searching is never held up for long. What was found is kept as bytes (`keep`)
and read back at another time (`recall`); then only new photos are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PIL import Image

from shoebox.duplicates.bursts import burst_pairs
from shoebox.duplicates.candidates import Search
from shoebox.duplicates.compared import Compared, read_compared, write_compared
from shoebox.duplicates.groups import Pair
from shoebox.duplicates.looking import Looking
from shoebox.duplicates.moments import Moments
from shoebox.duplicates.prints import SIDE, sharpness_of
from shoebox.errors import StoreError
from shoebox.library.library import Library
from shoebox.people.neighbours import neighbour_session
from shoebox.sessions.protocol import Sessions
from shoebox.store.rows import id_numbers
from shoebox.store.sealed import Buffer

# Photos whose sharpness is asked for at once.
_WEIGHED_AT_ONCE: Final = 96

Phase = Literal["comparing", "looking", "weighing", "done"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far comparing has come.

    Attributes
    ----------
    phase : str
        "comparing" (which photos are alike), "looking" (which of them are the same picture), "weighing" (how sharp those of
        bursts are), "done".
    done, total : int
        Of this phase: photos or pairs.
    wanted : sequence of int
        Photos whose thumbnails `take` is to be given next.
    soon : sequence of int
        Photos whose thumbnails are likely to be wanted after these.
    side : int or None
        To squares of which side thumbnails may be squashed beforehand.
    take : bool
        Whether `take` comes next, be it without any thumbnail, and not another `step`.
    """

    phase: Phase
    done: int
    total: int
    wanted: Sequence[int] = ()
    soon: Sequence[int] = ()
    side: int | None = None
    take: bool = False


class Comparing:
    """The photos of one library, compared with each other.

    Parameters
    ----------
    library : Library
    sessions : Sessions
        May have the network "neighbours".
    in_bursts : callable
        The photos of bursts whose sharpness is not known otherwise.

    Attributes
    ----------
    compared : Compared
        What is known by now.
    changes : int
        Goes up whenever more is known.
    """

    def __init__(self, library: Library, sessions: Sessions, in_bursts: Callable[[], Sequence[int]]) -> None:
        self._library, self._sessions, self._in_bursts = library, sessions, in_bursts
        self.changes = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew: the library was loaded or emptied."""
        self.compared = Compared(self._library.model)
        self._search: Search | None = None
        self._looking: Looking | None = None
        self._searched: set[int] = set()
        self._weighing: Sequence[int] = ()
        # Those of the bursts that are known by now: to find them takes as long as weighing a thousand.
        self._to_weigh: list[int] | None = None
        self._edits = -1
        self._stored = True
        self._moments: tuple[int, Moments] | None = None
        self._bursts: tuple[int, list[Pair]] | None = None
        self.changes += 1

    def recall(self, stored: Buffer) -> None:
        """Go on from what `keep` answered at another time; what is damaged is worked out anew."""
        if self.compared.photos:
            return
        try:
            self.compared = read_compared(stored, self._library.model)
        except StoreError:
            return
        self.changes += 1

    def keep(self) -> bytes | None:
        """What is known, to be stored; None where that has not changed since."""
        if self._stored:
            return None
        self._stored = True
        return write_compared(self.compared)

    @property
    def moments(self) -> Moments:
        """When the photos were taken, by row."""
        if self._moments is None or self._moments[0] != self._library.edits:
            self._moments = self._library.edits, Moments.of(self._library.facts, self._library.table["taken"])
        return self._moments[1]

    @property
    def bursts(self) -> list[Pair]:
        """Pairs of photos of one burst, the most alike first."""
        if self._bursts is None or self._bursts[0] != self._library.edits:
            numbers = id_numbers(self._library.table["hash"])
            left, right = burst_pairs(self._library, self.moments, np.flatnonzero(self._library.comparable))
            self._bursts = self._library.edits, list(zip(numbers[left].tolist(), numbers[right].tolist(), strict=True))
        return self._bursts[1]

    async def step(self) -> Standing:
        """Go on.

        Raises
        ------
        SessionError
            If the network fails; the next step tries again.
        """
        if self._edits != self._library.edits:
            self._follow()
        if self._search is None and self._looking is None:
            await self._plan()
        if self._search is not None:
            return await self._compare(self._search)
        if self._looking is not None:
            wanted = self._looking.wanted()
            if self._looking.done < self._looking.total:
                done, total = self._looking.done, self._looking.total
                return Standing("looking", done, total, wanted, self._looking.soon(), SIDE, take=True)
            self._looking = None
            self.compared.photos |= self._searched
            self._stored = False
        if self._to_weigh is None:
            self._to_weigh = [photo for photo in self._in_bursts() if photo not in self.compared.sharpness]
        photos = self._to_weigh
        left = [photo for photo in photos if photo not in self.compared.sharpness]
        self._weighing = left[:_WEIGHED_AT_ONCE]
        if self._weighing:
            soon = left[_WEIGHED_AT_ONCE : 2 * _WEIGHED_AT_ONCE]
            return Standing("weighing", len(photos) - len(left), len(photos), self._weighing, soon, take=True)
        self._to_weigh = None
        return Standing("done", len(self.compared.photos), len(self.compared.photos))

    def take(self, greys: Mapping[int, Image.Image | None]) -> None:
        """The thumbnails that the last `step` wanted, in grey (`prints.grey_of`), as far as they are there."""
        if self._looking is not None:
            self.compared.same.update(self._looking.look(greys, self._shapes()))
        else:
            for photo in self._weighing:
                grey = greys.get(photo)
                self.compared.sharpness[photo] = 0.0 if grey is None else sharpness_of(grey)
            self._weighing = ()
        self.changes += 1
        self._stored = False

    def _follow(self) -> None:
        """Photos came or left: what is under way may name rows that have moved."""
        self._search = self._looking = self._to_weigh = None
        self._edits = self._library.edits
        gone = {photo for photo in self.compared.photos if not self._library.is_comparable(photo)}
        if gone:
            self.compared.forget(gone)
            self.changes += 1
            self._stored = False

    async def _plan(self) -> None:
        rows = np.flatnonzero(self._library.comparable)
        numbers: list[int] = id_numbers(self._library.table["hash"][rows]).tolist()
        fresh = np.array([number not in self.compared.photos for number in numbers], bool)
        if fresh.any():
            session = await neighbour_session(self._sessions, len(rows))
            self._searched = set(numbers)
            self._search = Search(self._library, rows[~fresh], rows[fresh], session)

    async def _compare(self, search: Search) -> Standing:
        more = await search.step()
        if self._edits != self._library.edits or self._search is not search:
            # Photos came or left while the network was at it: the next step begins anew.
            return Standing("comparing", 0, search.total)
        if not more:
            numbers = id_numbers(self._library.table["hash"])
            left, right = (numbers[side] for side in search.pairs(self.moments.two_exposures))
            pairs = zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True)
            self._search, self._looking = None, Looking(list(pairs), self.two_exposures)
        return Standing("comparing", search.done, search.total)

    def _shapes(self) -> Callable[[int], float | None]:
        table, row_of = self._library.table, self._library.row_of
        width, height = table["width"], table["height"]

        def shape(photo: int) -> float | None:
            row = row_of(photo)
            return None if row is None else float(width[row] / height[row])

        return shape

    def two_exposures(self, one: int, other: int) -> bool:
        """Whether cameras' clocks say that two photos are not one that was copied; False where one has left."""
        rows = self._library.row_of(one), self._library.row_of(other)
        if rows[0] is None or rows[1] is None or not (self.moments.by_camera[rows[0]] and self.moments.by_camera[rows[1]]):
            return False
        left, right = (np.array([row], np.intp) for row in rows)
        return bool(self.moments.two_exposures(left, right)[0])
