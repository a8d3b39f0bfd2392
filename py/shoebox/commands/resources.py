"""Where the model packs and the table of places are: in a clone of the project, in an installation, or where a person says.

An installation that was made from a clone (`pip install .`) brings them along, in `share/shoebox` below its prefix.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from shoebox.commands import variables
from shoebox.commands.problems import CommandError
from shoebox.model.manifest import MANIFEST

_PACKAGE = Path(__file__).resolve().parents[1]


def data_folders() -> Iterator[Path]:
    """Folders that may hold what Shoebox needs, the likeliest first."""
    said = os.environ.get(variables.DATA)
    if said:
        yield Path(said)
    clone = _PACKAGE.parents[1]
    # Built by build.py: the networks for faces and text, the table of places.
    yield clone
    yield clone / "dist"
    if os.name == "nt":
        yield Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "shoebox"
    else:
        yield Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "shoebox"
    yield Path(sys.prefix) / "share" / "shoebox"


def model_pack(given: Path | None) -> Path:
    """The folder of the pack that searches.

    Raises
    ------
    CommandError
        If there is none.
    """
    return _pack(
        "model pack",
        given,
        "models/default",
        "There is no model pack here, and without one nothing can be searched.",
        "Give the folder of one with --pack; the one that Shoebox comes with is models/default of its source code.",
    )


def face_pack(given: Path | None) -> Path:
    """The folder of the pack that finds faces.

    Raises
    ------
    CommandError
        If there is none, or its networks have not been built.
    """
    return _pack("face pack", given, "models/faces", "The networks that find faces are not here.", _built("--face-pack"))


def text_pack(given: Path | None) -> Path:
    """The folder of the pack that reads text.

    Raises
    ------
    CommandError
        If there is none, or its networks have not been built.
    """
    return _pack("text pack", given, "models/text", "The networks that read text are not here.", _built("--text-pack"))


def places_table() -> Path | None:
    """The table of places; None where there is none, and then places have no names."""
    return _first("places/towns.npz")


def _pack(kind: str, given: Path | None, usual: str, missing: str, advice: str) -> Path:
    """The folder of a pack: the given one, or the usual one of the likeliest data folder that has it."""
    if given is not None:
        if not (given / MANIFEST).is_file():
            raise CommandError(f"There is no {kind} in {given}: it has no {MANIFEST}.", "Give the folder that holds it.")
        return given
    found = _first(f"{usual}/{MANIFEST}")
    if found is None:
        raise CommandError(missing, advice)
    return found.parent


def _built(option: str) -> str:
    return f"In a clone of the source code `python build.py build` makes them; else give their folder with {option}."


def _first(path: str) -> Path | None:
    return next((folder / path for folder in data_folders() if (folder / path).is_file()), None)
