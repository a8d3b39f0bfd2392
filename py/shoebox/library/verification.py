"""Does the library hold together? Its invariants, each broken one told as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.store.rows import ELSEWHERE, LENGTH_TOLERANCE, id_numbers, id_text, problem_of

# Rows are checked in blocks, so that the copies stay small.
_BLOCK = 4096


def problems(library: Library) -> list[str]:
    """What is wrong with a library; empty if nothing is.

    The finer checks rest on the coarser ones, so the first that finds something is the last.
    """
    for check in (_lengths, _paths, _rows):
        found = list(check(library))
        if found:
            return found
    return []


def _lengths(library: Library) -> Iterator[str]:
    count = library.vectors.count
    for what, length in (("names", len(library.names)), ("facts", len(library.facts)), ("columns", library.table.count)):
        if length != count:
            yield f"There are {count} vectors but {length} {what}."
    alive = int(library.vectors.alive.sum())
    if alive != len(library.vectors):
        yield f"There are {len(library.vectors)} photos but {alive} rows."


def _paths(library: Library) -> Iterator[str]:
    claimed: dict[str, int] = {}
    numbers = id_numbers(library.table["hash"]).tolist()
    for row in np.flatnonzero(library.vectors.alive).tolist():
        number = numbers[row]
        if library.row_of(number) != row:
            yield f"The photo {id_text(number)} is not found where it is."
            continue
        own = () if number in library.elsewhere else (library.names[row], *library.copies.get(number, ()))
        for name in own:
            if name in claimed:
                yield f"The path {name} belongs to two photos."
            claimed[name] = number
            _, time = library.owners.file(name) or (None, 0.0)
            if np.isnan(time):
                yield f"The path {name} has no time."
    if claimed != library.owners:
        wrong = sorted(set(claimed.items()) ^ set(library.owners.items()))
        yield f"{len(wrong)} paths belong to other photos than the list of paths says, the first is {wrong[0][0]}."
    for number in library.copies:
        if library.row_of(number) is None:
            yield f"There are copies of the photo {id_text(number)}, which is gone."
    apart = {library.number_at(row) for row in np.flatnonzero(library.vectors.alive & _is_elsewhere(library)).tolist()}
    if apart != library.elsewhere.keys():
        yield f"{len(apart ^ library.elsewhere.keys())} photos do not say rightly whether their files are on this device."


def _is_elsewhere(library: Library) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = (library.table["flags"] & ELSEWHERE) != 0
    return mask


def _rows(library: Library) -> Iterator[str]:
    alive = np.flatnonzero(library.vectors.alive)
    models = library.table["model"][alive]
    for model in np.unique(models).tolist():
        rows = alive[models == model]
        for low in range(0, len(rows), _BLOCK):
            problem = problem_of(library.rows_at(rows[low : low + _BLOCK]))
            if problem:
                yield f"In a stored photo, {problem}."
    ours = np.flatnonzero(library.comparable)
    for low in range(0, len(ours), _BLOCK):
        vectors = library.vectors.vectors(ours[low : low + _BLOCK])
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        wrong = int((~(np.abs(lengths - 1) <= LENGTH_TOLERANCE)).sum())
        if wrong:
            yield f"{wrong} photos have vectors that are not of length one; add them again."
