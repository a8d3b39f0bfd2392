"""Which block each photo stands in, and which blocks to write anew when the journal has grown."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shoebox.store.blocks import BLOCK_ROWS
from shoebox.store.table import IN_JOURNAL

# A journal of more changes than this is folded into blocks: reading it would begin to cost at the next start.
JOURNAL_LIMIT = 1024
# Blocks that have become smaller than this are joined with others when blocks are written anyway.
SMALL_BLOCK = BLOCK_ROWS // 2


@dataclass(slots=True)
class Repacking:
    """Blocks to write, worked out but not yet stored.

    Attributes
    ----------
    put : list of (key, rows)
        New blocks, with the rows that go into each.
    delete : list of int
        Keys of the blocks that they replace.
    members : dict of int to list of int
        The ids of the photos of each new block.
    changes : int
        How many changes of the journal these blocks hold.
    """

    put: list[tuple[int, NDArray[np.intp]]]
    delete: list[int]
    members: dict[int, list[int]]
    changes: int


@dataclass(slots=True)
class Shelf:
    """The blocks of the database as the library knows them.

    Attributes
    ----------
    keys : set of int
        Blocks that are stored.
    stale : set of int
        Blocks of which a photo has changed or left since they were written.
    touched : set of int
        Ids of photos that have changed or left since the last repacking was worked out.
    changes : int
        Changes that only the journal holds.
    """

    keys: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    changes: int = 0

    def touch(self, number: int, block: int) -> None:
        """Note that a photo of a block has changed or left."""
        self.touched.add(number)
        if block != IN_JOURNAL:
            self.stale.add(block)

    def plan(
        self,
        alive: NDArray[np.bool_],
        blocks: NDArray[np.int64],
        models: NDArray[np.uint8],
        numbers: NDArray[np.uint64],
        force: bool,
    ) -> Repacking | None:
        """Work out what to write, or None while the journal is short.

        Parameters
        ----------
        alive, blocks, models, numbers : (n,) columns of the library
            Whether the row is there, the block it stands in, what made its vector, its id.
        force : bool
            Write even if the journal is short, but not if it is empty.
        """
        if not (self.changes or self.stale) or (self.changes <= JOURNAL_LIMIT and not force):
            return None
        kept, counts = np.unique(blocks[alive & (blocks != IN_JOURNAL)], return_counts=True)
        small = kept[counts < SMALL_BLOCK].tolist()
        delete = self.stale | set(small) | (self.keys - set(kept.tolist()))
        loose = alive & ((blocks == IN_JOURNAL) | np.isin(blocks, list(delete)))
        put: list[tuple[int, NDArray[np.intp]]] = []
        key = max(self.keys, default=0)
        for model in np.unique(models[loose]).tolist():
            rows = np.flatnonzero(loose & (models == model))
            for low in range(0, len(rows), BLOCK_ROWS):
                key += 1
                put.append((key, rows[low : low + BLOCK_ROWS]))
        members = {key: numbers[rows].tolist() for key, rows in put}
        self.touched = set()
        return Repacking(put, sorted(delete), members, self.changes)

    def settle(self, repacking: Repacking) -> None:
        """Take note that a repacking is stored."""
        self.keys = (self.keys - set(repacking.delete)) | {key for key, _ in repacking.put}
        self.stale -= set(repacking.delete)
        self.changes -= repacking.changes
        self.stale |= {key for key, numbers in repacking.members.items() if not self.touched.isdisjoint(numbers)}
