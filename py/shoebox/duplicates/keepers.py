"""Which of several photos to keep, and why: the first difference that a person would accept as a reason decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

# Below these a difference is none: rounding of sizes, another quality setting, noise in how sharp something looks.
_MORE_PIXELS: Final = 1.1
_MORE_BYTES: Final = 1.15
_SHARPER: Final = 1.15
_CLEARER_FACES: Final = 1.15
_OLDER_MS: Final = 60_000.0
# Eyes (`shoebox.faces.eyes`) that are open, and by how much less open they must be in another photo: three times the deviation
# among photos of one person, taken on different days (38 people of Labeled Faces in the Wild).
_OPEN_EYES: Final = 0.6
_BLINK: Final = 0.5
# How much of what the camera saw a format keeps: raw files all, HEIC and JPEG as cameras write them, the rest are exports.
_RAW_FORMATS: Final = frozenset(
    {
        "CR2",
        "CR3",
        "CRW",
        "NEF",
        "NRW",
        "ARW",
        "SR2",
        "SRF",
        "DNG",
        "ORF",
        "RW2",
        "RWL",
        "RAF",
        "PEF",
        "SRW",
        "MRW",
        "3FR",
        "IIQ",
    }
)
_CAMERA_FORMATS: Final = frozenset({"HEIC", "JPEG"})
# What systems and programs put into the names of copies, in some languages: "IMG_1 (2).jpg", "IMG_1 - Kopie.jpg".
_COPY_NAME: Final = re.compile(
    r"\(\d{1,2}\)\.\w+$|[ _-](copy|kopie|copie|copia|cópia|edited|bearbeitet|modifié|small|thumb|resized)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as a choice is made between several.

    Attributes
    ----------
    photo : int
        Id of the photo that lies there.
    name : str
        Its path.
    favourite : bool
    width, height : int
        Pixels of the upright photo.
    bytes : int
    format : str
    from_camera : bool
        Whether it still says which camera took it, or when.
    mtime : float
        When the file was last written, milliseconds since 1970.
    sharpness : float
        As `curation.looks` or `prints.sharpness_of`, the same for all that are compared; 0 where it is not known.
    faces : float
        How clear its faces are in the mean, 0 to 1; 0 where there are none or nobody has looked.
    eyes : float
        How open the eyes are of whoever comes nearest to blinking, 0 to 1; 1 where that is not known.
    """

    photo: int
    name: str
    favourite: bool = False
    width: int = 1
    height: int = 1
    bytes: int = 1
    format: str = "JPEG"
    from_camera: bool = False
    mtime: float = 0.0
    sharpness: float = 0.0
    faces: float = 0.0
    eyes: float = 1.0

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height


# Of the entries that are left: those that are better, and a sentence that says in what; no sentence where nothing differs.
_Rule = Callable[[Sequence[Entry]], tuple[list[Entry], str]]


def of_copies(entries: Sequence[Entry]) -> tuple[Entry, str]:
    """Of files with the same bytes."""
    return _choose(entries, (_by_name, _oldest), "All copies are the same; this is the first of them.")


def of_versions(entries: Sequence[Entry]) -> tuple[Entry, str]:
    """Of files that show the same picture."""
    rules = (_favourite, _largest, _raw, _camera, _format, _heaviest, _by_name, _oldest)
    return _choose(entries, rules, "They do not differ in anything that counts; this is the first of them.")


def of_burst(entries: Sequence[Entry]) -> tuple[Entry, str]:
    """Of photos of one moment."""
    rules = (_favourite, _open_eyes, _clearest_faces, _largest, _sharpest)
    return _choose(entries, rules, "None stands out; this is the first one.")


def _choose(entries: Sequence[Entry], rules: Sequence[_Rule], otherwise: str) -> tuple[Entry, str]:
    left, why = list(entries), ""
    for rule in rules:
        better, reason = rule(left)
        if 0 < len(better) < len(left):
            left, why = better, why or reason
        if len(left) == 1:
            break
    return left[0], why or otherwise


def _favourite(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    return [entry for entry in entries if entry.favourite], "It is one of your favourites."


def _largest(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    ordered = sorted(entries, key=lambda entry: -entry.pixels)
    best = [entry for entry in entries if entry.pixels * _MORE_PIXELS > ordered[0].pixels]
    return best, f"It is the largest: {_sides(ordered[0])} pixels, and another one has {_sides(ordered[-1])}."


def _raw(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    return [entry for entry in entries if entry.format in _RAW_FORMATS], "It is what the camera recorded, before any editing."


def _camera(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    return [entry for entry in entries if entry.from_camera], "It still says when, or with which camera, it was taken."


def _format(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    best = [entry for entry in entries if entry.format in _CAMERA_FORMATS]
    return best, f"It is a {best[0].format}, as cameras make them; others were exported." if best else ""


def _heaviest(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    most, least = max(entry.bytes for entry in entries), min(entry.bytes for entry in entries)
    best = [entry for entry in entries if entry.bytes * _MORE_BYTES > most]
    return best, f"It is the least compressed: {_size(most)}, and another one has {_size(least)}."


def _by_name(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    return [
        entry for entry in entries if not _COPY_NAME.search(entry.name)
    ], "The names of the others say that they are copies."


def _oldest(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    first = min(entry.mtime for entry in entries)
    return [entry for entry in entries if entry.mtime < first + _OLDER_MS], "It is the oldest file."


def _open_eyes(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    widest = max(entry.eyes for entry in entries)
    if widest < _OPEN_EYES:
        return list(entries), ""
    return [entry for entry in entries if entry.eyes > widest - _BLINK], "Everybody's eyes are open in it."


def _clearest_faces(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    best = max(entry.faces for entry in entries)
    return [entry for entry in entries if entry.faces * _CLEARER_FACES > best], "The faces are clearest in it."


def _sharpest(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    best = max(entries, key=lambda entry: entry.sharpness)
    least = min(entry.sharpness for entry in entries)
    return ([best], "It is the sharpest.") if best.sharpness > least * _SHARPER else (list(entries), "")


def _sides(entry: Entry) -> str:
    return f"{entry.width:,} × {entry.height:,}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"
