#!/usr/bin/env python3
"""The one entry point of the repository: ``python build.py serve | build | test | bench | models | lock``.

It needs Python >= 3.11 and Node >= 20 and nothing else. On its first run it makes ``.venv`` with the exact packages of
``requirements-dev.lock``; everything after that happens inside, in :mod:`tooling`. Docs: ``docs/building.md``.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tooling.environment import EnvironmentProblem, ensure_environment
from tooling.paths import ROOT


def main(arguments: list[str]) -> int:
    """Make the environment where it is missing or stale, then run the command in it."""
    try:
        python = ensure_environment("dev")
    except EnvironmentProblem as problem:
        print(f"build.py: {problem}", file=sys.stderr)
        return 2
    command = [str(python), "-m", "tooling", *arguments]
    os.chdir(ROOT)
    if os.name == "posix":
        # Becoming the command, rather than starting it, lets whoever stops this process stop the command.
        os.execv(command[0], command)
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
