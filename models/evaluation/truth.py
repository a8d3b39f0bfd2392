"""What is true for the queries that judge where relevance ends: which photos of a mixed library show what is asked for.

The queries and where their truth comes from stand in `relevance.toml`. A photo may be true, false or left out of counting
(its labels do not tell). Photos of `captions` dev are judged by what five people wrote: true where at least `MENTIONS` of
the five captions mention the thing, left out where fewer do, false where none does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation.galleries import labelled_photos
from models.training.data import Pair, read_pairs

QUERIES = Path(__file__).with_name("relevance.toml")
MENTIONS = 2
# A query with more true photos than this asks for a kind of library, not for photos; it is reported apart.
MOST_TRUE = 200


@dataclass(frozen=True)
class Photo:
    """A photo of the mixed library and what is known about it.

    Attributes
    ----------
    path : Path
    source : str
        'dev', 'imagenet', 'rooms/...' or 'weather/...'.
    label : int
        ImageNet class; -1 elsewhere.
    captions : tuple of str
        In lower case; empty where there are none.
    """

    path: Path
    source: str
    label: int = -1
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassQuery:
    """A query of one or two words, and for every photo of the library whether it shows that.

    Attributes
    ----------
    text : str
    true, counted : (n,) bool
        Photos that show it; photos whose labels tell either way (all true ones among them).
    chosen_on : bool
        Whether constants may be chosen on this query; the other half only reports.
    """

    text: str
    true: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    chosen_on: bool


def mixed_library(photos: Path) -> list[Photo]:
    """`captions` dev, and all of `labelled/`: one photo per ImageNet class, rooms, weather."""
    dev: list[Pair] = read_pairs(photos)["dev"]
    library = [Photo(pair.path, "dev", captions=tuple(text.lower() for text in pair.captions)) for pair in dev]
    files, classes = labelled_photos(photos)
    library += [Photo(file, "imagenet", int(label)) for file, label in zip(files, classes, strict=True)]
    for kind in ("rooms", "weather"):
        for folder in sorted(path for path in (photos / "labelled" / kind).iterdir() if path.is_dir()):
            library += [Photo(file, f"{kind}/{folder.name}") for file in sorted(folder.iterdir())]
    return library


def class_queries(library: Sequence[Photo], file: Path = QUERIES) -> list[ClassQuery]:
    """All queries that name something, with their truth in this library (which may be none of its photos)."""
    present = tomllib.loads(file.read_text(encoding="utf-8"))["present"]
    return [_query(text, entry, library, place % 2 == 0) for place, (text, entry) in enumerate(present.items())]


def absent_queries(file: Path = QUERIES) -> list[tuple[str, bool]]:
    """Queries for what no photo shows, and whether constants may be chosen on each."""
    texts = tomllib.loads(file.read_text(encoding="utf-8"))["absent"]["queries"]
    return [(text, place % 2 == 0) for place, text in enumerate(texts)]


def _query(text: str, entry: dict[str, str], library: Sequence[Photo], chosen_on: bool) -> ClassQuery:
    classes, folders = _numbers(entry.get("classes", "")), set(entry.get("folders", "").split())
    unsure = entry.get("unsure", "")
    unsure_classes = _numbers(" ".join(word for word in unsure.split() if word[0].isdigit()))
    unsure_sources = {word for word in unsure.split() if not word[0].isdigit()}
    named, hinted = _pattern(entry.get("words", text)), _pattern(entry.get("maybe", ""))
    true, counted = np.zeros(len(library), bool), np.ones(len(library), bool)
    for row, photo in enumerate(library):
        mentions = sum(bool(named.search(caption)) for caption in photo.captions)
        true[row] = photo.label in classes or photo.source in folders or mentions >= MENTIONS
        doubt = mentions > 0 or any(hinted.search(caption) for caption in photo.captions)
        doubt |= photo.label in unsure_classes or not unsure_sources.isdisjoint({photo.source, photo.source.split("/")[0]})
        counted[row] = true[row] or not doubt
    return ClassQuery(text, true, counted, chosen_on)


def _numbers(ranges: str) -> set[int]:
    """The numbers of '3 7-9'."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def _pattern(words: str) -> re.Pattern[str]:
    """Matches any of several comma-separated words or phrases, also in the plural; nothing if there are none."""
    alternatives: Iterable[str] = (re.escape(word.strip()) for word in words.split(",") if word.strip())
    joined = "|".join(alternatives)
    return re.compile(rf"\b(?:{joined})(?:e?s)?\b" if joined else r"(?!)")
