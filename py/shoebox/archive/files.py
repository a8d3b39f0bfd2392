"""Archives as files, on CPython."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from shoebox.archive.frames import CHOOSE_ANOTHER
from shoebox.archive.locked import MAGIC, Unlocked, is_locked, lock
from shoebox.archive.pictures import Picture
from shoebox.archive.taking import Taken
from shoebox.errors import ArchiveError, StoreError
from shoebox.store.rows import id_text

if TYPE_CHECKING:
    from shoebox.api import Shoebox

# A photo's thumbnail by its id: a JPEG file, its width and height.
Thumbnail = tuple[bytes, int, int]
_PIECE = 1 << 20


def save(
    box: Shoebox,
    path: str | os.PathLike[str],
    *,
    thumbnails: Mapping[str, Thumbnail] | None = None,
    paths: bool = True,
    passphrase: str | None = None,
) -> None:
    """Write a library as one file, which the page and `load` take in.

    The file is complete or not there: it is written beside its place, and put there when it is whole.

    Parameters
    ----------
    box : Shoebox
    path : path
        A file that is there already is replaced.
    thumbnails : mapping of id to (JPEG, width, height), optional
        Those that are saved along; those of photos that are not there are left out.
    paths : bool
        Whether the names of the photos' files are saved.
    passphrase : str, optional
        Locks the file with it, as the age tool does.

    Raises
    ------
    StoreError
        If the file cannot be written or locked.
    """
    place = Path(path)
    try:
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                written = _written(box, thumbnails, paths)
                for data in written if passphrase is None else lock(written, passphrase):
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        what = f"The file {place} cannot be written: {error.strerror or error}."
        raise StoreError(what, "Free some space or choose another place; what was there before is as it was.") from error


def load(
    box: Shoebox,
    path: str | os.PathLike[str],
    *,
    passphrase: str | None = None,
    thumbnails: MutableMapping[str, Thumbnail] | None = None,
    own: bool = True,
) -> dict[str, int]:
    """Take a saved library in.

    Parameters
    ----------
    box : Shoebox
    path : path
    passphrase : str, optional
        Needed where the file is locked with one.
    thumbnails : mutable mapping of id to (JPEG, width, height), optional
        Gets the file's thumbnails, of photos that have none in it.
    own : bool
        True where the file is this very library: `box` is empty, and becomes what it was. False where it comes from another
        device: it is merged with what is there, and photos that are new count as lying elsewhere until a file of them is added.

    Returns
    -------
    dict
        `photos`, `people`: how many the file holds; `added`: how many photos were new here.

    Raises
    ------
    ArchiveError
        If the file cannot be taken in, with the reason; the library is as it was.
    StoreError
        If `own`, and the library is not empty.
    """
    try:
        with open(path, "rb") as file:
            pieces = Unlocked(file, passphrase).pieces if is_locked(file.read(len(MAGIC))) else lambda: _pieces(file)
            return _taken_in(box, pieces, thumbnails, own)
    except OSError as error:
        raise ArchiveError(f"The file {path} cannot be read: {error.strerror or error}.", CHOOSE_ANOTHER) from error


def _written(box: Shoebox, thumbnails: Mapping[str, Thumbnail] | None, paths: bool) -> Iterator[bytes]:
    export = box.archive.export(thumbnails is not None, paths)
    given: dict[int, Picture] = {}
    while (piece := export.step(given)) is not None:
        yield piece.data
        here = ((number, (thumbnails or {}).get(id_text(number))) for number in piece.wanted)
        given = {number: Picture(*found) for number, found in here if found is not None}


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while data := file.read(_PIECE):
        yield data


def _taken_in(
    box: Shoebox, pieces: Callable[[], Iterator[bytes]], thumbnails: MutableMapping[str, Thumbnail] | None, own: bool
) -> dict[str, int]:
    taking = box.archive.taking(own)
    for data in pieces():
        taking.check(data)
    taking.checked()
    for data in pieces():
        for taken in taking.take(data):
            _settle(box, taken)
            for number, picture in taken.pictures.items():
                if thumbnails is not None:
                    thumbnails.setdefault(id_text(number), (picture.jpeg, picture.width, picture.height))
    taking.belonging()
    taking.ended()
    box.people.forget()
    return {"photos": taking.seen, "people": taking.people, "added": taking.added}


def _settle(box: Shoebox, taken: Taken) -> None:
    """Nothing is stored here but in memory, so each change holds at once."""
    for staged in taken.staged:
        box.accept(staged["batch"])
    if taken.faces is not None:
        box.seeking.settle(taken.faces["batch"], True)
    if taken.texts is not None:
        box.reader.settle(taken.texts["batch"], True)
    if taken.statements is not None:
        box.accept(taken.statements["batch"])
