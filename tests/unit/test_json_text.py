"""JSON from outside: what json reads, unless it is nested so deep that reading it could end the interpreter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox import json_text
from shoebox.json_text import DEEPEST

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(values)
def test_what_json_wrote_is_read(value: Any) -> None:
    assert json_text.parse(json.dumps(value).encode()) == value


def test_many_brackets_beside_each_other_are_no_nesting() -> None:
    assert json_text.parse(json.dumps([[]] * 1000).encode()) == [[]] * 1000


@pytest.mark.parametrize("text", ["[" * 1000, "{[" * 1000, '"' + "[" * 1000, '\\"' + "]" * 1000])
def test_brackets_in_a_string_are_no_nesting(text: str) -> None:
    assert json_text.parse(json.dumps([text]).encode()) == [text]


def test_the_deepest_nesting_is_read_and_one_more_is_refused() -> None:
    assert json_text.parse(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(ValueError, match="nested deeper"):
        json_text.parse(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b'{"a":' * 100_000, b'[["",' * 100_000, b'"' + b"[" * 100_000, b"]" * 100_000]
)
def test_hostile_nesting_is_refused_without_following_it(text: bytes) -> None:
    with pytest.raises(ValueError):
        json_text.parse(text)


@pytest.mark.parametrize("text", [b"", b"\xff", b"{", b'{"a"', b'"\\'])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        json_text.parse(text)
