"""Orders of photos: by relevance or by date, in stretches that fit together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shoebox.search.relevance import Judgement
from shoebox.store.vectors import top_k


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
    relevant = mask & (judgement.heights >= judgement.cut)
    believed = int(relevant.sum())
    if not by_date:
        return top_k(judgement.heights, first + count, mask, taken)[first:], believed
    dated = top_k(np.nan_to_num(taken, nan=-np.inf), believed, relevant, judgement.heights)
    if first + count <= believed:
        return dated[first : first + count], believed
    rest = top_k(judgement.heights, first + count - believed, mask & ~relevant, taken)
    return np.concatenate([dated, rest])[first : first + count], believed


def newest(mask: NDArray[np.bool_], taken: NDArray[np.float64]) -> NDArray[np.intp]:
    """All rows that may come, newest first; those without a time last, in the order in which they came."""
    rows = np.flatnonzero(mask)
    times = np.nan_to_num(taken[rows], nan=-np.inf)
    return rows[np.lexsort((rows, -times))]
