"""What a person said about people, read out of the statements, and the wishes that say more.

Whatever is done to a person confirms the faces that they have at that moment: each gets the statement whose it is. A face has
one such statement at most, so what is said can never contradict itself: the later one holds, and the earlier one is withdrawn.
Two confirmed persons are never the same, and a confirmed face is never anywhere else, whatever the faces look like.
"""

from __future__ import annotations

from collections.abc import Iterable

from shoebox.library import subjects
from shoebox.library.statements import DIFFERENT, HIDDEN, NAME, NOBODY, PERSON, Statements, Value

Wish = tuple[str, str, Value]

_FACE, _PERSON = f"{subjects.FACE}:", f"{subjects.PERSON}:"


class Corrections:
    """The statements about people.

    Parameters
    ----------
    statements : Statements
        Only read; `wishes` are for whoever stages statements.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def name(self, person: str) -> str:
        """What a person is called; empty if nobody said."""
        value = self._statements.value(_PERSON + person, NAME)
        return value if isinstance(value, str) else ""

    def hidden(self, person: str) -> bool:
        """Whether a person is kept out of sight."""
        return self._statements.value(_PERSON + person, HIDDEN) is True

    def different(self, one: str, other: str) -> bool:
        """Whether two persons were said to be different people."""
        return self._statements.value(subjects.pair(_PERSON + one, _PERSON + other), DIFFERENT) is True

    def confirmed(self) -> dict[str, str]:
        """The person, or `NOBODY`, of each face by its key, unless it was said later that it is not that person."""
        found = {}
        for subject, statement in self._statements.by(PERSON).items():
            value = statement.value
            if not isinstance(value, str):
                continue
            denied = self._statements.find(subjects.pair(subject, _PERSON + value), DIFFERENT) if value != NOBODY else None
            if denied is None or denied.value is not True or denied.rank < statement.rank:
                found[subject.removeprefix(_FACE)] = value
        return found

    def denied(self) -> list[tuple[str, str]]:
        """(face, person) of all faces of which it was said that they are not that person's."""
        parts = (subject.removeprefix("pair:").split("|") for subject in self._true_pairs())
        return [
            (one.removeprefix(_FACE), other.removeprefix(_PERSON))
            for one, other in parts
            if one.startswith(_FACE) and other.startswith(_PERSON)
        ]

    def strangers(self) -> list[tuple[str, str]]:
        """Pairs of faces that were said to be of different people."""
        parts = (subject.removeprefix("pair:").split("|") for subject in self._true_pairs())
        return [(a.removeprefix(_FACE), b.removeprefix(_FACE)) for a, b in parts if a.startswith(_FACE) and b.startswith(_FACE)]

    def spoken_of(self) -> set[str]:
        """All persons of whom anything is said that holds, whether they have faces now or not."""
        found = {value for value in self.confirmed().values() if value != NOBODY}
        for predicate in (NAME, HIDDEN):
            said = self._statements.by(predicate).items()
            found.update(subject.removeprefix(_PERSON) for subject, statement in said if statement.value is not None)
        for subject in self._true_pairs():
            parts = subject.removeprefix("pair:").split("|")
            found.update(part.removeprefix(_PERSON) for part in parts if part.startswith(_PERSON))
        return found

    def faces_known(self) -> set[str]:
        """The keys of all faces that any statement is about."""
        found = {subject.removeprefix(_FACE) for subject in self._statements.by(PERSON)}
        return found | {face for face, _ in self.denied()} | {face for pair in self.strangers() for face in pair}

    # Wishes

    def belong(self, faces: Iterable[str], person: str) -> list[Wish]:
        """These faces are that person's (or nobody's); what was said against it is withdrawn."""
        wishes: list[Wish] = []
        chosen = list(faces)
        if person != NOBODY:
            own = set(chosen)
            near = [(a, b) for a, b in self.strangers() if a in own and b in own]
            wishes += [(subjects.pair(_FACE + a, _FACE + b), DIFFERENT, None) for a, b in near]
        for face in chosen:
            subject = _FACE + face
            if self._statements.value(subject, PERSON) != person or self._denies(subject, person):
                wishes.append((subject, PERSON, person))
            if self._denies(subject, person):
                wishes.append((subjects.pair(subject, _PERSON + person), DIFFERENT, None))
        return wishes

    def deny(self, face: str, person: str) -> list[Wish]:
        """The face is not that person's; if it was said to be, that is withdrawn.

        What was said to be different from the person while the face was theirs stays different from the face.
        """
        subject, whole = _FACE + face, _PERSON + person
        wishes: list[Wish] = [(subjects.pair(subject, whole), DIFFERENT, True)]
        if self._statements.value(subject, PERSON) == person:
            pairs = (each.removeprefix("pair:").split("|") for each in self._true_pairs())
            far = [one if other == whole else other for one, other in pairs if whole in (one, other)]
            wishes += [(subjects.pair(subject, each), DIFFERENT, True) for each in far if each != subject]
        if self._statements.value(subject, PERSON) is not None:
            wishes.append((subject, PERSON, None))
        return wishes

    def call(self, person: str, name: str) -> list[Wish]:
        """The person has this name; an empty one takes it back."""
        return [] if name == self.name(person) else [(_PERSON + person, NAME, name or None)]

    def hide(self, person: str, yes: bool) -> list[Wish]:
        """The person is kept out of sight, or no longer so."""
        return [] if yes is self.hidden(person) else [(_PERSON + person, HIDDEN, yes)]

    def tell_apart(self, one: str, other: str, yes: bool = True) -> list[Wish]:
        """Two persons are different people, or nothing is known about that."""
        known = self.different(one, other)
        return [] if yes is known else [(subjects.pair(_PERSON + one, _PERSON + other), DIFFERENT, yes or None)]

    def inherit(self, person: str, absorbed: Iterable[str], faces: Iterable[str]) -> list[Wish]:
        """What was said of the absorbed persons' being different from others holds of the person they became.

        Parameters
        ----------
        person : str
        absorbed : iterable of str
        faces : iterable of str
            All faces that the person has then: nothing is said against them.
        """
        gone, own = {_PERSON + each for each in absorbed}, {_FACE + face for face in faces}
        heir = _PERSON + person
        wishes: list[Wish] = []
        for subject in self._true_pairs():
            one, other = subject.removeprefix("pair:").split("|")
            for side, far in ((one, other), (other, one)):
                if side in gone and (far in gone or far == heir):
                    wishes.append((subject, DIFFERENT, None))
                elif side in gone and far not in own:
                    wishes.append((subjects.pair(heir, far), DIFFERENT, True))
        return wishes

    def _denies(self, subject: str, person: str) -> bool:
        return person != NOBODY and self._statements.value(subjects.pair(subject, _PERSON + person), DIFFERENT) is True

    def _true_pairs(self) -> list[str]:
        return [subject for subject, statement in self._statements.by(DIFFERENT).items() if statement.value is True]
