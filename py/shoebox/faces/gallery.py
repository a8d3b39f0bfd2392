"""The faces of a library: which photos were looked at, and what was found, in memory and as it is stored.

As every change, these come in two steps (see `shoebox.worker`): what is staged is stored by the page, and then settled. Lists
have keys drawn by chance, so that two tabs never write over each other; 0 is the key of who is who.

[Note: Beside] Vectors of two packs are never compared, so what another pack sees is kept beside the present one's, and shown to
nobody, until it has looked at every photo (`stage_change`). A photo has one look that counts, and at most one beside it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError, StoreError
from shoebox.faces.rows import FaceRows
from shoebox.people.calibration import FACE_API, Calibration
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
        self._beside: dict[int, tuple[int, int]] = {}
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

    def calibration(self, model: ModelId) -> Calibration:
        """How alike faces of one person are to a model that has looked here."""
        found = (faces.calibration for faces in self._lists.values() if faces.model == model)
        return next((each for each in found if each is not None), FACE_API)

    # Looking

    def models(self) -> list[ModelId]:
        """What has looked at photos here, each once, by falling number of photos; what has done so beside is left out."""
        counts: dict[ModelId, int] = {}
        for key, _ in self._place.values():
            model = self._lists[key].model
            counts[model] = counts.get(model, 0) + 1
        return sorted(counts, key=lambda model: (-counts[model], model.pack, model.preprocessing))

    def shows(self, wanted: Callable[[ModelId], bool]) -> bool:
        """Whether anything that such a model has seen counts, or nothing counts at all yet."""
        counting = [faces.model for faces in self._lists.values() if not faces.beside]
        return not counting or any(map(wanted, counting))

    def waiting(self, wanted: Callable[[ModelId], bool]) -> ModelId | None:
        """Such a model that has seen photos beside the present one."""
        return next((faces.model for faces in self._lists.values() if faces.beside and wanted(faces.model)), None)

    def sought(self, photo: int, model: ModelId | None = None) -> bool:
        """Whether a photo was looked at, with this model if one is given."""
        return any(model is None or each == model for each in self.seen_by(photo))

    def seen_by(self, photo: int) -> list[ModelId]:
        """What has looked at a photo: the model whose look counts, and one beside it."""
        return [self._lists[look[photo][0]].model for look in (self._place, self._beside) if photo in look]

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
            if faces.model != model or faces.beside or not len(faces.rows):
                continue
            ids = faces.ids.tolist()
            inside = np.array([self._place[photo] == (key, place) and wanted(photo) for place, photo in enumerate(ids)])
            kept = inside[faces.rows.photos]
            if kept.any():
                rows.append(faces.rows.take(kept, faces.rows.photos[kept]))
                photos.append(faces.ids[rows[-1].photos])
        return np.concatenate(photos), rows

    def lists(self) -> Iterator[FaceList]:
        """Everything that counts, each photo once."""
        for key, faces in sorted(self._lists.items(), key=lambda item: (item[1].at, item[0])):
            live = self._live(key, faces)
            if live.any() and not faces.beside:
                yield faces if live.all() else faces.take(np.flatnonzero(live), faces.at)

    def list_of(self, photo: int) -> FaceList | None:
        """The list in which a photo stands; None if nobody has looked at it."""
        return self._lists[self._place[photo][0]] if photo in self._place else None

    def count(self) -> int:
        """How many faces there are."""
        return sum(len(faces.rows) for faces in self.lists())

    def problems(self, stored: Sequence[Buffer]) -> list[str]:
        """What would be lost if only these values were left, a sentence each."""
        other = Gallery()
        keys = [BELONGING_KEY if _is_belonging(data) else 1 + place for place, data in enumerate(stored)]
        told = other.load(stored, keys)
        looks = [*self._place.items(), *self._beside.items()]
        lost = sum(1 for photo, (key, _) in looks if not other.sought(photo, self._lists[key].model))
        if lost:
            told.append(f"The faces of {lost} photos are shown but not stored. Reload the page to see what is kept.")
        return told

    # Changing: each answers `{batch, put: [[key, bytes]], delete: [key]}`

    def stage_look(
        self, ids: Sequence[int], rows: FaceRows, model: ModelId, calibration: Calibration | None = None, beside: bool = False
    ) -> Answer:
        """Photos were looked at; `rows.photos` are places in `ids`. See [Note: Beside]."""
        faces = FaceList(_now(), model, np.array(ids, np.uint64), rows, calibration, beside)
        return self._stage({_new_key(): faces}, [], look=True)

    def stage_change(self, model: ModelId) -> Answer | None:
        """What this model has seen beside the present one counts from now on; None where it has seen nothing so."""
        fresh = [self._alive(key, faces) for key, faces in self._lists.items() if faces.beside and faces.model == model]
        seen = {photo for faces in fresh for photo in faces.ids.tolist()}
        if not seen:
            return None
        put = {_new_key(): part for part in _packed([replace(faces, beside=False) for faces in fresh])}
        delete = [key for key, faces in self._lists.items() if faces.beside]
        for key, faces in self._lists.items():
            rest = np.array([photo not in seen for photo in faces.ids.tolist()], bool) & self._live(key, faces)
            if faces.beside or rest.all():
                continue
            delete.append(key)
            if rest.any():
                # Written later than it was looked at, but no photo of it stands anywhere else.
                put[_new_key()] = faces.take(np.flatnonzero(rest), _now())
        return self._stage(put, delete, look=True)

    def stage_list(self, faces: FaceList) -> Answer:
        """Photos were looked at on another device; each holds unless the present look is later."""
        return self._stage({_new_key(): faces}, [], look=True)

    def fold(
        self, present: Callable[[int], bool], tidy: bool, wanted: Callable[[ModelId], bool] | None = None
    ) -> Answer | None:
        """Gather small lists, or, to be tidy, let go of what is of photos that are not present; None where nothing is to do.

        What a model that is not `wanted` has seen beside the present one is let go of, too.
        """
        full = -(-len(self._place) // BLOCK_ROWS) - (-len(self._beside) // BLOCK_ROWS)
        loose = len(self._lists) > full + LOOSE_LISTS
        stray = {key for key, faces in self._lists.items() if faces.beside and wanted is not None and not wanted(faces.model)}
        if self._staged or not (loose or self._damaged or tidy or stray):
            return None
        dirty, kept = list(self._damaged), []
        for key, faces in self._lists.items():
            live = self._live(key, faces)
            if tidy:
                live &= np.array([present(photo) for photo in faces.ids.tolist()], bool)
            if key in stray:
                live[:] = False
            if not live.all() or (loose and len(faces.ids) < BLOCK_ROWS // 2):
                dirty.append(key)
                kept.append(faces.take(np.flatnonzero(live), _now()))
        if not dirty:
            return None
        kinds = dict.fromkeys((faces.model, faces.beside) for faces in kept)
        alike = ([faces for faces in kept if (faces.model, faces.beside) == kind] for kind in kinds)
        put = {_new_key(): part for faces in alike for part in _packed(faces)}
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
            if gone is None:
                continue
            places = self._places(gone)
            for place, photo in enumerate(gone.ids.tolist()):
                if places.get(photo) == (key, place):
                    del places[photo]
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
        self._places(faces).update((photo, (key, place)) for place, photo in enumerate(faces.ids.tolist()))

    def _places(self, faces: FaceList) -> dict[int, tuple[int, int]]:
        """Where the looks stand among which those of this list belong."""
        return self._beside if faces.beside else self._place

    def _note(self, faces: FaceList) -> None:
        """These photos were looked at just now."""
        if faces.beside:
            return
        for photo in faces.ids.tolist():
            self._looks[photo] = self._looks.get(photo, 0) + 1
            self.news.add(photo)

    def _live(self, key: int, faces: FaceList) -> NDArray[np.bool_]:
        """(m,) bool: the photos of a list of which no other list knows better."""
        places = self._places(faces)
        return np.array([places[photo] == (key, place) for place, photo in enumerate(faces.ids.tolist())], bool)

    def _alive(self, key: int, faces: FaceList) -> FaceList:
        """A list without the photos of which another one knows better."""
        return faces.take(np.flatnonzero(self._live(key, faces)), faces.at)


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
