"""Texts made plain before they are split into tokens, as the networks saw them when they were trained.

OpenCLIP's cleaning (open_clip/tokenizer.py) is `ftfy.fix_text`, HTML's escapes twice, single blanks, and then lower case, or
lower case without ASCII's punctuation ("canonicalize", from Google's big_vision). Of ftfy what people's keyboards make is done
here: straight quotes, ligatures, full-width letters, control characters, composed accents. What it does besides is guessing
at text that went through a wrong encoding, which nobody types into a search box.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from typing import Final, Literal

Cleaning = Literal["none", "lower", "canonicalize"]
CLEANINGS: Final[tuple[Cleaning, ...]] = ("none", "lower", "canonicalize")

# As ftfy: curly quotes by the straight ones that stand for them, and Latin ligatures by their letters.
_QUOTES: Final = dict.fromkeys("\u02bc\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f", '"')
_LIGATURES: Final = {c: unicodedata.normalize("NFKC", c) for c in "ǆǅǄǉǈǇǌǋǊﬀﬁﬂﬃﬄﬅﬆ"}
# Letters and signs of the width of Chinese characters, from U+FF01 on, and the blank of that width.
_WIDE: Final = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFF01, 0xFFF0)} | {"\u3000": " "}
_PLAIN: Final = str.maketrans(_QUOTES | _LIGATURES | {wide: narrow for wide, narrow in _WIDE.items() if wide != narrow})
# Control characters other than white space, byte order marks and the marks of interlinear text.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x7f\ufeff\ufff9-\ufffc\u206a-\u206f]|\x1b\[[0-9;?]*[A-Za-z]")
_NO_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)


def cleaned(text: str, how: Cleaning) -> str:
    """A text as `how` says.

    "none" leaves it as it is. "lower" makes it plain and lower-case with single blanks. "canonicalize" takes ASCII's
    punctuation away too, and "_" becomes a blank.
    """
    if how == "none":
        return text
    plain = html.unescape(html.unescape(_fixed(text)))
    if how == "canonicalize":
        plain = plain.replace("_", " ").translate(_NO_PUNCTUATION)
    return " ".join(plain.lower().split())


def _fixed(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text.translate(_PLAIN)))
