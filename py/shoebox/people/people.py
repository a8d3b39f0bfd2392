"""The people of a library: who is on which photo, who may be whom, and the verbs with which a person corrects it.

A verb changes nothing by itself: it answers the wishes that `Sayings.say` stages; once they are stored and hold, `settle` of
`shoebox.people.groups` brings the groups in line with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import QueryError
from shoebox.library.statements import NOBODY
from shoebox.people.corrections import Wish
from shoebox.people.grouping import FREE, OUT
from shoebox.people.groups import Groups
from shoebox.people.neighbours import near_by_numpy
from shoebox.store.rows import id_text

Answer = dict[str, Any]

# Of the groups near to one, so many are looked at when it is asked whom they may be.
CANDIDATES = 16
# Products of two lists of means: 2 x 1,000 x 10,000 x 128 FLOP are done in less than a second in WebAssembly.
MOST_ASKED, MOST_COMPARED = 1000, 10_000


class People(Groups):
    """The people of one library, to be looked at and corrected; parameters and attributes are those of `Groups`."""

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

    def _confirm(self, person: str) -> list[Wish]:
        return self.corrections.belong((self.faces.keys[row] for row in self._rows_of(person).tolist()), person)

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
