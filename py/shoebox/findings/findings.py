"""What one kind of look has found in the photos of a library, in memory and as it is stored.

As every change, these come in two steps (see `shoebox.worker`): what is staged is stored by the page, and then settled. Lists
have keys drawn by chance, so that two tabs never write over each other.
"""

from __future__ import annotations

import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError, StoreError
from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer

Answer = dict[str, Any]
# Of each photo, the key of its list and its place there.
Places = dict[int, tuple[int, int]]

# Exact in JavaScript's numbers.
KEY_BITS: Final = 52
# Lists beyond those that full ones would need; more are folded together, since reading many small values is slow.
LOOSE_LISTS: Final = 64


class Found(Protocol):
    """Some photos that were looked at, with what was found.

    Attributes
    ----------
    at : int
        When this was written, milliseconds since 1970.
    model : ModelId
        What looked.
    ids : (m,) uint64
        Of the photos, each once.
    """

    @property
    def at(self) -> int: ...  # noqa: D102
    @property
    def model(self) -> ModelId: ...  # noqa: D102
    @property
    def ids(self) -> NDArray[np.uint64]: ...  # noqa: D102
    def take(self, places: NDArray[np.intp], at: int) -> Self:
        """Only some of the photos, in rising order."""


L = TypeVar("L", bound=Found)


@dataclass(slots=True)
class _Staged(Generic[L]):
    """Lists to be stored, and keys to be deleted; `look`: what is in them is new."""

    put: dict[int, L]
    delete: list[int]
    look: bool


