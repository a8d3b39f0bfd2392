"""Made-up faces that lie as a recogniser's do: all near one direction, each person around their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.library.statements import Statement, Statements
from shoebox.people.calibration import Calibration
from shoebox.people.corrections import Wish
from shoebox.people.faces import Faces
from shoebox.people.people import People

DIMENSION = 32
CALIBRATION = Calibration(same=0.06, tight=0.03, ask=0.09, founding=0.3)
_clock = itertools.count(1)


def vectors(who: Sequence[int], spread: float = 0.02, seed: int = 0) -> NDArray[np.float32]:
    """Unit rows, one a face: people 0.14 apart from each other, faces of one person `spread`."""
    random = np.random.default_rng(seed)
    basis = np.linalg.qr(np.random.default_rng(99).standard_normal((DIMENSION, DIMENSION)))[0]
    own = basis[np.asarray(who, int) % (DIMENSION - 1) + 1]
    noise = random.standard_normal((len(who), DIMENSION)) * np.sqrt(spread / DIMENSION)
    made = np.sqrt(0.86) * basis[0] + np.sqrt(0.14) * own + noise
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def faces(
    who: Sequence[int],
    photos: Sequence[int] | None = None,
    quality: Sequence[float] | None = None,
    seed: int = 0,
    spread: float = 0.02,
    known: Iterable[str] = (),
) -> Faces:
    """Faces of these people, each on a photo of its own unless `photos` says otherwise."""
    n = len(who)
    on = np.arange(1, n + 1) if photos is None else np.asarray(photos)
    boxes = np.array([[100 * place, 40, 60, 80] for place in range(n)], np.float32).reshape(n, 4)
    good = np.full(n, 0.9, np.float32) if quality is None else np.asarray(quality, np.float32)
    return Faces.of(on.astype(np.uint64), boxes, good, vectors(who, spread, seed), known)


def say(statements: Statements, wishes: Iterable[Wish]) -> list[Wish]:
    """Hold wishes as said now; answers what would undo them."""
    wanted = list(wishes)
    undo: list[Wish] = [(subject, predicate, statements.value(subject, predicate)) for subject, predicate, _ in wanted]
    at = next(_clock)
    statements.merge(Statement(subject, predicate, value, at, "0" * 16) for subject, predicate, value in wanted)
    return undo


def people_of(made: Faces, statements: Statements | None = None) -> People:
    """The people of a library with these faces."""
    people = People(Statements() if statements is None else statements, CALIBRATION, DIMENSION)
    people.add(made)
    return people


def parts(people: People) -> set[frozenset[int]]:
    """Rows of faces that belong together."""
    found: dict[int, set[int]] = {}
    for row, label in enumerate(people.labels.tolist()):
        if label >= 0:
            found.setdefault(label, set()).add(row)
    return {frozenset(rows) for rows in found.values()}


def person_of(people: People, row: int) -> str:
    """The id of a face's person."""
    return people.persons()[row]
