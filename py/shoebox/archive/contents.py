"""What an archive holds, read and checked part by part: beginning, photos with thumbnails, faces, people, text, sayings, end.

Nothing here knows a library: whether the parts fit one is the business of `merging`. The order of the parts is fixed, every
count is checked, and each photo stands there once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shoebox import json_text
from shoebox.archive.frames import CUT_OFF, DAMAGED, PLAIN, WITH_TEXT, FrameReader, read, refusal
from shoebox.archive.pictures import Picture, read_pictures
from shoebox.errors import ArchiveError, StoreError
from shoebox.library.statements import Statement
from shoebox.store.blocks import BLOCK_ROWS, read_block
from shoebox.store.faces import Belonging, FaceList, read_belonging, read_faces
from shoebox.store.rows import Rows, id_numbers
from shoebox.store.sayings import read_lines
from shoebox.store.sealed import ARCHIVE, BLOCK, END, FACES, PEOPLE, PICTURES, STATEMENTS, TEXTS, Buffer
from shoebox.store.texts import TextList, read_texts

# Clocks of two devices may differ by so much; what is later was not written by a clock. Milliseconds.
DAY = 86_400_000
# Thumbnails of one group: it is written in one transaction.
_MOST_GROUP = 96 << 20
_LONGEST_FACTS = 1 << 16
_LONGEST_PATH = 4096
# Boxes of faces must be such that `library.subjects` can name the face.
_MOST_PIXELS = 1_000_000

_ORDER = {ARCHIVE: 0, BLOCK: 1, PICTURES: 1, FACES: 2, PEOPLE: 3, TEXTS: 4, STATEMENTS: 5, END: 6}
_COUNTED = ("photos", "thumbnails", "faces", "belonging", "statements")
# What is counted in a file, by the version of its layout; `texts` are lines.
COUNTED = {PLAIN: _COUNTED, WITH_TEXT: (*_COUNTED, "texts")}
FUTURE = "Something in the file was written in the future."
CLOCKS = "Nothing was changed. Compare the clock of this device with that of the one where the file was made."


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the beginning says.

    Attributes
    ----------
    made : int
        When the file was made, milliseconds since 1970.
    counts : dict of str to int
        How many of each of `COUNTED` there were when writing began; never fewer than there are. 0 of what its version does not
        know.
    """

    made: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Some photos with their thumbnails, written in one transaction.

    Attributes
    ----------
    rows : Rows
    pictures : dict of int to Picture
        By photo; perhaps not of all.
    """

    rows: Rows
    pictures: dict[int, Picture] = field(default_factory=dict)


Part = Beginning | Group | FaceList | Belonging | TextList | list[Statement]


class Contents:
    """The parts of one archive, in whatever pieces its bytes come.

    Parameters
    ----------
    now : int
        Milliseconds since 1970.

    Attributes
    ----------
    beginning : Beginning or None
        Once it has come.
    counts : dict of str to int
        How many of each of `COUNTED` have come.
    """

    def __init__(self, now: int) -> None:
        self._latest = now + DAY
        self._frames = FrameReader()
        self._order = -1
        self._group: Group | None = None
        self._group_bytes = 0
        self._photos: set[int] = set()
        self._looked: set[int] = set()
        self._read: set[int] = set()
        self.beginning: Beginning | None = None
        self.counts = dict.fromkeys(COUNTED[WITH_TEXT], 0)

    def feed(self, data: Buffer) -> Iterator[Part]:
        """The parts that are whole by now.

        Raises
        ------
        ArchiveError
            If anything is not as `writing` would have written it.
        """
        for kind, run in self._frames.feed(data):
            try:
                yield from self._take(kind, run)
            except StoreError as error:
                raise refusal(error) from error

    def finish(self) -> None:
        """There is no more.

        Raises
        ------
        ArchiveError
            If there should be.
        """
        self._frames.finish()
        if self._order != _ORDER[END]:
            raise ArchiveError(CUT_OFF)

    def _take(self, kind: int, run: bytes) -> Iterator[Part]:
        order = _ORDER[kind]
        repeated = order == self._order and kind in (ARCHIVE, END)
        if order < self._order or repeated or (self.beginning is None and kind != ARCHIVE):
            raise ArchiveError(DAMAGED)
        self._order = order
        if kind != PICTURES and self._group is not None:
            yield self._group
            self._group = None
        if kind == ARCHIVE:
            self.beginning = _beginning(read(ARCHIVE, run)[0], self._counted, self._latest)
            yield self.beginning
        elif kind == BLOCK:
            self._group, self._group_bytes = Group(self._rows(run)), 0
        elif kind == PICTURES:
            self._add_pictures(run)
        elif kind == FACES:
            yield self._faces(run)
        elif kind == PEOPLE:
            yield self._belonging(run)
        elif kind == TEXTS:
            yield self._texts(run)
        elif kind == STATEMENTS:
            yield self._statements(run)
        else:
            self._end(read(END, run)[0])

    @property
    def _counted(self) -> tuple[str, ...]:
        return COUNTED[self._frames.version]

    def _count(self, what: str, more: int) -> None:
        assert self.beginning is not None
        self.counts[what] += more
        if self.counts[what] > self.beginning.counts[what]:
            raise ArchiveError(f"{DAMAGED} (It holds more {what} than it says.)")

    def _rows(self, run: bytes) -> Rows:
        rows = read_block(run).rows
        numbers = numbers_of(rows)
        if not 0 < len(rows) <= BLOCK_ROWS or len(set(numbers)) != len(numbers) or not self._photos.isdisjoint(numbers):
            raise StoreError("A photo stands there twice, or a group of photos has the wrong size.")
        if (rows.columns["indexed"] > self._latest).any():
            raise ArchiveError(FUTURE, CLOCKS)
        for name in rows.paths.names:
            _check_path(name)
        for line in rows.facts:
            _check_facts(line)
        self._photos.update(numbers)
        self._count("photos", len(rows))
        return rows

    def _add_pictures(self, run: bytes) -> None:
        group = self._group
        found = read_pictures(run)
        numbers = set() if group is None else set(numbers_of(group.rows))
        if group is None or not found.keys() <= numbers - group.pictures.keys():
            raise StoreError("A thumbnail is of no photo beside it.")
        self._group_bytes += len(run)
        if self._group_bytes > _MOST_GROUP:
            raise StoreError("A group of thumbnails is too large.")
        group.pictures.update(found)
        self._count("thumbnails", len(found))

    def _faces(self, run: bytes) -> FaceList:
        faces = read_faces(run)
        ids = faces.ids.tolist()
        if not self._photos.issuperset(ids) or not self._looked.isdisjoint(ids):
            raise StoreError("A face is of a photo that is not there, or was found twice.")
        if (faces.rows.boxes >= _MOST_PIXELS).any():
            raise StoreError("A face is larger than any photo.")
        if faces.at > self._latest:
            raise ArchiveError(FUTURE, CLOCKS)
        self._looked.update(ids)
        self._count("faces", len(faces.rows))
        return faces

    def _belonging(self, run: bytes) -> Belonging:
        belonging = read_belonging(run)
        if not self._looked.issuperset(belonging.photos.tolist()):
            raise StoreError("A person is on a photo that nobody has looked at.")
        self._count("belonging", len(belonging.photos))
        return belonging

    def _texts(self, run: bytes) -> TextList:
        texts = read_texts(run)
        ids = texts.ids.tolist()
        if not self._photos.issuperset(ids) or not self._read.isdisjoint(ids):
            raise StoreError("Text is of a photo that is not there, or was read twice.")
        if (texts.rows.corners < 0).any() or (texts.rows.corners > _MOST_PIXELS).any():
            raise StoreError("A line of text lies outside of every photo.")
        if texts.at > self._latest:
            raise ArchiveError(FUTURE, CLOCKS)
        self._read.update(ids)
        self._count("texts", len(texts.rows))
        return texts

    def _statements(self, run: bytes) -> list[Statement]:
        found = [Statement.from_line(line) for line in read_lines(run)]
        # One that is later than every clock could never be taken back.
        if any(statement.at > self._latest for statement in found):
            raise ArchiveError(FUTURE, CLOCKS)
        self._count("statements", len(found))
        return found

    def _end(self, fields: Mapping[str, Any]) -> None:
        if any(fields.get(what) != self.counts[what] for what in self._counted):
            raise ArchiveError(f"{DAMAGED} (It does not hold as much as it says.)")


def _beginning(fields: Mapping[str, Any], counted: tuple[str, ...], latest: int) -> Beginning:
    made, counts = fields.get("made"), fields.get("counts")
    if type(made) is not int or not isinstance(counts, dict) or set(counts) != set(counted):
        raise StoreError("The beginning does not say what is in the file")
    if not all(type(count) is int and 0 <= count < 2**53 for count in counts.values()):
        raise StoreError("The beginning does not say how much is in the file")
    if not 0 <= made <= latest:
        raise ArchiveError(FUTURE, CLOCKS)
    return Beginning(made, {**dict.fromkeys(COUNTED[WITH_TEXT], 0), **counts})


def _check_path(name: str) -> None:
    """Names are only shown, but whoever reads the file with other tools may do more with them."""
    if len(name) > _LONGEST_PATH or ".." in name.replace("\\", "/").split("/"):
        raise StoreError("The name of a file is not one that a folder could hold.")


# What the page reads of a photo's facts, as `library.intake` writes them; anything else is kept as it is.
_TEXT, _NUMBER = (str, type(None)), (int, float, type(None))
_FACTS: Mapping[str, tuple[type, ...]] = {
    "taken": _TEXT,
    "takenFrom": _TEXT,
    "altitude": _NUMBER,
    "camera": (dict, type(None)),
    "exposure": (dict, type(None)),
}
_NESTED: Mapping[str, tuple[type, ...]] = {"camera": (str,), "exposure": _NUMBER}


def _check_facts(line: bytes) -> None:
    try:
        facts = json_text.parse(line) if len(line) <= _LONGEST_FACTS else None
        json.dumps(facts, allow_nan=False)
    except ValueError as error:
        raise StoreError("The facts of a photo cannot be read.") from error
    if not isinstance(facts, dict) or not all(isinstance(facts.get(name), kinds) for name, kinds in _FACTS.items()):
        raise StoreError("The facts of a photo are not of the form that they should have.")
    if not all(
        isinstance(value, kinds) and not isinstance(value, bool)
        for name, kinds in _NESTED.items()
        for value in (facts.get(name) or {}).values()
    ):
        raise StoreError("The facts of a photo are not of the form that they should have.")


def numbers_of(rows: Rows) -> list[int]:
    """The ids of some photos."""
    found: list[int] = id_numbers(rows.columns["hash"]).tolist()
    return found
