"""The tokeniser of a pack, as the table `tokenizer` of its manifest describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from shoebox.errors import PackError
from shoebox.model.cleaning import CLEANINGS, Cleaning
from shoebox.model.clip_bpe import BYTES, MARKS, ClipTokenizer, read_merges
from shoebox.model.manifest import Section, check_file
from shoebox.model.sentencepiece import SentencePieceTokenizer
from shoebox.model.spm_model import SpmModel
from shoebox.model.tokenizer import Tokenizer
from shoebox.model.tokens import Tokenising

KINDS: Final = ("wordpiece", "clip", "sentencepiece")
# Gemma's vocabulary has 256,000 pieces.
_MOST_PIECES: Final = 2**21


def read_tokenizer(section: Section, files: Mapping[str, bytes], max_tokens: int) -> Tokenising:
    """The tokeniser of a pack.

    Parameters
    ----------
    section : Section
        The table `tokenizer`: `kind`, the file, and what else belongs to the kind (docs/packs.md).
    files : mapping of str to bytes
    max_tokens : int

    Raises
    ------
    PackError
        If the table or the file cannot be used.
    """
    kind = section.choice("kind", KINDS)
    file = section.file()
    data = check_file(file, files)
    whole = section.yes("full") if "full" in section else kind != "wordpiece"
    if kind == "wordpiece":
        try:
            return Tokenizer(data.decode().removesuffix("\n").split("\n"), max_tokens, whole)
        except UnicodeDecodeError as error:
            raise PackError(f"The file {file.name} of the model pack is not text.") from error
    pad = section.whole("pad", 0, _MOST_PIECES) if "pad" in section else 0
    if kind == "clip":
        merges = read_merges(data, section.whole("pieces", BYTES + MARKS, _MOST_PIECES))
        return ClipTokenizer(merges, max_tokens, _cleaning(section, "lower"), pad, whole)
    start, end = (section.whole(mark, 0, _MOST_PIECES) if mark in section else None for mark in ("start", "end"))
    return SentencePieceTokenizer(SpmModel.parse(data), max_tokens, _cleaning(section, "none"), start, end, pad, whole)


def _cleaning(section: Section, usual: Cleaning) -> Cleaning:
    return cast(Cleaning, section.choice("clean", CLEANINGS)) if "clean" in section else usual
