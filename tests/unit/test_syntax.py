"""The form of a query: parts and their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.search.syntax import Either, Field, MisreadQuery, Part, Sign, Span, Value, Word, quoted, read, render, without

BARE = st.from_regex(r"[a-zé狗0-9',.!?]{1,6}", fullmatch=True).filter(lambda text: text != "or")
INSIDE = st.lists(BARE, min_size=1, max_size=3).map(" ".join)
WORDS = st.one_of(
    st.builds(Word, BARE, st.just(False), st.booleans()),
    st.builds(Word, INSIDE, st.just(True), st.booleans()),
)
VALUES = st.lists(st.builds(Value, INSIDE), min_size=1, max_size=3).map(tuple) | st.just((Value(""),))
FIELDS = st.builds(Field, st.from_regex(r"[a-z]{1,6}", fullmatch=True), VALUES, st.booleans())
PARTS: st.SearchStrategy[Part] = st.one_of(
    WORDS, FIELDS, st.builds(Either, st.lists(FIELDS, min_size=2, max_size=3).map(tuple)), st.builds(Sign, st.booleans())
)


@given(st.lists(PARTS, max_size=6).map(tuple))
def test_parts_that_are_written_down_read_the_same(parts: tuple[Part, ...]) -> None:
    assert read(render(parts)) == parts


@given(st.text(st.sampled_from('ab -+"|:,\t1é狗or'), max_size=40) | st.text(max_size=40))
def test_parts_cover_the_text_in_order_and_read_the_same_when_written_down(text: str) -> None:
    try:
        parts = read(text)
    except MisreadQuery as error:
        assert text[error.position] == '"'
        assert error.length == len(text) - error.position
        return
    place = 0
    for part in parts:
        assert place <= part.span.start < part.span.end <= len(text)
        assert not text[part.span.start : part.span.end][:1].isspace()
        between = text[place : part.span.start]
        assert not between.replace('""', "").replace('-""', "").strip('- "\t') or between.isspace() or '"' in between
        place = part.span.end
    assert read(render(parts)) == parts


def test_every_part_knows_its_place() -> None:
    text = 'a  -"b  c" x:1|"2 3" or -y:4 + d'
    word, phrase, either, sign, last = read(text)
    assert [text[part.span.start : part.span.end] for part in (word, phrase, sign, last)] == ["a", '-"b  c"', "+", "d"]
    assert isinstance(either, Either)
    assert text[either.span.start : either.span.end] == 'x:1|"2 3" or -y:4'
    assert [text[field.span.start : field.span.end] for field in either.fields] == ['x:1|"2 3"', "-y:4"]
    assert [text[value.span.start : value.span.end] for value in either.fields[0].values] == ["1", '"2 3"']


@pytest.mark.parametrize("text", ["cat or dog", "x:1 or dog", "cat or x:1", 'x:1 "or" y:2', "x:1 -or y:2"])
def test_or_joins_nothing_but_fields(text: str) -> None:
    assert not any(isinstance(part, Either) for part in read(text))


def test_what_is_taken_out_leaves_one_blank() -> None:
    assert without("a  b   c", Span(3, 4)) == "a c"
    assert without("a b", Span(0, 1)) == "b"
    assert without("a b", Span(2, 3)) == "a"
    assert without("a b c", Span(2, 3), '"b"') == 'a "b" c'


def test_values_with_blanks_or_bars_are_quoted() -> None:
    assert [quoted(text) for text in ("a", "a b", "a|b")] == ["a", '"a b"', '"a|b"']
