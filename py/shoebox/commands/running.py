"""From what was typed to the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from shoebox.commands.arguments import parser

if TYPE_CHECKING:
    from shoebox.commands.context import Context

#: Something went wrong that was foreseen; what was typed makes no sense (as argparse says it); Ctrl-C.
FAILED: Final = 1
MISUSED: Final = 2
STOPPED: Final = 130


def run(words: Sequence[str] | None = None) -> int:
    """Do what was typed (the words after the program's name); answers the exit status."""
    typed = parser().parse_args(words)
    from shoebox.commands.context import Context
    from shoebox.commands.problems import Usage, sentence
    from shoebox.errors import ShoeboxError

    try:
        return _command(typed.command)(Context(typed))
    except ShoeboxError as error:
        _say(sentence(error))
        return MISUSED if isinstance(error, Usage) else FAILED
    except KeyboardInterrupt:
        _say("Stopped.")
        return STOPPED
    except BrokenPipeError:
        # Whoever reads has seen enough (`| head`); without this, Python complains once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _command(name: str) -> Callable[[Context], int]:
    """What does the work; read in only when it is wanted, since every command starts anew."""
    if name == "index":
        from shoebox.commands.index import index

        return index
    if name == "people":
        from shoebox.commands.people import people

        return people
    if name in ("export", "import"):
        from shoebox.commands import carry

        return carry.export if name == "export" else carry.import_
    if name == "eval":
        from shoebox.commands.evaluation import evaluate

        return evaluate
    from shoebox.commands import look

    verbs = {verb.__name__: verb for verb in (look.search, look.similar, look.info, look.tags, look.albums)}
    return {**verbs, "duplicates": look.duplicates, "verify": look.verify}[name]


def _say(text: str) -> None:
    print(f"shoebox: {text}", file=sys.stderr)
