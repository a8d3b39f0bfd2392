"""The language of the search box: what is understood, and what is said when it is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.search.filters import Camera, FormatIs, Near, Not, Screenshot, Taken, period
from shoebox.search.query import LONGEST_QUERY, MisreadQuery, Query, parse


def day(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Query()),
        ("   \n", Query()),
        ("two dogs  in the\tsnow", Query(words="two dogs in the snow")),
        ('"red car" beach', Query(words="beach", phrases=("red car",))),
        ('beach -people -"a red car"', Query(words="beach", without=("people", "a red car"))),
        ("black-and-white photo - old", Query(words="black-and-white photo - old")),
        ("at 10:30 http://example.org/x", Query(words="at 10:30 http://example.org/x")),
        ("--- -- -", Query(words="--- -- -")),
        ('""', Query()),
        ("camera:pixel", Query(filters=(Camera("pixel"),))),
        ('CAMERA:"Pixel 3" dog', Query(words="dog", filters=(Camera("Pixel 3"),))),
        ("type:screenshot", Query(filters=(Screenshot(),))),
        ("-type:screenshots", Query(filters=(Not(Screenshot()),))),
        ("type:JPG", Query(filters=(FormatIs(("JPEG",), "of the type JPEG"),))),
        ("near:48.85,2.35", Query(filters=(Near(48.85, 2.35, 10.0),))),
        ("near:-33.9,18.4,2.5", Query(filters=(Near(-33.9, 18.4, 2.5),))),
    ],
)
def test_a_query_is_taken_apart(text: str, expected: Query) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in:2019", day(2019, 1, 1), day(2020, 1, 1)),
        ("in:2019-12", day(2019, 12, 1), day(2020, 1, 1)),
        ("in:2020-2", day(2020, 2, 1), day(2020, 3, 1)),
        ("in:2020-02-29", day(2020, 2, 29), day(2020, 3, 1)),
        ("after:2020-05", day(2020, 5, 1), float("inf")),
        ("before:2020-05", float("-inf"), day(2020, 5, 1)),
    ],
)
def test_dates_mean_the_whole_year_month_or_day(text: str, start: float, end: float) -> None:
    condition = parse(text).filters[0]
    assert isinstance(condition, Taken)
    assert (condition.start, condition.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "19",
        "2019-13",
        "2019-02-30",
        "2019-1-1-1",
        "2019-",
        "2019-00",
        "2019-05-00",
        "yesterday",
        "２０１９",
        "0000",
        "9999",
        "2019-005",
    ],
)
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize(
    ("text", "position", "length", "says"),
    [
        ('dog "red car', 4, 8, "second"),
        ("dog persn:Anna", 4, 10, "camera:"),
        ("after:yesterday", 0, 15, "2019-05"),
        ("dog in:", 4, 3, "2019-05"),
        ("-camera: dog", 0, 8, "camera:pixel"),
        ("type:video", 0, 10, "jpeg"),
        ("near:paris", 0, 10, "degrees"),
        ("near:91,0", 0, 9, "degrees"),
        ("near:1,2,0", 0, 10, "degrees"),
        ("near:nan,2", 0, 10, "degrees"),
        ('camera:"pixel', 7, 6, "second"),
    ],
)
def test_what_cannot_be_understood_says_where_and_what_to_do(text: str, position: int, length: int, says: str) -> None:
    with pytest.raises(MisreadQuery) as caught:
        parse(text)
    assert isinstance(caught.value, QueryError)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert f"position {position + 1}" in str(caught.value)
    assert says in caught.value.advice


def test_an_unknown_field_names_those_that_there_are() -> None:
    with pytest.raises(MisreadQuery, match=r"after:, before:, in:, camera:, type:, near:\. To search for the word itself"):
        parse("album:holiday")


def test_a_pasted_file_is_refused() -> None:
    with pytest.raises(MisreadQuery, match="Shorten"):
        parse("x" * (LONGEST_QUERY + 1))


@given(st.text(st.sampled_from('ab -":,\t1é狗typein'), max_size=40) | st.text(max_size=40))
def test_every_text_is_understood_or_refused_with_a_position_in_it(text: str) -> None:
    try:
        query = parse(text)
    except MisreadQuery as error:
        assert 0 <= error.position < len(text)
        assert 0 < error.length <= len(text) - error.position
        assert error.what.endswith(".")
        assert error.advice
    else:
        for part in (*query.wanted, *query.without):
            assert part == " ".join(part.split())
            assert part
