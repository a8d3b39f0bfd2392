"""Connected regions of a mask are what filling them pixel by pixel finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.reading.components import find_runs


@st.composite
def masks(draw: st.DrawFn) -> NDArray[np.bool_]:
    """A small mask of any density."""
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    seed, share = draw(st.integers(0, 2**16)), draw(st.floats(0, 1))
    return np.random.default_rng(seed).random((height, width)) < share


def filled(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The number of each pixel's region, -1 outside: one pixel after another, to their eight neighbours."""
    numbers = np.full(mask.shape, -1, np.intp)
    count = 0
    for start in np.argwhere(mask).tolist():
        if numbers[tuple(start)] >= 0:
            continue
        waiting = [tuple(start)]
        while waiting:
            row, column = waiting.pop()
            inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
            if inside and mask[row, column] and numbers[row, column] < 0:
                numbers[row, column] = count
                waiting += [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        count += 1
    return numbers


@given(masks())
@settings(max_examples=150, deadline=None)
def test_regions_are_those_that_filling_finds(mask: NDArray[np.bool_]) -> None:
    runs = find_runs(mask)
    painted = np.full(mask.shape, -1, np.intp)
    for row, start, end, region in zip(runs.rows, runs.starts, runs.ends, runs.regions, strict=True):
        assert start < end
        painted[row, start:end] = region
    assert (painted == filled(mask)).all()
    assert runs.count == filled(mask).max(initial=-1) + 1


def test_a_long_snake_is_one_region() -> None:
    mask = np.zeros((41, 60), bool)
    mask[::2] = True
    mask[1::4, -1] = True
    mask[3::4, 0] = True
    assert find_runs(mask).count == 1


def test_nothing_has_no_regions() -> None:
    assert find_runs(np.zeros((5, 7), bool)).count == 0
