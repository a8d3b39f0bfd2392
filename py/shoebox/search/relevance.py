"""Where relevance ends: how far each photo lies above what would have to be said of it for it to be believed.

A flat threshold shows nothing for one query and everything for the next. Three things are compared instead, all in numbers of
which the unit is a standard deviation or a chance, so that they mean the same for every query, pack and library:

- A query is judged against its own background (`pack.Measure`): how its scores lie with photos that do not show it.
- Words of one or two are judged against rivals: a photo that a general concept explains better than the query does is not
  believed. Sentences are not; the text network was taught with sentences, and ranks them well by itself.
- The library itself sets the scale: relevance ends at a share of the best photo, and there must be a best photo at all.

Where the words name a concept that the classes of the image network cover, its tags say which photos show it, again up to a
share of the surest one. docs/search.md has the reasons and what was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoebox.model.concepts import Instead
from shoebox.model.pack import Measure

Vector = NDArray[np.float32]
Score = Callable[[Vector], NDArray[np.float32]]
Vectors = Callable[[NDArray[np.intp]], NDArray[np.float32]]

# Photos that are compared with rivals one by one: the best, and some more spread over the rest. 256 photos x 107 rivals x
# 384 numbers are 21 MFLOP, about 5 ms in Pyodide (4 GFLOP/s).
CLOSEST, SPREAD = 192, 64
# A concept this like the query is no rival but another name for it (cosine).
SAME_THING = 0.5
# How many deviations a photo loses for each by which it shows what it should not. With nothing else asked, all begin `space.z`
# above the cut.
WEIGHT_OF_WITHOUT = 1.0


@dataclass(frozen=True, slots=True)
class Ending:
    """Where relevance ends for one kind of evidence.

    Attributes
    ----------
    best : float
        What the best photo must reach, or nothing is believed.
    floor : float
        What every believed photo must reach.
    share : float
        The share of the best that every believed photo must reach.
    """

    best: float
    floor: float
    share: float

    def cut(self, top: float) -> float:
        """The least value that is believed where the best is `top`; infinite if none is."""
        return max(self.floor, self.share * top) if top >= self.best else np.inf


# Chosen on the choosing half of models/evaluation/relevance.toml; `python -m models.evaluation.relevance --choose` prints the
# grid for the present pack. WORDS and SENTENCE in units of the pack's `space.z` (2.25 deviations in the default pack), so that
# a pack can say how far its photos lie above the background; TAGS in chances.
WORDS = Ending(best=2.45, floor=1.33, share=0.4)
SENTENCE = Ending(best=1.33, floor=0.67, share=0.5)
# Words with nothing to compete with (a pack without concepts): docs/packs.md.
ALONE = Ending(best=1.33, floor=0.67, share=0.7)
TAGS = Ending(best=0.12, floor=0.05, share=0.35)
# Where tags cover what is asked for, words alone convince only from here; the same unit.
WITHOUT_TAG = 3.1


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What a query makes of every row.

    Attributes
    ----------
    heights : (n,) float32
        How far each row lies above the end of relevance; falls as relevance falls.
    cut : float
        The height from which a photo is relevant.
    """

    heights: NDArray[np.float32]
    cut: float = 0.0

    def scores(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """What is told of some rows: 0 to 1, 0.5 where relevance ends (the logistic function of their heights)."""
        return 1 / (1 + np.exp(-np.clip(self.heights[rows].astype(np.float64), -15, 15)))


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is wanted.

    Attributes
    ----------
    vector : (d,) float32
        Of length one.
    short : bool
        Whether it is a word or two rather than a sentence or a photo.
    chances : (n,) float, optional
        How surely each row shows it going by its tags, 0 where they do not say so; None where no concept is named.
    covered : bool
        Whether the tags alone tell well enough, since the image network has classes for just this.
    instead : Instead, optional
        The concept that is meant, where the words themselves name none.
    """

    vector: Vector
    short: bool = False
    chances: NDArray[np.floating] | None = None
    covered: bool = False
    instead: Instead | None = None


def judge(
    score: Score,
    vectors: Vectors,
    space: Measure,
    rivals: NDArray[np.float32],
    wish: Wish | None,
    without: Sequence[Vector],
    mask: NDArray[np.bool_],
) -> Judgement:
    """Judge all rows.

    Parameters
    ----------
    score : callable
        Cosines of all rows with a vector.
    vectors : callable
        The vectors (k, d) of some rows.
    space : Measure
        The background.
    rivals : (r, d) float32
        Unit vectors of general concepts.
    wish : Wish, optional
        None where only `without` counts.
    without : sequence of (d,) float32
        What should not be shown.
    mask : (n,) bool
        The rows that may come: they are the library that sets the scale.
    """
    above = np.full(len(mask), space.z, np.float32) if wish is None else _above(score, vectors, space, rivals, wish, mask)
    for vector in without:
        above -= WEIGHT_OF_WITHOUT * np.maximum(_standard(score, space, vector), 0)
    return Judgement(above)


def _above(
    score: Score, vectors: Vectors, space: Measure, rivals: NDArray[np.float32], wish: Wish, mask: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """How far every row lies above the cut, (n,)."""
    value = _standard(score, space, wish.vector)
    short = wish.short and len(rivals) > 0
    if short:
        value = rivalled(value, vectors, space, rivals, wish.vector, mask)
    if wish.covered:
        above = value - WITHOUT_TAG * space.z
    else:
        top = float(value.max(where=mask, initial=-np.inf))
        ending = WORDS if short else ALONE if wish.short else SENTENCE
        cut = space.z * ending.cut(top / space.z)
        # With nothing to believe, the best photo still stays below the cut.
        above = value - np.float32(cut if np.isfinite(cut) else max(top, 0.0) + 1.0)
    if wish.chances is None:
        return above
    least = TAGS.cut(float(wish.chances.max(where=mask, initial=-np.inf)))
    tagged = wish.chances >= least
    # Among the tagged the chance decides, and what the words say only between equals.
    surer = _logit(wish.chances[tagged]) - _logit(np.array([least])) + 0.01 * np.clip(value[tagged], 0, 10)
    above[tagged] = np.maximum(above[tagged], surer)
    return above


def rivalled(
    standard: NDArray[np.float32],
    vectors: Vectors,
    space: Measure,
    rivals: NDArray[np.float32],
    query: Vector,
    mask: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Standard scores plus their lead over the best rival's, as in "z + (z - best rival's z)".

    The lead is measured for the best rows and for some spread over the rest; for all others it is read off the straight line
    through those, so that the work does not grow with the library and the order of the others stays.

    Parameters
    ----------
    standard : (n,) float32
    query : (d,) float32
    mask : (n,) bool
    vectors, space, rivals
        As in `judge`.

    Returns
    -------
    (n,) float32
    """
    others = rivals[rivals @ query < SAME_THING]
    rows = np.flatnonzero(mask)
    if not (len(others) and len(rows)):
        return standard
    # The closest, and then ranks further and further apart, down to the middle: only these ranks need to be right.
    closest = min(CLOSEST, len(rows))
    further = np.unique(np.geomspace(closest, max(len(rows) // 2, closest + SPREAD), SPREAD).astype(np.intp))
    ranks = np.concatenate([[closest - 1], further[further < len(rows)]])
    order = np.argpartition(-standard[rows], ranks)
    chosen = rows[np.concatenate([order[: closest - 1], order[ranks]])]
    means, spreads = space.backgrounds(others)
    # A rival below its own background explains nothing, so it gives the query no lead either.
    lead = standard[chosen] - ((vectors(chosen) @ others.T - means) / spreads).max(axis=1, initial=0)
    found = standard.copy()
    if len(rows) > len(chosen):
        middle, ahead = float(standard[chosen].mean()), float(lead.mean())
        x, y = standard[chosen] - middle, lead - ahead
        slope = max(float(x @ y) / max(float(x @ x), 1e-9), 0.0)
        found *= np.float32(1 + slope)
        found += np.float32(ahead - slope * middle)
    found[chosen] = standard[chosen] + lead
    return found


def _standard(score: Score, space: Measure, vector: Vector) -> NDArray[np.float32]:
    """Cosines of all rows in standard deviations above the background."""
    mean, deviation = space.background(vector)
    return (score(vector) - np.float32(mean)) * np.float32(1 / deviation)


def _logit(chance: NDArray[np.floating]) -> NDArray[np.float64]:
    safe = np.clip(np.asarray(chance, np.float64), 1e-4, 1 - 1e-4)
    return np.log(safe / (1 - safe))
