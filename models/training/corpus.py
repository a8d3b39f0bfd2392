"""Texts for distilling the text encoder: captions, single words, class names in plain phrases."""

from __future__ import annotations

import re
from pathlib import Path

from tokenizers import Tokenizer

from models.training.labels import class_synonyms

PHRASES = ("{}", "a photo of a {}", "a picture of {}")
WORDS = 8000  # common whole words of the teacher's vocabulary, so that one-word queries land well


def normal(text: str) -> str:
    """Lower-case letters and digits only, to compare captions."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def common_words(teacher: Tokenizer, count: int = WORDS) -> list[str]:
    """The first whole words of the teacher's vocabulary, which lists them by how common they are."""
    ordered = sorted(teacher.get_vocab().items(), key=lambda item: item[1])
    words = [piece for piece, _ in ordered if piece.isascii() and piece.isalpha() and len(piece) > 2]
    return words[:count]


def extra_texts(captions: Path, labels: Path, teacher: Tokenizer, held_out: list[str]) -> list[str]:
    """Texts without photos; none equals a caption of the galleries."""
    forbidden = {normal(text) for text in held_out}
    lines = captions.read_text(encoding="utf-8").splitlines()
    named = [phrase.format(name) for names in class_synonyms(labels) for name in names for phrase in PHRASES]
    texts = dict.fromkeys([*lines, *named, *common_words(teacher)])
    return [text for text in texts if normal(text) and normal(text) not in forbidden]
