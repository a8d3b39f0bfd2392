"""SentencePiece: models trained by the reference library, and every text split as it splits them."""

from __future__ import annotations

import io
import struct
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import PackError
from shoebox.model.sentencepiece import SentencePieceTokenizer
from shoebox.model.spm_model import BPE, UNIGRAM, SpmModel

CORPUS = [
    "a photo of a dog running in the snow",
    "two dogs on the beach at sunset, it's 2019!",
    "the cat's birthday cake... we'll eat at 10:30",
    "ein Straßenfest in München; крыша дома; 狗在雪里 🐕🎂",
    "aaaa bbbb abab the then other another mother",
    "half ½ and ﬁsh, ｆｕｌｌ width, e\u0301 accents",
] * 5
KINDS: dict[str, dict[str, Any]] = {
    # As SigLIP's: unigram with rules; as Gemma's: byte pairs, blanks as they are, bytes for what is unknown.
    "unigram": {"model_type": "unigram", "vocab_size": 150},
    "unigram with bytes": {"model_type": "unigram", "vocab_size": 400, "byte_fallback": True},
    "byte pairs": {"model_type": "bpe", "vocab_size": 200},
    "gemma": {
        "model_type": "bpe",
        "vocab_size": 480,
        "byte_fallback": True,
        "add_dummy_prefix": False,
        "remove_extra_whitespaces": False,
        "normalization_rule_name": "identity",
        "user_defined_symbols": ["\n", "\n\n", "▁▁", "▁▁▁", "<table>"],
    },
    "suffix": {"model_type": "unigram", "vocab_size": 150, "treat_whitespace_as_suffix": True},
    "marks in a unigram": {"model_type": "unigram", "vocab_size": 160, "user_defined_symbols": ["[MASK]", "dog"]},
}
TEXT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.text(st.sampled_from("abdegotsu '.,019\n\t ▁ﬁ½é狗🐕"), max_size=120),
    st.lists(st.sampled_from(["dog", "<table>", "[MASK]", "2019", "   ", "🐕", "\n\n", "ab" * 30, "the"]), max_size=40).map(
        "".join
    ),
)


@cache
def trained(kind: str) -> bytes:
    library = pytest.importorskip("sentencepiece")
    written = io.BytesIO()
    library.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=written, minloglevel=2, hard_vocab_limit=False, **KINDS[kind]
    )
    return written.getvalue()


@cache
def both(kind: str) -> tuple[SentencePieceTokenizer, Any]:
    library = pytest.importorskip("sentencepiece")
    model = SpmModel.parse(trained(kind))
    return SentencePieceTokenizer(model, 100_000), library.SentencePieceProcessor(model_proto=trained(kind))


@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXT)
@settings(max_examples=150, deadline=None)
def test_texts_are_split_as_the_reference_library_splits_them(kind: str, text: str) -> None:
    ours, reference = both(kind)
    assert ours.ids(text) == reference.encode(text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_very_long_text_is_split_as_the_reference_library_splits_it(kind: str) -> None:
    ours, reference = both(kind)
    for text in ("mothersunset" * 500, "a photo of the dog " * 300, "🐕" * 2000):
        assert ours.ids(text) == reference.encode(text)


def test_marks_stand_around_every_text_and_rows_are_filled_up() -> None:
    model = SpmModel.parse(trained("gemma"))
    made = SentencePieceTokenizer(model, 8, "canonicalize", start=1, end=2, pad=0)
    ids, mask = made.batch(["Dog!", "", "the dog " * 40])
    assert ids.shape == (3, 8)
    assert (ids[:, 0] == 1).all()
    assert ids[1].tolist() == [1, 2, 0, 0, 0, 0, 0, 0]
    assert ids[2, -1] == 2
    assert mask[1].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert made.ids("dog") == made.ids("Dog!")


def test_a_text_cannot_say_the_marks_themselves() -> None:
    made, _ = both("gemma")
    assert not {0, 1, 2} & set(made.ids("<s></s><unk>"))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x0a\xff", b"not a model at all", b"\x0a\x02\x0a\x09", b"\x80" * 30])
def test_what_is_no_model_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(PackError, match=r"SentencePiece model.*\."):
        SpmModel.parse(data)


@given(place=st.integers(0, 10_000), cut=st.booleans(), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_damaged_model_is_refused_or_still_splits(place: int, cut: bool, byte: int) -> None:
    whole = trained("unigram")
    place %= len(whole)
    damaged = whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :]
    try:
        made = SentencePieceTokenizer(SpmModel.parse(damaged), 64)
    except PackError:
        return
    assert len(made.ids("ﬁsh and 🐕 dogs")) <= 64


def test_a_mark_that_is_no_piece_is_refused() -> None:
    with pytest.raises(PackError, match="mark"):
        SentencePieceTokenizer(SpmModel.parse(trained("unigram")), 64, end=10**6)


def written(pieces: list[tuple[str, float, int]], algorithm: int, by_bytes: bool = False) -> bytes:
    """A model as a protocol buffer, without rules, by hand: for where the reference library cannot be."""

    def run(number: int, data: bytes) -> bytes:
        return bytes([number << 3 | 2, len(data)]) + data

    made = b"".join(
        run(1, run(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + bytes([0x18, kind]))
        for piece, score, kind in pieces
    )
    return made + run(2, bytes([0x18, algorithm, 0x98, 0x02, by_bytes])) + run(3, b"")


SMALL = [
    ("<unk>", 0.0, 2),
    ("<s>", 0.0, 3),
    ("▁", -3.0, 1),
    ("a", -4.0, 1),
    ("b", -4.0, 1),
    ("ab", -2.0, 1),
    ("▁ab", -2.5, 1),
    ("!!", 0, 4),
]


@pytest.mark.parametrize(
    ("algorithm", "text", "expected"),
    [
        (UNIGRAM, "ab  ab", ["▁ab", "▁ab"]),
        (UNIGRAM, "  ", []),
        (UNIGRAM, "", []),
        (UNIGRAM, "abz zb", ["▁ab", "<unk>", "▁", "<unk>", "b"]),
        (UNIGRAM, "zz", ["▁", "<unk>"]),
        (UNIGRAM, "a!!b", ["▁", "a", "!!", "b"]),
        (BPE, "abab", ["▁ab", "ab"]),
        (BPE, "ba", ["▁", "b", "a"]),
        (BPE, "a!!b", ["▁", "a", "!!", "b"]),
    ],
)
def test_pieces_are_found_by_their_scores(algorithm: int, text: str, expected: list[str]) -> None:
    made = SentencePieceTokenizer(SpmModel.parse(written(SMALL, algorithm)), 100)
    assert [SMALL[number][0] for number in made.ids(text)] == expected


def test_what_no_piece_covers_is_told_by_its_bytes() -> None:
    pieces = [*SMALL, *((f"<0x{byte:02X}>", 0.0, 6) for byte in range(256))]
    made = SentencePieceTokenizer(SpmModel.parse(written(pieces, BPE, by_bytes=True)), 100)
    assert [pieces[number][0] for number in made.ids("aé")] == ["▁", "a", "<0xC3>", "<0xA9>"]
    with pytest.raises(PackError, match="256"):
        SpmModel.parse(written(pieces[:-1], BPE, by_bytes=True))
