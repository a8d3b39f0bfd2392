"""What the page asks about duplicates, and says about them.

Every change here is a statement: "not a duplicate" lasts, whatever is found later, and can be undone. Nothing deletes a file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Final

from shoebox import requests
from shoebox.duplicates import leaving
from shoebox.duplicates.comparing import Comparing
from shoebox.duplicates.overview import BURST, KINDS, Group, Overview
from shoebox.duplicates.prints import grey_from, grey_of
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.sayings import Sayings
from shoebox.library.statements import COPIES, DIFFERENT, Value
from shoebox.people.network import neighbour_network
from shoebox.sessions.protocol import Sessions
from shoebox.store.rows import id_text
from shoebox.store.sealed import Buffer

Answer = dict[str, Any]

# Of more photos at once every pair would be too many statements to keep.
_MOST_PAIRS: Final = 20_000


class DuplicateVerbs:
    """The duplicates of one library, as the page sees them.

    Parameters
    ----------
    library : Library
    gallery : Gallery
        Tells how clear faces are.
    sayings : Sayings
        Stages what is said.
    sessions : Sessions
        May have the network "neighbours".
    """

    def __init__(self, library: Library, gallery: Gallery, sayings: Sayings, sessions: Sessions) -> None:
        self._library, self._gallery, self._sayings = library, gallery, sayings
        self._comparing = Comparing(library, sessions, self._in_bursts)
        self._shown: tuple[tuple[int, int, int], list[Group]] | None = None

    def forget(self) -> None:
        """Begin anew: the library was loaded or emptied."""
        self._comparing.forget()
        self._shown = None

    # Comparing

    def recall(self, stored: Buffer | None = None) -> Answer:
        """Go on from what `keep` answered at another time: `{neighbours}`, the network that compares all with all."""
        if stored is not None:
            self._comparing.recall(stored)
        return {"neighbours": neighbour_network()}

    async def step(self) -> Answer:
        """Compare a little further: `{phase, done, total, ids, soon, side, take}`, as `comparing.Standing`."""
        standing = await self._comparing.step()
        return {
            "phase": standing.phase,
            "done": standing.done,
            "total": standing.total,
            "ids": [id_text(photo) for photo in standing.wanted],
            "soon": [id_text(photo) for photo in standing.soon],
            "side": standing.side,
            "take": standing.take,
        }

    def take(self, ids: Sequence[str], thumbnails: Sequence[Buffer], sizes: Sequence[tuple[int, int]] | None = None) -> Answer:
        """The thumbnails of the `ids` that `step` asked for, as far as they are there.

        With `sizes` (width and height of each) they are decoded already: grey values at half the size of the thumbnail, or
        squashed to squares of the side that `step` named.
        """
        if len(ids) != len(thumbnails) or (sizes is not None and len(sizes) != len(ids)):
            raise QueryError(f"There are {len(ids)} photos, but not as many thumbnails with their sizes.")
        numbers = map(requests.id_number, ids)
        if sizes is None:
            greys = [grey_of(bytes(data)) for data in thumbnails]
        else:
            greys = [grey_from(data, int(width), int(height)) for data, (width, height) in zip(thumbnails, sizes, strict=True)]
        self._comparing.take({number: grey for number, grey in zip(numbers, greys, strict=True) if number is not None})
        return {}

    def keep(self) -> Answer:
        """What is known, to be stored: `{bytes}`, None where that has not changed since."""
        return {"bytes": self._comparing.keep()}

    # Looking

    def duplicates(self, kind: str | None = None) -> list[Group]:
        """All groups that are known by now, by kind and then by the room they take: `[{kind, photos, keep, why, files}]`.

        `files` are all files of the group, `[{photo, name, bytes, width, height}]`, that to be kept first. A group of kind
        "identical" is one photo that lies in several files.
        """
        if kind is not None:
            requests.choice(kind, KINDS)
        return [group for group in self._groups() if kind is None or group["kind"] == kind]

    def _groups(self) -> list[Group]:
        key = self._library.edits, self._library.statements.edits, self._comparing.changes
        if self._shown is None or self._shown[0] != key:
            overview = Overview(self._library, self._gallery, self._comparing)
            self._shown = key, overview.groups()
        return self._shown[1]

    def _in_bursts(self) -> list[int]:
        """The photos of bursts whose sharpness thumbnails must tell."""
        overview = Overview(self._library, self._gallery, self._comparing)
        bursts = ([int(photo, 16) for photo in group["photos"]] for group in self._groups() if group["kind"] == BURST)
        return [photo for photos in bursts if overview.unmeasured(photos) for photo in photos]

    # Saying

    def not_duplicates(self, ids: Sequence[str], others: Sequence[str] | None = None) -> Answer:
        """These photos are no duplicates of each other, or, with `others`, of those; of one photo: all its copies are wanted.

        Answers as every statement does.
        """
        photos, rest = self._numbers(ids), self._numbers(others or ())
        if len(photos) == 1 and not rest:
            return self._sayings.say([self._copies_wanted(photos[0])])
        pairs = itertools.product(photos, rest) if rest else itertools.combinations(photos, 2)
        told = {frozenset(pair) for pair in itertools.islice(pairs, _MOST_PAIRS + 1)}
        if not told:
            raise QueryError("There is no photo named that is no duplicate.", "Name two photos, or one that has copies.")
        if len(told) > _MOST_PAIRS:
            raise QueryError("These are too many photos to tell apart at once.", "Choose fewer than 200.")
        found = [subjects.pair(*map(subjects.photo, pair)) for pair in told if len(pair) == 2]
        known = self._library.statements
        return self._sayings.say((pair, DIFFERENT, True) for pair in sorted(found) if known.value(pair, DIFFERENT) is not True)

    def _copies_wanted(self, photo: int) -> tuple[str, str, Value]:
        count = len(self._library.paths_of(photo))
        if count < 2:
            raise QueryError("Of this photo there is only one file.", "Name two photos, or one that has copies.")
        return subjects.photo(photo), COPIES, count

    def set_aside(self, names: Sequence[str]) -> Answer:
        """How to move files out of the way: `{files: [{photo, name, to, hash}], bytes, list, script}`.

        Raises
        ------
        QueryError
            If a file is in no group, or nothing of a group would stay where it is.
        """
        chosen = set(names)
        known: dict[str, Answer] = {}
        for group in self._groups():
            known.update({file["name"]: file for file in group["files"]})
            if chosen.issuperset(file["name"] for file in group["files"]):
                first = group["files"][0]["name"]
                raise QueryError(f"Nothing would be left of {first}.", "Leave one photo of every group where it is.")
        strange = sorted(chosen - known.keys())
        if strange or not chosen:
            what = f"{strange[0]} is no duplicate." if strange else "No file is chosen."
            raise QueryError(what, "Choose from the duplicates that are shown.")
        ordered = sorted(chosen)
        return {
            "files": [
                {"photo": known[name]["photo"], "name": name, "to": leaving.place_of(name), "hash": self._hash(known[name])}
                for name in ordered
            ],
            "bytes": sum(known[name]["bytes"] for name in ordered),
            "list": leaving.listing(ordered),
            "script": leaving.script(ordered),
        }

    def _hash(self, file: Answer) -> str:
        row = requests.row(self._library, file["photo"])
        return str(self._library.table["hash"][row].tobytes().hex())

    def _numbers(self, ids: Sequence[str]) -> list[int]:
        if isinstance(ids, str):
            raise QueryError("Photos are named by a list of ids.")
        return list(dict.fromkeys(self._library.number_at(requests.row(self._library, each)) for each in ids))
