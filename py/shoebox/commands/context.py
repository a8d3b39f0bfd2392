"""What every command works with: what was typed, where its words go, and the library, opened in one way or the other."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoebox.api import Shoebox
from shoebox.commands import resources, variables
from shoebox.commands.libraryfile import LibraryFile, changing, reading
from shoebox.commands.passphrases import Passphrases
from shoebox.commands.problems import Usage
from shoebox.errors import PlacesError
from shoebox.model.pack import Pack
from shoebox.sessions.native import NativeSessions


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What was typed, and where the answer goes.

    Attributes
    ----------
    typed : argparse.Namespace
    """

    typed: argparse.Namespace

    @property
    def json(self) -> bool:
        """Whether a program reads the answer."""
        return bool(self.typed.json)

    def answer(self, value: Any, lines: Sequence[str]) -> None:
        """Print an answer: the value as JSON for a program, the lines for people."""
        if self.json:
            json.dump(value, sys.stdout, ensure_ascii=False, indent=None, separators=(",", ":"), allow_nan=False)
            sys.stdout.write("\n")
        else:
            sys.stdout.writelines(f"{line}\n" for line in lines)

    def note(self, sentence: str) -> None:
        """Say something that is no part of the answer."""
        print(sentence, file=sys.stderr)

    @property
    def passphrases(self) -> Passphrases:
        """Where passphrases come from."""
        return Passphrases(self.typed.passphrase_file)

    @property
    def library(self) -> Path:
        """The library's file.

        Raises
        ------
        Usage
            If none is named.
        """
        named = self.typed.library or os.environ.get(variables.LIBRARY)
        if not named:
            raise Usage("Which library?", f"Name its file with --library FILE, or in the environment as {variables.LIBRARY}.")
        return Path(named)

    def box(self, threads: int | None = None) -> tuple[Shoebox, NativeSessions]:
        """An empty library with its networks, which use so many threads each; all cores if left out."""
        folder = resources.model_pack(self.typed.pack)
        pack = Pack.from_folder(folder)
        sessions = NativeSessions(folder, pack, threads)
        return Shoebox(pack, sessions), sessions

    @contextlib.contextmanager
    def reading(self, with_thumbnails: bool = False) -> Iterator[LibraryFile]:
        """The library, to look at."""
        box, _ = self.box()
        with reading(box, self.library, self.passphrases, with_thumbnails) as file:
            learn_places(box)
            yield file

    @contextlib.contextmanager
    def changing(self, may_begin: bool = False) -> Iterator[LibraryFile]:
        """The library, to change; it is written when all has gone well."""
        box, _ = self.box()
        with changing(box, self.library, self.passphrases, may_begin) as file:
            yield file
            file.save()


def learn_places(box: Shoebox) -> None:
    """Give places their names, where photos say where they were taken and the table of places is here."""
    table = resources.places_table() if box.places.wanted()["located"] else None
    if table is None:
        return
    try:
        box.places.begin(table.read_bytes())
    except (OSError, PlacesError):
        return  # an older build's table, or a damaged one: everything else works without it
    while box.places.learn()["left"]:
        pass
