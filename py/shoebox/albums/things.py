"""Things and scenes: photos that show the same and look alike, under the name of what they show.

A cluster of vectors on its own has no name, and another one tomorrow. So clusters grow here from the tags: the photos that show
a concept (or anything under it) are the seed, their mean direction is the centre, and the album is what lies around it. A
concept whose photos do not lie together is no album, but what is under it may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Concepts
from shoebox.store.vectors import VectorStore

Rows = NDArray[np.intp]
Floats = NDArray[np.float32]

# An album of things has so many photos, or in large libraries so large a part of them.
LEAST_PHOTOS: Final = 12
_LEAST_SHARE: Final = 0.001
# What half of all photos show is no album but the library.
_MOST_SHARE: Final = 0.5
# How much nearer to their centre than to the centre of all photos the photos of a concept lie, on average: from 0 for a random
# handful to 1 for the same photo over and over. docs/albums.md says what these two give.
COHERENT: Final = 0.26
# Photos further from the centre than so much of the way from the mean of the album to the mean of all photos are left out.
_STRAY: Final = 0.75
# Where nearly all photos of animals are of dogs, the album is called after dogs.
_NEARLY_ALL: Final = 0.85
# Who is on photos is told by faces, what stands on them is told by reading.
_NO_THINGS: Final = ("person", "text", "screenshot")
# Groups of the taxonomy whose names nobody would give to an album; what is under them may make one.
_VAGUE: Final = (
    *("event", "indoor", "outdoors", "nature", "household item", "street furniture", "container", "tool", "electronics"),
    *("clothes", "accessory", "dress or skirt", "sports equipment", "gymnastics equipment", "hoofed animal", "mammal"),
    *("bathroom fitting", "toiletry", "kitchenware", "tableware", "furniture", "stationery", "scientific instrument"),
)
# Of two albums that share so many of the lesser one's photos one is enough.
_SAME: Final = 0.6
_MOST_ALBUMS: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Photos of one thing.

    Attributes
    ----------
    concept : int
        Number of what they show.
    rows : (photos,) intp
        Rising.
    """

    concept: int
    rows: Rows


def find(
    concepts: Concepts, tags: NDArray[np.uint16], scores: NDArray[np.floating], rows: Rows, store: VectorStore
) -> list[Thing]:
    """The things that are worth an album, those with the most photos first.

    Parameters
    ----------
    concepts : Concepts
    tags : (n, t) uint16
        Of all rows of the library.
    scores : (n, t) float16
    rows : (m,) intp
        Those to choose from, rising; all with vectors of today's pack.
    store : VectorStore
    """
    counts = concepts.counts(tags[rows], scores[rows])
    seeds = _by_tag(concepts, tags[rows], scores[rows], rows)
    sums = {tag: _sum(store, seed) for tag, seed in seeds.items()}
    everything = _sum(store, rows)
    usual = float(np.linalg.norm(everything)) / max(len(rows), 1)
    least = max(LEAST_PHOTOS, _LEAST_SHARE * len(rows))
    found: list[Thing] = []
    covered, vague = _numbers(concepts, _NO_THINGS), _numbers(concepts, _VAGUE)
    # Concepts come after those above them, so that the general ones are asked first.
    for number in range(len(concepts)):
        if number in vague or counts[number] < least or not covered.isdisjoint(concepts.hierarchy.above[number].tolist()):
            continue
        under = np.flatnonzero(concepts.hierarchy.under(number))
        if counts[under[under != number]].max(initial=0) >= _NEARLY_ALL * counts[number]:
            continue
        own = [tag for tag in under.tolist() if tag in seeds]
        centre = np.sum([sums[tag] for tag in own], axis=0)
        # The mean of the cosines with the centre, whose length is that of the mean vector.
        mean = float(np.linalg.norm(centre)) / sum(len(seeds[tag]) for tag in own)
        if (mean - usual) / (1 - usual) < COHERENT:
            continue
        seed = np.unique(np.concatenate([seeds[tag] for tag in own]))
        cosines = store.vectors(seed) @ (centre / np.linalg.norm(centre))
        thing = Thing(number, seed[cosines >= mean - _STRAY * (mean - usual)])
        if least <= len(thing.rows) <= _MOST_SHARE * len(rows):
            found.append(thing)
            covered.add(number)
    return _distinct(found)


def _numbers(concepts: Concepts, names: Sequence[str]) -> set[int]:
    """The numbers of the concepts of these names, as far as the pack has them."""
    return {concept.number for name in names if (concept := concepts.named(name)) is not None}


def _by_tag(concepts: Concepts, tags: NDArray[np.uint16], scores: NDArray[np.floating], rows: Rows) -> dict[int, Rows]:
    """The rows that have each tag itself."""
    places, columns = np.nonzero(concepts.shown(tags, scores))
    shown = tags[places, columns]
    order = np.argsort(shown, kind="stable")
    values, first = np.unique(shown[order], return_index=True)
    parts = np.split(rows[places[order]], first[1:])
    return dict(zip(values.tolist(), parts, strict=False))


def _sum(store: VectorStore, rows: Rows) -> Floats:
    """(d,) float32: the sum of the vectors of some rows, taken a few thousand at a time."""
    total = np.zeros(store.dimension, np.float32)
    for low in range(0, len(rows), 8192):
        total += store.vectors(rows[low : low + 8192]).sum(axis=0)
    return total


def _distinct(things: list[Thing]) -> list[Thing]:
    """The largest things, without those that mostly show what a larger one shows."""
    kept: list[Thing] = []
    for thing in sorted(things, key=lambda each: (-len(each.rows), each.concept)):
        shared = (np.isin(thing.rows, other.rows, assume_unique=True).mean() for other in kept)
        if len(kept) < _MOST_ALBUMS and not any(share >= _SAME for share in shared):
            kept.append(thing)
    return kept
