"""The faces of a library: which photos were looked at, and what was found, in memory and as it is stored.

As every change, these come in two steps (see `shoebox.worker`): what is staged is stored by the page, and then settled. Lists
have keys drawn by chance, so that two tabs never write over each other; 0 is the key of who is who.
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
from shoebox.faces.rows import FaceRows
from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.faces import Belonging, FaceList, joined, read_belonging, read_faces, write_belonging, write_faces
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer

Answer = dict[str, Any]

BELONGING_KEY = 0
# Exact in JavaScript's numbers.
KEY_BITS = 52
# Lists beyond those that full ones would need; more are folded together, since reading many small values is slow.
LOOSE_LISTS = 64


@dataclass(slots=True)
class _Staged:
    """Lists to be stored, and keys to be deleted; `look`: what is in them is new."""

    put: dict[int, FaceList]
    delete: list[int]
    look: bool


class Gallery:
    """What is known about the faces of one library.

    Attributes
    ----------
    belonging : Belonging or None
        Who was who when it was last stored.
    news : set of int
        Photos that were looked at since somebody emptied this set.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Know nothing."""
        self._lists: dict[int, FaceList] = {}
        self._damaged: list[int] = []
        self._place: dict[int, tuple[int, int]] = {}
        self._staged: dict[int, _Staged] = {}
        self._counts: dict[int, list[int]] = {}
        self._looks: dict[int, int] = {}
        self._batch = 0
        self.belonging: Belonging | None = None
        self.news: set[int] = set()

    def __len__(self) -> int:
        """How many photos were looked at."""
        return len(self._place)

    def load(self, values: Sequence[Buffer], keys: Sequence[int]) -> list[str]:
        """Become what is stored; what is damaged is told and passed over, and looked for again."""
        self.reset()
        problems: list[str] = []
        found: list[tuple[int, FaceList]] = []
        for key, data in zip(keys, values, strict=True):
            try:
                if int(key) == BELONGING_KEY:
                    self.belonging = read_belonging(data)
                else:
                    found.append((int(key), read_faces(data)))
            except StoreError as error:
                problems.append(str(error))
                if int(key) != BELONGING_KEY:
                    self._damaged.append(int(key))
        for key, faces in sorted(found, key=lambda each: (each[1].at, each[0])):
            self._put(key, faces)
            self._note(faces)
        return problems

    # Looking

    def models(self) -> list[ModelId]:
        """What has looked at photos here, each once, by falling number of photos."""
        counts: dict[ModelId, int] = {}
        for key, _ in self._place.values():
            model = self._lists[key].model
            counts[model] = counts.get(model, 0) + 1
        return sorted(counts, key=lambda model: (-counts[model], model.pack, model.preprocessing))

    def sought(self, photo: int, model: ModelId | None = None) -> bool:
        """Whether a photo was looked at, with this model if one is given."""
        place = self._place.get(photo)
        return place is not None and (model is None or self._lists[place[0]].model == model)

    def photos(self, model: ModelId) -> Iterator[tuple[int, int]]:
        """The photos in which this model has seen faces, each with a number that is another after another look."""
        for photo, (key, place) in self._place.items():
            if self._counts[key][place] and self._lists[key].model == model:
                yield photo, self._looks[photo]

    def seen(self, photo: int) -> int:
        """How many faces there are on a photo."""
        key, place = self._place.get(photo, (None, 0))
        return 0 if key is None else self._counts[key][place]

    def of(self, photo: int) -> FaceRows | None:
        """The faces of a photo; None if nobody has looked."""
        if photo not in self._place:
            return None
        key, place = self._place[photo]
        return self._lists[key].rows.of(place)

    def faces(self, wanted: Callable[[int], bool], model: ModelId) -> tuple[NDArray[np.uint64], list[FaceRows]]:
        """The faces of many photos: (n,) the photo of each, and rows that are n together."""
        photos: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
        rows: list[FaceRows] = []
        for key, faces in self._lists.items():
            if faces.model != model or not len(faces.rows):
                continue
            ids = faces.ids.tolist()
            inside = np.array([self._place[photo] == (key, place) and wanted(photo) for place, photo in enumerate(ids)])
            kept = inside[faces.rows.photos]
            if kept.any():
                rows.append(faces.rows.take(kept, faces.rows.photos[kept]))
                photos.append(faces.ids[rows[-1].photos])
        return np.concatenate(photos), rows

    def lists(self) -> Iterator[FaceList]:
        """Everything that is known, each photo once."""
        for key, faces in sorted(self._lists.items(), key=lambda item: (item[1].at, item[0])):
            live = self._live(key, faces)
            if live.any():
                yield faces if live.all() else faces.take(np.flatnonzero(live), faces.at)

    def list_of(self, photo: int) -> FaceList | None:
        """The list in which a photo stands; None if nobody has looked at it."""
        return self._lists[self._place[photo][0]] if photo in self._place else None

    def count(self) -> int:
        """How many faces there are."""
        live = (self._live(key, faces) for key, faces in self._lists.items())
        return sum(int(alive[faces.rows.photos].sum()) for alive, faces in zip(live, self._lists.values(), strict=True))

    def problems(self, stored: Sequence[Buffer]) -> list[str]:
        """What would be lost if only these values were left, a sentence each."""
        other = Gallery()
        keys = [BELONGING_KEY if _is_belonging(data) else 1 + place for place, data in enumerate(stored)]
        told = other.load(stored, keys)
        lost = sum(1 for photo, (key, _) in self._place.items() if not other.sought(photo, self._lists[key].model))
        if lost:
            told.append(f"The faces of {lost} photos are shown but not stored. Reload the page to see what is kept.")
        return told

    # Changing: each answers `{batch, put: [[key, bytes]], delete: [key]}`

    def stage_look(self, ids: Sequence[int], rows: FaceRows, model: ModelId) -> Answer:
        """Photos were looked at; `rows.photos` are places in `ids`."""
        return self._stage({_new_key(): FaceList(_now(), model, np.array(ids, np.uint64), rows)}, [], look=True)

    def stage_list(self, faces: FaceList) -> Answer:
        """Photos were looked at on another device; each holds unless the present look is later."""
        return self._stage({_new_key(): faces}, [], look=True)

    def fold(self, present: Callable[[int], bool], tidy: bool) -> Answer | None:
        """Gather small lists, or, to be tidy, let go of what is of photos that are not present; None where nothing is to do."""
        full = -(-len(self._place) // BLOCK_ROWS)
        loose = len(self._lists) > full + LOOSE_LISTS
        if self._staged or not (loose or self._damaged or tidy):
            return None
        dirty, kept = list(self._damaged), []
        for key, faces in self._lists.items():
            live = self._live(key, faces)
            if tidy:
                live &= np.array([present(photo) for photo in faces.ids.tolist()], bool)
            if not live.all() or (loose and len(faces.ids) < BLOCK_ROWS // 2):
                dirty.append(key)
                kept.append(faces.take(np.flatnonzero(live), _now()))
        if not dirty:
            return None
        put = {_new_key(): part for model in self.models() for part in _packed([each for each in kept if each.model == model])}
        return self._stage(put, dirty, look=False)

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
            gone = self._lists.pop(key, None)
            self._counts.pop(key, None)
            for place, photo in enumerate(gone.ids.tolist() if gone else ()):
                if self._place.get(photo) == (key, place):
                    del self._place[photo]
        self._damaged = [key for key in self._damaged if key not in staged.delete]
        for key, faces in staged.put.items():
            self._put(key, faces)
            if staged.look:
                self._note(faces)

    def keep(self, belonging: Belonging) -> bytes:
        """Take note of who is who; the bytes are to be stored under `BELONGING_KEY`."""
        self.belonging = belonging
        return write_belonging(belonging)

    def _stage(self, put: dict[int, FaceList], delete: list[int], look: bool) -> Answer:
        self._batch += 1
        self._staged[self._batch] = _Staged(put, delete, look)
        return {"batch": self._batch, "put": [[key, write_faces(faces)] for key, faces in put.items()], "delete": delete}

    def _put(self, key: int, faces: FaceList) -> None:
        self._lists[key] = faces
        self._counts[key] = np.bincount(faces.rows.photos, minlength=len(faces.ids)).tolist()
        self._place.update((photo, (key, place)) for place, photo in enumerate(faces.ids.tolist()))

    def _note(self, faces: FaceList) -> None:
        """These photos were looked at just now."""
        for photo in faces.ids.tolist():
            self._looks[photo] = self._looks.get(photo, 0) + 1
            self.news.add(photo)

    def _live(self, key: int, faces: FaceList) -> NDArray[np.bool_]:
        """(m,) bool: the photos of a list of which no other list knows better."""
        return np.array([self._place[photo] == (key, place) for place, photo in enumerate(faces.ids.tolist())], bool)


def _packed(parts: list[FaceList]) -> Iterator[FaceList]:
    """Lists of one model as full ones."""
    if not parts:
        return
    whole = joined(parts, _now())
    for low in range(0, len(whole.ids), BLOCK_ROWS):
        yield whole.take(np.arange(low, min(low + BLOCK_ROWS, len(whole.ids))), whole.at)


def _is_belonging(data: Buffer) -> bool:
    try:
        read_belonging(data)
    except StoreError:
        return False
    return True


def _new_key() -> int:
    return 1 + secrets.randbelow(2**KEY_BITS)


def _now() -> int:
    return int(time.time() * 1000)
