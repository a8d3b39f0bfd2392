"""What goes wrong on the command line, in words for somebody at a terminal."""

from __future__ import annotations

from typing import Final

from shoebox.errors import PackError, PlacesError, QueryError, ShoeboxError, StoreError, UnreadablePhoto
from shoebox.sessions.protocol import SessionError

# What to do next, where an error only knows the page's advice.
_ADVICE: Final[dict[type[ShoeboxError], str]] = {
    PackError: "Give the folder of a whole model pack with --pack.",
    PlacesError: "Everything else works without the names of places.",
    StoreError: "The file was left as it is.",
    QueryError: "",
    SessionError: "Nothing was changed by it.",
    UnreadablePhoto: "",
}


class CommandError(ShoeboxError):
    """What was typed cannot be done."""


class Usage(CommandError):
    """What was typed cannot be understood."""


def sentence(error: ShoeboxError) -> str:
    """An error as a terminal shows it: advice about reloading a page helps nobody there."""
    advice = error.advice
    if advice and advice == type(error).advice_if_none:
        advice = next((said for kind, said in _ADVICE.items() if isinstance(error, kind)), "")
    return f"{error.what} {advice}".strip()
