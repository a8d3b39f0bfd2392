"""From a photo that has been seen by the networks to a row of the library, and from a row to what a person is told."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import StoreError
from shoebox.library import subjects
from shoebox.library.arrivals import Arrival
from shoebox.library.library import Library
from shoebox.library.statements import FAVOURITE
from shoebox.model.concepts import Concepts
from shoebox.photo.facts import PhotoFacts
from shoebox.store.blocks import round_vectors
from shoebox.store.rows import NONE, SCHEMA, SCREENSHOT, ModelId, Path, Paths, Rows, id_text
from shoebox.store.table import Words
from shoebox.tasks.tags import TagsFound

# What systems call the pictures that they take of their own screen, in seven languages.
_SCREENSHOT_NAME = re.compile(
    r"screen[ _-]?shot|screen[ _-]?capture|bildschirmfoto|capture d.[eé]cran|captura de (pantalla|tela)"
    r"|schermata|schermafbeelding",
    re.IGNORECASE,
)
# Shapes that differ by less than this from each other are the same shape, rounded.
_SAME_SHAPE = 0.02


@dataclass(frozen=True, slots=True)
class Taken:
    """A photo that is ready to become a row.

    Attributes
    ----------
    arrival : Arrival
    paths : list of (name, mtime)
    width, height : int
        Size of the upright photo as the decoder saw it.
    looks : (3,) uint8
        As `curation.looks.measure` gives them.
    """

    arrival: Arrival
    paths: list[Path]
    width: int
    height: int
    looks: NDArray[np.uint8]


def is_screenshot(name: str, facts: PhotoFacts) -> bool:
    """Whether a photo is a picture of a screen: no camera made it, and its name says so."""
    return facts.camera is None and facts.exposure_seconds is None and _SCREENSHOT_NAME.search(name) is not None


def make_rows(photos: Sequence[Taken], model: ModelId, vectors: NDArray[np.float32], tags: TagsFound, now: float) -> Rows:
    """The rows of some photos.

    Parameters
    ----------
    photos : sequence of n Taken
    model : ModelId
    vectors : (n, d) float32
        Unit rows.
    tags : TagsFound
        Of n photos.
    now : float
        Milliseconds since 1970, UTC.
    """
    columns = {name: np.zeros((len(photos), *shape), kind) for name, (kind, shape) in SCHEMA.items()}
    cameras, formats = Words(), Words()
    for row, photo in enumerate(photos):
        file, facts = photo.arrival.file, photo.arrival.facts
        width, height = _size(facts, photo.width, photo.height)
        values = {
            "hash": np.frombuffer(file.digest, np.uint8),
            "taken": np.nan if facts.taken_ms is None else facts.taken_ms,
            "indexed": now,
            "bytes": file.size,
            "width": width,
            "height": height,
            "latitude": np.nan if facts.latitude is None else facts.latitude,
            "longitude": np.nan if facts.longitude is None else facts.longitude,
            "camera": NONE if facts.camera is None else cameras.number(facts.camera),
            "format": formats.number(facts.format),
            "flags": SCREENSHOT if is_screenshot(file.name, facts) else 0,
            "looks": photo.looks,
        }
        for name, value in values.items():
            columns[name][row] = value
    columns["tags"], columns["tag_scores"] = tags.tags, tags.scores
    facts_lines = [_facts_line(photo.arrival.facts) for photo in photos]
    paths = Paths.of([photo.paths for photo in photos])
    return Rows(model, columns, round_vectors(vectors), paths, facts_lines, cameras.words, formats.words)


def describe(library: Library, row: int, concepts: Concepts) -> dict[str, Any]:
    """All that is known about a photo, as `PhotoFacts` in the page's contract.

    Parameters
    ----------
    library : Library
    row : int
    concepts : Concepts
        The pack's. Tags of a photo that another pack has looked at are left out: their numbers mean something else.
    """
    table = library.table
    try:
        more = json.loads(library.facts[row])
    except ValueError as error:
        raise StoreError("The facts of this photo cannot be read.") from error
    number = library.number_at(row)
    model = library.models[int(table["model"][row])]
    latitude, longitude = float(table["latitude"][row]), float(table["longitude"][row])
    tags, scores = table["tags"][row], table["tag_scores"][row]
    shown = concepts.shown(tags, scores) & library.comparable[row]
    return {
        "id": id_text(number),
        "name": library.names[row],
        "taken": more.get("taken"),
        "takenFrom": more.get("takenFrom"),
        "copies": [path for path, _ in library.paths_of(number)[1:]],
        "elsewhere": number in library.elsewhere,
        "bytes": int(table["bytes"][row]),
        "width": int(table["width"][row]),
        "height": int(table["height"][row]),
        "format": table.formats.words[int(table["format"][row])],
        "place": None if np.isnan(latitude) else {"latitude": latitude, "longitude": longitude},
        "altitude": more.get("altitude"),
        "camera": more.get("camera"),
        "exposure": more.get("exposure"),
        "screenshot": bool(table["flags"][row] & SCREENSHOT),
        "favourite": library.statements.value(subjects.photo(number), FAVOURITE) is True,
        "tags": [_tag(concepts, tags[place], float(scores[place])) for place in np.flatnonzero(shown)],
        "models": {"pack": model.pack, "preprocessing": model.preprocessing},
        "indexed": iso(float(table["indexed"][row])),
        "hash": table["hash"][row].tobytes().hex(),
    }


def _tag(concepts: Concepts, number: int, score: float) -> dict[str, Any]:
    """A tag as the page has it: with what it is a kind of, nearest first."""
    within = [concepts[above].name for above in concepts.hierarchy.ancestors(number)]
    return {"tag": concepts[number].name, "score": round(score, 4), "within": within}


def taken_of(library: Library, row: int) -> str | None:
    """When a photo was taken, ISO 8601, or None."""
    try:
        taken = json.loads(library.facts[row]).get("taken")
    except ValueError as error:
        raise StoreError("The facts of a photo cannot be read.") from error
    return taken if isinstance(taken, str) else None


def iso(milliseconds: float) -> str:
    """A moment, ISO 8601 in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _facts_line(facts: PhotoFacts) -> bytes:
    """What the columns do not hold, as one line of JSON; the rest of the contract's facts, in its names."""
    camera = None
    if facts.camera or facts.lens:
        camera = {"make": facts.make or "", "model": facts.model or "", "name": facts.camera or "", "lens": facts.lens or ""}
    exposure = {
        "seconds": facts.exposure_seconds,
        "aperture": facts.aperture,
        "iso": facts.iso,
        "focal": facts.focal_length,
        "focal35": facts.focal_length_35mm,
    }
    line = {
        "taken": facts.taken,
        "takenFrom": facts.taken_from,
        "altitude": facts.altitude,
        "camera": camera,
        "exposure": exposure if any(value is not None for value in exposure.values()) else None,
    }
    return json.dumps(line, separators=(",", ":")).encode()


def _size(facts: PhotoFacts, width: int, height: int) -> tuple[int, int]:
    """The file's own size where the decoder saw the same shape (a raw file's preview is smaller), else what the decoder saw."""
    if facts.width and facts.height and abs(facts.width * height / (facts.height * width) - 1) < _SAME_SHAPE:
        return facts.width, facts.height
    return width, height
