"""The text of a library: which photos were looked at, and what was read, in memory and as it is stored.

As every change, these come in two steps (see `shoebox.worker`): what is staged is stored by the page, and then settled. Lists
have keys drawn by chance, so that two tabs never write over each other.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError, StoreError
from shoebox.reading.lines import TextRows
from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer
from shoebox.store.texts import TextList, joined, read_texts, write_texts

Answer = dict[str, Any]

# Exact in JavaScript's numbers.
KEY_BITS = 52
# Lists beyond those that full ones would need; more are folded together, since reading many small values is slow.
LOOSE_LISTS = 64


@dataclass(slots=True)
class _Staged:
    """Lists to be stored, and keys to be deleted."""

    put: dict[int, TextList]
    delete: list[int]


class Readings:
    """What is known about the text in the photos of one library.

    Attributes
    ----------
    edits : int
        Another number whenever something else is known.
    """

    def __init__(self) -> None:
        self.edits = 0
        self.reset()

    def reset(self) -> None:
        """Know nothing."""
        self._lists: dict[int, TextList] = {}
        self._damaged: list[int] = []
        self._place: dict[int, tuple[int, int]] = {}
        self._staged: dict[int, _Staged] = {}
        self._batch = 0
        self.edits += 1

    def __len__(self) -> int:
        """How many photos were looked at."""
        return len(self._place)

    def load(self, values: Sequence[Buffer], keys: Sequence[int]) -> list[str]:
        """Become what is stored; what is damaged is told and passed over, and read again."""
        self.reset()
        problems: list[str] = []
        found: list[tuple[int, TextList]] = []
        for key, data in zip(keys, values, strict=True):
            try:
                found.append((int(key), read_texts(data)))
            except StoreError as error:
                problems.append(str(error))
                self._damaged.append(int(key))
        for key, texts in sorted(found, key=lambda each: (each[1].at, each[0])):
            self._put(key, texts)
        return problems

    # Looking

    def models(self) -> list[ModelId]:
        """What has read photos here, each once."""
        return list(dict.fromkeys(texts.model for _, texts in sorted(self._lists.items())))

    def sought(self, photo: int, model: ModelId | None = None) -> bool:
        """Whether a photo was looked at, with this model if one is given."""
        place = self._place.get(photo)
        return place is not None and (model is None or self._lists[place[0]].model == model)

    def of(self, photo: int) -> TextRows:
        """What stands in a photo."""
        if photo not in self._place:
            return TextRows.none()
        key, place = self._place[photo]
        return self._lists[key].rows.of(place)

    def list_of(self, photo: int) -> TextList | None:
        """The list in which a photo stands; None if nobody has looked at it."""
        return self._lists[self._place[photo][0]] if photo in self._place else None

    def lists(self) -> Iterator[TextList]:
        """Everything that is known, each photo once."""
        for key, texts in sorted(self._lists.items(), key=lambda item: (item[1].at, item[0])):
            live = self._live(key, texts)
            if live.any():
                yield texts if live.all() else texts.take(np.flatnonzero(live), texts.at)

    def count(self) -> int:
        """How many photos there are in which something was read."""
        return sum(len(np.unique(texts.rows.photos)) for texts in self.lists())

    def problems(self, stored: Sequence[Buffer]) -> list[str]:
        """What would be lost if only these values were left, a sentence each."""
        other = Readings()
        told = other.load(stored, range(len(stored)))
        lost = sum(not other.sought(photo, self._lists[key].model) for photo, (key, _) in self._place.items())
        if lost:
            told.append(f"The text in {lost} photos is found but not stored. Reload the page to see what is kept.")
        return told

    # Changing: each answers `{batch, put: [[key, bytes]], delete: [key]}`

    def stage_look(self, ids: Sequence[int], rows: TextRows, model: ModelId) -> Answer:
        """Photos were looked at; `rows.photos` are places in `ids`."""
        return self._stage({_new_key(): TextList(_now(), model, np.array(ids, np.uint64), rows)}, [])

    def stage_list(self, texts: TextList) -> Answer:
        """Photos were looked at on another device; each holds unless the present look is later."""
        return self._stage({_new_key(): texts}, [])

    def fold(self, present: Callable[[int], bool], tidy: bool) -> Answer | None:
        """Gather small lists, or, to be tidy, let go of what is of photos that are not present; None where nothing is to do."""
        full = -(-len(self._place) // BLOCK_ROWS)
        loose = len(self._lists) > full + LOOSE_LISTS
        if self._staged or not (loose or self._damaged or tidy):
            return None
        dirty, kept = list(self._damaged), []
        for key, texts in self._lists.items():
            live = self._live(key, texts)
            if tidy:
                live &= np.array([present(photo) for photo in texts.ids.tolist()], bool)
            if not live.all() or (loose and len(texts.ids) < BLOCK_ROWS // 2):
                dirty.append(key)
                kept.append(texts.take(np.flatnonzero(live), texts.at))
        if not dirty:
            return None
        put = {_new_key(): part for model in self.models() for part in _packed([each for each in kept if each.model == model])}
        return self._stage(put, dirty)

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
        self.edits += 1
        for key in staged.delete:
            gone = self._lists.pop(key, None)
            for place, photo in enumerate(gone.ids.tolist() if gone else ()):
                if self._place.get(photo) == (key, place):
                    del self._place[photo]
        self._damaged = [key for key in self._damaged if key not in staged.delete]
        for key, texts in staged.put.items():
            self._put(key, texts)

    def _stage(self, put: dict[int, TextList], delete: list[int]) -> Answer:
        self._batch += 1
        self._staged[self._batch] = _Staged(put, delete)
        return {"batch": self._batch, "put": [[key, write_texts(texts)] for key, texts in put.items()], "delete": delete}

    def _put(self, key: int, texts: TextList) -> None:
        self._lists[key] = texts
        self._place.update((photo, (key, place)) for place, photo in enumerate(texts.ids.tolist()))
        self.edits += 1

    def _live(self, key: int, texts: TextList) -> NDArray[np.bool_]:
        """(m,) bool: the photos of a list of which no other list knows better."""
        return np.array([self._place.get(photo) == (key, place) for place, photo in enumerate(texts.ids.tolist())], bool)


def _packed(parts: list[TextList]) -> Iterator[TextList]:
    """Lists of one model as full ones, as old as the newest of them."""
    parts = [part for part in parts if len(part.ids)]
    if not parts:
        return
    every = joined(parts, max(part.at for part in parts))
    for low in range(0, len(every.ids), BLOCK_ROWS):
        yield every.take(np.arange(low, min(low + BLOCK_ROWS, len(every.ids))), every.at)


def _new_key() -> int:
    return 1 + secrets.randbelow(2**KEY_BITS)


def _now() -> int:
    return int(time.time() * 1000)
