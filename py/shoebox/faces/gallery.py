"""The faces of a library: which photos were looked at, and what was found, in memory and as it is stored.

It holds lists as `shoebox.findings.findings` says, and under the key 0 who is who.

[Note: Beside] Vectors of two packs are never compared, so what another pack sees is kept beside the present one's, and shown to
nobody, until it has looked at every photo (`stage_change`). A photo has one look that counts, and at most one beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.faces.rows import FaceRows
from shoebox.findings.findings import Answer, Findings, Places, new_key, now
from shoebox.people.calibration import FACE_API, Calibration
from shoebox.store.faces import Belonging, FaceList, joined, read_belonging, read_faces, write_belonging, write_faces
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer

BELONGING_KEY = 0


class Gallery(Findings[FaceList]):
    """What is known about the faces of one library.

    Attributes
    ----------
    belonging : Belonging or None
        Who was who when it was last stored.
    news : set of int
        Photos that were looked at since somebody emptied this set.
    """

    def reset(self) -> None:
        """Know nothing."""
        super().reset()
        self._beside: Places = {}
        self._counts: dict[int, list[int]] = {}
        self._looks: dict[int, int] = {}
        self.belonging: Belonging | None = None
        self.news: set[int] = set()

    def load(self, values: Sequence[Buffer], keys: Sequence[int]) -> list[str]:
        """Become what is stored; what is damaged is told and passed over, and looked for again."""
        stored = list(zip(keys, values, strict=True))
        lists = [(key, data) for key, data in stored if int(key) != BELONGING_KEY]
        problems = super().load([data for _, data in lists], [key for key, _ in lists])
        for data in (data for key, data in stored if int(key) == BELONGING_KEY):
            try:
                self.belonging = read_belonging(data)
            except StoreError as error:
                problems.append(str(error))
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

    def count(self) -> int:
        """How many faces there are."""
        return sum(len(faces.rows) for faces in self.lists())

    # Changing: each answers `{batch, put: [[key, bytes]], delete: [key]}`

    def stage_look(
        self, ids: Sequence[int], rows: FaceRows, model: ModelId, calibration: Calibration | None = None, beside: bool = False
    ) -> Answer:
        """Photos were looked at; `rows.photos` are places in `ids`. See [Note: Beside]."""
        faces = FaceList(now(), model, np.array(ids, np.uint64), rows, calibration, beside)
        return self._stage({new_key(): faces}, [])

    def stage_change(self, model: ModelId) -> Answer | None:
        """What this model has seen beside the present one counts from now on; None where it has seen nothing so."""
        beside = [(key, faces) for key, faces in self._lists.items() if faces.beside and faces.model == model]
        fresh = [faces.take(np.flatnonzero(self._live(key, faces)), faces.at) for key, faces in beside]
        seen = {photo for faces in fresh for photo in faces.ids.tolist()}
        if not seen:
            return None
        put = {new_key(): part for part in self._packed([replace(faces, beside=False) for faces in fresh])}
        delete = [key for key, faces in self._lists.items() if faces.beside]
        for key, faces in self._lists.items():
            rest = np.array([photo not in seen for photo in faces.ids.tolist()], bool) & self._live(key, faces)
            if faces.beside or rest.all():
                continue
            delete.append(key)
            if rest.any():
                # Written later than it was looked at, but no photo of it stands anywhere else.
                put[new_key()] = faces.take(np.flatnonzero(rest), now())
        return self._stage(put, delete)

    def keep(self, belonging: Belonging) -> bytes:
        """Take note of who is who; the bytes are to be stored under `BELONGING_KEY`."""
        self.belonging = belonging
        return write_belonging(belonging)

    def _put(self, key: int, found: FaceList) -> None:
        super()._put(key, found)
        self._counts[key] = np.bincount(found.rows.photos, minlength=len(found.ids)).tolist()

    def _drop(self, key: int) -> None:
        super()._drop(key)
        self._counts.pop(key, None)

    def _note(self, found: FaceList) -> None:
        if found.beside:
            return
        for photo in found.ids.tolist():
            self._looks[photo] = self._looks.get(photo, 0) + 1
            self.news.add(photo)

    def _read(self, data: Buffer) -> FaceList:
        return read_faces(data)

    def _write(self, found: FaceList) -> bytes:
        return write_faces(found)

    def _joined(self, parts: list[FaceList]) -> FaceList:
        return joined(parts, now())

    def _lost(self, photos: int) -> str:
        return f"The faces of {photos} photos are shown but not stored. Reload the page to see what is kept."

    def _kind(self, found: FaceList) -> Hashable:
        return found.model, found.beside

    def _every_places(self) -> Sequence[Places]:
        return self._place, self._beside

    def _places(self, found: FaceList) -> Places:
        return self._beside if found.beside else self._place

    def _keys_of(self, stored: Sequence[Buffer]) -> Sequence[int]:
        return [BELONGING_KEY if _is_belonging(data) else 1 + place for place, data in enumerate(stored)]


def _is_belonging(data: Buffer) -> bool:
    try:
        read_belonging(data)
    except StoreError:
        return False
    return True
