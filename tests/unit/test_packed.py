"""Packed lists, against plain ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.store.packed import RUN, Packed

# With halves of surrogate pairs, which names of files may hold.
NAMES = st.text(st.characters(codec=None), max_size=12)


@settings(deadline=None)
@given(st.lists(st.one_of(st.lists(NAMES, max_size=5), st.tuples(st.integers(0, 60), NAMES), st.integers(2, 4)), max_size=30))
def test_whatever_is_done_it_holds_what_a_list_holds(steps: list[object]) -> None:
    packed, model = Packed(str), list[str]()
    for step in steps:
        if isinstance(step, list):
            packed.extend(step)
            model.extend(step)
        elif isinstance(step, tuple):
            row, name = step
            if row < len(model):
                packed[row] = model[row] = name
        elif isinstance(step, int):
            rows = list(range(0, len(model), step))
            packed.keep(rows)
            model = [model[row] for row in rows]
    assert len(packed) == len(model)
    assert list(packed) == model
    assert [packed[row] for row in range(len(model))] == model


def test_many_short_lists_become_long_runs_that_take_little_more_than_their_bytes() -> None:
    packed = Packed(bytes)
    lines = [f"IMG_{number:05d}.jpg".encode() for number in range(5 * RUN + 3)]
    for low in range(0, len(lines), 8):
        packed.extend(lines[low : low + 8])
    packed.extend([])
    assert list(packed) == lines
    assert packed.nbytes == sum(map(len, lines)) + 4 * len(lines)


def test_a_row_that_is_not_there_is_an_error() -> None:
    packed = Packed(bytes)
    packed.extend([b"one"])
    for row in (-1, 1):
        with pytest.raises(IndexError):
            packed[row]
        with pytest.raises(IndexError):
            packed[row] = b"two"
