"""How SentencePiece makes texts ready: the rules that are compiled into a model, and blanks.

The rules ("nmt_nfkc" and its like) are a double-array trie of what is replaced, as Darts-clone writes it, and behind it the
replacements in UTF-8, each with a zero behind it. Steps and their order are those of SentencePiece's normalizer.cc.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError
from shoebox.model.spm_model import Kind, SpmModel

BLANK: Final = "▁"


class Normalizer:
    """The preparation of texts of one model.

    Raises
    ------
    PackError
        If the rules cannot be read.
    """

    def __init__(self, model: SpmModel) -> None:
        self._model = model
        self._trie, self._replacements = _rules(model.charsmap)
        mark = int(Kind.USER_DEFINED)
        marks = [piece for piece, kind in zip(model.pieces, model.kinds, strict=True) if kind == mark]
        self._marks, self._longest_mark = frozenset(marks), max(map(len, marks), default=0)

    def mark(self, text: str, place: int) -> str:
        """The longest piece defined by the user that stands at a place of a text; empty if none does."""
        for length in range(min(self._longest_mark, len(text) - place), 0, -1):
            if text[place : place + length] in self._marks:
                return text[place : place + length]
        return ""

    def normalized(self, text: str) -> str:
        """A text with the rules done and its blanks made ready."""
        model, blank = self._model, BLANK if self._model.escape else " "
        safe = text.encode("utf-8", "replace").decode() if not text.isascii() else text
        place = 0
        if model.remove_extra:
            while place < len(safe):
                found, length = self._first(safe, place)
                if found != " ":
                    break
                place += length
        if place == len(safe):
            return ""
        out = [blank] if model.dummy_prefix and not model.suffix else []
        after_blank = model.remove_extra
        while place < len(safe):
            found, length = self._first(safe, place)
            place += length
            if after_blank:
                found = found.lstrip(" ")
            if found:
                out.append(found.replace(" ", blank))
                after_blank = found.endswith(" ")
            if not model.remove_extra:
                after_blank = False
        whole = "".join(out)
        if model.remove_extra:
            while whole.endswith(blank):
                whole = whole[: -len(blank)]
        return whole + blank if model.dummy_prefix and model.suffix else whole

    def _first(self, text: str, place: int) -> tuple[str, int]:
        """What stands for the beginning of the rest of a text, and how many characters of it that covers."""
        mark = self.mark(text, place)
        if mark:
            return mark, len(mark)
        found = self._longest_rule(text, place)
        return found if found is not None else (text[place], 1)

    def _longest_rule(self, text: str, place: int) -> tuple[str, int] | None:
        if not len(self._trie):
            return None
        trie, best = self._trie, None
        node = _offset(int(trie[0]))
        for end in range(place, len(text)):
            for byte in text[end].encode():
                node ^= byte
                if node >= len(trie) or int(trie[node]) & 0x800000FF != byte:
                    return best
                unit = int(trie[node])
                node ^= _offset(unit)
            if unit >> 8 & 1 and node < len(trie):
                start = int(trie[node]) & 0x7FFFFFFF
                stop = self._replacements.find(b"\0", start)
                if start < len(self._replacements) and stop >= 0:
                    best = (self._replacements[start:stop].decode("utf-8", "replace"), end + 1 - place)
        return best


def _offset(unit: int) -> int:
    """How far a node's children lie (Darts-clone, `DoubleArrayUnit`)."""
    return unit >> 10 << ((unit & 0x200) >> 6)


def _rules(charsmap: bytes) -> tuple[NDArray[np.uint32], bytes]:
    """The trie and the replacements; both empty where there are no rules."""
    if not charsmap:
        return np.zeros(0, np.uint32), b""
    size = int.from_bytes(charsmap[:4], "little")
    if len(charsmap) < 4 + size or size < 4 or size % 4:
        raise PackError("The rules of the SentencePiece model of the model pack are cut off.")
    return np.frombuffer(charsmap, "<u4", size // 4, 4), charsmap[4 + size :]
