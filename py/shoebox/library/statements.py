"""What a person has said about their photos: favourites, and whatever `KINDS` lists beside them.

A statement gives a subject (see `subjects`) a value by a predicate: that photo is a favourite, yes. For each subject and
predicate the latest statement holds, in whichever order they come; equal times are decided by author, then by value. So
merging the statements of two devices is commutative, associative and idempotent: a last-writer-wins register for each
(Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011, section 3.2.1).

Nothing is ever taken out: what is unsaid is said anew with the value None, so that a merge cannot bring it back. Statements
about photos that are not in the library, and with predicates that only a newer Shoebox knows, are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shoebox import json_text
from shoebox.errors import StoreError
from shoebox.library import subjects

Value = bool | int | str | None

FAVOURITE = "favourite"
# Whose face it is (the number of a person, or NOBODY for what is no face that matters); what a person is called; whether they
# are kept out of sight; and that two persons, a face and a person, or two photos are not the same.
PERSON, NAME, HIDDEN, DIFFERENT = "person", "name", "hidden", "different"
NOBODY = ""
# How many files of one photo were there when the person said that all of them are wanted.
COPIES = "copies"
# What an album is called; whether it is kept in front or out of sight; its cover; the album that it has become a part of; and
# whether a photo is in it.
TITLE, STANDING, COVER, INTO, MEMBER = "called", "standing", "cover", "into", "member"
PINNED, PUT_AWAY = "pinned", "put away"

# Later than any clock, and exact in JavaScript's numbers.
LAST_AT = 2**53 - 1
MOST_TEXT = 1000
_AUTHOR_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be said with one predicate.

    Attributes
    ----------
    about : str
        The kind of subject, as `subjects.kind_of` names it.
    allows : callable
        Whether a value may be said; None (unsaid) always may.
    """

    about: str
    allows: Callable[[Value], bool]


def yes_or_no(value: Value) -> bool:
    """Whether a value is one of True and False."""
    return isinstance(value, bool)


def a_name(value: Value) -> bool:
    """Whether a value is a text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def a_count(value: Value) -> bool:
    """Whether a value is a number of things."""
    return type(value) is int and value > 0


def a_standing(value: Value) -> bool:
    """Whether a value says where an album stands."""
    return value in (PINNED, PUT_AWAY)


def numbered(kind: str) -> Callable[[Value], bool]:
    """Whether a value is the number of a photo or an album."""
    return lambda value: isinstance(value, str) and subjects.kind_of(f"{kind}:{value}") == kind


def whose(value: Value) -> bool:
    """Whether a value is the number of a person, or NOBODY."""
    return value == NOBODY or (isinstance(value, str) and subjects.kind_of(f"{subjects.PERSON}:{value}") == subjects.PERSON)


# To let people say something new, add its predicate here; storing, merging, undoing and checking then work for it.
KINDS: Mapping[str, Kind] = {
    FAVOURITE: Kind(subjects.PHOTO, yes_or_no),
    PERSON: Kind(subjects.FACE, whose),
    NAME: Kind(subjects.PERSON, a_name),
    HIDDEN: Kind(subjects.PERSON, yes_or_no),
    DIFFERENT: Kind(subjects.PAIR, yes_or_no),
    COPIES: Kind(subjects.PHOTO, a_count),
    TITLE: Kind(subjects.ALBUM, a_name),
    STANDING: Kind(subjects.ALBUM, a_standing),
    COVER: Kind(subjects.ALBUM, numbered(subjects.PHOTO)),
    INTO: Kind(subjects.ALBUM, numbered(subjects.ALBUM)),
    MEMBER: Kind(subjects.PAIR, yes_or_no),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that was said.

    Attributes
    ----------
    subject : str
    predicate : str
    value : bool, int, str or None
        None takes back what was said before.
    at : int
        When it was said, milliseconds since 1970; never less than that of what its author knew by then.
    author : str
        Which device it was said on: 16 hexadecimal digits drawn by chance.
    """

    subject: str
    predicate: str
    value: Value
    at: int
    author: str

    @property
    def rank(self) -> tuple[int, str, str]:
        """Of two statements about the same, the one of higher rank holds; the order is total."""
        return self.at, self.author, json.dumps(self.value)

    def line(self) -> bytes:
        """The statement as it is stored: [subject, predicate, value, at, author] in JSON, without a newline."""
        return json.dumps([self.subject, self.predicate, self.value, self.at, self.author], separators=(",", ":")).encode()

    @classmethod
    def from_line(cls, line: bytes) -> Statement:
        """What `line` wrote.

        Raises
        ------
        StoreError
            If it is not of that form, or could not have been said.
        """
        try:
            subject, predicate, value, at, author = json_text.parse(line)
        except (ValueError, TypeError) as error:
            raise StoreError("Something that was said cannot be read.") from error
        texts = all(type(text) is str for text in (subject, predicate, author))
        if not texts or type(at) is not int or type(value) not in (bool, int, str, type(None)):
            raise StoreError("Something that was said cannot be read.")
        statement = cls(subject, predicate, value, at, author)
        check(statement)
        return statement


