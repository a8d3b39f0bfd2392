"""Names as people type them: without accents, capitals, and what stands between words."""

from __future__ import annotations

import unicodedata

# What Unicode does not take apart, and is typed otherwise.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "’": "'", "-": " "}
)


def folded(text: str) -> str:
    """The text without accents and capitals, with blanks for hyphens; lines stay lines."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LETTERS)
