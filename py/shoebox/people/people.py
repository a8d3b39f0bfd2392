"""The people of a library: who is on which photo, and the verbs with which a person corrects it.

A verb changes nothing by itself: it answers the wishes that `Sayings.say` stages; once they are stored and hold, `settle`
brings the groups in line with all that was said. Undoing (`Sayings.undo`), hearing another tab and importing end in the same
call, so there is one way from statements to groups, and the later statement wins on all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError
from shoebox.library.statements import NOBODY, Statements
from shoebox.people.calibration import Calibration
from shoebox.people.corrections import Corrections, Wish
from shoebox.people.faces import Faces, parse_key
from shoebox.people.grouping import FREE, OUT, Grouping, Labels, heirs
from shoebox.people.neighbours import near_by_numpy
from shoebox.sessions.protocol import Session
from shoebox.store.rows import id_text

Answer = dict[str, Any]

# Of the groups near to one, so many are looked at when it is asked whom they may be.
CANDIDATES = 16
# Products of two lists of means: 2 x 1,000 x 10,000 x 128 FLOP are done in less than a second in WebAssembly.
MOST_ASKED, MOST_COMPARED = 1000, 10_000


class People:
    """The people of one library.

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

    # Looking

    def people(self, most: int = 1000) -> list[Answer]:
        """All persons, those with names first, then by how many faces they have:
        `[{id, name, hidden, count, faceCount, cover, faces: [{id, photo, box, score}]}]`; count is that of their photos, and of
        their faces there are at most `most`, the best first.
        """
        found = []
        for label, rows in self._members().items():
            best = rows[np.argsort(-self.faces.quality[rows], kind="stable")[:most]]
            found.append({**self._person(label, rows), "faces": [self._face(row) for row in best.tolist()]})
        return sorted(found, key=lambda each: (not each["name"], -each["faceCount"], each["id"]))

    def person(self, person: str) -> tuple[Answer, list[Answer]]:
        """One of them, and all their faces, in no order."""
        rows = self._rows_of(person)
        return self._person(self.ids.index(person), rows), [self._face(row) for row in rows.tolist()]

    def on_photo(self, photo: int) -> list[tuple[Answer, str]]:
        """The faces of a photo, each with the id of its person (empty where there is none)."""
        rows = np.flatnonzero(self.faces.photos == np.uint64(photo)).tolist()
        return [(self._face(row), self.ids[label] if (label := int(self.labels[row])) >= 0 else "") for row in rows]

    def face(self, key: str) -> Answer:
        """A face by its key: `{id, photo, box, score}`."""
        return self._face(self._row_of(key))

    def has_face(self, key: str) -> bool:
        """Whether there is a face with this key."""
        return key in self._rows

    def photos_of(self, person: str) -> NDArray[np.uint64]:
        """Ids of the photos of a person, each once."""
        return np.unique(self.faces.photos[self._rows_of(person)])

    def named(self) -> dict[str, list[str]]:
        """The ids of all persons that have faces and a name, by name; several people may have the same."""
        found: dict[str, list[str]] = {}
        for label in self._members():
            if name := self.corrections.name(self.ids[label]):
                found.setdefault(name, []).append(self.ids[label])
        return found

    def suggest(self, person: str | None = None, limit: int = 20) -> list[Answer]:
        """Pairs of persons who may be the same, the most alike first: `[{people: [id, id], names, score, faces: [face, ...]}]`.

        Pairs that were answered are never asked again; people who are on one photo together are not the same, and hidden ones
        are left in peace. Of two groups of one face each nothing is asked: there would be no end to it. In very large libraries
        only those are compared who have names or the most faces: at most `MOST_ASKED` with at most `MOST_COMPARED`.
        """
        members = self._members()
        if person is not None:
            self._rows_of(person)
        labels = [label for label in members if not self.corrections.hidden(self.ids[label])]
        labels.sort(key=lambda label: (not self.corrections.name(self.ids[label]), -len(members[label]), label))
        labels = [label for place, label in enumerate(labels) if place < MOST_COMPARED or self.ids[label] == person]
        means = np.zeros((len(labels), self.faces.vectors.shape[1]), np.float32)
        for place, label in enumerate(labels):
            means[place] = self._mean(members[label])
        if person is None:
            own = [place for place, label in enumerate(labels) if self._known(label, members)][:MOST_ASKED]
        else:
            own = [place for place, label in enumerate(labels) if self.ids[label] == person]
        most = CANDIDATES if person is None else len(means)
        left, right, likeness = near_by_numpy(means[own], means, 1 - self._calibration.ask, most)
        asked: list[Answer] = []
        seen: set[frozenset[int]] = set()
        for pair in np.argsort(-likeness, kind="stable").tolist():
            one, other = labels[own[left[pair]]], labels[right[pair]]
            both = frozenset((one, other))
            if len(both) == 2 and both not in seen and self._worth_asking(one, other, members):
                asked.append(
                    {
                        "people": [self.ids[one], self.ids[other]],
                        "names": [self.corrections.name(self.ids[label]) for label in (one, other)],
                        "score": round(float(likeness[pair]), 4),
                        "faces": [self._face(self._cover(members[label])) for label in (one, other)],
                    }
                )
            seen.add(both)
            if len(asked) == limit:
                break
        return asked

    # Corrections: each answers what is to be said

    def name_person(self, person: str, name: str) -> list[Wish]:
        """Give a person a name; an empty one takes it away."""
        if not isinstance(name, str):
            raise QueryError(f"{name!r} is not a name.", "Type the name as text.")
        return self._confirm(person) + self.corrections.call(person, " ".join(name.split()))

    def merge_people(self, people: Sequence[str]) -> list[Wish]:
        """Several persons are one: the first that has a name, or else whoever has the most faces."""
        chosen = list(dict.fromkeys(people))
        rows = {person: self._rows_of(person) for person in chosen}
        if len(chosen) < 2:
            raise QueryError("Merging takes two people or more.", "Select another one as well.")
        heir = self.heir(chosen)
        faces = [self.faces.keys[row] for person in chosen for row in rows[person].tolist()]
        absorbed = [person for person in chosen if person != heir]
        return [*self.corrections.belong(faces, heir), *self.corrections.inherit(heir, absorbed, faces)]

    def heir(self, people: Sequence[str]) -> str:
        """Who stays when these are merged."""
        named = (person for person in people if self.corrections.name(person))
        return next(named, None) or max(people, key=lambda each: len(self._rows_of(each)))

    def split_person(self, person: str, faces: Sequence[str]) -> list[Wish]:
        """Some faces of a person are somebody else's, all the same one's."""
        rows = self._rows_of(person)
        chosen = sorted({self._row_of(face, rows) for face in faces})
        if not 0 < len(chosen) < len(rows):
            raise QueryError("Splitting takes some of a person's faces, but not all.", "Choose those that show somebody else.")
        rest = np.setdiff1d(rows, chosen)
        fresh = self._new_id(np.array(chosen), set(self.ids) | self.corrections.spoken_of())
        return [
            *self.corrections.belong((self.faces.keys[row] for row in chosen), fresh),
            *self.corrections.belong((self.faces.keys[row] for row in rest.tolist()), person),
            *self.corrections.inherit(fresh, [person], (self.faces.keys[row] for row in chosen)),
            *self.corrections.tell_apart(person, fresh),
        ]

    def move_faces(self, faces: Sequence[str], person: str | None) -> tuple[list[Wish], str]:
        """Some faces, whosever they were, are that person's, or a new one's (None); answers the wishes, and the person."""
        rows = sorted({self._row_of(face) for face in faces})
        if not rows:
            raise QueryError("Moving takes a face at least.", "Choose the faces that are somebody else's.")
        own = [] if person is None else self._rows_of(person).tolist()
        heir = self._new_id(np.array(rows), set(self.ids) | self.corrections.spoken_of()) if person is None else person
        wishes: list[Wish] = []
        for label in sorted({int(label) for label in self.labels[rows]} - {FREE, OUT}):
            # Whoever is left behind stays who they are.
            rest = np.setdiff1d(np.flatnonzero(self.labels == label), rows)
            if len(rest) and self.ids[label] != heir:
                wishes += self.corrections.belong((self.faces.keys[row] for row in rest.tolist()), self.ids[label])
        return [*wishes, *self.corrections.belong((self.faces.keys[row] for row in dict.fromkeys([*own, *rows])), heir)], heir

    def hide_person(self, person: str, yes: bool = True) -> list[Wish]:
        """Keep a person out of sight, or show them again."""
        return self._confirm(person) + self.corrections.hide(person, bool(yes))

    def remove_face(self, face: str) -> list[Wish]:
        """What was found is no face that matters: it belongs to nobody from now on."""
        self._row_of(face)
        return self.corrections.belong([face], NOBODY)

    def not_this_person(self, face: str, person: str) -> list[Wish]:
        """The face is not that person's; it goes wherever else it fits."""
        rows = self._rows_of(person)
        row = self._row_of(face)
        rest = [self.faces.keys[each] for each in rows.tolist() if each != row]
        if not rest:
            raise QueryError("This is the only face of that person.", "Give the person another name, or remove the face.")
        return [*self.corrections.belong(rest, person), *self.corrections.deny(face, person)]

    def answer(self, one: str, other: str, same: bool) -> list[Wish]:
        """Whether two persons are the same; it is not asked again."""
        if one == other:
            raise QueryError("These are one person already.", "Reload the list of people.")
        if same:
            return self.merge_people([one, other])
        return [*self._confirm(one), *self._confirm(other), *self.corrections.tell_apart(one, other)]

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

    def _confirm(self, person: str) -> list[Wish]:
        return self.corrections.belong((self.faces.keys[row] for row in self._rows_of(person).tolist()), person)

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

    def _person(self, label: int, rows: NDArray[np.intp]) -> Answer:
        person = self.ids[label]
        return {
            "id": person,
            "name": self.corrections.name(person),
            "hidden": self.corrections.hidden(person),
            "count": 1 if len(rows) == 1 else len(np.unique(self.faces.photos[rows])),
            "faceCount": len(rows),
            "cover": self._face(self._cover(rows)),
        }

    def _face(self, row: int) -> Answer:
        faces = self.faces
        box = [round(side, 1) for side in faces.boxes[row].tolist()]
        return {"id": faces.keys[row], "photo": id_text(int(faces.photos[row])), "box": box, "score": float(faces.quality[row])}

    def _mean(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        good = rows[self.faces.quality[rows] >= self._calibration.founding]
        return np.asarray(self.faces.vectors[good if len(good) else rows].mean(axis=0), np.float32)

    def _cover(self, rows: NDArray[np.intp]) -> int:
        """The best face among the more typical half of a person's: a stray face in the group must not stand for it."""
        if len(rows) == 1:
            return int(rows[0])
        typical = self.faces.vectors[rows] @ self._mean(rows)
        half = rows[typical >= np.median(typical)]
        return int(half[np.argmax(self.faces.quality[half])])

    def _known(self, label: int, members: dict[int, NDArray[np.intp]]) -> bool:
        """Whether somebody is more than one face without a name."""
        return len(members[label]) > 1 or bool(self.corrections.name(self.ids[label]))

    def _worth_asking(self, one: int, other: int, members: dict[int, NDArray[np.intp]]) -> bool:
        ours, theirs = members[one], members[other]
        if not self._known(one, members) and not self._known(other, members):
            return False
        if self.corrections.different(self.ids[one], self.ids[other]):
            return False
        return not np.intersect1d(self.faces.photos[ours], self.faces.photos[theirs]).size


def _members(labels: Labels) -> dict[int, NDArray[np.intp]]:
    """The rows of each group, by group, in the order of the groups."""
    order = np.argsort(labels, kind="stable")
    order = order[labels[order] >= 0]
    present, starts = np.unique(labels[order], return_index=True)
    return dict(zip(present.tolist(), np.split(order, starts[1:]) if len(order) else [], strict=True))
