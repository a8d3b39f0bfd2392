"""Text to tokens as CLIP does it: byte pairs over UTF-8, words apart.

Radford et al. 2021; the rules are those of OpenCLIP's `SimpleTokenizer`. A cleaned text (`cleaning`) is split into words,
single digits and runs of other signs; the bytes of each become characters that can be seen, the last with '</w>' behind it;
and these merge as the list of merges says, earliest first.

The pack's file is CLIP's own `bpe_simple_vocab_16e6.txt.gz` or a `merges.txt`: a line that begins the file, then one merge a
line. The ids follow from it: 256 bytes, 256 bytes at the end of a word, the merges in their order, then the marks for the
beginning and the end of a text. A text cannot say these marks: "<end_of_text>" is split like other signs.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from shoebox.errors import PackError
from shoebox.model.cleaning import Cleaning, cleaned
from shoebox.model.merging import merged
from shoebox.model.tokens import Tokenising

END_OF_WORD: Final = "</w>"
#: Ids before the first merge.
BYTES: Final = 512
#: The marks behind the last.
MARKS: Final = 2
# "we'll": these are words of their own; of several that fit the first counts.
_ENDINGS: Final = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")
# CLIP's list of 262,145 merges has 3.2 MB; a hostile file may promise more.
_LARGEST_LIST: Final = 64_000_000
_GZIP: Final = b"\x1f\x8b"


# The bytes in the order of CLIP's ids: first those that Latin-1 shows, which stand for themselves; then the others, for which
# the characters from U+0100 on stand.
_SHOWN: Final = (*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1))
_HIDDEN: Final = tuple(byte for byte in range(256) if byte not in _SHOWN)
_BY_BYTE: Final = {byte: chr(byte) for byte in _SHOWN} | {byte: chr(256 + place) for place, byte in enumerate(_HIDDEN)}
#: A character that can be seen for every byte.
VISIBLE: Final = tuple(_BY_BYTE.values())


class ClipTokenizer(Tokenising):
    """Byte pairs of one list of merges.

    Parameters
    ----------
    merges : sequence of (str, str)
        Earliest first.
    max_tokens : int
    cleaning : {'none', 'lower', 'canonicalize'}
    pad : int
        OpenCLIP pads with 0, which is also the id of "!"; networks look at the end mark only.
    full : bool

    Raises
    ------
    PackError
        If a merge is there twice, or puts together what does not exist.
    """

    def __init__(
        self,
        merges: Sequence[tuple[str, str]],
        max_tokens: int,
        cleaning: Cleaning = "lower",
        pad: int = 0,
        full: bool = True,
    ) -> None:
        super().__init__(max_tokens, pad, full)
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        if len(self._ranks) != len(merges):
            raise PackError("The list of merges of the model pack holds one twice.")
        pieces = [*VISIBLE, *(character + END_OF_WORD for character in VISIBLE), *(left + right for left, right in merges)]
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        for left, right in merges:
            if left not in self._ids or right not in self._ids:
                raise PackError(f"The list of merges of the model pack puts {left} and {right} together, which are no pieces.")
        self.start, self.end = len(pieces), len(pieces) + 1
        self._cleaning = cleaning
        self._word = lru_cache(maxsize=4096)(self._split)

    def ids(self, text: str) -> list[int]:
        """The ids of a text, the start mark first and the end mark last, at most `max_tokens`."""
        found: list[int] = []
        for word in words(cleaned(text, self._cleaning)):
            found += self._word(word)
            if len(found) >= self.max_tokens:
                break
        return [self.start, *found[: self.max_tokens - 2], self.end]

    def _split(self, word: str) -> tuple[int, ...]:
        """The ids of one word."""
        visible = [_BY_BYTE[byte] for byte in word.encode("utf-8", "replace")]
        visible[-1] += END_OF_WORD
        return tuple(self._ids[piece] for piece in merged(visible, lambda left, right: self._ranks.get((left, right))))


def words(text: str) -> Iterator[str]:
    """The words of a cleaned text: runs of letters, single digits, runs of other signs, and "'s" and its like apart."""
    start = 0
    while start < len(text):
        ending = next((each for each in _ENDINGS if text[start : start + len(each)].lower() == each), None)
        kind = _kind(text[start])
        end = start + 1
        if ending is not None:
            end = start + len(ending)
        elif kind in "LS":
            while end < len(text) and _kind(text[end]) == kind:
                end += 1
        if kind != " ":
            yield text[start:end]
        start = end


def _kind(character: str) -> str:
    """'L' for a letter, 'N' for a digit or other number, ' ' for a blank, 'S' for any other sign."""
    category = unicodedata.category(character)[0]
    return category if category in "LN" else " " if character.isspace() else "S"


def read_merges(data: bytes, size: int) -> list[tuple[str, str]]:
    """The merges in a file.

    Parameters
    ----------
    data : bytes
        Text, or the same packed by gzip.
    size : int
        Ids in all, with bytes and marks: longer lists are cut there, as CLIP's own is.

    Raises
    ------
    PackError
        If the file is no such list, or has fewer merges.
    """
    count = size - BYTES - MARKS
    try:
        text = (_unpacked(data) if data[:2] == _GZIP else data).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise PackError(f"The list of merges of the model pack cannot be read: {error}.") from error
    lines = text.split("\n")[1 : count + 1]
    pairs = [tuple(line.split(" ")) for line in lines]
    if count < 0 or len(pairs) != count or not all(len(pair) == 2 and all(pair) for pair in pairs):
        raise PackError(f"The list of merges of the model pack does not have {max(count, 0):,} merges, one a line.")
    return [(pair[0], pair[1]) for pair in pairs]


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    text = unpacker.decompress(data, _LARGEST_LIST)
    if not unpacker.eof:
        raise PackError("The list of merges of the model pack is cut off, or larger than any should be.")
    return text
