"""Which photo, person or album somebody at a terminal means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from shoebox.commands.problems import CommandError
from shoebox.library.library import Library
from shoebox.store.rows import id_numbers, id_text

# Shorter beginnings of ids look like numbers and words.
_LEAST_ID: Final = 4


def photo_of_file(library: Library, path: Path) -> str | None:
    """The id of the photo that a file holds; None where the library does not have it.

    Raises
    ------
    CommandError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            number = int.from_bytes(hashlib.file_digest(file, "sha256").digest()[:8], "big")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    return id_text(number) if library.row_of(number) is not None else None


def find_photo(library: Library, said: str) -> str:
    """The id of a photo: by its id or the beginning of it, its name, the end of its name, or a file.

    Raises
    ------
    CommandError
        If there is none, or several.
    """
    if said in library.owners:
        return id_text(library.owners[said])
    found: set[str] = set()
    if len(said) >= _LEAST_ID and not set(said) - set("0123456789abcdef"):
        numbers = id_numbers(library.table["hash"][library.vectors.alive]).tolist()
        found = {photo for photo in map(id_text, numbers) if photo.startswith(said)}
    if not found:
        apart = ((name, number) for number, paths in library.elsewhere.items() for name, _ in paths)
        names = [*library.owners.items(), *apart]
        found = {id_text(number) for name, number in names if name == said or name.endswith(f"/{said}")}
    if not found and Path(said).is_file():
        photo = photo_of_file(library, Path(said))
        if photo is None:
            raise CommandError(f"The photo {said} is not in the library.", "Index its folder first.")
        return photo
    if len(found) > 1:
        raise CommandError(f"{len(found)} photos are called {said}.", "Write more of the name, or of the id.")
    if not found:
        raise CommandError(f"There is no photo {said} in the library.", "Name it as a search shows it, by name or id.")
    return found.pop()


def find_one(things: Iterable[Mapping[str, Any]], said: str, called: str, what: str) -> str:
    """The id of a person or an album: by its id or what it is called, or the beginning of either.

    Parameters
    ----------
    things : iterable of mapping
        With `id` and, under `called`, a name.
    said : str
    called : str
    what : str
        "person", "album".

    Raises
    ------
    CommandError
        If there is none, or several.
    """
    known: Sequence[Mapping[str, Any]] = list(things)
    ways = (
        [each for each in known if each["id"] == said],
        [each for each in known if each[called].casefold() == said.casefold()],
        [each for each in known if len(said) >= _LEAST_ID and each["id"].startswith(said)],
        [each for each in known if each[called].casefold().startswith(said.casefold())],
    )
    found = next((way for way in ways if way), [])
    if len(found) > 1:
        ids = ", ".join(each["id"] for each in found[:5])
        raise CommandError(f"There are {len(found)} of that: {ids}.", f"Say which {what} you mean by its id.")
    if not found:
        raise CommandError(f"There is no {what} {said} in the library.", "The list shows what there is.")
    return str(found[0]["id"])
