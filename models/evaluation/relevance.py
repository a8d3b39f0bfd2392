"""How well the app knows where relevance ends: ``python -m models.evaluation.relevance``, part of ``build.py models eval``.

Photos of *captions* dev and of all of *labelled* are judged by the code that the app runs, for the queries of `relevance.toml`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation.native import NativePack
from models.evaluation.truth import MOST_TRUE, ClassQuery, Photo, absent_queries, class_queries, mixed_library
from shoebox.search import background, relevance, wishes
from shoebox.search.relevance import Ending, Wish
from shoebox.tasks.embedding import ImageFeatures
from shoebox.tasks.tags import best_tags, chances

ROOT = Path(__file__).parents[2]
PACK = ROOT / "models/default"
SMALL, DRAWS = 300, 10
Rows = list[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Bench:
    """A library with its vectors and stored tags, and the wishes of every query."""

    pack: NativePack
    photos: Sequence[Photo]
    vectors: NDArray[np.float32]
    queries: Sequence[ClassQuery]
    wanted: Sequence[Wish]
    absent: Sequence[Wish]
    absent_chosen_on: NDArray[np.bool_]

    def believed(self, wish: Wish, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of some rows, taken as a library by themselves, are believed to be what is wanted."""
        vectors = self.vectors[rows]
        here = wish if wish.chances is None else replace(wish, chances=wish.chances[rows])
        pack = self.pack.pack
        everything = np.ones(len(rows), bool)
        found = relevance.judge(
            lambda query: vectors @ query,
            lambda some: vectors[some],
            pack.space or background.Sample(vectors[background.spread_evenly(np.arange(len(rows)))], pack.z),
            wishes.rivals(pack.concepts),
            here,
            [],
            everything,
        )
        return found.heights >= found.cut


def f1(shown: NDArray[np.bool_], true: NDArray[np.bool_], counted: NDArray[np.bool_]) -> float:
    """Harmonic mean of precision and recall; 0 where nothing right is shown."""
    shown = shown & counted
    return float(2 * (shown & true).sum() / max(int(shown.sum() + true.sum()), 1))


def measure(bench: Bench, rows: NDArray[np.intp], chosen_on: bool | None) -> tuple[float, int, float, int]:
    """Macro F1 with how many queries, and the share of empty answers where nothing is true with how many.

    Parameters
    ----------
    bench : Bench
    rows : (k,) int
        The library.
    chosen_on : bool, optional
        Only that half of the queries.
    """
    scores, empty = [], []
    for query, wish in zip(bench.queries, bench.wanted, strict=True):
        true, counted = query.true[rows], query.counted[rows]
        if (chosen_on is None or query.chosen_on == chosen_on) and true.sum() <= MOST_TRUE and true.any():
            scores.append(f1(bench.believed(wish, rows), true, counted))
    for wish, chosen in zip(bench.absent, bench.absent_chosen_on, strict=True):
        if chosen_on is None or chosen == chosen_on:
            empty.append(not bench.believed(wish, rows).any())
    return float(np.mean(scores)), len(scores), float(np.mean(empty)), len(empty)


def libraries(bench: Bench) -> dict[str, list[NDArray[np.intp]]]:
    """Libraries of other kinds out of the same photos."""
    everything = np.arange(len(bench.photos))
    dev = np.array([photo.source == "dev" for photo in bench.photos])
    random = np.random.default_rng(9)
    return {
        "captions dev alone": [everything[dev]],
        "labelled alone": [everything[~dev]],
        f"{SMALL} photos drawn at random, mean of {DRAWS}": [
            np.sort(random.choice(everything, SMALL, replace=False)) for _ in range(DRAWS)
        ],
    }


def half_dogs(bench: Bench) -> tuple[float, float]:
    """Precision and recall of "dog" in a library of which every other photo shows one."""
    place = [query.text for query in bench.queries].index("dog")
    query, wish = bench.queries[place], bench.wanted[place]
    others = np.flatnonzero(query.counted & ~query.true)
    dogs = np.flatnonzero(query.true)
    rows = np.concatenate([dogs, np.random.default_rng(9).choice(others, len(dogs), replace=False)])
    shown = bench.believed(wish, rows)
    return float(query.true[rows][shown].mean()) if shown.any() else 0.0, float(shown[: len(dogs)].mean())


