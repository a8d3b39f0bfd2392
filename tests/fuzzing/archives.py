"""Spoilt archives: bytes flipped, cut, doubled, moved; and archives that lie with all their checksums right.

``python -m tests.fuzzing.archives [RUNS] [SEED]`` goes on for as long as one likes; the unit tests run a few hundred. Whatever
the file, it is refused with an `ArchiveError` and the library is as it was, or it is taken in and the library holds together.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

import numpy as np

from shoebox.api import Shoebox
from shoebox.archive.frames import FrameReader, FrameWriter
from shoebox.errors import ArchiveError
from shoebox.store.rows import id_text
from shoebox.store.sealed import ARCHIVE, END, seal, unseal
from tests.unit.archive_making import add, belong, empty, known, look, saved, say, take, thumbnails

Frame = tuple[int, bytes]


def small_library() -> Shoebox:
    """A little of everything."""
    box = empty()
    add(box, ("dog", [("2019/dog.jpg", 5.0), ("copy.jpg", 6.0)]), ("cat", [("2019/cat.jpg", 7.0)]), indexed=3.0)
    look(box, "dog", [0, 1])
    look(box, "cat", [0])
    belong(box, ("dog", 0, 7), ("dog", 1, 8), ("cat", 0, 7))
    say(box, "dog", True, 4)
    return box


def small_archive() -> bytes:
    """The same as a file."""
    return saved(small_library(), thumbnails("dog", "cat"))


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """A file with something done to its bytes."""
    low, high = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    other = chance.randrange(len(data))
    match chance.randrange(6):
        case 0:
            place = chance.randrange(len(data))
            return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        case 1:
            return data[:low]
        case 2:
            return data[:low] + data[high:]
        case 3:
            return data[:high] + data[low:]
        case 4:
            return data[:other] + data[low:high] + data[other:]
        case _:
            return data[:low] + chance.randbytes(high - low) + data[high:]


def frames(data: bytes) -> Iterator[Frame]:
    """The runs of a file."""
    return FrameReader().feed(data)


def written(runs: list[Frame]) -> bytes:
    """A file of these runs with all checksums right; the first and last are the beginning and the end."""
    writer = FrameWriter()
    begun = writer.begin(unseal(ARCHIVE, runs[0][1])[0])
    between = b"".join(writer.frame(kind, run) for kind, run in runs[1:-1])
    return begun + between + writer.end(unseal(END, runs[-1][1])[0])


def lying(data: bytes, chance: random.Random) -> bytes:
    """A file of which one part says something else, with all checksums right."""
    runs = list(frames(data))
    place = chance.randrange(len(runs))
    kind, run = runs[place]
    fields, sections = unseal(kind, run)
    changed = {name: bytes(section) for name, section in sections.items()}
    # What the end says of the whole file is made anew anyway.
    names = [name for name in fields if name != "sha256"]
    if changed and chance.random() < 0.7:
        name = chance.choice(sorted(changed))
        changed[name] = spoilt(changed[name], chance) if changed[name] else b"?"
    elif names:
        fields[chance.choice(names)] = chance.choice([-1, 0, 1, 2**31, 2**53, 1.5, None, "", "x", [], {}, True, [[[]]]])
    runs[place] = kind, seal(kind, fields, changed)
    if 0 < place < len(runs) - 1 and chance.random() < 0.2:
        runs.insert(chance.randrange(1, len(runs) - 1), runs.pop(place))
    return written(runs)


def attempt(data: bytes) -> bool:
    """Take a file into a library with a photo of its own; whether it was taken. Raises `AssertionError` where it did harm."""
    box = empty()
    add(box, ("mine", [("mine.jpg", 1.0)]))
    before, edits = known(box), (box.library.edits, box.library.statements.edits)
    try:
        with np.errstate(invalid="ignore", over="ignore"):  # numbers that nobody computed
            take(box, data)
    except ArchiveError as error:
        assert str(error).endswith(".")
        assert known(box) == before
        assert (box.library.edits, box.library.statements.edits) == edits
        return False
    use(box)
    return True


def use(box: Shoebox) -> None:
    """Ask a library for everything that it knows; nothing may be wrong with it."""
    told = box.verify()["problems"]
    assert told == box.sayings.problems(()) + box._gallery.problems(()), told
    for number in [box.library.number_at(row) for row in np.flatnonzero(box.library.vectors.alive).tolist()]:
        box.photo(id_text(number))
    box.people.people()
    box.people.suggest_people()
    box.albums.albums()
    box.stats()
    box.grid()
    box.tags()
    assert box.sayings.favourite([id_text(box.library.number_at(0))])["statements"] is not None
    again = empty()
    take(again, saved(box), own=True)
    assert known(again) == known(box)


def fuzz(runs: int, seed: int) -> int:
    """So many spoilt and as many lying files; answers how many were taken in."""
    chance = random.Random(seed)
    data = small_archive()
    taken = 0
    for run in range(runs):
        for spoil in (spoilt, lying):
            bad = spoil(data, chance)
            try:
                accepted = attempt(bad)
            except Exception as error:
                raise AssertionError(f"run {run} of seed {seed}, {spoil.__name__}") from error
            assert not (accepted and spoil is spoilt and bad != data), f"run {run} of seed {seed}: spoilt, and taken in"
            taken += accepted
    return taken


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 2**32
    print(f"{fuzz(count, first)} of {2 * count} files were harmless, the others were refused (seed {first})")
