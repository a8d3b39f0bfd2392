"""What all tokenisers have in common: texts in, rows of ids and a mask out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Tokenising(ABC):
    """Texts to ids over one vocabulary.

    Parameters
    ----------
    max_tokens : int
        Most ids of a text, with the marks at its beginning and end; what is longer is cut.
    pad : int
        The id that stands where a text has ended.
    full : bool
        Whether every row has `max_tokens` ids, for networks that were written down for one length. Otherwise rows are as
        long as the longest text needs.
    """

    def __init__(self, max_tokens: int, pad: int = 0, full: bool = False) -> None:
        self.max_tokens, self.pad, self.full = max_tokens, pad, full

    @abstractmethod
    def ids(self, text: str) -> list[int]:
        """The ids of a text with the marks that belong around it, at most `max_tokens`."""

    def batch(self, texts: Sequence[str], multiple: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and mask of several texts, padded to the same length.

        Parameters
        ----------
        texts : sequence of n str
        multiple : int
            Round the length up to a multiple of this (but not beyond `max_tokens`), so that a network sees few shapes.

        Returns
        -------
        ids : (n, t) int64
            `pad` where a text has ended.
        mask : (n, t) int64
            1 where there is a piece, else 0.
        """
        all_ids = [self.ids(text) for text in texts]
        longest = max(map(len, all_ids), default=0)
        length = self.max_tokens if self.full else max(longest, min(self.max_tokens, -(-longest // multiple) * multiple))
        ids = np.full((len(texts), length), self.pad, np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(all_ids):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        return ids, mask
