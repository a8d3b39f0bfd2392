"""What searches are measured against: the pack's own background, or the library's where the pack brings none.

A pack from elsewhere says nothing about how its vectors lie. The cosines of CLIP's words with photos lie around 0.2, SigLIP's
around 0, and both within a few hundredths; so no number can be written down that would hold for all. But the library itself is
a sample of photos of which most have nothing to do with any one query: how their scores lie is the background.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.library.library import Library
from shoebox.model.pack import Measure, Pack

Floats = NDArray[np.float32]

#: Photos that are looked at, spread evenly over the library: enough to know a quantile by, and quick for every query.
SAMPLE: Final = 2048
# As many photos more or less, as a share, before the sample is drawn anew.
_STALE: Final = 0.1
# What is believed of the spread before any photo is known, and how many photos that is worth. The photos of the default pack
# spread by 0.99 of at most 1; those of CLIP and its like lie in a narrow cone (Liang et al. 2022, "Mind the gap").
_USUAL_SPREAD: Final = 0.5
_WORTH: Final = 8
# The shares of the photos whose scores say where the background lies, and where these lie among normal numbers, in standard
# deviations from the mean.
_LOW: Final = 0.1
_HIGH: Final = 0.3
_LOW_NORMAL: Final = -1.2816
_HIGH_NORMAL: Final = -0.5244


class Sample:
    """Some photos of the library as the background of its searches.

    Many of the photos may show what is asked for. So only the lower end of their scores counts, where the others are: two
    quantiles give the mean and the spread of the normal numbers that would have them. docs/packs.md has what that is worth.

    Parameters
    ----------
    vectors : (n, d) float32
        Unit rows.
    z : float
        As `Space.z`.
    """

    def __init__(self, vectors: Floats, z: float) -> None:
        self.vectors, self.z = vectors, z
        self._usual = _USUAL_SPREAD / max(vectors.shape[1], 1)

    def backgrounds(self, queries: Floats) -> tuple[Floats, Floats]:
        """See `Space.backgrounds`."""
        count = len(self.vectors)
        if not count:
            return np.zeros(len(queries), np.float32), np.full(len(queries), np.sqrt(self._usual), np.float32)
        scores = self.vectors @ queries.T
        low, high = np.quantile(scores, [_LOW, _HIGH], axis=0)
        spread = (high - low) / (_HIGH_NORMAL - _LOW_NORMAL)
        variance = (count * spread**2 + _WORTH * self._usual) / (count + _WORTH)
        return (high - _HIGH_NORMAL * spread).astype(np.float32), np.sqrt(variance).astype(np.float32)

    def background(self, query: Floats) -> tuple[float, float]:
        """See `Space.background`."""
        means, deviations = self.backgrounds(query[None])
        return float(means[0]), float(deviations[0])


class Background:
    """The background of one library's searches.

    Parameters
    ----------
    library : Library
    pack : Pack
    """

    def __init__(self, library: Library, pack: Pack) -> None:
        self._library, self._own, self._z = library, pack.space, pack.z
        self._sample: Sample | None = None
        self._edits, self._photos = -1, 0

    def measure(self) -> Measure:
        """The pack's own background, or the library's as it is now or was a few photos ago."""
        if self._own is not None:
            return self._own
        if self._sample is None or self._edits != self._library.edits:
            rows = np.flatnonzero(self._library.comparable)
            if self._sample is None or abs(len(rows) - self._photos) > _STALE * self._photos:
                self._sample = Sample(self._library.vectors.vectors(spread_evenly(rows)), self._z)
                self._photos = len(rows)
            self._edits = self._library.edits
        return self._sample


def spread_evenly(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """At most `SAMPLE` of some rows, always the same ones."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).astype(np.intp))]
