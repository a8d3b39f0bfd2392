"""The language of the search box: what is understood, and what is said when it is not."""

from __future__ import annotations

import math
import re
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.search.date_filters import Every, OnDays, Taken
from shoebox.search.dates import moment
from shoebox.search.fields import FIELDS, Context
from shoebox.search.filters import AnyOf, Camera, Favourite, FormatIs, Near, Not, Screenshot
from shoebox.search.query import LONGEST_QUERY, Like, MisreadQuery, Query, Term, parse

# A Saturday.
CONTEXT = Context(date(2026, 11, 21))


def understood(text: str) -> Query:
    return parse(text, CONTEXT)


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
        ("cats or dogs", Query(words="cats or dogs")),
        ("camera:pixel", Query(filters=(Camera("pixel"),))),
        ('CAMERA:"Pixel 3" dog', Query(words="dog", filters=(Camera("Pixel 3"),))),
        ("camera:pixel|iphone", Query(filters=(AnyOf((Camera("pixel"), Camera("iphone"))),))),
        ('-camera:"pixel 3"|x', Query(filters=(Not(AnyOf((Camera("pixel 3"), Camera("x")))),))),
        ("camera:pixel|", Query(filters=(Camera("pixel"),))),
        ("camera:pixel or type:png dog", Query(words="dog", filters=(AnyOf((Camera("pixel"), FormatIs(("PNG",), "PNG"))),))),
        ("camera:a or -camera:b or camera:c", Query(filters=(AnyOf((Camera("a"), Not(Camera("b")), Camera("c"))),))),
        ("type:screenshot", Query(filters=(Screenshot(),))),
        ("-type:screenshots", Query(filters=(Not(Screenshot()),))),
        ("type:JPG", Query(filters=(FormatIs(("JPEG",), "JPEG"),))),
        ("is:favourite", Query(filters=(Favourite(),))),
        ("-is:Favorites", Query(filters=(Not(Favourite()),))),
        ("near:48.85,2.35", Query(filters=(Near(48.85, 2.35, 10.0),))),
        ("near:-33.9,18.4,2.5", Query(filters=(Near(-33.9, 18.4, 2.5),))),
        ("like:AB12", Query(terms=(Term(Like("ab12")),))),
        ("snow -like:ab", Query(words="snow", without=(Like("ab"),))),
        (
            "like:ab + snow on hills - people",
            Query(terms=(Term(Like("ab")), Term("snow on hills"), Term("people", minus=True))),
        ),
        ('beach +"red car" - like:ab', Query(terms=(Term("beach"), Term("red car"), Term(Like("ab"), minus=True)))),
        ("like:ab snow", Query(terms=(Term(Like("ab")), Term("snow")))),
        ("like:ab +", Query(terms=(Term(Like("ab")),))),
        ("mother + child in:2019", Query(terms=(Term("mother"), Term("child")), filters=understood("in:2019").filters)),
    ],
)
def test_a_query_is_taken_apart(text: str, expected: Query) -> None:
    if "-like:" in text and not expected.terms:
        expected = Query(without=expected.without, terms=(Term("snow"),))
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in:2019", date(2019, 1, 1), date(2020, 1, 1)),
        ("in:2019-12", date(2019, 12, 1), date(2020, 1, 1)),
        ("in:2020-2", date(2020, 2, 1), date(2020, 3, 1)),
        ("in:2020-02-29", date(2020, 2, 29), date(2020, 3, 1)),
        ("after:2020-05", date(2020, 5, 1), None),
        ("before:2020-05", None, date(2020, 5, 1)),
        ("in:yesterday", date(2026, 11, 20), date(2026, 11, 21)),
        ('after:"last summer"', date(2026, 6, 1), None),
        ('before:"christmas 2019"', None, date(2019, 12, 24)),
    ],
)
def test_dates_mean_all_of_that_time(text: str, start: date | None, end: date | None) -> None:
    condition = understood(text).filters[0]
    assert isinstance(condition, Taken)
    assert condition.start == (moment(start) if start else -math.inf)
    assert condition.end == (moment(end) if end else math.inf)


def test_a_date_that_comes_again_is_every_one_of_them() -> None:
    (may,) = understood("in:may").filters
    assert isinstance(may, Every)
    assert may.said == "taken in May of any year"
    assert understood("in:sundays").filters == (OnDays((6,), "Sundays"),)


@pytest.mark.parametrize(
    ("text", "position", "length", "says"),
    [
        ('dog "red car', 4, 8, "second"),
        ("dog persn:Anna", 4, 10, "Did you mean person:"),
        ("dog in:", 4, 3, "2019-05"),
        ("after:sundays", 0, 13, "2019-05"),
        ("after:yesterday-ish", 0, 19, "2019-05"),
        ("-camera: dog", 0, 8, "camera:pixel"),
        ("type:video", 0, 10, "jpeg"),
        ("type:png|video", 9, 5, "jpeg"),
        ("near:paris", 0, 10, "near:48.85,2.35"),
        ("near:91,0", 0, 9, "degrees"),
        ("near:1,2,0", 0, 10, "degrees"),
        ("near:nan,2", 0, 10, "degrees"),
        ('camera:"pixel', 7, 6, "second"),
        ("dog is:lovely", 4, 9, "is:favourite"),
        ("dog person:Anna", 4, 11, "plain words"),
        ("dog like:a|b", 4, 8, "add them"),
        ("dog like:a - camera:x", 11, 1, "without a blank"),
    ],
)
def test_what_cannot_be_understood_says_where_and_what_to_do(text: str, position: int, length: int, says: str) -> None:
    with pytest.raises(MisreadQuery) as caught:
        understood(text)
    assert isinstance(caught.value, QueryError)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert f"position {position + 1}" in str(caught.value)
    assert says in caught.value.advice


