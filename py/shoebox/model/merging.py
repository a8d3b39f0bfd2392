"""Byte-pair merging: neighbours become one piece, the best pair of all first, until no pair is known.

Sennrich et al. 2016, "Neural machine translation of rare words with subword units". With a heap of the pairs, as the reference
libraries do it: n log n for a text of n characters, where looking for the best pair anew after each merge takes n squared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

#: The cost of putting two pieces together, lower first, or None where that makes no piece.
Cost = Callable[[str, str], float | None]


def merged(parts: Sequence[str], cost: Cost) -> list[str]:
    """The pieces that parts merge into; of pairs that cost the same the leftmost goes first.

    Parameters
    ----------
    parts : sequence of str
        None of them empty.
    cost : callable
    """
    pieces: list[str] = list(parts)
    after = [*range(1, len(pieces)), -1]
    before = list(range(-1, len(pieces) - 1))
    heap: list[tuple[float, int, str]] = []

    def entry(left: int) -> tuple[float, int, str] | None:
        right = after[left]
        found = None if right < 0 else cost(pieces[left], pieces[right])
        return None if found is None else (found, left, pieces[left] + pieces[right])

    heap += [found for found in map(entry, range(len(pieces))) if found is not None]
    heapify(heap)
    while heap:
        _, left, joined = heappop(heap)
        right = after[left]
        # A pair of which a part has been merged with another neighbour meanwhile.
        if not pieces[left] or right < 0 or pieces[left] + pieces[right] != joined:
            continue
        pieces[left], pieces[right] = joined, ""
        after[left] = after[right]
        if after[right] >= 0:
            before[after[right]] = left
        for place in (before[left], left):
            found = entry(place) if place >= 0 else None
            if found is not None:
                heappush(heap, found)
    return [piece for piece in pieces if piece]
