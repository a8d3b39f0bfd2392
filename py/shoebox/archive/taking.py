"""Taking an archive in: everything is checked in a first reading, and only a second one stages what changes, group by group.

Each change is small and whole by itself, so that a crash leaves a library that opens, and taking the same file in again
completes it: what is there already changes nothing.

[Note: Taking back] As long as only photos have been taken in, which is nearly all of the time, a person may still give up, and
then the library becomes as it was in one further change: photos that were new leave, and those whose rows were replaced get
the former ones. What comes after the photos (faces, people, text, statements) takes moments, and is not taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shoebox.archive import merging
from shoebox.archive.contents import Beginning, Contents, Group, Part, numbers_of
from shoebox.archive.pictures import Picture
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.library.ledger import Ledger
from shoebox.library.removal import keepsakes
from shoebox.library.sayings import Sayings
from shoebox.library.statements import NOBODY, PERSON, Statement
from shoebox.reading.readings import Readings
from shoebox.store.blocks import read_block
from shoebox.store.faces import Belonging, FaceList, write_belonging
from shoebox.store.journal import Change
from shoebox.store.rows import ModelId, id_text
from shoebox.store.sealed import Buffer
from shoebox.store.texts import TextList

Answer = dict[str, Any]


@dataclass(slots=True)
class Taken:
    """One change, staged: to be stored in one transaction, and then accepted.

    Attributes
    ----------
    staged : list of {batch, journal}
        As the ledger answers them.
    pictures : dict of int to Picture
        Thumbnails of photos that the library has then; each is only to be stored where there is none.
    faces, texts : dict or None
        `{batch, put, delete}`, to be settled.
    statements : dict or None
        `{batch, statements}`.
    """

    staged: list[Answer] = field(default_factory=list)
    pictures: dict[int, Picture] = field(default_factory=dict)
    faces: Answer | None = None
    texts: Answer | None = None
    statements: Answer | None = None


class Import:
    """The taking in of one archive.

    Parameters
    ----------
    ledger, gallery, readings, sayings
        Of the library.
    wanted, reads : ModelId or None
        What looks for faces now, and what reads text.
    own : bool
        Whether the file is this very library, which is empty so far: its photos lie where it says.
    now : int
        Milliseconds since 1970.

    Raises
    ------
    StoreError
        If `own`, and the library is not empty.

    Attributes
    ----------
    added : int
        How many photos are new here.
    unsearchable : int
        How many of the file's photos have no vector of today's pack, neither in the file nor here.
    late : bool
        Whether more than photos has been staged, so that nothing is taken back any more. See [Note: Taking back].
    """

    def __init__(
        self,
        ledger: Ledger,
        gallery: Gallery,
        readings: Readings,
        sayings: Sayings,
        wanted: ModelId | None,
        reads: ModelId | None,
        *,
        own: bool,
        now: int,
    ) -> None:
        if own:
            merging.refuse_unless_empty(ledger.library)
        self._ledger, self._gallery, self._readings, self._sayings = ledger, gallery, readings, sayings
        self._wanted, self._reads, self._own, self._now = wanted, reads, own, now
        self._fit = merging.Fit(ledger.library, gallery)
        self._checking, self._reading = Contents(now), Contents(now)
        self._checked = False
        self._people: set[int] = set()
        self._named: set[str] = set()
        self._parts: list[Belonging] = []
        self._merged: Belonging | None = None
        self._new: list[int] = []
        # Rows that were replaced, as blocks: at most about 1 kB for each photo that was there.
        self._former: list[bytes] = []
        self.added = self.unsearchable = 0
        self.late = False

    # The first reading

    def check(self, data: Buffer) -> None:
        """Check the next bytes of the file.

        Raises
        ------
        ArchiveError
            If the file cannot be taken in; nothing has been changed.
        """
        for part in self._checking.feed(data):
            self._check(part)

    def checked(self) -> None:
        """The whole file has been checked.

        Raises
        ------
        ArchiveError
            If it is cut off.
        """
        self._checking.finish()
        self._checked = True

    def _check(self, part: Part) -> None:
        if isinstance(part, Group):
            self._fit.check_rows(part.rows)
        elif isinstance(part, FaceList):
            self._fit.check_faces(part)
        elif isinstance(part, Belonging):
            self._people.update(part.persons.tolist())
        elif not isinstance(part, Beginning | TextList):
            said = (each.value for each in part if each.predicate == PERSON)
            self._named.update(value for value in said if isinstance(value, str) and value != NOBODY)

    @property
    def beginning(self) -> Beginning | None:
        """What the file says of itself, once that has been read."""
        return self._checking.beginning

    @property
    def seen(self) -> int:
        """How many photos have been checked."""
        return self._checking.counts["photos"]

    @property
    def photos(self) -> int:
        """How many photos of the file have been staged."""
        return self._reading.counts["photos"]

    @property
    def people(self) -> int:
        """How many persons the file tells of."""
        return len(self._people - {0}) or len(self._named)

    # The second reading

    def take(self, data: Buffer) -> Iterator[Taken]:
        """Stage what the next bytes of the file bring, to be settled in this order.

        Raises
        ------
        ArchiveError
            If these are not the bytes that were checked.
        QueryError
            If none were.
        """
        if not self._checked:
            raise QueryError("The file has to be checked first.", "Begin again.")
        for part in self._reading.feed(data):
            taken = self._take(part)
            if taken is not None:
                yield taken

    def give_up(self, taken: Taken) -> None:
        """Forget a change that was staged: it will not be stored."""
        for staged in taken.staged:
            self._ledger.reject(staged["batch"])
        if taken.faces is not None:
            self._gallery.settle(taken.faces["batch"], False)
        if taken.texts is not None:
            self._readings.settle(taken.texts["batch"], False)
        if taken.statements is not None:
            self._sayings.reject(taken.statements["batch"])

    def take_back(self) -> Answer:
        """Stage what makes the library as it was before anything was taken: `{staged: [{batch, journal}], removed: [id]}`.

        All of it is to be stored in one transaction. All that was staged before must be settled.

        Raises
        ------
        QueryError
            If it is too late for that.
        """
        if self.late:
            raise QueryError("The photos of the file are all in: this cannot be taken back any more.")
        here = [number for number in self._new if number in self._ledger.library.vectors]
        changes = [Change(remove=here), *(Change(rows=read_block(data).rows) for data in self._former)]
        staged = [self._ledger.answer(change) for change in changes if len(change)]
        return {"staged": staged, "removed": [id_text(number) for number in here]}

    def belonging(self) -> bytes | None:
        """Who is who, when all else has been stored: to be stored as the gallery's; None where that changes nothing.

        It holds once `ended` says that it is stored.

        Raises
        ------
        ArchiveError
            If the second reading was cut off.
        """
        self._reading.finish()
        present = self._gallery.belonging
        merged = merging.merge_belonging(present, merging.join_belonging(self._parts))
        if merged is None or merged.equals(present):
            return None
        self._merged = merged
        return write_belonging(merged)

    def ended(self) -> bool:
        """All is stored; answers whether who is who is another now."""
        if self._merged is None:
            return False
        self._gallery.keep(self._merged)
        return True

    def _take(self, part: Part) -> Taken | None:
        if isinstance(part, Group):
            return self._photos(part)
        self.late = self.late or not isinstance(part, Beginning)
        if isinstance(part, FaceList):
            news = merging.faces_to_take(self._gallery, part, self._wanted)
            return None if news is None else Taken(faces=self._gallery.stage_list(news))
        if isinstance(part, TextList):
            unread = merging.texts_to_take(self._readings, part, self._reads)
            return None if unread is None else Taken(texts=self._readings.stage_list(unread))
        if isinstance(part, Belonging):
            self._parts.append(part)
            return None
        return None if isinstance(part, Beginning) else self._statements(part)

    def _photos(self, group: Group) -> Taken:
        library = self._ledger.library
        rows, numbers = merging.as_they_can_stand(library, group.rows), numbers_of(group.rows)
        fresh = set(numbers).difference(library.vectors.known(numbers))
        self.added += len(fresh)
        if rows.model != library.model:
            self.unsearchable += sum(not library.is_comparable(number) for number in numbers)
        entering = [rows] if self._own else merging.rows_to_enter(library, group)
        self._new += fresh
        self._former += keepsakes(library, (number for each in entering for number in numbers_of(each) if number not in fresh))
        staged = [self._ledger.answer(Change(rows=rows)) for rows in entering]
        return Taken(staged, group.pictures)

    def _statements(self, statements: list[Statement]) -> Taken | None:
        answer = self._sayings.adopt(statements)
        return None if answer["batch"] is None else Taken(statements=answer)
