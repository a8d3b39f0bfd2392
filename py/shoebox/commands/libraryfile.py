"""The library's file: read whole, changed in memory, and written anew.

Whatever happens while it is written, the file is the old library or the new one, never a part of either (`archive.save`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shoebox import archive
from shoebox.api import Shoebox
from shoebox.commands.locking import only_writer
from shoebox.commands.passphrases import Passphrases
from shoebox.commands.problems import CommandError
from shoebox.commands.thumbnails import Thumbnails


@dataclass(slots=True, eq=False)
class LibraryFile:
    """A library that was read from its file.

    Attributes
    ----------
    path : Path
    box : Shoebox
    thumbnails : Thumbnails or None
        None where they were not asked for.
    passphrase : str or None
        With which the file is written again.
    """

    path: Path
    box: Shoebox
    thumbnails: Thumbnails | None = None
    passphrase: str | None = None

    def save(self) -> None:
        """Write the library.

        Raises
        ------
        StoreError
            If there is no room, or the folder cannot be written to; the old file is as it was.
        """
        assert self.thumbnails is not None, "a library that was read without its thumbnails would lose them"
        archive.save(self.box, self.path, thumbnails=self.thumbnails, passphrase=self.passphrase)


@contextlib.contextmanager
def reading(box: Shoebox, path: Path, passphrases: Passphrases, with_thumbnails: bool = False) -> Iterator[LibraryFile]:
    """Read a library to look at it."""
    if not path.is_file():
        raise CommandError(f"There is no library {path}.", "Make one: python -m shoebox index FOLDER --library FILE")
    with _thumbnails(path.parent) if with_thumbnails else contextlib.nullcontext() as thumbnails:
        archive.load(box, path, thumbnails=thumbnails, passphrase=passphrases.to_open(path))
        yield LibraryFile(path, box, thumbnails)


@contextlib.contextmanager
def changing(box: Shoebox, path: Path, passphrases: Passphrases, may_begin: bool = False) -> Iterator[LibraryFile]:
    """Read a library, or begin one, to change it; nobody else changes it meanwhile, and nothing is written but by `save`."""
    if not path.is_file() and not may_begin:
        raise CommandError(f"There is no library {path}.", "Make one: python -m shoebox index FOLDER --library FILE")
    if path.exists() and not path.is_file():
        raise CommandError(f"{path} is no file.", "Give the library a name of its own.")
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent} to keep the library in.", "Make it, or choose another.")
    with only_writer(path), _thumbnails(path.parent) as thumbnails:
        passphrase = passphrases.to_open(path)
        if path.exists():
            archive.load(box, path, thumbnails=thumbnails, passphrase=passphrase)
        yield LibraryFile(path, box, thumbnails, passphrase)


@contextlib.contextmanager
def _thumbnails(folder: Path) -> Iterator[Thumbnails]:
    try:
        thumbnails = Thumbnails(folder)
    except OSError as error:
        raise CommandError(f"Nothing can be written in {folder}: {error.strerror}.") from error
    try:
        yield thumbnails
    finally:
        thumbnails.close()
