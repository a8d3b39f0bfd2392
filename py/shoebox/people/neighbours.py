"""Which vectors are near each other: all pairs above a likeness, at most so many for each vector.

n vectors of d numbers cost n * n * d FLOP (each pair is multiplied once): 1.3 TFLOP for 100,000 x 128, 26 GFLOP for 10,000. The
products are made in blocks of `ROWS` x `COLUMNS`, so memory is one block (32 MB) and what is near, whatever n. Where a session
of `network.neighbour_network` is given, it multiplies; without one numpy does, which natively is as fast.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.sessions.protocol import Session, SessionError, Sessions

# Of one product: 2 GFLOP on 3 MB of input, so that carrying blocks to the inference worker costs little beside them.
ROWS = 2048
COLUMNS = 4096
# Below this many vectors numpy compares all with all as fast as a network could be asked.
FEW = 3000

Pairs = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]


def no_pairs() -> Pairs:
    """No pair at all."""
    return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32)


async def neighbour_session(sessions: Sessions, count: int) -> Session | None:
    """The session for so many vectors; None where numpy does as well, or where there is none."""
    if count < FEW:
        return None
    try:
        return await sessions.open("neighbours")
    except SessionError:
        return None


async def near_pairs(vectors: NDArray[np.float32], floor: float, most: int, session: Session | None = None) -> Pairs:
    """Pairs within one set, each once.

    Parameters
    ----------
    vectors : (n, d) float32
    floor : float
        The least inner product of a pair.
    most : int
        Each vector has at most so many pairs with vectors that come after it (in its own block: at all), the nearest.
    session : Session, optional

    Returns
    -------
    left, right : (p,) int32, left < right
    likeness : (p,) float32, their inner products

    Raises
    ------
    SessionError
        If the session fails, or gives what cannot be true.
    """
    left, right, likeness = await _all_blocks(vectors, vectors, floor, most + 1, session, triangle=True)
    # A block on the diagonal finds its pairs from both sides, and every vector itself, which is why one more was asked for.
    keep = left != right
    left, right, likeness = left[keep], right[keep], likeness[keep]
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    _, first = np.unique(low * len(vectors) + high, return_index=True)
    return low[first].astype(np.int32), high[first].astype(np.int32), likeness[first]


async def near_others(
    rows: NDArray[np.float32], columns: NDArray[np.float32], floor: float, most: int, session: Session | None = None
) -> Pairs:
    """Pairs of one of `rows` and one of `columns`, as `near_pairs`."""
    return await _all_blocks(rows, columns, floor, most, session, triangle=False)


def near_by_numpy(rows: NDArray[np.float32], columns: NDArray[np.float32], floor: float, most: int) -> Pairs:
    """`near_others` by numpy and at once: for a few new faces, which need no network."""
    found = [
        _placed(_by_numpy(rows[low : low + ROWS], columns[start : start + COLUMNS], floor, most), low, start)
        for low in range(0, len(rows), ROWS)
        for start in range(0, len(columns), COLUMNS)
    ]
    return _together(found)


async def _all_blocks(
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    floor: float,
    most: int,
    session: Session | None,
    triangle: bool,
) -> Pairs:
    found = []
    for low in range(0, len(rows), ROWS):
        parts = []
        # On and above the diagonal: blocks that lie wholly below it hold the same pairs again.
        for start in range(low - low % COLUMNS if triangle else 0, len(columns), COLUMNS):
            block, others = rows[low : low + ROWS], columns[start : start + COLUMNS]
            if session is None:
                parts.append(_placed(_by_numpy(block, others, floor, most), low, start))
            else:
                parts.append(_placed(await _by_session(session, block, others, floor, most), low, start))
        # Here and not at the end: of people with thousands of faces every block finds many.
        found.append(_nearest(_together(parts), most))
    return _together(found)


def _nearest(pairs: Pairs, most: int) -> Pairs:
    """Of the pairs of each left one the `most` likeliest."""
    left, right, likeness = pairs
    order = np.lexsort((right, -likeness, left))
    left = left[order]
    # The place of each pair among those of its row.
    place = np.arange(len(left)) - np.searchsorted(left, left)
    keep = order[place < most]
    return pairs[0][keep], right[keep], likeness[keep]


def _by_numpy(rows: NDArray[np.float32], columns: NDArray[np.float32], floor: float, most: int) -> Pairs:
    scores = rows @ columns.T
    floors = np.full(len(rows), floor, np.float32)
    crowded = np.flatnonzero((scores >= floor).sum(1) > most)
    if len(crowded):
        place = scores.shape[1] - most
        floors[crowded] = np.partition(scores[crowded], place, axis=1)[:, place]
    left, right = np.nonzero(scores >= floors[:, None])
    return left.astype(np.int32), right.astype(np.int32), scores[left, right]


async def _by_session(
    session: Session, rows: NDArray[np.float32], columns: NDArray[np.float32], floor: float, most: int
) -> Pairs:
    count = min(most, len(columns))
    feeds: dict[str, NDArray[Any]] = {"rows": rows, "columns": columns, "most": np.array([count], np.int64)}
    outputs = await session.run(feeds)
    likeness, place = outputs.get("likeness"), outputs.get("place")
    if likeness is None or place is None or likeness.shape != (len(rows), count) or place.shape != likeness.shape:
        raise SessionError("The network that compares faces gave something else than was asked for.")
    left, column = np.nonzero(likeness >= floor)
    right = place[left, column].astype(np.int32)
    if len(right) and not 0 <= int(right.min()) <= int(right.max()) < len(columns):
        raise SessionError("The network that compares faces named a face that does not exist.")
    return left.astype(np.int32), right, likeness[left, column].astype(np.float32)


def _placed(pairs: Pairs, low: int, start: int) -> Pairs:
    left, right, likeness = pairs
    return left + np.int32(low), right + np.int32(start), likeness


def _together(parts: list[Pairs]) -> Pairs:
    if not parts:
        return no_pairs()
    left, right, likeness = zip(*parts, strict=True)
    return np.concatenate(left), np.concatenate(right), np.concatenate(likeness)
