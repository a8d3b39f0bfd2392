"""Where passphrases come from: a file, the environment, or the person at the terminal; never the command line.

What stands on a command line is shown to every user of the computer and kept in the shell's history.
"""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shoebox.commands import variables
from shoebox.commands.problems import CommandError

# The first line of every age v1 file (https://age-encryption.org/v1).
_AGE: Final = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class Passphrases:
    """What may be asked.

    Attributes
    ----------
    file : Path or None
        A file whose first line is the passphrase.
    """

    file: Path | None = None

    def to_open(self, path: Path) -> str | None:
        """The passphrase of an archive; None where it has none.

        Raises
        ------
        CommandError
            If there is nobody to ask.
        """
        return (self._written() or self._ask(f"Passphrase of {path.name}: ")) if is_encrypted(path) else None

    def to_seal(self, path: Path) -> str:
        """A passphrase for a new archive, typed twice where it is typed."""
        written = self._written()
        if written:
            return written
        typed = self._ask(f"New passphrase for {path.name}: ")
        if not typed:
            raise CommandError("An empty passphrase protects nothing.", "Type one, or leave --encrypt out.")
        if self._ask("The same again: ") != typed:
            raise CommandError("The two passphrases are not the same.", "Nothing was written; try again.")
        return typed

    def _written(self) -> str | None:
        if self.file is None:
            return os.environ.get(variables.PASSPHRASE) or None
        try:
            lines = self.file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The passphrase cannot be read from {self.file}.") from error
        if not lines or not lines[0]:
            raise CommandError(f"The first line of {self.file} should be the passphrase, and is empty.")
        return lines[0]

    def _ask(self, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(
                "A passphrase is needed, and nobody is at the terminal to type it.",
                f"Give --passphrase-file, or put it into the environment as {variables.PASSPHRASE}.",
            )
        try:
            return getpass.getpass(question)
        except EOFError:
            raise CommandError("No passphrase was typed.") from None


def is_encrypted(path: Path) -> bool:
    """Whether a file needs a passphrase; False where there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(len(_AGE)) == _AGE
    except OSError:
        return False