class Findings(ABC, Generic[L]):
    """What is known about the photos of one library that were looked at; of two looks at a photo the later holds."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Know nothing."""
        self._lists: dict[int, L] = {}
        self._damaged: list[int] = []
        self._place: Places = {}
        self._staged: dict[int, _Staged[L]] = {}
        self._batch = 0

    def __len__(self) -> int:
        """How many photos were looked at."""
        return len(self._place)

    def load(self, values: Sequence[Buffer], keys: Sequence[int]) -> list[str]:
        """Become what is stored; what is damaged is told and passed over, and looked for again."""
        self.reset()
        problems: list[str] = []
        found: list[tuple[int, L]] = []
        for key, data in zip(keys, values, strict=True):
            try:
                found.append((int(key), self._read(data)))
            except StoreError as error:
                problems.append(str(error))
                self._damaged.append(int(key))
        for key, each in sorted(found, key=lambda one: (one[1].at, one[0])):
            self._put(key, each)
            self._note(each)
        return problems

    # Looking

    def sought(self, photo: int, model: ModelId | None = None) -> bool:
        """Whether a photo was looked at, with this model if one is given."""
        return any(model is None or each == model for each in self.seen_by(photo))

    def seen_by(self, photo: int) -> list[ModelId]:
        """What has looked at a photo."""
        return [self._lists[places[photo][0]].model for places in self._every_places() if photo in places]

    def list_of(self, photo: int) -> L | None:
        """The list in which a photo stands; None if nobody has looked at it."""
        return self._lists[self._place[photo][0]] if photo in self._place else None

    def lists(self) -> Iterator[L]:
        """Everything that counts, each photo once."""
        for key, each in sorted(self._lists.items(), key=lambda item: (item[1].at, item[0])):
            live = self._live(key, each)
            if live.any() and self._places(each) is self._place:
                yield each if live.all() else each.take(np.flatnonzero(live), each.at)

    def problems(self, stored: Sequence[Buffer]) -> list[str]:
        """What would be lost if only these values were left, a sentence each."""
        other = type(self)()
        told = other.load(stored, self._keys_of(stored))
        looks = [look for places in self._every_places() for look in places.items()]
        lost = sum(not other.sought(photo, self._lists[key].model) for photo, (key, _) in looks)
        if lost:
            told.append(self._lost(lost))
        return told

    # Changing: each answers `{batch, put: [[key, bytes]], delete: [key]}`

    def stage_list(self, found: L) -> Answer:
        """Photos were looked at on another device; each holds unless the present look is later."""
        return self._stage({new_key(): found}, [])

    def fold(
        self, present: Callable[[int], bool], tidy: bool, wanted: Callable[[ModelId], bool] | None = None
    ) -> Answer | None:
        """Gather small lists, or, to be tidy, let go of what is of photos that are not present; None where nothing is to do.

        What a model that is not `wanted` has seen and what does not count yet is let go of, too.
        """
        full = sum(-(-len(places) // BLOCK_ROWS) for places in self._every_places())
        loose = len(self._lists) > full + LOOSE_LISTS
        stray = {
            key
            for key, each in self._lists.items()
            if self._places(each) is not self._place and wanted is not None and not wanted(each.model)
        }
        if self._staged or not (loose or self._damaged or tidy or stray):
            return None
        dirty, kept = list(self._damaged), []
        for key, each in self._lists.items():
            live = self._live(key, each)
            if tidy:
                live &= np.array([present(photo) for photo in each.ids.tolist()], bool)
            if key in stray:
                live[:] = False
            if not live.all() or (loose and len(each.ids) < BLOCK_ROWS // 2):
                dirty.append(key)
                kept.append(each.take(np.flatnonzero(live), each.at))
        if not dirty:
            return None
        kinds = dict.fromkeys(map(self._kind, kept))
        alike = ([each for each in kept if self._kind(each) == kind] for kind in kinds)
        return self._stage({new_key(): part for parts in alike for part in self._packed(parts)}, dirty, look=False)

    def settle(self, batch: int, stored: bool) -> None:
        """What was staged is stored: do it; or it could not be: forget it.

        Raises
        ------
        QueryError
            If nothing with this number is staged.
        """
        staged = self._staged.pop(batch, None)
        if staged is None:
            raise QueryError(
                f"There is no staged change {batch}.", "It has been settled already, or the library was loaded anew."
            )
        if not stored:
            return
        for key in staged.delete:
            self._drop(key)
        self._damaged = [key for key in self._damaged if key not in staged.delete]
        for key, each in staged.put.items():
            self._put(key, each)
            if staged.look:
                self._note(each)

    def _stage(self, put: dict[int, L], delete: list[int], look: bool = True) -> Answer:
        self._batch += 1
        self._staged[self._batch] = _Staged(put, delete, look)
        return {"batch": self._batch, "put": [[key, self._write(each)] for key, each in put.items()], "delete": delete}

    def _put(self, key: int, found: L) -> None:
        self._lists[key] = found
        self._places(found).update((photo, (key, place)) for place, photo in enumerate(found.ids.tolist()))

    def _drop(self, key: int) -> None:
        gone = self._lists.pop(key, None)
        if gone is None:
            return
        places = self._places(gone)
        for place, photo in enumerate(gone.ids.tolist()):
            if places.get(photo) == (key, place):
                del places[photo]

    def _live(self, key: int, found: L) -> NDArray[np.bool_]:
        """(m,) bool: the photos of a list of which no other list knows better."""
        places = self._places(found)
        return np.array([places.get(photo) == (key, place) for place, photo in enumerate(found.ids.tolist())], bool)

    def _packed(self, parts: list[L]) -> Iterator[L]:
        """Lists of one kind as full ones."""
        parts = [part for part in parts if len(part.ids)]
        if not parts:
            return
        every = self._joined(parts)
        for low in range(0, len(every.ids), BLOCK_ROWS):
            yield every.take(np.arange(low, min(low + BLOCK_ROWS, len(every.ids))), every.at)

    # What differs between kinds of findings

    @abstractmethod
    def _read(self, data: Buffer) -> L:
        """A stored list; raises `StoreError`."""

    @abstractmethod
    def _write(self, found: L) -> bytes:
        """The bytes of a list."""

    @abstractmethod
    def _joined(self, parts: list[L]) -> L:
        """Lists of one kind as one; no photo stands in two of them."""

    @abstractmethod
    def _lost(self, photos: int) -> str:
        """Says that what was found in so many photos is not stored."""

    def _kind(self, found: L) -> Hashable:
        """Only lists of the same kind are folded together."""
        return found.model

    def _every_places(self) -> Sequence[Places]:
        """Where the looks stand: those that count first, and then any that do not count yet."""
        return (self._place,)

    def _places(self, found: L) -> Places:
        """Where the looks stand among which those of this list belong."""
        return self._place

    def _keys_of(self, stored: Sequence[Buffer]) -> Sequence[int]:
        """Keys under which these values may lie."""
        return range(len(stored))

    def _note(self, found: L) -> None:
        """These photos were looked at just now, or loaded."""


def new_key() -> int:
    """The key of a new list; 0 is never one."""
    return 1 + secrets.randbelow(2**KEY_BITS)


def now() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)
