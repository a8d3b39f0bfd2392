"""How what a person says is made to last, and taken back: the verbs of statements.

As with every change, statements are staged first, stored, and then accepted or rejected (see `shoebox.worker`). Unlike other
changes they need no order and no lock: each carries its own time, so several tabs may write at once, and each takes in what the
others wrote (`hear`).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from shoebox import requests
from shoebox.errors import QueryError, StoreError
from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.statements import FAVOURITE, Statement, Statements, Value, is_author
from shoebox.store.rows import id_text
from shoebox.store.sayings import read_lines, write_lines
from shoebox.store.sealed import Buffer, NewerStore

Answer = dict[str, Any]

# So many lines a run: damage to one run takes no more than these along.
RUN_LINES = 512
# Runs beyond those that full ones would need; more are folded together, since reading many small values is slow.
LOOSE_RUNS = 128


def now() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


class Sayings:
    """What is said about one library, staged and stored.

    Parameters
    ----------
    library : Library
        Its `statements` are changed by this object only.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._author = secrets.token_hex(8)
        self._last = 0
        self._batch = 0
        self.reset()

    def reset(self) -> None:
        """Forget what is staged and stored; the library's own statements are reset with the library."""
        self._keys: set[int] = set()
        self._staged: dict[int, list[Statement]] = {}
        self._folds: dict[int, list[int]] = {}
        self._purges: dict[int, Callable[[str], bool]] = {}

    def load(self, runs: Sequence[Buffer], keys: Sequence[int], author: str | None) -> list[str]:
        """Take in all that is stored, into an empty library; what is damaged is told and passed over.

        Parameters
        ----------
        runs : sequence of n bytes
            In any order.
        keys : sequence of n int
            The keys under which they lie.
        author : str, optional
            Under which name this device speaks from now on.
        """
        if author is not None:
            if not is_author(author):
                raise QueryError(f"{author!r} is not the name of a device.")
            self._author = author
        self._keys = set()
        return self._take_in(runs, keys)

    # Changing: each answers `{batch, statements, changed, undo}`

    def favourite(self, ids: Iterable[str], yes: bool = True) -> Answer:
        """Call photos favourites, or no longer so. Unknown ids are passed over."""
        if not isinstance(yes, bool):
            raise QueryError(f"A photo is a favourite or it is not; {yes!r} is neither true nor false.")
        numbers = [number for number in map(requests.id_number, ids) if number is not None]
        there = [subjects.photo(number) for number in numbers if self._library.row_of(number) is not None]
        known = self._library.statements
        return self.say((subject, FAVOURITE, yes) for subject in there if (known.value(subject, FAVOURITE) is True) is not yes)

    def undo(self, changes: Sequence[Sequence[Any]]) -> Answer:
        """Take back a change by the `undo` that it was answered with; what was said anew since then stays."""
        wishes = []
        for change in changes:
            try:
                # The very form of a statement, so the same reading checks it.
                subject, predicate, value, at = change
                before = Statement(subject, predicate, value, int(at), self._author)
                before = Statement.from_line(before.line())
            except (ValueError, TypeError, StoreError) as error:
                raise QueryError("This change cannot be undone: what should be restored cannot be read.") from error
            present = self._library.statements.find(before.subject, before.predicate)
            if present is not None and present.at == before.at:
                wishes.append((before.subject, before.predicate, before.value))
        return self.say(wishes)

    def say(self, wishes: Iterable[tuple[str, str, Value]]) -> Answer:
        """Stage statements: (subject, predicate, value) each, of which the last about the same counts.

        Returns
        -------
        dict
            `batch`, `statements`: the number of the staged change (negative, so that it is never mistaken for one of the
            ledger's) and its bytes, both None if nothing was said. `changed`: how many statements. `undo`: what `undo` takes,
            [subject, predicate, value before, time of this change] each.
        """
        said = {(subject, predicate): value for subject, predicate, value in wishes}
        if not said:
            return {"batch": None, "statements": None, "changed": 0, "undo": []}
        known = self._library.statements
        self._last = at = max(now(), known.newest + 1, self._last + 1)
        statements = [Statement(subject, predicate, value, at, self._author) for (subject, predicate), value in said.items()]
        undo = [[each.subject, each.predicate, known.value(each.subject, each.predicate), at] for each in statements]
        self._batch -= 1
        self._staged[self._batch] = statements
        run = write_lines([statement.line() for statement in statements])
        return {"batch": self._batch, "statements": run, "changed": len(statements), "undo": undo}

    def adopt(self, statements: Iterable[Statement]) -> Answer:
        """Stage what was said on other devices, as it was said there, but for what is known or was said anew since.

        Returns
        -------
        dict
            `batch`, `statements` as `say`; `changed`: how many.
        """
        known = self._library.statements
        news = [
            each
            for each in statements
            if (present := known.find(each.subject, each.predicate)) is None or present.rank < each.rank
        ]
        if not news:
            return {"batch": None, "statements": None, "changed": 0}
        self._batch -= 1
        self._staged[self._batch] = news
        return {"batch": self._batch, "statements": write_lines([each.line() for each in news]), "changed": len(news)}

    def accept(self, batch: int, keys: Iterable[int]) -> None:
        """What was staged is stored under these keys: do it.

        Raises
        ------
        QueryError
            If nothing with this number is staged.
        """
        if batch in self._folds:
            self._keys.difference_update(self._folds.pop(batch))
            if batch in self._purges:
                self._library.statements.drop(self._purges.pop(batch))
        else:
            self._library.statements.merge(self._unstage(batch))
        self._keys.update(map(int, keys))

    def reject(self, batch: int) -> None:
        """What was staged could not be stored: forget it.

        Raises
        ------
        QueryError
            If nothing with this number is staged.
        """
        self._purges.pop(batch, None)
        if self._folds.pop(batch, None) is None:
            self._unstage(batch)

    # What other tabs said

    def hear(self, statements: Sequence[Buffer], keys: Sequence[int]) -> Answer:
        """Take in what another tab has stored: `{problems}`."""
        return {"problems": self._take_in(statements, keys)}

    def fold(self) -> Answer | None:
        """Gather many small runs into few: `{batch, put: [bytes], delete: [key]}`, staged, or None while they are few."""
        full = -(-len(self._library.statements) // RUN_LINES)
        if self._folds or len(self._keys) <= full + LOOSE_RUNS:
            return None
        return self._rewrite([statement.line() for statement in self._library.statements])

    def purge(self, about: Callable[[str], bool]) -> Answer:
        """Forget what is said about some subjects for good: `{batch, put, delete}`, staged, as `fold`."""
        kept = [statement.line() for statement in self._library.statements if not about(statement.subject)]
        answer = self._rewrite(kept)
        self._purges[self._batch] = about
        return answer

    def _rewrite(self, lines: Sequence[bytes]) -> Answer:
        put = [write_lines(lines[low : low + RUN_LINES]) for low in range(0, len(lines), RUN_LINES)]
        self._batch -= 1
        self._folds[self._batch] = sorted(self._keys)
        return {"batch": self._batch, "put": put, "delete": sorted(self._keys)}

    # Looking

    def favourites(self) -> Answer:
        """All favourites, also those that are not in the library: `{ids}`, one text of 16 characters a photo."""
        said = self._library.statements.by(FAVOURITE).values()
        return {"ids": "".join(id_text(subjects.photo_number(each.subject)) for each in said if each.value is True)}

    def problems(self, runs: Sequence[Buffer]) -> list[str]:
        """What would be lost if only these runs were left, a sentence each."""
        stored = Statements()
        found = []
        for run in runs:
            statements, problems, _ = _read(run)
            stored.merge(statements)
            found += problems
        lost = sum(
            1
            for statement in self._library.statements
            if (there := stored.find(statement.subject, statement.predicate)) is None or there.rank < statement.rank
        )
        if lost:
            found.append(f"{lost} favourites or names are shown but not stored. Reload the page to see what is kept.")
        return found

    def _take_in(self, runs: Sequence[Buffer], keys: Sequence[int]) -> list[str]:
        problems: list[str] = []
        for run, key in zip(runs, keys, strict=True):
            statements, told, whole = _read(run)
            self._library.statements.merge(statements)
            problems += told
            if whole:
                self._keys.add(int(key))
        return problems

    def _unstage(self, batch: int) -> list[Statement]:
        if batch not in self._staged:
            raise QueryError(f"There is no staged change {batch}.", "It has been accepted or rejected already.")
        return self._staged.pop(batch)


def _read(run: Buffer) -> tuple[list[Statement], list[str], bool]:
    """The statements of a run, what is wrong with it, and whether it may be let go once these statements are stored anew.

    Damaged bytes help nobody and may go; what is whole but cannot be understood was perhaps written by a newer Shoebox.
    """
    try:
        lines = read_lines(run)
    except StoreError as error:
        return [], [str(error)], not isinstance(error, NewerStore)
    statements, problems = [], []
    for line in lines:
        try:
            statements.append(Statement.from_line(line))
        except StoreError as error:
            problems.append(str(error))
    return statements, problems, not problems
