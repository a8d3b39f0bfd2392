"""The text of a library: which photos were looked at, and what was read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shoebox.findings.findings import Answer, Findings, new_key, now
from shoebox.reading.lines import TextRows
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer
from shoebox.store.texts import TextList, joined, read_texts, write_texts


class Readings(Findings[TextList]):
    """What is known about the text in the photos of one library.

    Attributes
    ----------
    edits : int
        Another number whenever something else is known.
    """

    def __init__(self) -> None:
        self.edits = 0
        super().__init__()

    def reset(self) -> None:
        """Know nothing."""
        super().reset()
        self.edits += 1

    def models(self) -> list[ModelId]:
        """What has read photos here, each once."""
        return list(dict.fromkeys(texts.model for _, texts in sorted(self._lists.items())))

    def of(self, photo: int) -> TextRows:
        """What stands in a photo."""
        if photo not in self._place:
            return TextRows.none()
        key, place = self._place[photo]
        return self._lists[key].rows.of(place)

    def count(self) -> int:
        """How many photos there are in which something was read."""
        return sum(len(np.unique(texts.rows.photos)) for texts in self.lists())

    def stage_look(self, ids: Sequence[int], rows: TextRows, model: ModelId) -> Answer:
        """Photos were looked at; `rows.photos` are places in `ids`. Answers as `Findings.stage_list`."""
        return self._stage({new_key(): TextList(now(), model, np.array(ids, np.uint64), rows)}, [])

    def settle(self, batch: int, stored: bool) -> None:
        """As `Findings.settle`."""
        super().settle(batch, stored)
        if stored:
            self.edits += 1

    def _read(self, data: Buffer) -> TextList:
        return read_texts(data)

    def _write(self, found: TextList) -> bytes:
        return write_texts(found)

    def _joined(self, parts: list[TextList]) -> TextList:
        # As old as the newest of them.
        return joined(parts, max(part.at for part in parts))

    def _lost(self, photos: int) -> str:
        return f"The text in {photos} photos is found but not stored. Reload the page to see what is kept."
