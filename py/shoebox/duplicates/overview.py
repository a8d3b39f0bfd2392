"""The groups of duplicates as a person sees them: three kinds, each with the file to keep and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from shoebox.curation.looks import FULL
from shoebox.duplicates import keepers
from shoebox.duplicates.comparing import Comparing
from shoebox.duplicates.groups import Pair, groups
from shoebox.duplicates.keepers import Entry
from shoebox.faces.gallery import Gallery
from shoebox.faces.rows import FaceRows
from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.statements import COPIES, DIFFERENT, FAVOURITE
from shoebox.store.rows import NONE, UNMEASURED, id_text

Group = dict[str, Any]

IDENTICAL, SAME_PICTURE, BURST = "identical", "same-picture", "burst"
KINDS: Final = (IDENTICAL, SAME_PICTURE, BURST)

_PHOTO: Final = f"{subjects.PHOTO}:"
# Quality of a face below which its eyes are too few pixels to tell.
_CLEAR_FACE: Final = 0.4


class Overview:
    """The groups of a library at one moment.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        Tells how clear faces are.
    comparing : Comparing
        What is known by now.
    """

    def __init__(self, library: Library, gallery: Gallery, comparing: Comparing) -> None:
        self._library, self._gallery = library, gallery
        self._compared, self._moments = comparing.compared, comparing.moments
        self._two_exposures, self._pairs = comparing.two_exposures, comparing.bursts

    def groups(self) -> list[Group]:
        """All groups, by kind, those first that take the most room; see `verbs.DuplicateVerbs.duplicates`."""
        apart = self._apart()
        same = list(self._same_pictures(apart))
        found = [*self._identical(), *same, *self._bursts(apart, same)]
        found.sort(key=lambda group: (KINDS.index(group["kind"]), -_spare(group), group["keep"]))
        return found

    def _identical(self) -> Iterator[Group]:
        for photo, copies in self._library.copies.items():
            wanted = self._library.statements.value(subjects.photo(photo), COPIES)
            # What a person said holds for the copies that were there then; a further one is news.
            if copies and not (isinstance(wanted, int) and len(copies) < wanted):
                yield _group(IDENTICAL, self._entries([photo]), keepers.of_copies)

    def _same_pictures(self, apart: frozenset[Pair]) -> Iterator[Group]:
        surest_first = sorted(self._compared.same.items(), key=lambda item: (-item[1], item[0]))
        here = (pair for pair, _ in surest_first if all(map(self._library.is_here, pair)))
        # Through a copy that has lost its time two photos of a burst must not become one.
        for photos in groups(here, lambda one, other: (one, other) in apart or self._two_exposures(one, other)):
            largest_first = sorted(self._entries(photos), key=lambda each: (-each.pixels, -each.bytes, each.name))
            yield _group(SAME_PICTURE, largest_first, keepers.of_versions)

    def _bursts(self, apart: frozenset[Pair], same: Iterable[Group]) -> Iterator[Group]:
        # Of the versions of one picture only that to be kept counts: the others stand in a group already.
        versions = {int(photo, 16) for group in same for photo in group["photos"] if photo != group["keep"]}
        pairs = (pair for pair in self._pairs if versions.isdisjoint(pair) and all(map(self._library.is_here, pair)))
        for photos in groups(pairs, lambda one, other: (one, other) in apart):
            yield _group(BURST, self._entries(self._by_time(photos)), keepers.of_burst)

    def _by_time(self, photos: Iterable[int]) -> list[int]:
        taken, names = self._library.table["taken"], self._library.names
        rows = {photo: row for photo in photos if (row := self._library.row_of(photo)) is not None}
        return sorted(rows, key=lambda photo: (float(taken[rows[photo]]), names[rows[photo]]))

    def _apart(self) -> frozenset[Pair]:
        """Pairs of photos, both ways round, of which a person said that they are no duplicates."""
        found: set[Pair] = set()
        for subject, said in self._library.statements.by(DIFFERENT).items():
            one, _, other = subject.removeprefix(f"{subjects.PAIR}:").partition("|")
            if said.value is True and one.startswith(_PHOTO) and other.startswith(_PHOTO):
                pair = subjects.photo_number(one), subjects.photo_number(other)
                found.update((pair, pair[::-1]))
        return frozenset(found)

    def _entries(self, photos: Iterable[int]) -> list[Entry]:
        """The files of some photos, which must be here."""
        chosen = list(photos)
        weighed = self.unmeasured(chosen)
        return [entry for photo in chosen for entry in self._files(photo, weighed)]

    def unmeasured(self, photos: Iterable[int]) -> bool:
        """Whether one of some photos was indexed before sharpness was measured; then thumbnails tell it of all of them."""
        rows = [row for row in map(self._library.row_of, photos) if row is not None]
        return bool((self._library.table["looks"][rows, 0] == UNMEASURED).any())

    def _files(self, photo: int, weighed: bool) -> Iterator[Entry]:
        library, table = self._library, self._library.table
        row = library.row_of(photo)
        assert row is not None
        faces = self._gallery.of(photo)
        sharpness = self._compared.sharpness.get(photo, 0.0) if weighed else float(table["looks"][row, 0]) / FULL
        for name, mtime in library.paths_of(photo):
            yield Entry(
                photo=photo,
                name=name,
                favourite=library.statements.value(subjects.photo(photo), FAVOURITE) is True,
                width=int(table["width"][row]),
                height=int(table["height"][row]),
                bytes=int(table["bytes"][row]),
                format=table.formats.words[int(table["format"][row])],
                from_camera=int(table["camera"][row]) != NONE or bool(self._moments.by_camera[row]),
                mtime=mtime,
                sharpness=sharpness,
                faces=float(faces.quality.mean()) if faces is not None and len(faces) else 0.0,
                eyes=_least_open(faces),
            )


def _group(kind: str, entries: Sequence[Entry], choose: Callable[[Sequence[Entry]], tuple[Entry, str]]) -> Group:
    keep, why = choose(entries)
    ordered = [keep, *(entry for entry in entries if entry is not keep)]
    return {
        "kind": kind,
        "photos": [id_text(photo) for photo in dict.fromkeys(entry.photo for entry in ordered)],
        "keep": id_text(keep.photo),
        "why": why,
        "files": [
            {"photo": id_text(each.photo), "name": each.name, "bytes": each.bytes, "width": each.width, "height": each.height}
            for each in ordered
        ],
    }


def _least_open(faces: FaceRows | None) -> float:
    """How open the eyes are of whoever comes nearest to blinking; 1 where nobody is known to."""
    known = [] if faces is None else faces.eyes[~np.isnan(faces.eyes) & (faces.quality >= _CLEAR_FACE)].tolist()
    return min(known, default=1.0)


def _spare(group: Group) -> int:
    """Bytes that would be free without the files that need not be kept."""
    return sum(file["bytes"] for file in group["files"][1:])
