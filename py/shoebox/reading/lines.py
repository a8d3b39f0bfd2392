"""What was read in some photos, as columns: where each line stands, what it says, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# No line holds more: beyond, a pattern was taken for text.
LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class TextRows:
    """Lines of text.

    Attributes
    ----------
    photos : (n,) int32
        The place of each line's photo in a list of photos, never falling; within a photo lines stand as one reads them.
    corners : (n, 4, 2) int32
        Top left, top right, bottom right, bottom left as the text stands, in pixels of the upright photo.
    scores : (n,) float32
        How surely it was read, 0 to 1.
    texts : tuple of n str
        Never empty, no line breaks within.
    """

    photos: NDArray[np.int32]
    corners: NDArray[np.int32]
    scores: NDArray[np.float32]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @staticmethod
    def none() -> TextRows:
        """No lines."""
        return TextRows(np.zeros(0, np.int32), np.zeros((0, 4, 2), np.int32), np.zeros(0, np.float32), ())

    @staticmethod
    def joined(parts: Sequence[TextRows], starts: Sequence[int]) -> TextRows:
        """The lines of several lists of photos; `starts` says where each list begins in the list of all."""
        if not parts:
            return TextRows.none()
        return TextRows(
            np.concatenate([part.photos + np.int32(start) for part, start in zip(parts, starts, strict=True)]).astype(np.int32),
            np.concatenate([part.corners for part in parts]),
            np.concatenate([part.scores for part in parts]),
            tuple(text for part in parts for text in part.texts),
        )

    def take(self, chosen: NDArray[np.bool_], photos: NDArray[np.int32]) -> TextRows:
        """The chosen lines, with new places of their photos."""
        texts = tuple(text for text, kept in zip(self.texts, chosen.tolist(), strict=True) if kept)
        return TextRows(photos.astype(np.int32), self.corners[chosen], self.scores[chosen], texts)

    def of(self, photo: int) -> TextRows:
        """The lines of one photo, as a list of which it is the only one."""
        low, high = np.searchsorted(self.photos, [photo, photo + 1]).tolist()
        photos = np.zeros(high - low, np.int32)
        return TextRows(photos, self.corners[low:high], self.scores[low:high], self.texts[low:high])


def reading_order(
    middles: NDArray[np.floating], lefts: NDArray[np.floating], heights: NDArray[np.floating]
) -> NDArray[np.intp]:
    """The order in which lines are read: from the top, and from the left where they stand side by side.

    Parameters
    ----------
    middles, lefts, heights : (n,) float
        Where the middle of each line is, down, and its left end, across; how high it is.

    Returns
    -------
    (n,) intp
    """
    order = np.argsort(middles, kind="stable")
    row = np.zeros(len(order), np.intp)
    last, number = -np.inf, -1
    for place in order.tolist():
        if middles[place] > last + heights[place] / 2:
            number, last = number + 1, float(middles[place])
        row[place] = number
    return np.lexsort((lefts, row))
