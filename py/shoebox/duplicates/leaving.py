"""Files that a person wants out of the way: as a list, and as a shell script that moves them. Nothing here deletes anything."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

# Beside the photos, in the folder that the person gave; adding the folder again passes over it (web/src/indexing/scan.ts).
FOLDER: Final = "Set aside by Shoebox"


def place_of(name: str) -> str:
    """Where a file is moved to: into `FOLDER` of its top folder, below it as it lay before."""
    top, slash, rest = name.partition("/")
    return f"{top}/{FOLDER}/{rest}" if slash else f"{FOLDER}/{name}"


def listing(names: Sequence[str]) -> str:
    """The files, one a line."""
    return "".join(f"{name}\n" for name in names)


def script(names: Sequence[str]) -> str:
    """A script for sh that moves files to where `place_of` says.

    It is to be run in the folder that holds the top folders. It never replaces a file, and stops at the first one that cannot
    be moved; running it again goes on with the others.
    """
    lines = [
        "#!/bin/sh",
        "# Moves photos that you have more than once out of the way. Nothing is deleted or replaced.",
        "# Run it in the folder that holds the folders named below:  sh set-aside.sh",
        "set -eu",
        "aside() {",
        '  if [ ! -e "$1" ]; then echo "not here: $1"; return 0; fi',
        '  if [ -e "$2" ]; then echo "already there: $2"; return 0; fi',
        '  mkdir -p -- "$(dirname -- "$2")"',
        '  mv -- "$1" "$2"',
        "}",
    ]
    lines += [f"aside {_quoted(name)} {_quoted(place_of(name))}" for name in names]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    """One word for sh; a name that begins with a dash is no option."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
