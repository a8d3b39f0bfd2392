"""Rows by hash, against a plain dict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.store.index import RowIndex

# Few enough that several rows share a hash, and large ones, so that slots wrap around.
HASHES = st.sampled_from([0, 1, 2, 63, 64, 127, 2**32 - 1, 2**32 - 2])


def hashes(values: list[int]) -> np.ndarray:
    return np.array(values, np.uint32)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.tuples(st.just("put"), st.lists(HASHES, max_size=90)), st.tuples(st.just("drop"), HASHES)), max_size=25
    )
)
def test_whatever_is_put_in_and_dropped_is_found_as_a_dict_finds_it(steps: list[tuple[str, object]]) -> None:
    index, model, count = RowIndex(), dict[int, set[int]](), 0
    for kind, given_ in steps:
        if kind == "put":
            assert isinstance(given_, list)
            rows = np.arange(count, count + len(given_))
            index.put(hashes(given_), rows)
            for value, row in zip(given_, rows.tolist(), strict=True):
                model.setdefault(value, set()).add(row)
            count += len(given_)
        elif model.get(given_):  # type: ignore[call-overload]
            assert isinstance(given_, int)
            row = model[given_].pop()
            index.drop(given_, row)
    for value in [0, 1, 2, 3, 63, 64, 127, 2**32 - 1, 2**32 - 2]:
        assert sorted(index.rows(value)) == sorted(model.get(value, ()))
        assert index.disjoint(hashes([value, 5])) == (not model.get(value))


def test_very_many_rows_take_a_few_bytes_each_and_are_all_found() -> None:
    values = np.random.default_rng(1).integers(0, 2**32, 50_000, np.uint32)
    index = RowIndex()
    for low in range(0, len(values), 1024):
        part = values[low : low + 1024]
        index.put(part, np.arange(low, low + len(part)))
    assert index.nbytes <= 17 * len(values)
    assert all(row in index.rows(value) for row, value in enumerate(values.tolist()))
    absent = np.setdiff1d(np.arange(3000, dtype=np.uint32), values)
    assert index.disjoint(absent)
    assert not index.disjoint(np.append(absent, values[-1:]))


def test_slots_of_rows_that_left_are_used_again() -> None:
    index = RowIndex()
    for round in range(2000):
        index.put(hashes([round]), np.array([round]))
        index.drop(round, round)
    assert index.nbytes < 20_000, "hashes by row, and no more slots than a few rows need"
    assert index.rows(1999) == []


def test_a_row_that_is_not_in_cannot_be_dropped() -> None:
    index = RowIndex()
    index.put(hashes([7]), np.array([0]))
    with pytest.raises(KeyError):
        index.drop(7, 1)
