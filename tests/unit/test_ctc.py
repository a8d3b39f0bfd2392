"""What a recogniser says step by step is what was written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.reading.ctc import decode

ALPHABET = ["", *"abcdefg -", "漢"]


@st.composite
def spelt(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A text, and steps that spell it: each character for some steps, nothing between equal ones and wherever it likes."""
    text = draw(st.text("".join(ALPHABET[1:]), max_size=12))
    steps: list[int] = [0] * draw(st.integers(0, 2))
    for place, character in enumerate(text):
        least = 1 if place and text[place - 1] == character else 0
        steps += [0] * draw(st.integers(least, 2)) + [ALPHABET.index(character)] * draw(st.integers(1, 3))
    return text, steps + [0] * draw(st.integers(0, 2))


@given(st.lists(spelt(), min_size=1, max_size=3))
def test_however_it_is_spelt_it_is_read(lines: list[tuple[str, list[int]]]) -> None:
    steps = max(1, *(len(spelling) for _, spelling in lines))
    numbers = np.array([spelling + [0] * (steps - len(spelling)) for _, spelling in lines], np.int32)
    read = decode(numbers, np.full(numbers.shape, 0.5, np.float32), ALPHABET)
    assert [text for text, _ in read] == [text.strip() for text, _ in lines]
    assert all(sure == (0.5 if text else 0.0) for text, sure in read)


def test_only_characters_count_for_how_sure_it_is() -> None:
    numbers = np.array([[0, 1, 1, 0, 2]], np.int32)
    likely = np.array([[0.1, 0.8, 0.3, 0.1, 0.6]], np.float32)
    ((text, sure),) = decode(numbers, likely, ALPHABET)
    assert text == "ab"
    assert sure == pytest.approx(0.7)


def test_numbers_that_nobody_knows_are_passed_over() -> None:
    assert decode(np.array([[1, 99, -3, 2]]), np.ones((1, 4)), ALPHABET)[0][0] == "ab"
