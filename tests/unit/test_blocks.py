"""Blocks and journal entries: what is written comes back, and damage is told, never believed."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import StoreError
from shoebox.store.blocks import Block, read_block, round_vectors, write_block
from shoebox.store.journal import Change, read_entry, write_entry
from shoebox.store.rows import LATER, SCHEMA, UNMEASURED, Paths, Rows
from shoebox.store.sealed import BLOCK, JOURNAL, NewerStore, seal, unseal
from tests.unit.library_making import DIMENSION, number, rows

# Names as file systems have them: anything but NUL, half surrogates too.
NAMES = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=12)
TIMES = st.floats(-1e12, 1e13)
PHOTOS = st.lists(
    st.tuples(st.integers(0, 10**6), st.lists(st.tuples(NAMES, TIMES), min_size=1, max_size=3)),
    max_size=6,
    unique_by=lambda photo: photo[0],
)
EXAMPLE = write_block(Block(3, 9, rows([(1, [("a/1.jpg", 1.0), ("b/1.jpg", 2.0)]), (2, [("a/2.jpg", 3.0)])], camera="Pixel")))


def same(left: Rows, right: Rows) -> None:
    assert left.model == right.model
    assert left.paths.names == right.paths.names
    np.testing.assert_array_equal(left.paths.rows, right.paths.rows)
    np.testing.assert_array_equal(left.paths.times, right.paths.times)
    np.testing.assert_array_equal(left.vectors, right.vectors)
    assert (left.facts, left.cameras, left.formats) == (right.facts, right.cameras, right.formats)
    for name in SCHEMA:
        np.testing.assert_array_equal(left.columns[name], right.columns[name])


@settings(deadline=None)
@given(PHOTOS, st.integers(0, 2**40), st.integers(0, 2**40), st.sampled_from([0, 1, DIMENSION]))
def test_a_block_comes_back_as_it_was_written(photos: list[Any], key: int, through: int, dimension: int) -> None:
    made = rows(photos, dimension=dimension)
    back = read_block(write_block(Block(key, through, made)))
    assert (back.key, back.through) == (key, through)
    same(back.rows, made)


@settings(deadline=None)
@given(
    st.integers(1, 2**40),
    st.lists(st.integers(0, 2**64 - 1), max_size=4),
    st.none() | PHOTOS,
    st.lists(st.tuples(NAMES, st.integers(0, 2**64 - 1), TIMES), max_size=4),
    st.lists(NAMES, max_size=4),
)
def test_a_journal_entry_comes_back_as_it_was_written(
    sequence: int, remove: list[int], photos: list[Any] | None, paths: list[tuple[str, int, float]], drop: list[str]
) -> None:
    made = Change(remove, None if photos is None else rows(photos), paths, drop)
    found, back = read_entry(write_entry(sequence, made))
    assert (found, back.remove, back.paths, back.drop) == (sequence, remove, paths, drop)
    if made.rows is None:
        assert back.rows is None
    else:
        assert back.rows is not None
        same(back.rows, made.rows)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(EXAMPLE) * 8 - 1))
def test_a_flipped_bit_anywhere_is_damage(place: int) -> None:
    damaged = bytearray(EXAMPLE)
    damaged[place // 8] ^= 1 << place % 8
    with pytest.raises(StoreError):
        read_block(damaged)


@given(st.integers(0, len(EXAMPLE) - 1))
def test_a_block_that_is_cut_off_is_damage(length: int) -> None:
    with pytest.raises(StoreError):
        read_block(EXAMPLE[:length])


@given(st.binary(min_size=1, max_size=40))
def test_bytes_after_the_end_are_damage(more: bytes) -> None:
    with pytest.raises(StoreError):
        read_block(EXAMPLE + more)


@given(st.binary(max_size=200))
def test_anything_else_is_damage(data: bytes) -> None:
    for read in (read_block, read_entry):
        with pytest.raises(StoreError):
            read(data)


def forged(field: str, value: Any) -> bytes:
    """The example with another value in its header, sealed anew."""
    fields, sections = unseal(BLOCK, EXAMPLE)
    return seal(BLOCK, {**fields, field: value}, sections)


def test_columns_that_an_earlier_version_did_not_know_are_filled_in() -> None:
    fields, sections = unseal(BLOCK, EXAMPLE)
    old = seal(BLOCK, fields, {name: data for name, data in sections.items() if name not in LATER})
    back = read_block(old).rows
    assert (back.columns["looks"] == UNMEASURED).all()
    now = read_block(EXAMPLE).rows
    now.columns["looks"] = np.full_like(now.columns["looks"], UNMEASURED)
    same(back, now)


FORGED: dict[str, list[Any]] = {
    "count": [-1, 0, 1, 3, 2**60, 2.0, "2", None, True],
    "dimension": [-1, 0, 7, 2**60, None],
    "key": [-1, 1.5, None, 2**53],
    "through": [-1, "1", None],
    "dtype": ["float32", "int8", None],
    "pack": [1, None],
    "preprocessing": [1, None],
    "cameras": [[], [1], "Pixel", None],
    "formats": [[], [None], {}, None],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in FORGED.items() for value in values])
def test_a_header_that_says_what_cannot_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(StoreError):
        read_block(forged(field, value))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("taken", np.inf),
        ("taken", 1e300),
        ("indexed", np.nan),
        ("indexed", -1),
        ("bytes", -1),
        ("bytes", np.nan),
        ("width", 0),
        ("height", 2**32 - 1),
        ("latitude", 91),
        ("latitude", 10),
        ("longitude", -181),
        ("camera", 5),
        ("format", 1),
        ("flags", 128),
        ("tag_scores", 1.5),
        ("tag_scores", np.nan),
    ],
)
def test_a_column_with_a_value_that_cannot_be_is_refused(column: str, value: float) -> None:
    made = rows([(1, [("a", 0.0)]), (2, [("b", 0.0)])])
    made.columns[column][1] = value
    with pytest.raises(StoreError):
        read_block(write_block(Block(1, 1, made)))


@pytest.mark.parametrize("length", [0.0, 0.9, 1.1, np.nan, np.inf])
def test_a_vector_that_is_not_of_length_one_is_refused(length: float) -> None:
    made = rows([(1, [("a", 0.0)])])
    made.vectors = (made.vectors * np.float32(length)).astype(np.float32)
    with pytest.raises(StoreError, match="length one"):
        read_block(write_block(Block(1, 1, made)))


@pytest.mark.parametrize(
    "paths",
    [
        Paths(["a"], np.array([0], np.uint32), np.zeros(1)),
        Paths(["a", "b"], np.array([1, 0], np.uint32), np.zeros(2)),
        Paths(["a", "b"], np.array([0, 2], np.uint32), np.zeros(2)),
        Paths(["a", ""], np.array([0, 1], np.uint32), np.zeros(2)),
        Paths(["a", "b"], np.array([0, 1], np.uint32), np.array([0, np.nan])),
        Paths(["a", "b", "c"], np.array([0, 1], np.uint32), np.zeros(2)),
        Paths([], np.zeros(0, np.uint32), np.zeros(0)),
    ],
)
def test_paths_that_do_not_fit_the_rows_are_refused(paths: Paths) -> None:
    made = rows([(1, [("a", 0.0)]), (2, [("b", 0.0)])])
    made.paths = paths
    with pytest.raises(StoreError):
        read_block(write_block(Block(1, 1, made)))


def entry(**fields: Any) -> bytes:
    whole = {"sequence": 1, "remove": [], "paths": [], "drop": []}
    return seal(JOURNAL, {name: value for name, value in {**whole, **fields}.items() if value is not ...}, {})


@pytest.mark.parametrize(
    "fields",
    [
        *[{"sequence": value} for value in (0, -1, 1.0, True, None, 2**53)],
        *[{"remove": value} for value in (None, [1], ["xyz"], ["0" * 15], ["G" * 16])],
        *[{"drop": value} for value in (None, [1], "name", ...)],
        *[
            {"paths": value}
            for value in (None, [["a"]], [["a", "0" * 16, "x"]], [["", "0" * 16, 0]], [["a", 1, 0]], [["a", "0" * 16, 1e300]])
        ],
        {"more": 1},
    ],
)
def test_an_entry_that_says_what_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(StoreError):
        read_entry(entry(**fields))


def test_a_newer_version_is_told_apart_from_damage() -> None:
    data = bytearray(EXAMPLE)
    struct.pack_into("<H", data, 8, 2)
    with pytest.raises(NewerStore, match="newer"):
        read_block(data)
    struct.pack_into("<H", data, 8, 0)
    with pytest.raises(StoreError, match="version 0"):
        read_block(data)


def test_a_block_is_not_taken_for_a_journal_entry() -> None:
    with pytest.raises(StoreError, match="not one"):
        read_entry(EXAMPLE)


@pytest.mark.parametrize(
    "header", [b"", b"[]", b"{}", b'{"fields":{},"sections":[["a",1]]}', b'{"fields":{},"sections":[["a",-1,0]]}']
)
def test_a_header_that_is_not_a_header_is_refused(header: bytes) -> None:
    preamble = struct.pack("<8sHHIII", b"SHOEBOX\x1a", 1, BLOCK, len(header), zlib.crc32(header), 0)
    with pytest.raises(StoreError):
        unseal(BLOCK, preamble + header + bytes(-len(header) % 8))


def test_vectors_lose_little_in_half_precision() -> None:
    vectors = np.random.default_rng(0).standard_normal((500, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rounded = round_vectors(vectors)
    assert rounded.dtype == np.float32
    assert np.abs(vectors @ vectors[0] - rounded @ rounded[0]).max() < 1e-3
    np.testing.assert_array_equal(round_vectors(rounded), rounded)


def test_the_header_can_be_read_by_a_person() -> None:
    start = EXAMPLE.index(b"{")
    length = struct.unpack_from("<I", EXAMPLE, 12)[0]
    header = json.loads(EXAMPLE[start : start + length])
    assert header["fields"]["pack"] == "colours 1"
    assert header["fields"]["count"] == 2
    assert number(1) != number(2)
