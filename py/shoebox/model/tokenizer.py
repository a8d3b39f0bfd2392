"""Text to word pieces, as BERT does it (uncased), over the pack's own vocabulary.

The steps: drop control characters and make all white space blanks; set Chinese characters apart; lower case and drop
accents; split at blanks and around punctuation; then take the longest piece of the vocabulary from the left of each
word, again and again, where pieces inside a word begin with '##'. A word of which any part is missing from the
vocabulary becomes [UNK].
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from shoebox.errors import PackError
from shoebox.model.tokens import Tokenising

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
# Longer words are not looked up: BERT's own limit.
LONGEST_WORD = 100

# The blocks of CJK unified ideographs, first and last code point. Hangul and kana stay in words, as in BERT.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class Tokenizer(Tokenising):
    """Word pieces of one vocabulary.

    Parameters
    ----------
    vocabulary : sequence of str
        Pieces by id; [PAD] must be the first, and [UNK], [CLS] and [SEP] among them.
    max_tokens : int
        Most ids of a text, with [CLS] and [SEP]; what is longer is cut.
    full : bool
        Whether every row has that many.

    Raises
    ------
    PackError
        If the vocabulary lacks a piece that it must have, or has one twice.
    """

    def __init__(self, vocabulary: Sequence[str], max_tokens: int, full: bool = False) -> None:
        super().__init__(max_tokens, full=full)
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        if len(self._ids) != len(vocabulary):
            raise PackError("The vocabulary of the model pack holds a piece twice.")
        missing = [piece for piece in (PAD, UNKNOWN, START, END) if piece not in self._ids]
        if missing or self._ids[PAD] != 0:
            raise PackError(f"The vocabulary of the model pack lacks {', '.join(missing) or '[PAD] at its beginning'}.")
        self._longest = max(map(len, vocabulary))

    def ids(self, text: str) -> list[int]:
        """The ids of a text, [CLS] first and [SEP] last, at most `max_tokens`."""
        found = [self._ids[piece] for word in words(text) for piece in self.pieces(word)]
        return [self._ids[START], *found[: self.max_tokens - 2], self._ids[END]]

    def pieces(self, word: str) -> list[str]:
        """The pieces of one word, or [UNK]."""
        if len(word) > LONGEST_WORD:
            return [UNKNOWN]
        pieces: list[str] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                if prefix + word[start:end] in self._ids:
                    pieces.append(prefix + word[start:end])
                    start = end
                    break
            else:
                return [UNKNOWN]
        return pieces


def words(text: str) -> list[str]:
    """The words of a text before they are looked up: cleaned, lower-cased, without accents, punctuation apart."""
    cleaned = "".join(f" {c} " if _is_ideograph(c) else c for c in map(_clean, text))
    bare = "".join(c for c in unicodedata.normalize("NFD", cleaned) if unicodedata.category(c) != "Mn").lower()
    split: list[str] = []
    for chunk in bare.split():
        word = ""
        for character in chunk:
            if _is_punctuation(character):
                split += [word, character] if word else [character]
                word = ""
            else:
                word += character
        if word:
            split.append(word)
    return split


def _clean(character: str) -> str:
    """A blank for white space, nothing for control characters and what could not be decoded, else the character."""
    if character in "\t\n\r":
        return " "
    if character in "\0\ufffd" or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    return " " if character.isspace() else character


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS) if character else False


def _is_punctuation(character: str) -> bool:
    """ASCII that is neither letter nor digit counts too, as in BERT: '$', '+', '^'."""
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character).startswith("P")