def check(statement: Statement) -> None:
    """Raise `StoreError` unless this could have been said."""
    kind = subjects.kind_of(statement.subject)
    known = KINDS.get(statement.predicate)
    if kind is None or not 0 < len(statement.predicate) <= MOST_TEXT:
        raise StoreError("Something that was said is about nothing that Shoebox knows.")
    if known and (kind != known.about or (statement.value is not None and not known.allows(statement.value))):
        raise StoreError(f"Something that was said with “{statement.predicate}” makes no sense.")
    if isinstance(statement.value, str) and len(statement.value) > MOST_TEXT:
        raise StoreError(f"Something that was said with “{statement.predicate}” is too long.")
    if not 0 <= statement.at <= LAST_AT or not is_author(statement.author):
        raise StoreError("Something that was said does not tell when, or on which device.")


def is_author(text: str) -> bool:
    """Whether a text can name a device."""
    return len(text) == _AUTHOR_DIGITS and not set(text) - set("0123456789abcdef")


class Statements:
    """All that holds, by predicate and subject.

    Attributes
    ----------
    newest : int
        The latest time of any statement that was merged, in milliseconds since 1970; 0 at first.
    edits : int
        Goes up whenever something else holds.
    """

    def __init__(self) -> None:
        self._said: dict[str, dict[str, Statement]] = {}
        self.newest = 0
        self.edits = 0

    def __len__(self) -> int:
        return sum(map(len, self._said.values()))

    def __iter__(self) -> Iterator[Statement]:
        for by_subject in self._said.values():
            yield from by_subject.values()

    def merge(self, statements: Iterable[Statement]) -> None:
        """Take in statements; each holds unless a later one about the same is known.

        Raises
        ------
        StoreError
            If one could not have been said (`check`); those before it have been taken in.
        """
        for statement in statements:
            check(statement)
            self.newest = max(self.newest, statement.at)
            by_subject = self._said.setdefault(statement.predicate, {})
            present = by_subject.get(statement.subject)
            if present is None or present.rank < statement.rank:
                by_subject[statement.subject] = statement
                self.edits += 1

    def drop(self, about: Callable[[str], bool]) -> None:
        """Forget all that is said about some subjects, as if it had never been said."""
        for predicate, by_subject in self._said.items():
            self._said[predicate] = {subject: said for subject, said in by_subject.items() if not about(subject)}
        self.edits += 1

    def find(self, subject: str, predicate: str) -> Statement | None:
        """What holds for a subject, or None if nothing was ever said."""
        return self._said.get(predicate, {}).get(subject)

    def value(self, subject: str, predicate: str) -> Value:
        """The value that holds; None if nothing was said, or it was taken back."""
        found = self.find(subject, predicate)
        return None if found is None else found.value

    def by(self, predicate: str) -> Mapping[str, Statement]:
        """What holds with one predicate, by subject; a view that follows."""
        return MappingProxyType(self._said.setdefault(predicate, {}))
