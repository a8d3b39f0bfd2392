"""The second pass over the photos: which of them nobody has looked at for faces, and looking at them.

The page asks what is to do, opens the files, decodes them larger than for searching, and hands pixels over in batches. A photo
is known by the hash of its bytes, so a file that was changed meanwhile is never taken for the photo that it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.faces.pack import FacePack
from shoebox.faces.rows import FaceRows
from shoebox.library.library import Library
from shoebox.model import preprocess
from shoebox.people.calibration import KNOWN
from shoebox.people.network import neighbour_network
from shoebox.photo import inspection
from shoebox.search.ranking import newest
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.store.rows import ModelId, id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.faces import FaceRecognition, face_tasks
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.timings import Timings

Answer = dict[str, Any]


class Seeking:
    """Looking for faces in one library; the verbs are listed in `shoebox.worker`.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        Gets what is found.
    sessions : Sessions
        Where the networks of a face pack run.
    timings : Timings
        Gets 'faces': networks and all around them, a photo.

    Attributes
    ----------
    pack : FacePack or None
        What looks; None until `begin`.
    """

    def __init__(self, library: Library, gallery: Gallery, sessions: Sessions, timings: Timings) -> None:
        self._library, self._gallery = library, gallery
        self._sessions, self._timings = sessions, timings
        self._graph: TaskGraph | None = None
        self._chosen: str | None = None
        self.pack: FacePack | None = None

    @property
    def model(self) -> ModelId | None:
        """What looks for faces; None where nothing does."""
        return None if self.pack is None else self.pack.model

    @property
    def beside(self) -> bool:
        """Whether it has yet to take the place of another pack, by which people are shown until then."""
        return self.pack is not None and not self._gallery.shows(self.pack.model.__eq__)

    def begin(self, manifest: Buffer) -> Answer:
        """Look with the pack that this manifest describes: `{networks: [{network, file, bytes, sha256}], neighbours}`.

        Raises
        ------
        PackError
            If anything in it is not as it must be.
        """
        pack = FacePack.from_manifest(memoryview(manifest).tobytes())
        self._graph = TaskGraph(face_tasks(pack, self._sessions))
        self.pack = pack
        named = {"face-detector": pack.detector, "face-landmarks": pack.landmarks, "face-recogniser": pack.recogniser}
        files = {network: part.network.file for network, part in named.items() if part is not None}
        return {
            "networks": [
                {"network": network, "file": file.name, "bytes": file.size, "sha256": file.sha256}
                for network, file in files.items()
            ],
            "neighbours": neighbour_network(),
        }

    def change(self, pack: str | None = None) -> Answer | None:
        """What a pack has seen beside another one counts from now on: staged as `look`; None where there is nothing so.

        To be called when it has looked at all photos, or at all whose files are at hand if the person wants it so.
        """
        model = self._gallery.waiting(self._of(pack))
        return None if model is None else self._gallery.stage_change(model)

    def todo(self, pack: str | None = None) -> Answer:
        """Photos that a pack has not looked at, newest first: `{ids, total, beside}`.

        Those whose files are elsewhere are left out: nobody can look at them here. `ids` is one text of 16 characters a photo.
        `beside`: another pack has looked at photos here; people are as it sees them until `change`.

        Parameters
        ----------
        pack : str, optional
            Its id; that of `begin` if left out, or any pack where there was none.
        """
        library, wanted = self._library, self._of(pack)
        rows = newest(library.vectors.alive, library.table["taken"])
        numbers: list[int] = id_numbers(library.table["hash"][rows]).tolist()
        there = (number for number in numbers if number not in library.elsewhere)
        ids = [id_text(number) for number in there if not any(map(wanted, self._gallery.seen_by(number)))]
        return {"ids": "".join(ids), "total": len(numbers), "beside": not self._gallery.shows(wanted)}

    def names(self, ids: Sequence[str]) -> list[list[str]]:
        """All paths of photos; none for those that are not in the library."""
        numbers = [requests.id_number(text) for text in ids]
        return [[] if number is None else [name for name, _ in self._library.paths_of(number)] for number in numbers]

    def order(self, id: str, hash: str, head: Buffer, whole: bool = False) -> Answer:
        """How to decode the file that lies where a photo should: `{action: "other" | "whole" | "decode", ...}` as `inspect`.

        "other": the file is not that photo, or not any more.
        """
        number = requests.id_number(id)
        row = None if number is None else self._library.row_of(number)
        if row is None or self._library.table["hash"][row].tobytes().hex() != hash:
            return {"action": "other"}
        found = inspection.inspect_head(self._library.names[row], memoryview(head).tobytes(), bool(whole))
        if found.action == "whole":
            return {"action": "whole"}
        return found.order() if found.action == "decode" else {"action": "other"}

    async def look(self, photos: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer], missed: Sequence[str] = ()) -> Answer:
        """Look at decoded photos: `{batch, put, delete, faces}`, staged; batch is None if none is in the library any more.

        Parameters
        ----------
        photos : sequence of {id, width, height}
            Width and height of the pixels.
        pixels : sequence of bytes
            RGB.
        missed : sequence of str
            Photos that cannot be decoded: nobody need try again.

        Raises
        ------
        SessionError
            If a network fails; nothing is staged then.
        """
        if self._graph is None or self.pack is None:
            raise QueryError("Faces are not looked for.", "Turn faces on in the settings.")
        if len(photos) != len(pixels):
            raise QueryError(f"There are {len(photos)} photos but pixels of {len(pixels)}.")
        seen: dict[int, NDArray[np.uint8]] = {}
        unseen = {number for number in map(requests.id_number, missed) if number is not None}
        for item, data in zip(photos, pixels, strict=True):
            number = requests.id_number(str(item.get("id")))
            if number is None:
                continue
            try:
                seen[number] = preprocess.photo_from_bytes(data, requests.whole(item, "width"), requests.whole(item, "height"))
            except ValueError:
                unseen.add(number)
        seen = {number: photo for number, photo in seen.items() if self._library.row_of(number) is not None}
        try:
            rows = await self._see(seen)
        except SessionError:
            # One photo that a network cannot bear must not stop the others, nor come back for ever.
            rows, bad = await self._see_singly(seen)
            seen = {number: photo for number, photo in seen.items() if number not in bad}
            unseen |= bad
        ids = [*seen, *(number for number in unseen - seen.keys() if self._library.row_of(number) is not None)]
        if not ids:
            return {"batch": None, "put": [], "delete": [], "faces": 0}
        own = self.pack.calibration if self.pack.id not in KNOWN else None
        return {**self._gallery.stage_look(ids, rows, self.pack.model, own, self.beside), "faces": len(rows)}

    def settle(self, batch: int, stored: bool) -> Answer:
        """What was staged is stored: do it; or it could not be: forget it."""
        self._gallery.settle(int(batch), bool(stored))
        return {}

    def fold(self, tidy: bool = False) -> Answer | None:
        """Gather small lists, and, to be tidy, let go of the faces of photos that have left: staged, or None.

        What a pack that was chosen before the present choice has seen beside another one is let go of, too.
        """
        wanted = None if self._chosen is None and self.pack is None else self._of(self._chosen)
        return self._gallery.fold(lambda photo: self._library.row_of(photo) is not None, bool(tidy), wanted)

    def _of(self, pack: str | None) -> Callable[[ModelId], bool]:
        """Tells whether a model is this pack, of whichever version where it has not begun; see `todo`."""
        if pack is not None:
            self._chosen = pack
        if self.pack is not None and pack in (None, self.pack.id):
            return self.pack.model.__eq__
        if pack is None:
            return lambda model: True
        return lambda model: model.pack.rpartition(" ")[0] == pack

    async def _see_singly(self, photos: Mapping[int, NDArray[np.uint8]]) -> tuple[FaceRows, set[int]]:
        """The faces of the photos that can be looked at, and the others; if there is none of the former, the error."""
        parts: list[FaceRows] = []
        bad: set[int] = set()
        for number, photo in photos.items():
            try:
                parts.append(await self._see({number: photo}))
            except SessionError:
                bad.add(number)
                if len(bad) == len(photos):
                    raise
        return FaceRows.joined(parts, range(len(parts))), bad

    async def _see(self, photos: Mapping[int, NDArray[np.uint8]]) -> FaceRows:
        assert self._graph is not None and self.pack is not None
        table, sizes = self._library.table, []
        for number in photos:
            row = self._library.row_of(number)
            sizes.append((int(table["width"][row]), int(table["height"][row])))
        if not photos:
            return FaceRows.none(self.pack.recogniser.dimension)
        with self._timings.measure("faces", len(photos)):
            results = await self._graph.run([FaceRecognition.name], Batch(list(photos.values()), sizes))
        rows: FaceRows = results[FaceRecognition.name]
        return rows
