"""Text as it is stored: the same again, or a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import StoreError
from shoebox.reading.lines import LONGEST_LINE, TextRows, reading_order
from shoebox.store.sealed import FACES, TEXTS, seal, unseal
from shoebox.store.texts import TextList, joined, read_texts, write_texts
from tests.unit.text_making import READS, text_list, text_rows

LINES = st.lists(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=20), max_size=4
)


def same(one: TextList, other: TextList) -> bool:
    return (one.at, one.model, one.rows.texts) == (other.at, other.model, other.rows.texts) and all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.ids, other.ids),
            (one.rows.photos, other.rows.photos),
            (one.rows.corners, other.rows.corners),
            (one.rows.scores, other.rows.scores),
        )
    )


@given(st.lists(LINES, max_size=5))
def test_what_is_written_is_read_again(photos: list[list[str]]) -> None:
    whole = TextList(7, READS, np.arange(len(photos), dtype=np.uint64), text_rows(*photos))
    assert same(read_texts(write_texts(whole)), whole)


@given(st.lists(LINES, min_size=1, max_size=5), st.data())
def test_some_of_a_list_are_the_lines_of_these_photos(photos: list[list[str]], data: st.DataObject) -> None:
    whole = TextList(7, READS, np.arange(len(photos), dtype=np.uint64), text_rows(*photos))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(photos) - 1))))
    part = whole.take(np.array(chosen, np.intp), 8)
    assert [list(part.rows.of(place).texts) for place in range(len(chosen))] == [photos[place] for place in chosen]
    rest = [place for place in range(len(photos)) if place not in chosen]
    again = joined([part, whole.take(np.array(rest, np.intp), 8)], 9)
    assert [list(again.rows.of(place).texts) for place in range(len(photos))] == [photos[place] for place in chosen + rest]


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_flipped_byte_is_noticed(place: int, change: int) -> None:
    data = bytearray(write_texts(text_list({"dog": ["beware", "of the dog"], "cat": []})))
    data[place % len(data)] ^= change
    with pytest.raises(StoreError):
        read_texts(bytes(data))


def resealed(name: str, data: bytes, **fields: int) -> bytes:
    """A list with another section or fields, its checksums right."""
    before, sections = unseal(TEXTS, write_texts(text_list({"dog": ["beware"], "cat": ["mew"]})))
    return seal(TEXTS, {**before, **fields}, {**sections, name: data} if name else dict(sections))


@pytest.mark.parametrize(
    "data",
    [
        resealed("texts", b"beware\nmew"),
        resealed("texts", b"beware\n\n"),
        resealed("texts", b"beware\nmew\nmore\n"),
        resealed("texts", b"\xff\xfe\nmew\n"),
        resealed("texts", b"x" * (LONGEST_LINE + 1) + b"\nmew\n"),
        resealed("owners", np.array([1, 0], "<i4").tobytes()),
        resealed("owners", np.array([0, 2], "<i4").tobytes()),
        resealed("owners", np.array([-1, 0], "<i4").tobytes()),
        resealed("ids", np.array([5, 5], "<u8").tobytes()),
        resealed("scores", np.array([0.5, np.nan], "<f4").tobytes()),
        resealed("scores", np.array([0.5, 2], "<f4").tobytes()),
        resealed("corners", b"short"),
        resealed("", b"", lines=3),
        resealed("", b"", at=-1),
        resealed("surprise", b"one more"),
        seal(FACES, {}, {}),
    ],
)
def test_what_could_not_have_been_written_is_refused(data: bytes) -> None:
    with pytest.raises(StoreError):
        read_texts(data)


def test_lines_are_read_from_the_top_and_from_the_left_within_a_row() -> None:
    middles, lefts = np.array([100.0, 12.0, 10.0, 55.0]), np.array([0.0, 200.0, 5.0, 90.0])
    assert reading_order(middles, lefts, np.full(4, 20.0)).tolist() == [2, 1, 3, 0]
    assert reading_order(np.zeros(0), np.zeros(0), np.zeros(0)).tolist() == []


def test_lists_of_nothing_join_to_nothing() -> None:
    assert len(TextRows.joined([], [])) == 0
    empty = replace(text_list({"dog": []}), at=3)
    assert same(read_texts(write_texts(empty)), empty)
