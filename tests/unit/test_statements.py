"""What a person said: the latest holds, merging is the same in any order, and nonsense does not come in."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import StoreError
from shoebox.library import subjects
from shoebox.library.library import Library
from shoebox.library.statements import FAVOURITE, LAST_AT, Statement, Statements, Value
from shoebox.store.table import IN_JOURNAL
from tests.unit.library_making import DIMENSION, MODEL, number, rows

HERE, THERE = "0" * 16, "f" * 16
DOG = subjects.photo(number("dog"))


def said(value: Value = True, at: int = 1, subject: str = DOG, author: str = HERE, predicate: str = FAVOURITE) -> Statement:
    return Statement(subject, predicate, value, at, author)


def merged(*several: Iterable[Statement]) -> set[Statement]:
    known = Statements()
    for statements in several:
        known.merge(statements)
    return set(known)


# Few values each, so that the same subject, time and author meet often.
statements = st.lists(
    st.builds(
        Statement,
        st.sampled_from(
            [DOG, subjects.photo(1), subjects.pair(DOG, subjects.photo(1)), subjects.face("0123456789abcdef/0,5,20,20")]
        ),
        st.sampled_from(["title", "rank"]),
        st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["", "a", "true"])),
        st.integers(0, 3),
        st.sampled_from([HERE, THERE]),
    ),
    max_size=12,
)


@given(statements, statements)
def test_merging_is_the_same_in_either_order(one: list[Statement], other: list[Statement]) -> None:
    assert merged(one, other) == merged(other, one)


@given(statements, statements, statements)
def test_merging_is_the_same_in_any_grouping(one: list[Statement], other: list[Statement], third: list[Statement]) -> None:
    assert merged(merged(one, other), third) == merged(one, merged(other, third))


@given(statements, statements)
def test_merging_twice_is_merging_once(one: list[Statement], other: list[Statement]) -> None:
    assert merged(one, other, one, other) == merged(one, other)


@given(statements)
def test_of_each_subject_and_predicate_the_latest_holds(one: list[Statement]) -> None:
    known = Statements()
    known.merge(one)
    for statement in one:
        found = known.find(statement.subject, statement.predicate)
        assert found is not None
        assert found.at >= statement.at
    assert known.newest == max((statement.at for statement in one), default=0)


def test_what_was_never_said_or_taken_back_has_no_value() -> None:
    known = Statements()
    assert known.value(DOG, FAVOURITE) is None
    known.merge([said(True, at=1)])
    assert known.value(DOG, FAVOURITE) is True
    known.merge([said(None, at=2), said(True, at=1)])
    assert known.value(DOG, FAVOURITE) is None
    assert len(known) == 1


def test_what_a_newer_shoebox_says_is_kept() -> None:
    assert merged([said("blue", predicate="mood")]) == {said("blue", predicate="mood")}


@pytest.mark.parametrize(
    "nonsense",
    [
        said("very"),
        said(1),
        said(subject="dog"),
        said(subject=subjects.pair(DOG, subjects.photo(1))),
        said(predicate=""),
        said("a" * 1001, predicate="title"),
        said(at=-1),
        said(at=LAST_AT + 1),
        said(author="me"),
        said(author="F" * 16),
    ],
)
def test_nonsense_does_not_come_in(nonsense: Statement) -> None:
    known = Statements()
    with pytest.raises(StoreError):
        known.merge([nonsense])
    assert not len(known)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (DOG, "photo"),
        (subjects.face("0123456789abcdef/-5,12,340,1"), "face"),
        ("album:00000000000000aa", "album"),
        (subjects.pair(DOG, "album:00000000000000aa"), "pair"),
        ("photo:00000000000000A0", None),
        ("photo:1", None),
        (DOG + " ", None),
        ("face:0000000000000000/1,2,3", None),
        ("face:0000000000000000/01,2,3,4", None),
        (f"pair:{DOG}|{DOG}", None),
        (f"pair:{DOG}|album:00000000000000aa", None),
        (f"pair:{subjects.pair(DOG, subjects.photo(1))}|{DOG}", None),
        ("cloud:0000000000000000", None),
        ("", None),
    ],
)
def test_the_text_of_a_subject_says_what_it_is(text: str, kind: str | None) -> None:
    assert subjects.kind_of(text) == kind


@given(st.integers(0, 2**64 - 1))
def test_the_subject_of_a_photo_names_its_number(photo: int) -> None:
    assert subjects.photo_number(subjects.photo(photo)) == photo


def test_a_pair_is_the_same_from_either_side() -> None:
    assert subjects.pair(DOG, subjects.photo(1)) == subjects.pair(subjects.photo(1), DOG)


def test_favourites_are_the_rows_of_photos_that_were_called_so() -> None:
    library = Library(MODEL, DIMENSION)
    library.enter(rows([("dog", [("dog.jpg", 1)]), ("cat", [("cat.jpg", 1)]), ("cow", [("cow.jpg", 1)])]), IN_JOURNAL)
    assert library.favourites().tolist() == [False, False, False]
    library.statements.merge(
        said(value, subject=subjects.photo(number(animal)))
        for animal, value in [("cow", True), ("cat", False), ("a photo that is not here", True)]
    )
    assert library.favourites().tolist() == [False, False, True]