def test_an_unknown_field_names_those_that_there_are() -> None:
    with pytest.raises(MisreadQuery, match=r"camera:, type:, near:, within:, is:, like:\. To search for the word itself"):
        understood("colour:red")
    for key in FIELDS:
        with pytest.raises(MisreadQuery) as caught:
            understood(f"{key}:'|'" if key == "like" else f"{key}:")
        assert "There is no “" not in str(caught.value)


def test_a_pasted_file_is_refused() -> None:
    with pytest.raises(MisreadQuery, match="Shorten"):
        understood("x" * (LONGEST_QUERY + 1))


def test_words_about_photos_as_such_do_not_rank_what_a_filter_finds() -> None:
    assert not understood("photos from last week").ranks
    assert not understood("show me all my pictures in 2019").ranks
    assert understood("photos of dogs in 2019").words == "photos of dogs"
    assert understood("photos").words == "photos"
    assert understood("the in:2019").words == "the"


def test_a_date_in_free_words_becomes_a_filter_and_says_so() -> None:
    query = understood("dog  in may on a beach")
    assert query.words == "dog on a beach"
    (chip,) = query.chips
    assert (chip.kind, chip.text, chip.spoken) == ("date", "Every May", True)
    assert "dog  in may on a beach"[chip.span.start : chip.span.end] == "in may"
    assert chip.remove == 'dog "in may" on a beach'
    assert understood(chip.remove) == Query(words="dog in may on a beach")


def test_only_what_is_a_date_as_a_whole_loses_its_quotation_marks() -> None:
    assert understood('dog "last summer"').words == "dog last summer"
    assert understood('dog "photos of last summer"').phrases == ("photos of last summer",)
    assert understood('"last summer" 2019').chips[0].text == "2019"


def test_a_sum_takes_a_date_that_is_subtracted_as_turned_round() -> None:
    query = understood("like:ab - may 2019")
    assert query.filters == (Not(understood("may 2019").filters[0]),)


def test_a_chip_for_each_field_takes_it_out() -> None:
    query = understood("dog  in:2019 camera:pixel or type:png   snow -is:favourite like:ab")
    assert [chip.text for chip in query.chips] == ["2019", "Pixel or PNG", "Not favourites", "Like ab"]
    assert [chip.kind for chip in query.chips] == ["date", "camera", "is", "like"]
    assert [chip.remove for chip in query.chips] == [
        "dog camera:pixel or type:png   snow -is:favourite like:ab",
        "dog  in:2019 snow -is:favourite like:ab",
        "dog  in:2019 camera:pixel or type:png   snow like:ab",
        "dog  in:2019 camera:pixel or type:png   snow -is:favourite",
    ]


PARTS = ("dog", '"red car"', "-people", "last summer", "in may", "in:2019", "-type:png", "camera:a|b", "in:2018 or camera:c")


@given(st.permutations(PARTS).flatmap(lambda parts: st.integers(1, len(parts)).map(lambda count: " ".join(parts[:count]))))
def test_without_a_chip_its_filter_is_gone_and_nothing_else(text: str) -> None:
    query = understood(text)
    assert len(query.chips) == len(query.filters)
    for place, chip in enumerate(query.chips):
        less = understood(chip.remove)
        assert less.filters == query.filters[:place] + query.filters[place + 1 :]
        assert (less.phrases, less.without) == (query.phrases, query.without)
        said = set(query.words.split()) | (set(text[chip.span.start : chip.span.end].split()) if chip.spoken else set())
        assert set(less.words.split()) == said


def test_the_order_of_filters_does_not_matter() -> None:
    found = {frozenset(filter.said for filter in understood(" ".join(each)).filters) for each in permutations(PARTS[4:7])}
    assert len(found) == 1


TEXTS = st.text(st.sampled_from('ab -+"|:,\t1é狗typein'), max_size=40) | st.text(max_size=40)
PIECES = (
    'in may 2019 last summer - + or like:a in:2019 camera: person:x -type:png near:1,2 since until 5 the at " sundays ago 2 '
    "weeks 2015-2018 between and to ’19"
)
WORDS = st.lists(st.sampled_from([*PIECES.split(), '"in may"']), max_size=9).map(" ".join)


@given(TEXTS | WORDS, st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_every_text_is_understood_or_refused_with_a_position_in_it(text: str, today: date) -> None:
    try:
        query = parse(text, Context(today))
    except MisreadQuery as error:
        assert 0 <= error.position < len(text)
        assert 0 < error.length <= len(text) - error.position
        assert error.what.endswith(".")
        assert error.advice
        return
    for part in (*query.wanted, *query.without, *(term.source for term in query.terms)):
        if isinstance(part, str):
            assert part == " ".join(part.split())
            assert part
    for chip in query.chips:
        assert 0 <= chip.span.start < chip.span.end <= len(text)
        assert chip.text
        assert not re.search(r"  |^ | $", chip.remove) or "  " in text or text != text.strip() or "\t" in text
    ends = [chip.span.end for chip in query.chips]
    assert all(end <= chip.span.start for end, chip in zip(ends, query.chips[1:], strict=False))
