"""Photos that a person takes out of the library, and takes back in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from shoebox.library.library import Library
from shoebox.store.blocks import BLOCK_ROWS, Block, read_block, write_block
from shoebox.store.journal import Change
from shoebox.store.rows import ELSEWHERE
from shoebox.store.sealed import Buffer


def keepsakes(library: Library, numbers: Iterable[int]) -> list[bytes]:
    """All that is known about some photos, as blocks from which `returning` brings them back."""
    rows = np.array([row for row in map(library.row_of, numbers) if row is not None], np.intp)
    models = library.table["model"][rows]
    kept = []
    for model in np.unique(models).tolist():
        alike = rows[models == model]
        for low in range(0, len(alike), BLOCK_ROWS):
            kept.append(write_block(Block(0, 0, library.rows_at(alike[low : low + BLOCK_ROWS]))))
    return kept


def returning(library: Library, kept: Sequence[Buffer]) -> list[Change]:
    """What brings photos back that `keepsakes` was asked about before they left.

    Photos that are there again already, or whose place another photo has taken since, are left out.

    Raises
    ------
    StoreError
        If the bytes cannot be read.
    """
    changes = []
    for data in kept:
        rows = read_block(data).rows
        elsewhere = (rows.columns["flags"] & ELSEWHERE) != 0
        free = [
            place
            for place, paths in enumerate(rows.paths.by_row(len(rows)))
            if elsewhere[place] or library.owners.keys().isdisjoint(name for name, _ in paths)
        ]
        if free:
            changes.append(Change(rows=rows.take(free)))
    return changes
