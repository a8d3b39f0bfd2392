"""`python -m shoebox` typed in this process."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoebox.commands.running import run


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer as a program reads it."""
        assert self.status == 0, self.err
        return json.loads(self.out)


def shoebox(*words: str | Path) -> Said:
    """Type a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = run([str(word) for word in words])
        except SystemExit as end:  # argparse's way to say that it did not understand, or to help
            status = int(end.code or 0)
    return Said(status, out.getvalue(), err.getvalue())


class Shell:
    """Commands about one library."""

    def __init__(self, library: Path) -> None:
        self.library = library

    def __call__(self, *words: str | Path) -> Said:
        return shoebox(*words, "--library", self.library)

    def ask(self, *words: str | Path) -> Any:
        """The answer in JSON."""
        return self(*words, "--json").json
