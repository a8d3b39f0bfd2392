"""Finding photos by what is written in them.

Case, accents, punctuation and blanks do not count: cameras and recognisers lose blanks, and nobody remembers them. Words stand
in one line or go on in the next, as on signs. What is asked for may stand anywhere, also inside a longer word, unless it has
fewer than four letters; then it must begin a word, since "art" stands in everything. Scripts without blanks between words know
no such bound.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.places.folding import folded
from shoebox.reading.readings import Readings
from shoebox.store.rows import id_numbers
from shoebox.store.texts import TextList

# Fewer letters must stand at the beginning of a word.
FREE_LETTERS = 4
# Words of fewer letters are not offered, and of the others only those that stand in most photos.
OFFERED_LETTERS = 3
MOST_OFFERED = 2000
# From here on Unicode holds scripts that are written without blanks between words (CJK radicals and all after them).
_UNSPACED = "\u2e80"

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(text.lower() if text.isascii() else folded(text))


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """The text of a list of photos, made to be searched.

    Attributes
    ----------
    text : str
        All letters, with a newline before and after each line.
    begins : (m,) uint32
        Where words begin in it, rising.
    photos : (n,) uint64
        The photos that have text.
    ends : (n,) intp
        Where the text of each ends.
    counts : Counter
        In how many photos each word stands.
    """

    text: str
    begins: NDArray[np.uint32]
    photos: NDArray[np.uint64]
    ends: NDArray[np.intp]
    counts: Counter[str]

    @classmethod
    def of(cls, texts: TextList) -> _Written:
        """The text of a list."""
        pieces, at = ["\n"], 1
        begins = array("I")
        photos: list[int] = []
        ends: list[int] = []
        counts: Counter[str] = Counter()
        for place, number in enumerate(texts.ids.tolist()):
            said: set[str] = set()
            for line in texts.rows.of(place).texts:
                words = words_of(line)
                said.update(words)
                for word in words:
                    begins.append(at)
                    at += len(word)
                pieces += [*words, "\n"]
                at += 1
            if said:
                photos.append(number)
                ends.append(at)
                counts.update(said)
        return cls("".join(pieces), np.array(begins, np.uint32), np.array(photos, np.uint64), np.array(ends, np.intp), counts)

    def matching(self, pattern: re.Pattern[str], anywhere: bool) -> Iterator[int]:
        """The photos in which something matches."""
        place, at = 0, 0
        while place < len(self.photos):
            found = pattern.search(self.text, at)
            if found is None:
                return
            if not anywhere and not self._begins_word(found.start()):
                at = found.start() + 1
                continue
            place = int(np.searchsorted(self.ends, found.start(), "right"))
            # A match that goes on into the next photo is none.
            if found.end() <= self.ends[place]:
                yield int(self.photos[place])
                at = int(self.ends[place])
            else:
                at = found.start() + 1

    def _begins_word(self, at: int) -> bool:
        place = int(np.searchsorted(self.begins, at))
        return place < len(self.begins) and int(self.begins[place]) == at


class WrittenNames:
    """What is written in the photos of a library, as `shoebox.search.names.Names`.

    Parameters
    ----------
    readings : Readings
    """

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._state = -1
        self._counts: list[tuple[str, int]] | None = None
        self._written: dict[TextList, _Written] = {}

    @property
    def edits(self) -> int:
        """Another number whenever something else may be found."""
        return self._readings.edits

    def counts(self, library: Library) -> Sequence[tuple[str, int]]:
        """The words that stand in most photos, with how many these are."""
        lists = self._lists()
        if self._counts is None:
            every: Counter[str] = Counter()
            for written in lists:
                every.update(written.counts)
            usual = (item for item in every.most_common() if len(item[0]) >= OFFERED_LETTERS or item[0] >= _UNSPACED)
            self._counts = list(islice(usual, MOST_OFFERED))
        return self._counts

    def find(self, library: Library, name: str) -> Sequence[str]:
        """What is asked for as it stands; nothing where it has no letter or digit."""
        return [name] if words_of(name) else []

    def mask(self, library: Library, full: str) -> NDArray[np.bool_]:
        """(count,) bool: the rows of the photos in which that is written."""
        words = words_of(full)
        letters = "".join(words)
        anywhere = len(letters) >= FREE_LETTERS or any(letter >= _UNSPACED for letter in letters)
        pattern = re.compile("\n?".join(map(re.escape, words)))
        photos = [photo for written in self._lists() for photo in written.matching(pattern, anywhere)]
        return np.isin(id_numbers(library.table["hash"]), np.array(photos, np.uint64))

    def _lists(self) -> list[_Written]:
        """The text of all lists, each taken apart once."""
        if self._state != self._readings.edits:
            before, self._written = self._written, {}
            for texts in self._readings.lists():
                self._written[texts] = before.get(texts) or _Written.of(texts)
            self._state, self._counts = self._readings.edits, None
        return list(self._written.values())
