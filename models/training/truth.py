"""Which photos show which concepts, as far as captions, classes and folders tell: what calibration is measured against."""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation.truth import MENTIONS, Photo, mixed_library
from models.training.data import Pair, read_pairs
from models.training.drawn import draw_all
from models.training.taxonomy import Entry
from shoebox.model.hierarchy import Hierarchy

FILE = Path(__file__).with_name("calibration.toml")
# A photo with fewer captions is not counted as one that does not show a thing: nobody may have thought of saying so.
FEWEST_CAPTIONS = 4
# Photos of which networks were taught are many; of those that show no rare concept, one in so many stands for all.
ONE_IN = 8
# A concept is rare that fewer of the training photos show.
RARE = 60
FACES, DRAWN = "faces", "drawn"
# A drawn picture stands for so many, which makes them about one picture in twelve: people keep screenshots and papers.
DRAWN_WEIGHT = 8.0


@dataclass(frozen=True, eq=False)
class Known:
    """Photos, and what is known about them.

    Attributes
    ----------
    photos : sequence of n Photo
    weights : (n,) float64
        How many photos each stands for.
    taught : (n,) bool
        Whether the networks were trained on it.
    reported : (n,) bool
        The half of those not trained on that nothing is chosen on, by a hash of their names.
    """

    photos: Sequence[Photo]
    weights: NDArray[np.float64]
    taught: NDArray[np.bool_]
    reported: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Truth:
    """What is true of n photos.

    Attributes
    ----------
    true, false : (n,) bool
        Photos known to show it, and known not to; all others are left out of counting.
    """

    true: NDArray[np.bool_]
    false: NDArray[np.bool_]


class Witnesses:
    """What tells of each concept, by `calibration.toml`.

    Raises
    ------
    ValueError
        If the file tells of a concept that does not exist, or in a way that does not.
    """

    def __init__(self, entries: Sequence[Entry], file: Path = FILE) -> None:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        self._entries = entries
        self._told: Mapping[str, Mapping[str, str]] = told["concept"]
        self.hierarchy = Hierarchy([entry.concept.parents for entry in entries], [entry.concept.classes for entry in entries])
        number = {entry.concept.name: entry.concept.number for entry in entries}
        unknown = (set(self._told) | {name for names in told["kinds"].values() for name in names}) - set(number)
        self._absent = [({*each["concepts"]}, {*each["classes"]}) for each in told["absent"]]
        unknown |= {name for pair in self._absent for names in pair for name in names} - set(number)
        ways = {way for each in self._told.values() for way in each} - {"words", "also", "maybe", "against", "folders", "not"}
        if unknown or ways:
            raise ValueError(f"{file.name} has the unknown {', '.join(sorted(unknown | ways))}.")
        self.judged = [each.concept.number for each in entries if each.prompts or each.concept.name in self._told]
        self.names = list(number)
        self._kinds = {kind: [number[name] for name in names] for kind, names in told["kinds"].items()}

    def kind(self, number: int) -> str:
        """What kind of thing it is: "people", "pictures" or, all other concepts, "scenes"."""
        line = set(self.hierarchy.above[number].tolist())
        return next((kind for kind, roots in self._kinds.items() if line & set(roots)), "scenes")

    def truth(self, number: int, photos: Sequence[Photo]) -> Truth:
        """What is known of a concept."""
        entry = self._entries[number]
        told = self._told.get(entry.concept.name, {})
        by_words = bool(entry.prompts)
        named, hinted, against = (
            _pattern(words) for words in (self._words(number, told), _list(told, "maybe"), _list(told, "against"))
        )
        folders, others = told.get("folders", "").split(), told.get("not", "").split()
        under = self.hierarchy.under(number)
        classes = {own for each in np.flatnonzero(under).tolist() for own in self._entries[each].concept.classes}
        absent = self._absent_classes(entry.concept.name)
        # Of what is drawn, pages and screens may show each other; places and people are on none of them.
        drawn = by_words and self.kind(number) != "pictures"
        true, false = np.zeros(len(photos), bool), np.zeros(len(photos), bool)
        for row, photo in enumerate(photos):
            if photo.captions:
                true[row], false[row] = _told_by(photo.captions, named, hinted, against if "against" in told else None)
            elif photo.label >= 0:
                true[row] = photo.label in classes
                # A photo of something else may show a beach too, where captions are needed to say so.
                false[row] = not true[row] and (not by_words or photo.label in absent)
            else:
                true[row] = _inside(photo.source, folders)
                false[row] = not true[row] and (_inside(photo.source, others) or (drawn and _inside(photo.source, [DRAWN])))
        return Truth(true, false)

    def _absent_classes(self, name: str) -> set[int]:
        """Classes whose photos do not show a concept, though captions are needed to say what does."""
        roots = {root for concepts, classes in self._absent if name in concepts for root in classes}
        above = [each for each in self._entries if each.concept.name in roots]
        under = {int(found) for each in above for found in np.flatnonzero(self.hierarchy.under(each.concept.number))}
        return {own for each in under for own in self._entries[each].concept.classes}

    def _words(self, number: int, told: Mapping[str, str]) -> list[str]:
        if "words" in told:
            return _list(told, "words")
        names = [
            name
            for each in np.flatnonzero(self.hierarchy.under(number)).tolist()
            for entry in (self._entries[each],)
            for name in (entry.plain_name, *entry.concept.synonyms, *entry.concept.kinds)
        ]
        return [*names, *_list(told, "also")]


