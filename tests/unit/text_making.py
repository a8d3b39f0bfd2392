"""Text as it would have been read, for tests of what keeps and finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shoebox.reading.lines import TextRows
from shoebox.store.rows import ModelId
from shoebox.store.texts import TextList
from tests.unit.library_making import number

READS = ModelId("reads 1", "text-1")


def text_rows(*photos: Sequence[str]) -> TextRows:
    """The lines of some photos."""
    owners = np.repeat(np.arange(len(photos)), [len(lines) for lines in photos]).astype(np.int32)
    texts = tuple(line for lines in photos for line in lines)
    corners = np.arange(8 * len(texts)).reshape(-1, 4, 2).astype(np.int32)
    return TextRows(owners, corners, np.full(len(texts), 0.9, np.float32), texts)


def text_list(photos: Mapping[str, Sequence[str]], at: int = 1, model: ModelId = READS) -> TextList:
    """Photos by their content, and what stands in them."""
    return TextList(at, model, np.array([number(each) for each in photos], np.uint64), text_rows(*photos.values()))
