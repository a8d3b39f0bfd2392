"""How a query may go on: what is offered, in which order, and in place of what."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.statements import FAVOURITE, Statement
from shoebox.search.candidates import Candidates
from shoebox.search.completion import MOST, suggestions
from shoebox.search.fields import Context
from shoebox.search.query import MisreadQuery, parse
from shoebox.store.journal import Change
from shoebox.store.rows import SCREENSHOT
from tests.unit.library_making import DIMENSION, MODEL, number, rows

TODAY = date(2026, 11, 21)


class Named:
    """Names with counts; nobody asks for their photos here."""

    def __init__(self, **counts: int) -> None:
        self._counts = {name.replace("_", " "): count for name, count in counts.items()}

    def counts(self, _: Library) -> list[tuple[str, int]]:
        return list(self._counts.items())

    def find(self, _: Library, name: str) -> list[str]:
        return [known for known in self._counts if known.casefold() == name.casefold()]

    def mask(self, library: Library, _: str) -> NDArray[np.bool_]:
        return np.ones(library.vectors.count, bool)


def context() -> Context:
    """Six photos by three cameras, of which one is a screenshot and one a favourite."""
    library = Library(MODEL, DIMENSION)
    cameras = ("Google Pixel 3", "Google Pixel 3", "Nikon D5300", "Canon EOS", "", "")
    days = ("2019-05-01", "2019-05-20", "2019-07-03", "2026-11-20", "2026-07-04", None)
    for content, (camera, day) in enumerate(zip(cameras, days, strict=True)):
        made = rows([(content, [(str(content), 0.0)])], camera=camera)
        made.columns["taken"][:] = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000 if day else np.nan
        made.columns["flags"][:] = SCREENSHOT if content == 4 else 0
        made.formats = ["PNG" if content == 4 else "JPEG"]
        library.apply(Change(rows=made))
    library.statements.merge([Statement(subjects.photo(number(1)), FAVOURITE, True, 1, "0123456789abcdef")])
    names = {"person": Named(Sandra=2, Sue_Ann=1), "tag": Named(dog=3, golden_retriever=2, sand=5, sandal=1, sandwich=4, sea=0)}
    return Context(TODAY, library, names)


CONTEXT, CANDIDATES = context(), Candidates()


def offered(text: str, cursor: int | None = None) -> list[tuple[str, int | None]]:
    return [(each.text, each.count) for each in suggestions(text, len(text) if cursor is None else cursor, CONTEXT, CANDIDATES)]


def test_people_come_before_tags_and_the_frequent_before_the_rare() -> None:
    assert offered("sand") == [("person:Sandra", 2), ("tag:sand", 5), ("tag:sandwich", 4), ("tag:sandal", 1)]


def test_nothing_is_offered_that_finds_no_photo() -> None:
    assert not any(text == "tag:sea" for text, _ in offered("se"))
    assert all(count is None or count > 0 for text in ("on", "la", "in", "19", "se") for _, count in offered(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camera:", [("Google Pixel 3", 2), ("Canon EOS", 1), ("Nikon D5300", 1)]),
        ("camera:pix", [("Google Pixel 3", 2)]),
        ("-camera:ni", [("Nikon D5300", 1)]),
        ('camera:"google p', [("Google Pixel 3", 2)]),
        ("camera:nikon|ca", [("Canon EOS", 1)]),
        ("type:", [("jpeg", 5), ("png", 1), ("screenshot", 1)]),
        ("is:", [("favourite", 1)]),
        ("tag:go", [("golden retriever", 2)]),
        ("person:an", [("Sue Ann", 1)]),
        ("in:20", [("2026", 2), ("2019", 3), ("2026-11", 1), ("2026-07", 1), ("2019-07", 1), ("2019-05", 2)]),
        ("after:2019-0", [("2019-07", 1), ("2019-05", 2)]),
        ("in:last sum", []),
        ('in:"last sum', [("last summer", 1)]),
        ("near:4", []),
        ("colour:r", []),
    ],
)
def test_in_a_field_its_values_are_offered(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(value.strip('"'), count) for value, count in offered(text)] == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("golden r", 'tag:"golden retriever"'),
        ("a golden r", 'tag:"golden retriever"'),
        ("retr", 'tag:"golden retriever"'),
        ("last su", "last summer"),
        ("dogs last we", None),
        ("may", "may 2019"),
        ("2019", None),
        ("yest", "yesterday"),
        ("pix", 'camera:"Google Pixel 3"'),
        ("-do", "tag:dog"),
        ("cam", "camera:"),
        ("fav", "is:favourite"),
        ("screensh", "type:screenshot"),
    ],
)
def test_free_words_become_what_they_may_mean(text: str, first: str | None) -> None:
    found = [value for value, _ in offered(text)]
    if first is None:
        assert found == []
    else:
        assert found[0] == first


@pytest.mark.parametrize("text", ["", "s", "dog ", '"san', "10:3", "http://sa"])
def test_where_nothing_can_be_told_nothing_is_offered(text: str) -> None:
    assert offered(text) == []


def test_what_is_written_is_replaced_to_the_end_of_its_word() -> None:
    def replaced(text: str, cursor: int) -> str:
        best = suggestions(text, cursor, CONTEXT, CANDIDATES)[0]
        return text[: best.replace.start] + best.text + text[best.replace.end :]

    assert replaced("two golxx in 2019", 7) == 'two tag:"golden retriever" in 2019'
    assert replaced("camera:pixxx dog", 9) == 'camera:"Google Pixel 3" dog'
    assert replaced('camera:"google" dog', 12) == 'camera:"Google Pixel 3" dog'
    assert replaced("-do", 3) == "-tag:dog"
    assert replaced("type:png|jp|gif", 11) == "type:png|jpeg|gif"


PIECES = st.sampled_from(
    ["sand", "in:", "camera:", '"', "golden ret", "|", "-", " ", "20", "last", "may", "is:", "é狗", "like:", "an", ":", "cam"]
)


@given(st.lists(PIECES, max_size=6).map("".join), st.integers(0, 40))
def test_every_place_of_every_query_has_suggestions_that_fit(text: str, cursor: int) -> None:
    found = suggestions(text, cursor, CONTEXT, CANDIDATES)
    assert len(found) <= MOST
    assert len({each.text for each in found}) == len(found)
    for each in found:
        assert 0 <= each.replace.start <= min(cursor, len(text)) <= each.replace.end <= len(text)
        assert (each.count is None) == (each.kind == "field")


@given(
    st.sampled_from(
        ["sand", "golden r", "last su", "may", "pix", "fav", "jp", "on", "camera:", "type:", "in:", "is:", "person:s", "tag:"]
    )
)
def test_what_is_taken_reads_as_a_filter(text: str) -> None:
    for each in suggestions(text, len(text), CONTEXT, CANDIDATES):
        if each.kind != "field":
            query = parse(text[: each.replace.start] + each.text, CONTEXT)
            assert len(query.filters) == 1
            assert query.chips[0].span.end == each.replace.start + len(each.text)


def test_without_a_library_nothing_is_offered() -> None:
    assert suggestions("sand", 4, Context(TODAY), CANDIDATES) == []
    with pytest.raises(MisreadQuery):
        parse("person:Sandra", Context(TODAY))


def test_what_changes_in_the_library_changes_what_is_offered() -> None:
    here, candidates = context(), Candidates()
    assert here.library is not None

    def counts(text: str) -> dict[str, int | None]:
        return {each.text: each.count for each in suggestions(text, len(text), here, candidates)}

    assert counts("camera:canon") == {'"Canon EOS"': 1}
    assert counts("is:") == {"favourite": 1}
    here.library.apply(Change(rows=rows([(9, [("9", 0.0)])], camera="Canon EOS")))
    here.library.statements.merge([Statement(subjects.photo(number(2)), FAVOURITE, True, 2, "0123456789abcdef")])
    assert counts("camera:canon") == {'"Canon EOS"': 2}
    assert counts("is:") == {"favourite": 2}
    here.library.apply(Change(remove=[number(3), number(9)]))
    assert counts("camera:canon") == {}
