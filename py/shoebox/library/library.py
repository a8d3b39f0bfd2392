"""The library in memory: photos by content, and the paths where they lie.

A photo is its content: its id is the first 16 hexadecimal digits of the sha256 of its bytes. It may lie under several
paths; the first of them is its name, the others are copies. It leaves when its last path does.

A photo that came with an archive has no path until a file of it is seen here: it is *elsewhere*, and leaves only when somebody
takes it out. What it was called where it came from is shown, but nothing is ever opened by such a name.

Everything that changes the library is a `Change`, done by `apply`; how changes are made to last is the business of `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.library import subjects
from shoebox.library.owners import Owners
from shoebox.library.statements import FAVOURITE, Statements
from shoebox.store.journal import Change
from shoebox.store.packed import Packed
from shoebox.store.rows import ELSEWHERE, ModelId, Path, Paths, Rows, id_numbers
from shoebox.store.shelf import Shelf
from shoebox.store.table import IN_JOURNAL, Table
from shoebox.store.vectors import VectorStore


class Library:
    """All photos, searchable by columns and vectors.

    Parameters
    ----------
    model : ModelId
        What makes vectors now. Photos whose vectors were made otherwise stay in the library but out of searches until they are
        indexed again.
    dimension : int
        Length of the vectors.

    Attributes
    ----------
    vectors : VectorStore
    table : Table
        Columns by the rows of `vectors`.
    names : Packed of str
        The main path of each row, empty where it has none; what stands there for rows that are gone means nothing.
    facts : Packed of bytes
        JSON of each row.
    models : list of ModelId
        What the column `model` points at; today's is the first.
    owners : Owners
        The photo that lies under each path, and since when.
    copies : dict of int to list of str
        The further paths of photos that have more than one.
    elsewhere : dict of int to list of (name, time)
        The photos of which no file was ever seen here, with their paths, perhaps none, on the device that they came from.
    shelf : Shelf
        The blocks that the rows stand in.
    statements : Statements
        What the person said, also about photos that are not here (any more).
    edits : int
        Goes up whenever photos come or leave, so that who keeps something beside them can tell.
    """

    edits = 0

    def __init__(self, model: ModelId, dimension: int) -> None:
        self.model = model
        self.dimension = dimension
        self.reset()

    def reset(self) -> None:
        """Become empty; the numbering of changes starts anew."""
        self.edits += 1
        self.vectors = VectorStore(self.dimension)
        self.table = Table()
        self.names = Packed(str)
        self.facts = Packed(bytes)
        self.models: list[ModelId] = [self.model]
        self.owners = Owners(self.names, self.vectors.number)
        self.copies: dict[int, list[str]] = {}
        self.elsewhere: dict[int, list[Path]] = {}
        self.shelf = Shelf()
        self.statements = Statements()

    def reserve(self, rows: int) -> None:
        """Have room for so many rows before they come."""
        self.vectors.reserve(rows)
        self.table.reserve(rows)
        self.owners.reserve(rows)

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def comparable(self) -> NDArray[np.bool_]:
        """(count,) bool: rows that are there and whose vectors today's pack made."""
        mask: NDArray[np.bool_] = self.vectors.alive & (self.table["model"] == 0)
        return mask

    def favourites(self) -> NDArray[np.bool_]:
        """(count,) bool: rows of the photos that the person called favourites."""
        said = self.statements.by(FAVOURITE).values()
        rows = [self.row_of(subjects.photo_number(statement.subject)) for statement in said if statement.value is True]
        mask = np.zeros(self.vectors.count, bool)
        mask[[row for row in rows if row is not None]] = True
        return mask

    def row_of(self, number: int) -> int | None:
        """The row of a photo by its id, or None."""
        return self.vectors.row(number)

    def number_at(self, row: int) -> int:
        """The id of a row, as a number."""
        return self.vectors.number(row)

    def is_comparable(self, number: int) -> bool:
        """Whether a photo is there with a vector that today's pack made."""
        row = self.row_of(number)
        return row is not None and self.table["model"][row] == 0

    def is_here(self, number: int) -> bool:
        """Whether a photo is there, and a file of it was seen on this device."""
        return number in self.vectors and number not in self.elsewhere

    def paths_of(self, number: int) -> list[Path]:
        """All paths of a photo on this device with their times, the main one first."""
        row = self.row_of(number)
        if row is None or number in self.elsewhere:
            return []
        return [(name, self.owners.time(name)) for name in (self.names[row], *self.copies.get(number, ()))]

    def plan(self, entries: Sequence[tuple[str, float, float]]) -> tuple[list[int], int]:
        """Which files need work: all but those whose name, size and time are as they were when they were indexed.

        Parameters
        ----------
        entries : sequence of (name, size, mtime)

        Returns
        -------
        work : list of int
            Places in `entries`.
        unchanged : int
        """
        sizes, comparable = self.table["bytes"], self.comparable
        work = []
        for place, (name, size, mtime) in enumerate(entries):
            number, time = self.owners.file(name) or (None, None)
            row = None if number is None else self.row_of(number)
            if row is None or time != mtime or sizes[row] != size or not comparable[row]:
                work.append(place)
        return work, len(entries) - len(work)

    def apply(self, change: Change) -> None:
        """Do a change."""
        self.edits += 1
        for number in change.remove:
            self._leave(number)
        if change.rows is not None:
            self.enter(change.rows, IN_JOURNAL)
        for name, number, mtime in change.paths:
            self._lay(name, number, mtime)
        for name in change.drop:
            self._lift(name)
        self.shelf.changes += len(change)
        if self.vectors.crowded():
            kept = self.vectors.compact()
            self.table.keep(kept)
            self.names.keep(kept.tolist())
            self.facts.keep(kept.tolist())
            self.owners.keep(kept)

    def sweep(self, root: str, seen: Iterable[str], sure: bool) -> Change:
        """What leaves after a folder has been scanned in full: the paths under it that were not seen.

        Parameters
        ----------
        root : str
            Name of the folder, the first part of its paths; empty for loose files, which never leave.
        seen : iterable of str
            All names that the scan found.
        sure : bool
            Whether it is certainly the same folder as before. If not, nothing leaves unless at least half of the known names
            were seen: it may be another folder of the same name.
        """
        if not root:
            return Change()
        there = set(seen)
        known = [name for name in self.owners if name.startswith(root + "/")]
        gone = [name for name in known if name not in there]
        if not sure and 2 * (len(known) - len(gone)) < len(known):
            return Change()
        return Change(drop=gone)

    def leaving(self, change: Change) -> list[int]:
        """The ids of the photos that a change without rows would take away."""
        dropped = set(change.drop)
        numbers = {self.owners[name] for name in change.drop if name in self.owners}
        left = {number for number in numbers if all(name in dropped for name, _ in self.paths_of(number))}
        return [number for number in change.remove if number in self.vectors] + sorted(left - set(change.remove))

    def rows_at(self, rows: NDArray[np.intp]) -> Rows:
        """Some rows, all of one model, as they are stored."""
        columns, cameras, formats = self.table.take(rows)
        model = self.models[int(self.table["model"][rows[0]])] if len(rows) else self.model
        # Vectors of another pack are not kept: such photos must be indexed again before they can be found.
        vectors = self.vectors.vectors(rows) if model == self.model else np.zeros((len(rows), 0), np.float32)
        numbers = [self.number_at(row) for row in rows.tolist()]
        paths = [self.elsewhere.get(number) or self.paths_of(number) for number in numbers]
        return Rows(model, columns, vectors, Paths.of(paths), [self.facts[row] for row in rows.tolist()], cameras, formats)

    def enter(self, rows: Rows, block: int) -> None:
        """Put rows in; photos that are there already are replaced and keep their paths on this device.

        Parameters
        ----------
        rows : Rows
        block : int
            Key of the block that they stand in, or `IN_JOURNAL`.

        Raises
        ------
        StoreError
            If they contradict themselves; nothing is changed then.
        """
        self.edits += 1
        numbers: list[int] = id_numbers(rows.columns["hash"]).tolist()
        if len(set(numbers)) != len(numbers):
            raise StoreError("A stored block holds the same photo twice.")
        if rows.model == self.model and rows.vectors.shape[1] != self.dimension:
            raise StoreError("A stored block holds vectors of another length than its model makes.")
        former = {number: self.paths_of(number) for number in self.vectors.known(numbers)}
        for number in former:
            self._leave(number)
        same = rows.model == self.model
        self.vectors.append(numbers, rows.vectors if same else np.zeros((len(rows), self.dimension), np.float32))
        self.table.append(rows.columns, len(rows), self._model_number(rows.model), block, rows.cameras, rows.formats)
        self.facts.extend(rows.facts)
        names = rows.paths.names
        elsewhere = (rows.columns["flags"] & ELSEWHERE) != 0
        fresh = len(set(names)) == len(names) == len(numbers) and self.owners.disjoint(names)
        if fresh and not former and not elsewhere.any():
            self.names.extend(names)
            self.owners.enter(names, rows.paths.times)
            return
        self.names.extend([""] * len(numbers))
        for number, paths, away in zip(numbers, rows.paths.by_row(len(numbers)), elsewhere.tolist(), strict=True):
            if away:
                self._set_apart(number, paths)
            for name, mtime in [*(() if away else paths), *former.get(number, ())]:
                if self.owners.get(name) != number:
                    self._lay(name, number, mtime)

    def _model_number(self, model: ModelId) -> int:
        if model not in self.models:
            self.models.append(model)
        return self.models.index(model)

    def _set_apart(self, number: int, paths: list[Path]) -> None:
        """A photo that has just been put in has no file here."""
        row = self.row_of(number)
        assert row is not None
        self.elsewhere[number] = paths
        self.names[row] = paths[0][0] if paths else ""

    def _lay(self, name: str, number: int, mtime: float) -> None:
        """A photo now lies under this path (too); whichever lay there before does not any more."""
        row = self.row_of(number)
        if row is None:
            return
        if self.elsewhere.pop(number, None) is not None:
            self.table["flags"][row] &= ~np.uint8(ELSEWHERE)
            self.names[row] = ""
        if self.owners.get(name) != number:
            self._lift(name)
            if self.names[row]:
                self.copies.setdefault(number, []).append(name)
                self.owners.copy(name, number, mtime)
            else:
                self.names[row] = name
                self.owners.lay(row, mtime)
        else:
            self.owners.touch(name, mtime)
        self.shelf.touch(number, int(self.table["block"][row]))

    def _lift(self, name: str) -> None:
        """A path is gone; its photo leaves with the last one."""
        number = self.owners.get(name)
        if number is None:
            return
        row = self.row_of(number)
        assert row is not None
        self.owners.lift(name)
        copies = self.copies.get(number, [])
        if name == self.names[row]:
            if not copies:
                self._leave(number)
                return
            heir = copies.pop(0)
            time = self.owners.lift(heir)
            assert time is not None
            self.names[row] = heir
            self.owners.lay(row, time)
        else:
            copies.remove(name)
        if not copies:
            self.copies.pop(number, None)
        self.shelf.touch(number, int(self.table["block"][row]))

    def _leave(self, number: int) -> None:
        """A photo leaves with all its paths."""
        row = self.row_of(number)
        if row is None:
            return
        own = () if self.elsewhere.pop(number, None) is not None else (self.names[row],)
        for name in (*own, *self.copies.pop(number, ())):
            self.owners.lift(name)
        self.shelf.touch(number, int(self.table["block"][row]))
        self.vectors.remove(number)
