"""Text to tokens as SentencePiece does it, over the pack's own `.model` file: unigram (Kudo 2018) or byte pairs.

SigLIP 2 uses Gemma's model (byte pairs, 256,000 pieces, bytes for what no piece covers); SigLIP a unigram one. Of the two files
in which these are handed round, the `.model` is read and not `tokenizer.json`: it is a tenth of the size, and says by itself
how texts are made ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from shoebox.errors import PackError
from shoebox.model.cleaning import Cleaning, cleaned
from shoebox.model.merging import merged
from shoebox.model.spm_model import BPE, Kind, SpmModel
from shoebox.model.spm_normalizer import Normalizer
from shoebox.model.tokens import Tokenising

# What a character that no piece covers costs beyond the worst piece (unigram_model.cc, kUnkPenalty).
_UNKNOWN_PENALTY: Final = 10.0
# No more characters of a text are looked at for each token that can be kept: far longer than any piece.
_CHARACTERS_A_TOKEN: Final = 128


class SentencePieceTokenizer(Tokenising):
    """Pieces of one SentencePiece model.

    Parameters
    ----------
    model : SpmModel
    max_tokens : int
    cleaning : {'none', 'lower', 'canonicalize'}
        What is done to texts before the model's own rules.
    start, end : int or None
        Ids of the marks around every text.
    pad : int
    full : bool

    Raises
    ------
    PackError
        If a mark is no id of the model, or its rules cannot be read.
    """

    def __init__(
        self,
        model: SpmModel,
        max_tokens: int,
        cleaning: Cleaning = "none",
        start: int | None = None,
        end: int | None = None,
        pad: int = 0,
        full: bool = True,
    ) -> None:
        super().__init__(max_tokens, pad, full)
        if any(mark is not None and not 0 <= mark < len(model.pieces) for mark in (start, end, pad)):
            raise PackError("The tokenizer of the model pack has a mark that is no piece of its SentencePiece model.")
        self._before = [] if start is None else [start]
        self._after = [] if end is None else [end]
        self._cleaning, self._model, self._normalizer = cleaning, model, Normalizer(model)
        # Plain numbers: a vocabulary may have a quarter of a million pieces.
        normal, spoken = int(Kind.NORMAL), frozenset(map(int, (Kind.NORMAL, Kind.USER_DEFINED, Kind.UNUSED)))
        numbered = zip(model.pieces, range(len(model.pieces)), model.kinds, strict=True)
        self._ids = {piece: number for piece, number, kind in numbered if kind in spoken}
        self._unknown = model.kinds.index(Kind.UNKNOWN)
        self._bytes = [number for number, kind in enumerate(model.kinds) if kind == Kind.BYTE]
        usual = [score for score, kind in zip(model.scores, model.kinds, strict=True) if kind == normal]
        self._best, self._worst = max(usual, default=0.0), min(usual, default=0.0)
        self._longest = max(map(len, self._ids), default=1)
        self._split = lru_cache(maxsize=256)(self._bpe if model.algorithm == BPE else self._unigram)

    def ids(self, text: str) -> list[int]:
        """The ids of a text with the marks around it, at most `max_tokens`."""
        room = self.max_tokens - len(self._before) - len(self._after)
        ready = self._normalizer.normalized(cleaned(text, self._cleaning))[: self.max_tokens * _CHARACTERS_A_TOKEN]
        return [*self._before, *list(self._numbers(ready))[:room], *self._after]

    def _numbers(self, ready: str) -> Iterator[int]:
        """Ids of a text that is ready; what no piece covers as its bytes, or as one unknown piece for a run of it."""
        after_unknown = False
        for piece in self._split(ready):
            number = self._ids.get(piece, self._unknown)
            unknown = number == self._unknown
            if unknown and self._bytes and self._model.by_bytes:
                yield from (self._bytes[byte] for byte in piece.encode())
            elif not (unknown and after_unknown):
                yield number
            after_unknown = unknown

    def _unigram(self, ready: str) -> list[str]:
        """The likeliest pieces: Viterbi over all places of the text, in single precision as the reference counts."""
        model, unknown = self._model, np.float32(np.float32(self._worst) - np.float32(_UNKNOWN_PENALTY))
        best: list[tuple[float, int] | None] = [(0.0, 0), *[None] * len(ready)]
        for start in range(len(ready)):
            here = best[start]
            assert here is not None
            alone = False
            for end in range(start + 1, min(len(ready), start + self._longest) + 1):
                number = self._ids.get(ready[start:end])
                if number is None or model.kinds[number] == Kind.UNUSED:
                    continue
                alone |= end == start + 1
                score = model.scores[number]
                if model.kinds[number] == Kind.USER_DEFINED:
                    # It always wins; the reference counts its length in bytes.
                    score = len(ready[start:end].encode()) * self._best - 0.1
                _offer(best, end, here[0] + score, start)
            if not alone:
                _offer(best, start + 1, here[0] + float(unknown), start)
        pieces: list[str] = []
        end = len(ready)
        while end:
            found = best[end]
            assert found is not None
            pieces.append(ready[found[1] : end])
            end = found[1]
        return pieces[::-1]

    def _bpe(self, ready: str) -> list[str]:
        """Characters merged, the pair with the best score first; pieces defined by the user stand as they are."""
        pieces: list[str] = []
        run: list[str] = []
        place = 0
        while place < len(ready):
            mark = self._normalizer.mark(ready, place)
            if mark:
                pieces += [*self._merged(run), mark]
                run = []
            else:
                run.append(ready[place])
            place += len(mark) or 1
        return pieces + self._merged(run)

    def _merged(self, run: list[str]) -> list[str]:
        """A run of characters merged; pieces that only serve as steps come apart again."""
        halves: dict[str, tuple[str, str]] = {}

        def cost(left: str, right: str) -> float | None:
            number = self._ids.get(left + right)
            if number is None:
                return None
            if self._model.kinds[number] == Kind.UNUSED:
                halves[left + right] = (left, right)
            return -self._model.scores[number]

        def apart(piece: str) -> Iterator[str]:
            number = self._ids.get(piece)
            if piece not in halves or number is None or self._model.kinds[number] != Kind.UNUSED:
                yield piece
                return
            for half in halves[piece]:
                yield from apart(half)

        return [part for piece in merged(run, cost) for part in apart(piece)]


def _offer(best: list[tuple[float, int] | None], end: int, score: float, start: int) -> None:
    """A way to a place, which counts if it is better than the best so far."""
    found, rounded = best[end], float(np.float32(score))
    if found is None or rounded > found[0]:
        best[end] = (rounded, start)