def known_photos(photos: Path, witnesses: Witnesses, drawings: Path) -> Known:
    """Photos to calibrate with.

    Of the training photos with enough captions those of rare concepts and a part of the others; and, never trained on, the
    galleries, all of `labelled/`, one photo each of many people, and pictures that are drawn.

    Parameters
    ----------
    photos : Path
        The folder of all photos.
    witnesses : Witnesses
    drawings : Path
        A folder to draw into.
    """
    pairs = read_pairs(photos)
    taught = [_photo(pair, "train") for pair in pairs["train"] if len(pair.captions) >= FEWEST_CAPTIONS]
    shown = np.array([witnesses.truth(number, taught).true for number in witnesses.judged])
    rare = shown[shown.sum(axis=1) < RARE].any(axis=0)
    chosen = rare | np.array([_hash(photo.path) % ONE_IN == 0 for photo in taught])
    held_out = mixed_library(photos) + [_photo(pair, "mixed") for pair in pairs["mixed"]]
    held_out += [
        Photo(sorted(person.iterdir())[0], FACES) for person in sorted((photos / "faces").iterdir()) if person.is_dir()
    ]
    held_out += [Photo(path, kind) for path, kind in draw_all(drawings, witnesses.names)]
    weights = np.where(rare, 1.0, float(ONE_IN))[chosen]
    of_held_out = [DRAWN_WEIGHT if _inside(photo.source, [DRAWN]) else 1.0 for photo in held_out]
    return Known(
        [photo for photo, wanted in zip(taught, chosen, strict=True) if wanted] + held_out,
        np.concatenate([weights, of_held_out]),
        np.arange(len(weights) + len(held_out)) < len(weights),
        np.concatenate([np.zeros(len(weights), bool), [_hash(photo.path) // ONE_IN % 2 == 1 for photo in held_out]]),
    )


def _photo(pair: Pair, source: str) -> Photo:
    return Photo(pair.path, source, captions=tuple(text.lower() for text in pair.captions))


def _hash(path: Path) -> int:
    return zlib.crc32("/".join(path.parts[-2:]).encode())


def _told_by(
    captions: Sequence[str], named: re.Pattern[str], hinted: re.Pattern[str], against: re.Pattern[str] | None
) -> tuple[bool, bool]:
    """Whether captions say that a photo shows something, and whether they say that it does not."""
    mentions = sum(bool(named.search(caption)) for caption in captions)
    if mentions >= min(MENTIONS, len(captions)):
        return True, False
    if mentions or len(captions) < FEWEST_CAPTIONS or any(hinted.search(caption) for caption in captions):
        return False, False
    return False, against is None or sum(bool(against.search(caption)) for caption in captions) >= MENTIONS


def _inside(source: str, folders: Sequence[str]) -> bool:
    return any(source == folder or source.startswith(f"{folder}/") for folder in folders)


def _list(told: Mapping[str, Any], way: str) -> list[str]:
    return [word.strip() for word in told.get(way, "").split(",") if word.strip()]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Matches any of these words or phrases, also in the plural; nothing if there are none."""
    joined = "|".join(sorted({re.escape(word.lower()) for word in words}, key=len, reverse=True))
    return re.compile(rf"\b(?:{joined})(?:e?s)?\b" if joined else r"(?!)")
