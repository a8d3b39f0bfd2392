"""CLIP's byte pairs: the rules one by one, and the reference library on any text."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import PackError
from shoebox.model.cleaning import cleaned
from shoebox.model.clip_bpe import BYTES, MARKS, VISIBLE, ClipTokenizer, read_merges, words

CORPUS = [
    "a photo of a dog running in the snow",
    "two dogs on the beach at sunset, it's 2019!",
    "the cat's birthday cake... we'll eat at 10:30",
    "ein Straßenfest in München; крыша дома; 狗在雪里 🐕🎂",
    "aaaa bbbb abab the then other another mother",
] * 3
# What CLIP's pattern takes for words: letters and numbers in the sense of Unicode, so both must know the same Unicode. The
# reference lower-cases letter by letter, which differs for a sigma at the end of a word, and takes "ſ" for an "s" after "'".
OLD = st.characters(codec="utf-8", max_codepoint=0x1FAD6, exclude_categories=["Cn", "Cs", "Co"], exclude_characters="Σſ\x85")
TEXT = st.one_of(
    st.text(OLD, max_size=60),
    st.text(st.sampled_from("aábdegot's'llre 019.,!?-_🐕狗ß"), max_size=120),
    st.lists(st.sampled_from(["dog", "the cat's", "we'll", "2019", "…", "🐕", "mother", "  ", "ab" * 30]), max_size=40).map(
        " ".join
    ),
)


@cache
def merges() -> tuple[tuple[str, str], ...]:
    """Merges of a few hundred words, learnt by the reference library."""
    tokenizers = pytest.importorskip("tokenizers")
    trained = tokenizers.Tokenizer(tokenizers.models.BPE(end_of_word_suffix="</w>"))
    trained.pre_tokenizer = splitter(tokenizers)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=700, end_of_word_suffix="</w>", initial_alphabet=list(VISIBLE), show_progress=False
    )
    trained.train_from_iterator([cleaned(line, "lower") for line in CORPUS], trainer)
    import json

    found = json.loads(trained.to_str())["model"]["merges"]
    return tuple((left, right) for left, right in found)


def splitter(tokenizers: Any) -> Any:
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    parts = tokenizers.pre_tokenizers
    return parts.Sequence(
        [
            parts.Split(tokenizers.Regex(pattern), behavior="removed", invert=True),
            parts.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


@cache
def reference() -> Any:
    tokenizers = pytest.importorskip("tokenizers")
    pieces = [*VISIBLE, *(f"{character}</w>" for character in VISIBLE), *(left + right for left, right in merges())]
    ids = {piece: number for number, piece in enumerate(pieces)}
    model = tokenizers.models.BPE(vocab=ids, merges=list(merges()), end_of_word_suffix="</w>", continuing_subword_prefix="")
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = splitter(tokenizers)
    return made


def tokenizer(most: int = 10_000) -> ClipTokenizer:
    return ClipTokenizer(merges(), most)


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_texts_are_split_as_the_reference_library_splits_them(text: str) -> None:
    ours = tokenizer().ids(text)
    assert ours[1:-1] == reference().encode(cleaned(text, "lower"), add_special_tokens=False).ids


def test_a_very_long_word_is_split_as_the_reference_library_splits_it() -> None:
    text = "mothersunset" * 800
    assert tokenizer().ids(text)[1:-1] == reference().encode(text, add_special_tokens=False).ids


def test_marks_stand_around_every_text_and_rows_are_filled_up() -> None:
    made = tokenizer(12)
    assert (made.start, made.end) == (BYTES + len(merges()), BYTES + len(merges()) + 1)
    ids, mask = made.batch(["dog", "", "the dog " * 40])
    assert ids.shape == mask.shape == (3, 12)
    assert (ids[:, 0] == made.start).all()
    assert ids[1].tolist() == [made.start, made.end, *[0] * 10]
    assert ids[2, -1] == made.end
    assert mask.sum(axis=1).tolist()[1:] == [2, 12]


def test_a_text_cannot_say_the_marks_themselves() -> None:
    made = tokenizer()
    assert not {made.start, made.end} & set(made.ids("<end_of_text> <|endoftext|> <start_of_text>")[1:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two dogs", ["two", "dogs"]),
        ("it's we'll", ["it", "'s", "we", "'ll"]),
        ("10:30!", ["1", "0", ":", "3", "0", "!"]),
        ("wow!!'s", ["wow", "!!'", "s"]),
        ("½ ٣ straße", ["½", "٣", "straße"]),
        ("", []),
    ],
)
def test_words_single_digits_and_runs_of_signs_stand_apart(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  A\tDog\n", "a dog"),
        ("the dog’s “bone”", 'the dog\'s "bone"'),
        ("ﬁsh &amp;amp; ＣＨＩＰＳ", "fish & chips"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\x00b\ufeffc", "abc"),
        ("", ""),
    ],
)
def test_texts_are_made_plain_first(text: str, expected: str) -> None:
    assert cleaned(text, "lower") == expected


def test_canonical_texts_have_no_punctuation() -> None:
    assert cleaned("Hello, World! snake_case—it's", "canonicalize") == "hello world snake case—its"
    assert cleaned(" As It is. ", "none") == " As It is. "


def listed(pairs: list[str], pack: bool = False) -> bytes:
    text = "\n".join(["#version: 0.2", *pairs, ""]).encode()
    return gzip.compress(text, mtime=0) if pack else text


@pytest.mark.parametrize("pack", [False, True])
def test_merges_are_read_from_text_or_gzip_and_cut_where_the_size_says(pack: bool) -> None:
    data = listed(["a b", "ab c</w>", "d e"], pack)
    assert read_merges(data, BYTES + MARKS + 2) == [("a", "b"), ("ab", "c</w>")]
    assert len(read_merges(data, BYTES + MARKS + 3)) == 3


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (listed(["a b"]), BYTES + MARKS + 2),
        (listed(["a b c"]), BYTES + MARKS + 1),
        (listed(["ab"]), BYTES + MARKS + 1),
        (listed(["a b"]), 10),
        (b"\xff\xfe", BYTES + MARKS),
        (listed(["a b"], pack=True)[:-9], BYTES + MARKS + 1),
        (b"\x1f\x8bnothing", BYTES + MARKS + 1),
        (gzip.compress(b"x" * 70_000_000, mtime=0), BYTES + MARKS + 1),
    ],
)
def test_a_list_of_merges_that_is_none_is_refused_in_a_sentence(data: bytes, size: int) -> None:
    with pytest.raises(PackError, match=r"list of merges.*\."):
        read_merges(data, size)


@pytest.mark.parametrize("pairs", [[("a", "b"), ("a", "b")], [("a", "nothing")]])
def test_merges_that_cannot_work_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(PackError, match="merges"):
        ClipTokenizer(pairs, 77)
