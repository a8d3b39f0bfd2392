"""From the vectors of a query to an order of photos, and to where relevance ends.

One threshold for all queries does not work: for one query 0.2 is a fine match, for the next it is noise. So every query
is judged against its own background: the pack knows how the vectors of photos in general are spread (`pack.Space`), and
from that follow the mean and the standard deviation that this query's scores have with photos that do not show it. A
photo counts as relevant from `z` standard deviations above that mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import Space
from shoebox.store.vectors import top_k

Vector = NDArray[np.float32]
Score = Callable[[Vector], NDArray[np.float32]]

# How many standard deviations a photo loses for each by which it shows what it should not.
WEIGHT_OF_WITHOUT = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What a query makes of every row.

    Attributes
    ----------
    scores : (n,) float32
        Cosine with what is wanted, less what is not; falls as relevance falls.
    cut : float
        The score from which a photo is relevant.
    """

    scores: NDArray[np.float32]
    cut: float


def judge(score: Score, space: Space, wanted: Sequence[Vector], without: Sequence[Vector]) -> Judgement:
    """Score all rows.

    Parameters
    ----------
    score : callable
        Cosines of all rows with a vector.
    space : Space
        The pack's background.
    wanted, without : sequences of (d,) float32
        Unit vectors; at least one in all. Several that are wanted are added up to one.
    """
    if wanted:
        query = _direction(wanted)
        mean, deviation = space.background(query)
        scores = score(query)
    else:
        # Nothing is wanted, so every photo is as good as one just at the cut would be, until it shows what it should not.
        mean, deviation = 0.0, float(np.mean([space.background(vector)[1] for vector in without]))
        scores = np.full(len(score(without[0])), np.float32(2 * space.z * deviation))
    for vector in without:
        off, spread = space.background(vector)
        scores = scores - np.float32(WEIGHT_OF_WITHOUT * deviation) * np.maximum((score(vector) - off) / spread, 0)
    return Judgement(scores.astype(np.float32), mean + space.z * deviation)


def _direction(vectors: Sequence[Vector]) -> Vector:
    """The unit vector between several; the first if they cancel each other out."""
    total = np.asarray(np.sum(vectors, axis=0), np.float32)
    length = float(np.linalg.norm(total))
    return total / np.float32(length) if length > 1e-6 else vectors[0]


def order(
    judgement: Judgement, mask: NDArray[np.bool_], taken: NDArray[np.float64], by_date: bool, first: int, count: int
) -> tuple[NDArray[np.intp], int]:
    """A stretch of the rows in order.

    Parameters
    ----------
    judgement : Judgement
    mask : (n,) bool
        Rows that may come.
    taken : (n,) float64
        Times, for ties and for sorting by date.
    by_date : bool
        Newest first among the relevant ones; the others follow by score.
    first, count : int
        The stretch.

    Returns
    -------
    rows : at most count row numbers
    relevant : int
        How many of all rows that may come are relevant.
    """
    relevant = mask & (judgement.scores >= judgement.cut)
    believed = int(relevant.sum())
    if not by_date:
        return top_k(judgement.scores, first + count, mask, taken)[first:], believed
    dated = top_k(np.nan_to_num(taken, nan=-np.inf), believed, relevant, judgement.scores)
    if first + count <= believed:
        return dated[first : first + count], believed
    rest = top_k(judgement.scores, first + count - believed, mask & ~relevant, taken)
    return np.concatenate([dated, rest])[first : first + count], believed


def newest(mask: NDArray[np.bool_], taken: NDArray[np.float64]) -> NDArray[np.intp]:
    """All rows that may come, newest first; those without a time last, in the order in which they came."""
    rows = np.flatnonzero(mask)
    times = np.nan_to_num(taken[rows], nan=-np.inf)
    return rows[np.lexsort((rows, -times))]
