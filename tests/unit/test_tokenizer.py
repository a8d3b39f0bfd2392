"""Word pieces: the rules one by one, what must always hold, and the reference library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import PackError
from shoebox.model.tokenizer import Tokenizer, words

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"abcdefghijklmnopqrstuvwxyz",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
]
VOCABULARY += ["dog", "##s", "run", "##ning", "cafe", "!", "-", ".", "$", "狗", "snow", "##man", "é"]
VOCABULARY = list(dict.fromkeys(VOCABULARY))
# Characters whose class has not changed between the versions of Unicode that Python and the reference library know; and no '[',
# since the reference takes "[CLS]" in a text for the mark itself, and a person's text should not be able to say that.
OLD = st.characters(codec="utf-8", max_codepoint=0x6FF, exclude_categories=["Cn"], exclude_characters="[\u061d")
TEXT = st.text(OLD, max_size=60)


def tokens(text: str, most: int = 32) -> list[str]:
    return [VOCABULARY[number] for number in Tokenizer(VOCABULARY, most).ids(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two DOGS", ["two", "dogs"]),
        ("  Café\u00a0crème\tnow\n", ["cafe", "creme", "now"]),
        ("mother-in-law's", ["mother", "-", "in", "-", "law", "'", "s"]),
        ("$5+tax^2", ["$", "5", "+", "tax", "^", "2"]),
        ("狗在雪里", ["狗", "在", "雪", "里"]),
        ("İstanbul Straße", ["istanbul", "straße"]),
        ("a\u200bb\x00c\ufffdd", ["abcd"]),
        ("…“quoted”—dash", ["…", "“", "quoted", "”", "—", "dash"]),
        ("", []),
        (" \r\n\t", []),
    ],
)
def test_words_are_lower_case_without_accents_and_punctuation_stands_apart(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_the_longest_piece_from_the_left_wins() -> None:
    assert tokens("running dogs") == ["[CLS]", "run", "##ning", "dog", "##s", "[SEP]"]
    assert tokens("snowman") == ["[CLS]", "snow", "##man", "[SEP]"]


def test_a_word_with_a_part_that_is_not_in_the_vocabulary_is_unknown_as_a_whole() -> None:
    assert tokens("dog5 dog") == ["[CLS]", "[UNK]", "dog", "[SEP]"]


def test_words_of_more_than_a_hundred_characters_are_not_looked_up() -> None:
    assert tokens("a" * 100) == ["[CLS]", "a", *["##a"] * 29, "[SEP]"]
    assert tokens("a" * 101) == ["[CLS]", "[UNK]", "[SEP]"]


def test_long_texts_are_cut_but_keep_their_end_mark() -> None:
    assert tokens("dog " * 50, 5) == ["[CLS]", "dog", "dog", "dog", "[SEP]"]


def test_batches_are_padded_with_zeros_and_say_where() -> None:
    ids, mask = Tokenizer(VOCABULARY, 32).batch(["dog", "a snowman"])
    assert ids.dtype == mask.dtype == np.int64
    assert ids.shape == (2, 5)
    np.testing.assert_array_equal(mask, [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    assert (ids[mask == 0] == 0).all()


@given(st.lists(TEXT, min_size=1, max_size=3), st.integers(3, 40), st.sampled_from([1, 4, 8]))
def test_every_text_has_one_beginning_one_end_and_known_ids(texts: list[str], most: int, multiple: int) -> None:
    tokenizer = Tokenizer(VOCABULARY, most)
    ids, mask = tokenizer.batch(texts, multiple)
    assert ids.shape[1] <= most
    assert ids.shape[1] % multiple == 0 or ids.shape[1] == most or ids.shape[1] == mask.sum(axis=1).max()
    for row, text in enumerate(texts):
        alone = tokenizer.ids(text)
        assert ids[row, : len(alone)].tolist() == alone
        assert alone[0] == 2
        assert alone[-1] == 3
        assert set(alone[1:-1]) <= set(range(len(VOCABULARY))) - {0, 2, 3}


@given(TEXT)
def test_pieces_put_together_give_the_word_again(text: str) -> None:
    tokenizer = Tokenizer(VOCABULARY, 32)
    for word in words(text):
        pieces = tokenizer.pieces(word)
        assert pieces == ["[UNK]"] or pieces[0] + "".join(piece.removeprefix("##") for piece in pieces[1:]) == word


@given(TEXT)
def test_texts_are_split_as_the_reference_library_splits_them(text: str) -> None:
    reference = pytest.importorskip("tokenizers").BertWordPieceTokenizer(
        {piece: number for number, piece in enumerate(VOCABULARY)}, lowercase=True, strip_accents=True
    )
    reference.enable_truncation(32)
    assert Tokenizer(VOCABULARY, 32).ids(text) == reference.encode(text).ids


@pytest.mark.parametrize(
    "vocabulary", [["[UNK]", "[PAD]", "[CLS]", "[SEP]"], ["[PAD]", "[UNK]", "[CLS]"], [*VOCABULARY, "dog"]]
)
def test_a_vocabulary_that_cannot_work_is_refused(vocabulary: list[str]) -> None:
    with pytest.raises(PackError, match="vocabulary"):
        Tokenizer(vocabulary, 32)
