"""What the page asks about people, and says about them: the verbs, on top of the people as they are by now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.library import subjects
from shoebox.library.intake import taken_of
from shoebox.library.library import Library
from shoebox.library.sayings import Sayings
from shoebox.people.corrections import Wish
from shoebox.people.current import CurrentPeople
from shoebox.people.faces import face_key
from shoebox.sessions.protocol import Sessions
from shoebox.store.rows import ModelId

Answer = dict[str, Any]

MOST_FACES = 100_000


class PeopleVerbs:
    """The people of one library, as the page sees them.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        The faces as they are stored.
    sayings : Sayings
        Stages what is said.
    sessions : Sessions
        May have the network "neighbours".
    model : callable
        What looks for faces now, or None where nothing does.
    """

    def __init__(
        self,
        library: Library,
        gallery: Gallery,
        sayings: Sayings,
        sessions: Sessions,
        model: Callable[[], ModelId | None],
    ) -> None:
        self._library, self._gallery, self._sayings = library, gallery, sayings
        self._current = CurrentPeople(library, gallery, sessions, model)

    @property
    def edits(self) -> int:
        """Another number whenever people may be different."""
        return self._current.edits

    def forget(self) -> None:
        """Work everything out anew when it is asked for: the library was loaded or emptied."""
        self._current.forget()

    async def group(self, all: bool = False) -> Answer:
        """Put new faces together with the others: `{groups}`, as `CurrentPeople.group`."""
        return await self._current.group(bool(all))

    def problems(self) -> list[str]:
        """What is wrong with the people, a sentence each."""
        return self._current.problems()

    # Looking

    def people(self, faces: float = 1000) -> list[Answer]:
        """All persons, those with names first, then by faces; of each at most `faces` faces, the best first."""
        found = self._current.now().people(min(requests.whole({"faces": faces}, "faces"), MOST_FACES))
        return [{**one, "cover": self._sized(one["cover"]), "faces": list(map(self._sized, one["faces"]))} for one in found]

    def person(self, id: str, limit: float = 200, offset: float = 0) -> Answer:
        """One person with a page of their faces, the newest photos first."""
        count, first = requests.page(limit, offset)
        person, faces = self._current.now().person(id)
        rows = {face["photo"]: self._row(face["photo"]) for face in faces}
        taken = self._library.table["taken"]
        order = sorted(faces, key=lambda face: (-np.nan_to_num(taken[rows[face["photo"]]], nan=-np.inf), face["photo"]))
        page = order[first : first + count]
        found = [{**self._sized(face), "taken": taken_of(self._library, rows[face["photo"]])} for face in page]
        return {**person, "cover": self._sized(person["cover"]), "faces": found}

    def on_photo(self, number: int) -> Answer:
        """The faces of a photo, as `photo` tells them: `{faces, facesSought}`, the largest first."""
        rows = self._gallery.of(number)
        if rows is None:
            return {"faces": [], "facesSought": False}
        people = self._current.now()
        found = [{**face, "person": who or None, "name": people.corrections.name(who)} for face, who in people.on_photo(number)]
        if not found:
            # Nobody has been asked yet who they are.
            for box, score in zip(rows.boxes.tolist(), rows.quality.tolist(), strict=True):
                found.append({"id": face_key(number, box), "box": box, "score": score, "person": None, "name": ""})
        for face in found:
            face.pop("photo", None)
        return {"faces": sorted(found, key=lambda face: -face["box"][2] * face["box"][3]), "facesSought": True}

    def suggest_people(self, id: str | None = None, limit: float = 20) -> list[Answer]:
        """Pairs of persons who may be the same, the most alike first."""
        count, _ = requests.page(limit, 0)
        return [{**pair, "faces": list(map(self._sized, pair["faces"]))} for pair in self._current.now().suggest(id, count)]

    # Saying: each answers `{batch, statements, changed, undo, person}`

    def name_person(self, id: str, name: str) -> Answer:
        """Give a person a name; an empty one takes it away."""
        return self._say(self._current.now().name_person(id, name), id)

    def merge_people(self, ids: Sequence[str]) -> Answer:
        """Several persons are one."""
        people = self._current.now()
        wishes = people.merge_people(_texts(ids))
        return self._say(wishes, people.heir(ids))

    def split_person(self, id: str, faces: Sequence[str]) -> Answer:
        """Some faces of a person are somebody else's."""
        people = self._current.now(*_texts(faces))
        wishes = people.split_person(id, _texts(faces))
        chosen = {subjects.face(face) for face in faces}
        return self._say(wishes, next(str(value) for subject, _, value in wishes if subject in chosen and value != id))

    def hide_person(self, id: str, yes: bool = True) -> Answer:
        """Keep a person out of sight, or show them again."""
        return self._say(self._current.now().hide_person(id, yes), id)

    def move_faces(self, faces: Sequence[str], person: str | None = None) -> Answer:
        """The faces are that person's, or a new one's."""
        people = self._current.now(*_texts(faces))
        return self._say(*people.move_faces(_texts(faces), person))

    def not_this_person(self, face: str, person: str) -> Answer:
        """The face is not that person's."""
        return self._say(self._current.now(face).not_this_person(face, person), person)

    def remove_face(self, face: str) -> Answer:
        """What was found is no face that matters."""
        return self._say(self._current.now(face).remove_face(face), "")

    def answer_suggestion(self, people: Sequence[str], same: bool) -> Answer:
        """Whether two persons are the same; it is not asked again."""
        both = _texts(people)
        if len(both) != 2 or not isinstance(same, bool):
            raise QueryError("An answer is about two people, and says true or false.")
        if same:
            return self.merge_people(both)
        return self._say(self._current.now().answer(both[0], both[1], same), both[0])

    def _say(self, wishes: Iterable[Wish], person: str) -> Answer:
        return {**self._sayings.say(wishes), "person": person}

    def _sized(self, face: Answer) -> Answer:
        """A face with the size of its upright photo, without which it cannot be cut out of a smaller picture of it."""
        table, row = self._library.table, self._row(face["photo"])
        return {**face, "size": [int(table["width"][row]), int(table["height"][row])]}

    def _row(self, photo: str) -> int:
        return requests.row(self._library, photo)

    # For searching

    def names(self) -> dict[str, list[str]]:
        """The ids of all persons that have faces, a name, and are not hidden, by name."""
        people = self._current.now()
        return {
            name: shown
            for name, ids in people.named().items()
            if (shown := [person for person in ids if not people.corrections.hidden(person)])
        }

    def photos_of(self, name: str) -> NDArray[np.uint64]:
        """Ids of the photos of all persons of that name, each once."""
        people = self._current.now()
        found = [people.photos_of(person) for person in people.named().get(name, ())]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)

    def all_names(self) -> list[str]:
        """All names that a person with faces has, also those of the hidden ones."""
        return list(self._current.now().named())


def _texts(values: Sequence[str]) -> list[str]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise QueryError("People and faces are given as a list of their ids.")
    return list(values)
