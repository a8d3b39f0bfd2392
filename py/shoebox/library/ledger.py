"""How changes to the library are made to last.

Changes come in two steps, so that memory never knows what the database lost: `stage` gives a change a number and its
bytes; when they are stored, `accept` does it in memory, and otherwise `reject` forgets it. Changes are done in the
order of their numbers, as they will be at the next start, so an accepted change waits until those before it are
settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shoebox.errors import QueryError, StoreError
from shoebox.library.library import Library
from shoebox.store.blocks import Block, read_block, write_block
from shoebox.store.journal import Change, read_entry, write_entry
from shoebox.store.rows import id_numbers
from shoebox.store.sealed import Buffer, NewerStore
from shoebox.store.shelf import Repacking


class Ledger:
    """The changes of one library: staged, done, and folded into blocks.

    Parameters
    ----------
    library : Library
        Only this ledger may change it.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.reset()

    def reset(self) -> None:
        """Empty the library; the numbering of changes starts anew."""
        self.library.reset()
        self._sequence = 0
        # The last journal entry that the blocks read so far make needless.
        self._through = 0
        self._staged: dict[int, Change] = {}
        self._accepted: dict[int, Change] = {}
        self._repackings: dict[int, Repacking] = {}

    def stage(self, change: Change) -> tuple[int, bytes]:
        """Give a change its number and its bytes; nothing is changed yet."""
        self._sequence += 1
        self._staged[self._sequence] = change
        return self._sequence, write_entry(self._sequence, change)

    def answer(self, change: Change) -> dict[str, int | bytes | None]:
        """Stage a change and answer `{batch, journal}`, both None where nothing changes."""
        if not len(change):
            return {"batch": None, "journal": None}
        sequence, data = self.stage(change)
        return {"batch": sequence, "journal": data}

    def accept(self, sequence: int) -> None:
        """Do a staged change, or note a staged repacking: it is stored.

        Raises
        ------
        QueryError
            If nothing with this number is staged.
        """
        if sequence in self._repackings:
            self._settle(self._repackings.pop(sequence))
            return
        self._accepted[sequence] = self._unstage(sequence)
        self._catch_up()

    def reject(self, sequence: int) -> None:
        """Forget a staged change or repacking: it could not be stored.

        Raises
        ------
        QueryError
            If nothing with this number is staged.
        """
        if self._repackings.pop(sequence, None) is None:
            self._unstage(sequence)
            self._catch_up()

    @property
    def unsettled(self) -> int:
        """How many changes are staged, or accepted but waiting for an earlier one to be settled."""
        return len(self._staged) + len(self._accepted)

    def is_arriving(self, number: int) -> bool:
        """Whether a photo is staged, or accepted and waiting for its turn."""
        changes = [*self._staged.values(), *self._accepted.values()]
        return any(
            bool((id_numbers(change.rows.columns["hash"]) == number).any()) for change in changes if change.rows is not None
        )

    def is_leaving(self, number: int) -> bool:
        """Whether it is staged that a photo be taken out, or accepted and waiting for its turn."""
        return any(number in change.remove for change in (*self._staged.values(), *self._accepted.values()))

    def load(self, blocks: Sequence[Buffer], journal: Iterable[Buffer], keys: Sequence[int] | None = None) -> list[str]:
        """Make the library what is stored; what is damaged is passed over.

        Parameters
        ----------
        blocks, journal : sequences of bytes
            In any order.
        keys : sequence of int, optional
            The keys under which the blocks lie, so that the next repacking can clear damaged ones away.

        Returns
        -------
        list of str
            One sentence for each block or entry that could not be read.
        """
        self.reset()
        return self.load_blocks(blocks, keys) + self.load_journal(journal)

    def load_blocks(self, blocks: Sequence[Buffer], keys: Sequence[int] | None = None) -> list[str]:
        """A part of `load`, after `reset`: some of the blocks, so that not all need be in memory at once."""
        library, problems = self.library, []
        for place, data in enumerate(blocks):
            try:
                block = read_block(data)
                library.enter(block.rows, block.key)
            except StoreError as error:
                problems.append(str(error))
                if keys is not None and not isinstance(error, NewerStore):
                    library.shelf.keys.add(int(keys[place]))
                    library.shelf.stale.add(int(keys[place]))
                continue
            library.shelf.keys.add(block.key)
            # Entering photos with copies counts as touching them; these stand in their block as they are.
            library.shelf.stale.discard(block.key)
            self._through = max(self._through, block.through)
        return problems

    def load_journal(self, journal: Iterable[Buffer]) -> list[str]:
        """The rest of `load`, after all the blocks."""
        problems: list[str] = []
        entries: list[tuple[int, Change]] = []
        for data in journal:
            try:
                entries.append(read_entry(data))
            except StoreError as error:
                problems.append(str(error))
        for sequence, change in sorted(entries, key=lambda entry: entry[0]):
            self._sequence = max(self._sequence, sequence)
            # What a block holds already needs no second doing.
            if sequence > self._through:
                self.library.apply(change)
        self._sequence = max(self._sequence, self._through)
        return problems

    def compact(self, force: bool = False) -> tuple[int, list[tuple[int, bytes]], list[int], int] | None:
        """Fold the journal into blocks: what to store, staged like a change.

        Parameters
        ----------
        force : bool
            Do it even if the journal is short.

        Returns
        -------
        (number, put, delete, through) or None
            Blocks to put by key, keys to delete, and the last journal entry that they make needless. None while the journal is
            short, or while another repacking is being stored.
        """
        if self._repackings:
            return None
        library = self.library
        blocks, models = library.table["block"], library.table["model"]
        plan = library.shelf.plan(library.vectors.alive, blocks, models, id_numbers(library.table["hash"]), force)
        if plan is None:
            return None
        through = min([*self._staged, *self._accepted, self._sequence + 1]) - 1
        put = [(key, write_block(Block(key, through, library.rows_at(rows)))) for key, rows in plan.put]
        self._sequence += 1
        self._repackings[self._sequence] = plan
        return self._sequence, put, plan.delete, through

    def _unstage(self, sequence: int) -> Change:
        if sequence not in self._staged:
            raise QueryError(f"There is no staged change {sequence}.", "It has been accepted or rejected already.")
        return self._staged.pop(sequence)

    def _catch_up(self) -> None:
        """Do the accepted changes that no earlier one is waiting before."""
        for sequence in sorted(self._accepted):
            if any(earlier < sequence for earlier in self._staged):
                break
            self.library.apply(self._accepted.pop(sequence))

    def _settle(self, plan: Repacking) -> None:
        library = self.library
        blocks = library.table["block"]
        for key, numbers in plan.members.items():
            blocks[[row for row in map(library.row_of, numbers) if row is not None]] = key
        library.shelf.settle(plan)
