"""The reduced WordPiece vocabulary: half of MiniLM's bytes are pieces that captions never use."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SIZE = 10_500  # with three layers this is 9.5 MB as int8, under the limit of 10
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
PUNCTUATION = ".,'\"-!?&/()#:;%$@+*"


def choose_pieces(texts: list[str], teacher: Tokenizer, size: int = SIZE) -> list[str]:
    """Return `size` pieces: special ones, the alphabet, what `texts` use most, then common words.

    The teacher's own vocabulary lists words by how common they are, so its order fills the rest.
    """
    counts: Counter[int] = Counter()
    for encoding in teacher.encode_batch(texts, add_special_tokens=False):
        counts.update(encoding.ids)
    known = {number: piece for piece, number in teacher.get_vocab().items()}
    frequent = [known[number] for number, count in counts.most_common() if count >= 2]
    common = [known[number] for number in sorted(known) if known[number].isascii() and known[number].isalpha()]
    letters = [*ALPHABET, *(f"##{letter}" for letter in ALPHABET), *PUNCTUATION]
    chosen = list(dict.fromkeys([*SPECIAL, *letters, *frequent, *common]))
    return chosen[:size]


def student_tokenizer(pieces: list[str], max_tokens: int) -> Tokenizer:
    """The reference tokenizer that ``shoebox.model.tokenizer`` must agree with."""
    vocab = {piece: number for number, piece in enumerate(pieces)}
    built = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    built.normalizer = normalizers.BertNormalizer(lowercase=True)
    built.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    built.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])]
    )
    built.enable_truncation(max_tokens)
    return built


def write(pieces: list[str], path: Path) -> None:
    """One piece a line; the line number is its id."""
    path.write_text("\n".join(pieces) + "\n", encoding="utf-8")
