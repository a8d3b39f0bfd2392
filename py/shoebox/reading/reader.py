"""The look that reads what is written in photos."""

from __future__ import annotations

from collections.abc import Sequence

from shoebox.errors import QueryError
from shoebox.findings.findings import Answer
from shoebox.findings.looker import Looker, networks
from shoebox.library.library import Library
from shoebox.reading.lines import TextRows
from shoebox.reading.pack import TextPack
from shoebox.reading.readings import Readings
from shoebox.sessions.protocol import Sessions
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer
from shoebox.tasks.graph import TaskGraph
from shoebox.tasks.reading import TextRecognition, text_tasks
from shoebox.timings import Timings


class Reader(Looker[TextRows]):
    """Reading what stands in the photos of one library, one photo at a time; the verbs are listed in `shoebox.worker`.

    Parameters are those of `Looker`.

    Attributes
    ----------
    pack : TextPack or None
        What reads; None until `begin`.
    """

    finds, task, timed = "lines", TextRecognition.name, "reading"

    def __init__(self, library: Library, readings: Readings, sessions: Sessions, timings: Timings) -> None:
        super().__init__(library, readings, sessions, timings)
        self._readings = readings
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
        files = networks({"text-detector": pack.detector.file, "text-recogniser": pack.recogniser.file})
        return {"networks": files, "characters": pack.characters.name}

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
        """As `Looker.todo`; also those that only another pack has read."""
        return self._unseen(lambda photo: self._readings.sought(photo, self.model))

    def forget(self) -> Answer:
        """All text has been deleted: `{}`."""
        self._readings.reset()
        return {}

    def _together(self, parts: Sequence[TextRows]) -> TextRows:
        return TextRows.joined(parts, range(len(parts)))

    def _stage(self, ids: Sequence[int], rows: TextRows) -> Answer:
        assert self.pack is not None
        return self._readings.stage_look(ids, rows, self.pack.model)

    def _not_begun(self) -> QueryError:
        return QueryError("Text is not read.", "Turn text in photos on in the settings.")
