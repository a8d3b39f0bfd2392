"""Numbers of albums: they hold what finds the album again when photos have come and gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums import identity
from shoebox.albums.identity import EVENT, OWN, THING, TRIP, UTILITY, Span
from shoebox.library import subjects

spans = st.builds(lambda first, length: Span(first, first + length), st.integers(-(10**8), 10**9), st.integers(0, 10**6))


@given(spans, st.sampled_from([TRIP, EVENT]))
def test_the_number_of_a_stretch_holds_its_time(span: Span, kind: str) -> None:
    album = identity.of_stretch(kind, span)
    assert identity.kind_of(album) == kind
    assert identity.span_of(album) == span
    assert subjects.kind_of(subjects.album(album)) == subjects.ALBUM


@pytest.mark.parametrize("moment", [-8.64e15, 8.64e15])
def test_moments_beyond_the_calendar_have_numbers_too(moment: float) -> None:
    assert identity.kind_of(identity.of_stretch(TRIP, Span.of(moment, moment + 10 * 86_400_000))) == TRIP


@pytest.mark.parametrize("kind", [THING, UTILITY])
def test_things_are_known_by_what_they_are(kind: str) -> None:
    assert identity.of_thing(kind, "dog") == identity.of_thing(kind, "dog") != identity.of_thing(kind, "cat")
    assert identity.kind_of(identity.of_thing(kind, "dog")) == kind


def test_own_albums_are_all_different() -> None:
    assert len({identity.new() for _ in range(100)}) == 100
    assert identity.kind_of(identity.new()) == OWN


@pytest.mark.parametrize("text", ["", "0" * 16, "f" * 16, "1" * 15, "1" * 16, "5" + "G" * 15, None, 5])
def test_what_is_no_number_of_an_album(text: str) -> None:
    assert identity.kind_of(text) is None


def number(first: int, last: int) -> str:
    return identity.of_stretch(TRIP, Span(first, last))


def test_a_stretch_that_grew_is_the_same_and_one_that_only_touches_it_is_not() -> None:
    assert identity.follow([number(100, 200)], [Span(80, 260)]) == {number(100, 200): 0}
    assert identity.follow([number(100, 200)], [Span(195, 400)]) == {}


def test_of_the_two_halves_of_a_stretch_the_longer_one_is_it() -> None:
    assert identity.follow([number(100, 200)], [Span(100, 130), Span(140, 200)]) == {number(100, 200): 1}


def test_two_stretches_that_became_one_are_the_longer_one() -> None:
    assert identity.follow([number(100, 130), number(140, 200)], [Span(100, 200)]) == {number(140, 200): 0}


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_whatever_is_followed_no_stretch_is_two_albums(known: list[Span], now: list[Span]) -> None:
    found = identity.follow([identity.of_stretch(EVENT, span) for span in known], now)
    assert len(set(found.values())) == len(found)
    assert all(identity.span_of(album).common(now[place]) > 0 for album, place in found.items())


@given(st.lists(spans, max_size=8, unique=True))
def test_what_did_not_change_is_followed_by_itself(now: list[Span]) -> None:
    known = [identity.of_stretch(TRIP, span) for span in now]
    assert identity.follow(known, now) == {album: place for place, album in enumerate(known)}