def captions_kept(bench: Bench) -> tuple[float, float]:
    """Of every fifth caption of dev: the share whose own photo is believed, and how many photos are, on average."""
    owners = np.array([row for row, photo in enumerate(bench.photos) if photo.captions])
    vectors = bench.pack.texts([bench.photos[row].captions[0] for row in owners])
    everything = np.arange(len(bench.photos))
    shown = [bench.believed(Wish(vector), everything) for vector in vectors]
    return float(np.mean([each[row] for each, row in zip(shown, owners, strict=True)])), float(np.mean(np.sum(shown, axis=1)))


def prepare(pack: NativePack, photos: Path) -> Bench:
    """Photos, queries and wishes for a pack."""
    library = mixed_library(photos)
    return judged(pack, library, pack.photos(pack.squares([photo.path for photo in library])))


def judged(pack: NativePack, library: Sequence[Photo], features: ImageFeatures) -> Bench:
    """Queries and wishes for photos of which the network's answers are known."""
    concepts = pack.pack.concepts
    tags = best_tags(concepts, chances(concepts, features.vectors, features.logits))
    queries, absent = class_queries(library), absent_queries()

    def wish(text: str) -> Wish:
        return wishes.wish(text, wishes.middle(pack.texts(wishes.texts(text))), concepts, tags.tags, tags.scores)

    return Bench(
        pack,
        library,
        features.vectors,
        queries,
        [wish(query.text) for query in queries],
        [wish(text) for text, _ in absent],
        np.array([chosen_on for _, chosen_on in absent]),
    )


def rows(bench: Bench) -> Rows:
    """The table."""
    everything = np.arange(len(bench.photos))
    table: Rows = []
    for name, half in (("chosen on", True), ("reported", False), ("both", None)):
        score, queries, empty, without = measure(bench, everything, half)
        label = f"relevance, half {name}" if half is not None else "relevance, both halves"
        table.append(
            (f"{label}: macro F1 ({queries} queries) / empty where nothing is true ({without})", f"{score:.3f} / {empty:.2f}")
        )
    for name, several in libraries(bench).items():
        found = np.mean([measure(bench, some, None) for some in several], axis=0)
        table.append((f"relevance, {name}: macro F1 ({found[1]:.0f}) / empty", f"{found[0]:.3f} / {found[2]:.2f}"))
    precision, recall = half_dogs(bench)
    table.append(('relevance, "dog" where every other photo shows one: precision / recall', f"{precision:.2f} / {recall:.2f}"))
    kept, shown = captions_kept(bench)
    table.append((f"captions that keep their own photo / photos shown, of {len(everything):,}", f"{kept:.3f} / {shown:.0f}"))
    return table


def choose(bench: Bench, report: Callable[[str], None] = print) -> None:
    """Print what other endings for words and tags would give on the choosing half, those that leave enough answers empty."""
    everything = np.arange(len(bench.photos))
    before = relevance.WORDS, relevance.TAGS
    try:
        for best, floor, share, surest in product((2.2, 2.45, 2.7), (1.1, 1.33, 1.55), (0.3, 0.4, 0.5), (0.08, 0.12, 0.16)):
            relevance.WORDS = Ending(best, floor, share)
            relevance.TAGS = replace(before[1], best=surest)
            score, _, empty, _ = measure(bench, everything, True)
            report(f"words {best} {floor} {share}, tags {surest}: F1 {score:.3f}, empty {empty:.2f}")
    finally:
        relevance.WORDS, relevance.TAGS = before


def main() -> None:
    """Print the table, or what could be chosen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--choose", action="store_true", help="print the grid of endings on the choosing half instead")
    arguments = parser.parse_args()
    bench = prepare(NativePack(PACK), arguments.shared / "photos")
    if arguments.choose:
        choose(bench)
        return
    for name, value in rows(bench):
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
