"""The pass over the photos that reads: which of them nobody has looked at for text, and reading them.

As with faces (`shoebox.faces.seeking`) the page asks what is to do, opens the files, decodes them large, and hands pixels over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.model import preprocess
from shoebox.reading.lines import TextRows
from shoebox.reading.pack import TextPack
from shoebox.reading.readings import Readings
from shoebox.search.ranking import newest
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.store.rows import ModelId, id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.graph import Batch, TaskGraph
from shoebox.tasks.reading import TextRecognition, text_tasks
from shoebox.timings import Timings

Answer = dict[str, Any]


class Reader:
    """Reading what stands in the photos of one library; the verbs are listed in `shoebox.worker`.

    Parameters
    ----------
    library : Library
    readings : Readings
        Gets what is read.
    sessions : Sessions
        Where the networks of a text pack run.
    timings : Timings
        Gets 'reading': networks and all around them, a photo.

    Attributes
    ----------
    pack : TextPack or None
        What reads; None until `begin`.
    """

    def __init__(self, library: Library, readings: Readings, sessions: Sessions, timings: Timings) -> None:
        self._library, self._readings = library, readings
        self._sessions, self._timings = sessions, timings
        self._graph: TaskGraph | None = None
        self.pack: TextPack | None = None

    @property
    def model(self) -> ModelId | None:
        """What reads; None where nothing does."""
        return None if self.pack is None else self.pack.model

    def describe(self, manifest: Buffer) -> Answer:
        """What the pack that this manifest describes consists of: `{networks: [{network, file, bytes, sha256}], characters}`.

        Raises
        ------
        PackError
            If anything in it is not as it must be.
        """
        pack = TextPack.from_manifest(memoryview(manifest).tobytes())
        files = {"text-detector": pack.detector.file, "text-recogniser": pack.recogniser.file}
        return {
            "networks": [
                {"network": network, "file": file.name, "bytes": file.size, "sha256": file.sha256}
                for network, file in files.items()
            ],
            "characters": pack.characters.name,
        }

    def begin(self, manifest: Buffer, characters: Buffer) -> Answer:
        """Read with the pack that this manifest describes, given its file of characters: `{}`.

        Raises
        ------
        PackError
            If anything in either is not as it must be.
        """
        pack = TextPack.from_manifest(memoryview(manifest).tobytes())
        alphabet = pack.alphabet(memoryview(characters).tobytes())
        self._graph = TaskGraph(text_tasks(pack, alphabet, self._sessions))
        self.pack = pack
        return {}

    def todo(self) -> Answer:
        """Photos that nobody has looked at (or only with another pack), newest first: `{ids, total}`.

        Those whose files are elsewhere are left out: nobody can look at them here. `ids` is one text of 16 characters a photo.
        """
        library = self._library
        rows = newest(library.vectors.alive, library.table["taken"])
        numbers: list[int] = id_numbers(library.table["hash"][rows]).tolist()
        there = (number for number in numbers if number not in library.elsewhere)
        ids = [id_text(number) for number in there if not self._readings.sought(number, self.model)]
        return {"ids": "".join(ids), "total": len(numbers)}

    async def look(self, photos: Sequence[Mapping[str, Any]], pixels: Sequence[Buffer], missed: Sequence[str] = ()) -> Answer:
        """Read decoded photos: `{batch, put, delete, lines}`, staged; batch is None if none is in the library any more.

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
            If a network fails with every photo; nothing is staged then.
        """
        if self._graph is None or self.pack is None:
            raise QueryError("Text is not read.", "Turn text in photos on in the settings.")
        if len(photos) != len(pixels):
            raise QueryError(f"There are {len(photos)} photos but pixels of {len(pixels)}.")
        ids: list[int] = []
        parts: list[TextRows] = []
        failed: list[SessionError] = []
        for item, data in zip(photos, pixels, strict=True):
            number = requests.id_number(str(item.get("id")))
            if number is None or number in ids or self._library.row_of(number) is None:
                continue
            try:
                photo = preprocess.photo_from_bytes(data, requests.whole(item, "width"), requests.whole(item, "height"))
                rows = await self._read(self._graph, number, photo)
            except ValueError:
                rows = TextRows.none()
            except SessionError as error:
                # One photo that a network cannot bear must not stop the others, nor come back for ever.
                failed.append(error)
                rows = TextRows.none()
            ids.append(number)
            parts.append(rows)
        if failed and len(failed) == len(ids):
            raise failed[0]
        unseen = {number for number in map(requests.id_number, missed) if number is not None}
        ids += [number for number in unseen.difference(ids) if self._library.row_of(number) is not None]
        if not ids:
            return {"batch": None, "put": [], "delete": [], "lines": 0}
        rows = TextRows.joined(parts, range(len(parts)))
        return {**self._readings.stage_look(ids, rows, self.pack.model), "lines": len(rows)}

    def settle(self, batch: int, stored: bool) -> Answer:
        """What was staged is stored: do it; or it could not be: forget it."""
        self._readings.settle(int(batch), bool(stored))
        return {}

    def fold(self, tidy: bool = False) -> Answer | None:
        """Gather small lists, and, to be tidy, let go of the text of photos that have left: staged, or None."""
        return self._readings.fold(lambda photo: self._library.row_of(photo) is not None, bool(tidy))

    def forget(self) -> Answer:
        """All text has been deleted: `{}`."""
        self._readings.reset()
        return {}

    async def _read(self, graph: TaskGraph, number: int, photo: NDArray[np.uint8]) -> TextRows:
        row = self._library.row_of(number)
        table = self._library.table
        size = (int(table["width"][row]), int(table["height"][row]))
        with self._timings.measure("reading"):
            results = await graph.run([TextRecognition.name], Batch([photo], [size]))
        rows: TextRows = results[TextRecognition.name]
        return rows
