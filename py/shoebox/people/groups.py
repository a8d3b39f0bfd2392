"""Which faces are of one person: by what a person said, and where nobody has said anything, by likeness.

`settle` brings the groups in line with all that was said. Saying, undoing (`Sayings.undo`), hearing another tab and importing
end in the same call, so there is one way from statements to groups, and the later statement wins on all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError
from shoebox.library.statements import NOBODY, Statements
from shoebox.people.calibration import Calibration
from shoebox.people.corrections import Corrections
from shoebox.people.faces import Faces, parse_key
from shoebox.people.grouping import FREE, OUT, Grouping, Labels, heirs
from shoebox.sessions.protocol import Session


class Groups:
    """The faces of one library, by person.

    Parameters
    ----------
    statements : Statements
        What a person said; only read here.
    calibration : Calibration
        Of the recogniser that made the vectors.
    dimension : int
        Length of the vectors.

    Attributes
    ----------
    faces : Faces
    labels : (n,) int64
        For each face the place of its person in `ids`; `FREE` and `OUT` for those that have none.
    ids : list of str
        The persons, 16 hexadecimal digits each; a person keeps their id for as long as a face of theirs stays together.
    """

    def __init__(self, statements: Statements, calibration: Calibration, dimension: int) -> None:
        self.corrections = Corrections(statements)
        self._calibration = calibration
        self.faces = Faces.none(dimension)
        self.labels: Labels = np.zeros(0, np.int64)
        self.ids: list[str] = []
        self._bound: dict[str, str] = {}  # what was confirmed when the groups were last settled
        self._rows: dict[str, int] = {}

    # Faces come and go

    def load(self, faces: Faces, persons: Sequence[str]) -> None:
        """Become what is stored: faces, and the id of each one's person (empty where there is none)."""
        if len(persons) != len(faces):
            raise ValueError(f"{len(faces)} faces have {len(persons)} persons")
        self.ids = sorted(set(persons) - {""})
        place = {person: number for number, person in enumerate(self.ids)}
        self._take(faces, np.array([place.get(person, FREE) for person in persons], np.int64))
        self._bound = {}
        self.settle()

    def add(self, faces: Faces) -> None:
        """New faces join the persons that they resemble, or found new ones; nobody confirmed is moved.

        Raises
        ------
        ValueError
            If one of them is there already.
        """
        self._take(self.faces.joined(faces), np.concatenate([self.labels, np.full(len(faces), FREE)]))
        self.settle()
        self._join()

    def drop(self, photos: Iterable[int]) -> None:
        """The faces of some photos leave; what was said about them stays said."""
        keep = np.flatnonzero(~np.isin(self.faces.photos, np.array(list(photos), np.uint64)))
        self._take(self.faces.take(keep), self.labels[keep])
        self._tidy(self.labels)

    def persons(self) -> list[str]:
        """The id of each face's person, in the order of `faces`, as `load` takes them."""
        return [self.ids[label] if label >= 0 else "" for label in self.labels.tolist()]

    async def regroup(self, session: Session | None = None) -> None:
        """Group all faces anew, for example after another recogniser has looked at them, or once many have come.

        Confirmed faces stay where they are; the others go where they belong by now. Persons keep their ids.

        Raises
        ------
        SessionError
            If the session fails; the groups are then as before.
        """
        self.settle()
        bound = self._bound
        fixed = np.full(len(self.faces), FREE)
        groups: dict[str, int] = {}
        for key, person in bound.items():
            if (row := self._rows.get(key)) is not None:
                fixed[row] = OUT if person == NOBODY else groups.setdefault(person, len(groups))
        labels = await Grouping(
            self.faces, self._calibration, fixed, set(groups.values()), self._apart(groups), self._strangers()
        ).anew(session)
        self._rename(labels, self.labels)

    def settle(self) -> None:
        """Bring the groups in line with all that is said by now."""
        confirmed = self.corrections.confirmed()
        labels = self.labels.copy()
        place = {person: number for number, person in enumerate(self.ids)}
        for key in self._bound.keys() - confirmed.keys():
            if (row := self._rows.get(key)) is not None:
                labels[row] = FREE
        for key, person in confirmed.items():
            if (row := self._rows.get(key)) is not None:
                if person != NOBODY and person not in place:
                    place[person] = len(self.ids)
                    self.ids.append(person)
                labels[row] = OUT if person == NOBODY else place[person]
        for key, person in self.corrections.denied():
            row = self._rows.get(key)
            if row is not None and key not in confirmed and labels[row] == place.get(person, OUT):
                labels[row] = FREE
        for pair in self.corrections.strangers():
            rows = [row for row in map(self._rows.get, pair) if row is not None]
            if len(rows) == 2 and labels[rows[0]] == labels[rows[1]] >= 0:
                labels[[row for row in rows if self.faces.keys[row] not in confirmed]] = FREE
        moved = bool((labels != self.labels).any())
        self._bound = confirmed
        former, self.labels = self.labels, labels
        if moved:
            self._join(former)

    # Inside

    def _take(self, faces: Faces, labels: Labels) -> None:
        self.faces, self.labels = faces, labels
        self._rows = {key: row for row, key in enumerate(faces.keys)}

    def _join(self, former: Labels | None = None) -> None:
        """Group the faces that are free, leaving the others where they are."""
        former = self.labels if former is None else former
        confirmed = set(self._bound.values()) - {NOBODY}
        present = {self.ids[label]: label for label in np.unique(self.labels[self.labels >= 0]).tolist()}
        fixed = {label for person, label in present.items() if person in confirmed}
        grouping = Grouping(self.faces, self._calibration, self.labels, fixed, self._apart(present), self._strangers())
        # Where all is free again, as after an undo, the former person is who most of the faces were.
        self._rename(grouping.joining(), np.where(self.labels == FREE, former, self.labels))

    def _apart(self, groups: dict[str, int]) -> list[tuple[int, int]]:
        """Faces and the groups that they were denied to."""
        pairs = ((self._rows.get(key), groups.get(person), key) for key, person in self.corrections.denied())
        return [(row, group) for row, group, key in pairs if row is not None and group is not None and key not in self._bound]

    def _strangers(self) -> list[tuple[int, int]]:
        """Faces that were said to be of different people."""
        pairs = ((self._rows.get(one), self._rows.get(other)) for one, other in self.corrections.strangers())
        return [(one, other) for one, other in pairs if one is not None and other is not None]

    def _rename(self, labels: Labels, former: Labels) -> None:
        """Take new groups over, with the ids of the persons that they go on as."""
        kept: dict[int, int] = {}
        place = {person: number for number, person in enumerate(self.ids)}
        for key, person in self._bound.items():
            if person != NOBODY and (row := self._rows.get(key)) is not None:
                kept[int(labels[row])] = place[person]
        # Ids of confirmed persons are nobody else's, even where a face of theirs has left them.
        spoken = self.corrections.spoken_of()
        barred = [number for number, person in enumerate(self.ids) if person in spoken and number not in kept.values()]
        found = heirs(labels, np.where(np.isin(former, barred), FREE, former), kept)
        used = {self.ids[old] for old in found.values()} | spoken
        members = _members(labels)
        ids = []
        for label, rows in members.items():
            if label in found:
                ids.append(self.ids[found[label]])
            else:
                ids.append(self._new_id(rows, used))
                used.add(ids[-1])
        self.ids = ids
        dense = np.full(int(labels.max(initial=-1)) + 1, FREE)
        dense[list(members)] = np.arange(len(members))
        self.labels = np.where(labels >= 0, dense[np.maximum(labels, 0)], labels) if len(dense) else labels.copy()

    def _tidy(self, labels: Labels) -> None:
        self._rename(labels, labels)

    def _new_id(self, rows: NDArray[np.integer], used: set[str]) -> str:
        """An id that no person has: made of the best face's key, so that two devices that see the same give the same."""
        best = rows[np.lexsort(([self.faces.keys[row] for row in rows.tolist()], -self.faces.quality[rows]))[0]]
        text = self.faces.keys[int(best)]
        while (made := hashlib.sha256(text.encode()).hexdigest()[:16]) in used:
            text += "'"
        return made

    def _members(self) -> dict[int, NDArray[np.intp]]:
        return _members(self.labels)

    def _rows_of(self, person: str) -> NDArray[np.intp]:
        if person not in self.ids:
            raise QueryError(f"There is no person {person!r}.", "The people have changed since; reload the list.")
        return np.flatnonzero(self.labels == self.ids.index(person))

    def _row_of(self, face: str, among: NDArray[np.intp] | None = None) -> int:
        parse_key(face)
        row = self._rows.get(face)
        if row is None or (among is not None and row not in among):
            whose = "There is no such face" if row is None else "This face is not that person's"
            raise QueryError(f"{whose}: {face}.", "The people have changed since; reload the list.")
        return row


def _members(labels: Labels) -> dict[int, NDArray[np.intp]]:
    """The rows of each group, by group, in the order of the groups."""
    order = np.argsort(labels, kind="stable")
    order = order[labels[order] >= 0]
    present, starts = np.unique(labels[order], return_index=True)
    return dict(zip(present.tolist(), np.split(order, starts[1:]) if len(order) else [], strict=True))
