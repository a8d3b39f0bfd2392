"""The people of a library as they are by now: they follow photos, faces and statements whenever these have changed.

Photos that left take their faces along, what was said holds at once, here as in another tab. Only new faces wait, until there
are enough of them or nothing else is to do (`group`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from shoebox.faces.gallery import Gallery
from shoebox.findings.findings import Answer
from shoebox.library.library import Library
from shoebox.people.calibration import FACE_API
from shoebox.people.corrections import Corrections
from shoebox.people.faces import Faces, parse_key
from shoebox.people.neighbours import neighbour_session
from shoebox.people.people import People
from shoebox.sessions.protocol import Sessions
from shoebox.store.faces import Belonging
from shoebox.store.rows import ModelId, id_text

# New faces are put together with the others when there are so many of them, or so large a part of those that are known: each
# time costs about a second with 50,000 known ones.
LEAST_NEW, NEW_SHARE = 16, 0.1
# After so large a part has come since, all faces are grouped anew: joining one by one depends on who comes first.
GROWN_SHARE = 0.2


class CurrentPeople:
    """The people of one library, kept up to date.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        The faces as they are stored.
    sessions : Sessions
        May have the network "neighbours".
    model : callable
        What looks for faces now, or None where nothing does.

    Attributes
    ----------
    edits : int
        Another number whenever people may be different.
    """

    def __init__(self, library: Library, gallery: Gallery, sessions: Sessions, model: Callable[[], ModelId | None]) -> None:
        self._library, self._gallery, self._sessions = library, gallery, sessions
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

    async def group(self, all: bool = False) -> Answer:
        """Put new faces together with the others if there are enough of them, or `all` of them: `{groups}`.

        `groups` is to be stored under key 0; None where nobody is different. When many have come since, all are grouped anew.
        """
        people = self.now()
        known = len(people.faces)
        new = sum(self._gallery.seen(photo) for photo in self._gallery.news)
        if new and (all or new >= max(LEAST_NEW, known * NEW_SHARE)):
            people = self.now(take_in=True)
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
        people = self.now()
        numbers = np.array([int(person, 16) if person else 0 for person in people.persons()], np.uint64)
        boxes = np.asarray(people.faces.boxes, np.int32)
        made = Belonging(people.faces.photos, boxes, numbers, self._grouped)
        if not len(numbers) or made.equals(self._gallery.belonging):
            return None
        return self._gallery.keep(made)

    def now(self, *faces: str, take_in: bool = False) -> People:
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

    def problems(self) -> list[str]:
        """What is wrong with the people, a sentence each."""
        people = self.now()
        found = []
        if not len(people.labels) == len(people.faces) == sum(map(self._gallery.seen, self._shown)):
            found.append("Some faces are of nobody's photo, or some photos have lost their faces. Reload the page.")
        if int(people.labels.max(initial=-1)) >= len(people.ids):
            found.append("A face is of a person who does not exist. Reload the page.")
        return found
