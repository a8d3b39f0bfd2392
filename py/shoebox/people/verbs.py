"""What the page asks about people, and says about them: the verbs, on top of the library's photos, faces and statements.

People follow these whenever they have changed: photos that left take their faces along, what was said holds at once, here as in
another tab. Only new faces wait, until there are enough of them or nothing else is to do (`group`).
"""

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
from shoebox.people.calibration import FACE_API
from shoebox.people.corrections import Corrections, Wish
from shoebox.people.faces import Faces, face_key, parse_key
from shoebox.people.neighbours import neighbour_session
from shoebox.people.people import People
from shoebox.sessions.protocol import Sessions
from shoebox.store.faces import Belonging
from shoebox.store.rows import ModelId, id_text

Answer = dict[str, Any]

# New faces are put together with the others when there are so many of them, or so large a part of those that are known: each
# time costs about a second with 50,000 known ones.
LEAST_NEW, NEW_SHARE = 16, 0.1
# After so large a part has come since, all faces are grouped anew: joining one by one depends on who comes first.
GROWN_SHARE = 0.2
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
        self._library, self._gallery, self._sayings, self._sessions = library, gallery, sayings, sessions
        self._wanted_model = model
        self.edits = 0
        self.forget()

    def forget(self) -> None:
        """Work everything out anew when it is asked for: the library was loaded or emptied."""
        self._people: People | None = None
        self._model: ModelId | None = None
        self._shown: dict[int, int] = {}
        self._met: set[int] = set()
        self._grouped = 0
        self._photos = self._heard = -1
        self.edits += 1

    # Looking

    def people(self, faces: float = 1000) -> list[Answer]:
        """All persons, those with names first, then by faces; of each at most `faces` faces, the best first."""
        found = self._now().people(min(requests.whole({"faces": faces}, "faces"), MOST_FACES))
        return [{**one, "cover": self._sized(one["cover"]), "faces": list(map(self._sized, one["faces"]))} for one in found]

    def person(self, id: str, limit: float = 200, offset: float = 0) -> Answer:
        """One person with a page of their faces, the newest photos first."""
        count, first = requests.page(limit, offset)
        person, faces = self._now().person(id)
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
        people = self._now()
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
        return [{**pair, "faces": list(map(self._sized, pair["faces"]))} for pair in self._now().suggest(id, count)]

    # Saying: each answers `{batch, statements, changed, undo, person}`

    def name_person(self, id: str, name: str) -> Answer:
        """Give a person a name; an empty one takes it away."""
        return self._say(self._now().name_person(id, name), id)

    def merge_people(self, ids: Sequence[str]) -> Answer:
        """Several persons are one."""
        people = self._now()
        wishes = people.merge_people(_texts(ids))
        return self._say(wishes, people.heir(ids))

    def split_person(self, id: str, faces: Sequence[str]) -> Answer:
        """Some faces of a person are somebody else's."""
        people = self._now(*_texts(faces))
        wishes = people.split_person(id, _texts(faces))
        chosen = {subjects.face(face) for face in faces}
        return self._say(wishes, next(str(value) for subject, _, value in wishes if subject in chosen and value != id))

    def hide_person(self, id: str, yes: bool = True) -> Answer:
        """Keep a person out of sight, or show them again."""
        return self._say(self._now().hide_person(id, yes), id)

    def move_faces(self, faces: Sequence[str], person: str | None = None) -> Answer:
        """The faces are that person's, or a new one's."""
        people = self._now(*_texts(faces))
        return self._say(*people.move_faces(_texts(faces), person))

    def not_this_person(self, face: str, person: str) -> Answer:
        """The face is not that person's."""
        return self._say(self._now(face).not_this_person(face, person), person)

    def remove_face(self, face: str) -> Answer:
        """What was found is no face that matters."""
        return self._say(self._now(face).remove_face(face), "")

    def answer_suggestion(self, people: Sequence[str], same: bool) -> Answer:
        """Whether two persons are the same; it is not asked again."""
        both = _texts(people)
        if len(both) != 2 or not isinstance(same, bool):
            raise QueryError("An answer is about two people, and says true or false.")
        if same:
            return self.merge_people(both)
        return self._say(self._now().answer(both[0], both[1], same), both[0])

    def _say(self, wishes: Iterable[Wish], person: str) -> Answer:
        return {**self._sayings.say(wishes), "person": person}

    # Keeping people up to date

    async def group(self, all: bool = False) -> Answer:
        """Put new faces together with the others if there are enough of them, or `all` of them: `{groups}`.

        `groups` is to be stored under key 0; None where nobody is different. When many have come since, all are grouped anew.
        """
        people = self._now()
        known = len(people.faces)
        new = sum(self._gallery.seen(photo) for photo in self._gallery.news)
        if new and (all or new >= max(LEAST_NEW, known * NEW_SHARE)):
            people = self._now(take_in=True)
        count = len(people.faces)
        if all and count - self._grouped > GROWN_SHARE * count:
            await self._regroup(people)
        return {"groups": self._belonging()}

    async def _regroup(self, people: People) -> None:
        """Group all faces anew, beside the people that are shown meanwhile; if these change, that was in vain."""
        state = self._photos, self._heard
        other = self._empty(people.faces.vectors.shape[1])
        other.load(people.faces, people.persons())
        await other.regroup(await neighbour_session(self._sessions, len(people.faces)))
        if (self._photos, self._heard) == state and self._people is people:
            self._people, self._grouped = other, len(other.faces)
            self.edits += 1

    def _belonging(self) -> bytes | None:
        people = self._now()
        numbers = np.array([int(person, 16) if person else 0 for person in people.persons()], np.uint64)
        boxes = np.asarray(people.faces.boxes, np.int32)
        made = Belonging(people.faces.photos, boxes, numbers, self._grouped)
        if not len(numbers) or made.equals(self._gallery.belonging):
            return None
        return self._gallery.keep(made)

    def _now(self, *faces: str, take_in: bool = False) -> People:
        """The people as they are by now; if one of `faces` is not among them, with all that is new."""
        model = self._wanted_model()
        if model is None or not self._gallery.shows(model.__eq__):
            # Another pack has looked at these photos; people are as it sees them until the wanted one has seen all.
            model = next(iter(self._gallery.models()), model)
        if self._people is None or model != self._model:
            self._people, self._model = self._load(model), model
        take_in = take_in or any(not self._people.has_face(face) for face in faces)
        if take_in or self._library.edits != self._photos or not self._met.isdisjoint(self._gallery.news):
            self._follow(self._people, take_in)
            self._photos = self._library.edits
        edits = self._library.statements.edits
        if edits != self._heard:
            self._hear(self._people)
            self._heard = edits
        return self._people

    def _load(self, model: ModelId | None) -> People:
        """All that is stored of the faces of this model, as people."""
        self._shown = {}
        self._heard = self._library.statements.edits
        self._photos = self._library.edits
        self._gallery.news.clear()
        self.edits += 1
        if model is None:
            return self._empty(1)
        self._model = model
        self._shown = dict(self._present())
        self._met |= self._shown.keys()
        faces = self._faces(self._shown.keys(), None)
        people = self._empty(faces.vectors.shape[1])
        stored = self._gallery.belonging
        persons: dict[tuple[int, ...], str] = {}
        if stored is not None:
            ids = (id_text(number) if number else "" for number in stored.persons.tolist())
            where = zip(stored.photos.tolist(), *stored.boxes.T.tolist(), strict=True)
            persons = dict(zip(where, ids, strict=True))
        boxes = faces.boxes.astype(np.int32).T.tolist()
        places = list(zip(faces.photos.tolist(), *boxes, strict=True))
        # Where none of these faces is among those that were put together, another pack has seen those.
        self._grouped = stored.grouped if stored is not None and any(place in persons for place in places) else 0
        people.load(faces, [persons.get(place, "") for place in places])
        if any(place not in persons for place in places):
            people.add(Faces.none(faces.vectors.shape[1]))
        return people

    def _empty(self, dimension: int) -> People:
        """Nobody yet, as the present model tells people apart."""
        calibration = FACE_API if self._model is None else self._gallery.calibration(self._model)
        return People(self._library.statements, calibration, dimension)

    def _present(self) -> Iterable[tuple[int, int]]:
        """The photos that are in the library and have faces, as `Gallery.photos`."""
        found = () if self._model is None else self._gallery.photos(self._model)
        return ((photo, look) for photo, look in found if self._library.row_of(photo) is not None)

    def _follow(self, people: People, take_in: bool) -> None:
        """Faces of photos that left leave; those of photos that came back come back, and new ones come where they may."""
        wanted = dict(self._present())
        gone = [photo for photo, look in self._shown.items() if wanted.get(photo) != look]
        come = {photo for photo, look in wanted.items() if self._shown.get(photo) != look}
        if take_in:
            self._gallery.news.clear()
        else:
            come &= self._met
            self._gallery.news -= self._met
        if gone:
            people.drop(gone)
        if come:
            people.add(self._faces(come, people))
        if gone or come:
            self._shown = {photo: look for photo, look in wanted.items() if photo in come or photo in self._shown}
            self._met |= come
            self.edits += 1

    def _hear(self, people: People) -> None:
        """What was said since holds; faces that it knows under another box get that name."""
        known = people.corrections.faces_known()
        strange = [key for key in known if not people.has_face(key) and parse_key(key)[0] in self._shown]
        if strange:
            faces = people.faces
            keyed = Faces.of(faces.photos, faces.boxes, faces.quality, faces.vectors, known)
            if keyed.keys != faces.keys:
                people.load(keyed, people.persons())
        people.settle()
        self.edits += 1

    def _faces(self, photos: Iterable[int], people: People | None) -> Faces:
        """The faces of some photos, known again where something was said about them."""
        assert self._model is not None
        chosen = set(photos)
        numbers, parts = self._gallery.faces(chosen.__contains__, self._model)
        if not parts:
            return Faces.none(1 if people is None else people.faces.vectors.shape[1])
        boxes, quality, vectors = (
            np.concatenate([np.asarray(getattr(part, name), np.float32) for part in parts])
            for name in ("boxes", "quality", "vectors")
        )
        known = Corrections(self._library.statements).faces_known()
        return Faces.of(numbers, boxes, quality, vectors, known)

    def _sized(self, face: Answer) -> Answer:
        """A face with the size of its upright photo, without which it cannot be cut out of a smaller picture of it."""
        table, row = self._library.table, self._row(face["photo"])
        return {**face, "size": [int(table["width"][row]), int(table["height"][row])]}

    def _row(self, photo: str) -> int:
        return requests.row(self._library, photo)

    # For searching

    def names(self) -> dict[str, list[str]]:
        """The ids of all persons that have faces, a name, and are not hidden, by name."""
        people = self._now()
        return {
            name: shown
            for name, ids in people.named().items()
            if (shown := [person for person in ids if not people.corrections.hidden(person)])
        }

    def photos_of(self, name: str) -> NDArray[np.uint64]:
        """Ids of the photos of all persons of that name, each once."""
        people = self._now()
        found = [people.photos_of(person) for person in people.named().get(name, ())]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)

    def all_names(self) -> list[str]:
        """All names that a person with faces has, also those of the hidden ones."""
        return list(self._now().named())

    def problems(self) -> list[str]:
        """What is wrong with the people, a sentence each."""
        people = self._now()
        found = []
        if not len(people.labels) == len(people.faces) == sum(map(self._gallery.seen, self._shown)):
            found.append("Some faces are of nobody's photo, or some photos have lost their faces. Reload the page.")
        if int(people.labels.max(initial=-1)) >= len(people.ids):
            found.append("A face is of a person who does not exist. Reload the page.")
        return found


def _texts(values: Sequence[str]) -> list[str]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise QueryError("People and faces are given as a list of their ids.")
    return list(values)
