"""Looking closely at pairs of photos, a few at a time: which thumbnails are wanted, and what they tell."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.duplicates.groups import Groups, Pair
from shoebox.duplicates.matching import match
from shoebox.duplicates.prints import print_of

# Photos of which thumbnails are asked for at once, 6 MB in grey; a fifth of a second of work in a browser.
_PHOTOS: Final = 384
_PAIRS: Final = 1024
# Prints that are kept since pairs still to come may need them: 64 MB. Beyond it a thumbnail is read again.
_PRINTS: Final = 4096


class Looking:
    """Pairs still to be looked at.

    Parameters
    ----------
    pairs : sequence of (one, other)
        Ids, the smaller first, none of them two exposures; those of one photo together and the most alike first: what they tell
        makes many of the later ones needless.
    two_exposures : callable
        Whether two photos are known not to be the same picture. A copy of the one is not a copy of the other either.
    """

    def __init__(self, pairs: Sequence[Pair], two_exposures: Callable[[int, int], bool]) -> None:
        self._pairs, self._at, self._next = pairs, 0, 0
        self._coming: list[Pair] = []
        self._wanted: list[int] = []
        # Those to be looked at are two exposures in no case, and asking costs more than all else that is done for most of them.
        asked = set(pairs)
        self._same = Groups(lambda one, other: (min(one, other), max(one, other)) not in asked and two_exposures(one, other))
        self._prints: OrderedDict[int, NDArray[np.uint8] | None] = OrderedDict()

    @property
    def done(self) -> int:
        """How many pairs have been looked at."""
        return self._at

    @property
    def total(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)

    def wanted(self) -> list[int]:
        """The photos whose thumbnails the next `look` needs; empty where it needs none."""
        # From where the last `look` ended: what was asked for and never came is asked for again.
        self._coming, wanted, self._next = self._gather(self._at, ())
        self._wanted = list(wanted)
        return self._wanted

    def soon(self) -> list[int]:
        """Photos that the `look` after the next will need, as far as can be told: to be made ready meanwhile."""
        return list(self._gather(self._next, self._wanted)[1])

    def _gather(self, at: int, known: Collection[int]) -> tuple[list[Pair], dict[int, None], int]:
        """The pairs to look at together from a place on, the photos whose prints are missing, and the place after them."""
        coming: list[Pair] = []
        missing: dict[int, None] = {}
        there = {*known}
        while at < len(self._pairs) and len(coming) < _PAIRS:
            pair = self._pairs[at]
            if self._same.may_join(*pair):
                fresh = [each for each in pair if each not in self._prints and each not in missing and each not in there]
                if fresh and len(missing) + len(fresh) > _PHOTOS:
                    break
                missing.update(dict.fromkeys(fresh))
                coming.append(pair)
            at += 1
        return coming, missing, at

    def look(self, greys: Mapping[int, Image.Image | None], shape: Callable[[int], float | None]) -> dict[Pair, float]:
        """Compare the next pairs: how well those agree that are the same picture.

        Parameters
        ----------
        greys : mapping of id to Image or None
            Thumbnails of the photos of the last `wanted`, as `prints.grey_of`; one that is missing is like no other.
        shape : callable
            Width over height of a photo, None where it has left: its pairs are passed over.
        """
        coming = self._coming
        for photo in {photo for pair in coming for photo in pair}:
            if photo in self._prints:
                self._prints.move_to_end(photo)
            else:
                grey = greys.get(photo)
                self._prints[photo] = None if grey is None else print_of(grey)
        self._at = self._next
        here = {photo: shape(photo) for pair in coming for photo in pair if self._prints[photo] is not None}
        shapes = {photo: found for photo, found in here.items() if found is not None}
        usable = [pair for pair in coming if pair[0] in shapes and pair[1] in shapes]
        if not usable:
            return {}
        place = {photo: number for number, photo in enumerate(shapes)}
        prints = np.stack([found for found in map(self._prints.get, shapes) if found is not None])
        left, right = (np.array([place[pair[side]] for pair in usable], np.intp) for side in (0, 1))
        matches = match(prints, np.array(list(shapes.values()), np.float64), left, right)
        while len(self._prints) > _PRINTS:
            self._prints.popitem(last=False)
        same = np.flatnonzero(matches.same)
        found = {usable[number]: float(matches.whole[number]) for number in same.tolist()}
        for pair in sorted(found, key=lambda pair: -found[pair]):
            self._same.join(*pair)
        return found
