"""What was said about albums: the latest holds, and whatever is merged into whatever, every album ends somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from shoebox.albums import identity
from shoebox.albums.said import Said, Wish
from shoebox.library.statements import Statement, Statements

AUTHOR = "0" * 16
ALBUMS = [identity.of_thing(identity.THING, name) for name in "abcde"]
A, B, C, *_ = ALBUMS


def say(statements: Statements, wishes: Iterable[Wish]) -> None:
    at = statements.newest + 1
    statements.merge(Statement(subject, predicate, value, at, AUTHOR) for subject, predicate, value in wishes)


def test_an_album_of_which_nothing_was_said() -> None:
    said = Said(Statements())
    assert (said.title(A), said.pinned(A), said.hidden(A), said.cover(A), said.into()) == ("", False, False, None, {})
    assert said.members(A) == (frozenset(), frozenset())
    assert said.spoken_of() == set()


def test_what_holds_already_is_not_said_again() -> None:
    statements = Statements()
    said = Said(statements)
    wishes: list[Callable[[], list[Wish]]] = [
        lambda: said.call(A, "Sea"),
        lambda: said.pin(A, True),
        lambda: said.choose_cover(A, 7),
    ]
    for wish in wishes:
        assert wish()
        say(statements, wish())
        assert wish() == []


def test_photos_are_in_or_out_as_was_said_last() -> None:
    statements = Statements()
    said = Said(statements)
    say(statements, said.put(A, [1, 2], True))
    say(statements, said.put(A, [2], False))
    assert said.members(A) == (frozenset({1}), frozenset({2}))
    assert said.members(B) == (frozenset(), frozenset())
    assert said.spoken_of() == {A}


def test_what_was_merged_into_what_was_merged_is_in_the_last() -> None:
    statements = Statements()
    said = Said(statements)
    say(statements, said.merge([B, A]))
    say(statements, said.merge([C, B]))
    assert said.into() == {A: C, B: C}
    assert said.spoken_of() == {A, B, C}
    say(statements, said.part(C))
    assert said.into() == {A: B}
    say(statements, said.part(B))
    assert said.into() == {}


def test_albums_that_two_devices_merged_into_each_other_come_apart() -> None:
    statements = Statements()
    said = Said(statements)
    for wishes in [said.merge([A, B]), said.merge([B, A])]:
        say(statements, wishes)
    stays = min(A, B)
    assert set(said.into().values()) == {stays}
    say(statements, said.part(stays))
    assert said.into() == {}


def test_an_album_that_was_merged_away_comes_back_when_others_are_merged_into_it() -> None:
    statements = Statements()
    said = Said(statements)
    say(statements, said.merge([B, A]))
    say(statements, said.merge([A, B]))
    assert said.into() == {B: A}


@given(st.lists(st.lists(st.sampled_from(ALBUMS), min_size=2, max_size=4, unique=True), max_size=6), st.booleans())
def test_every_album_ends_in_one_that_stays(merges: list[list[str]], at_once: bool) -> None:
    statements = Statements()
    said = Said(statements)
    # Two devices may merge without knowing of each other.
    wishes = [said.merge(albums) for albums in merges] if at_once else []
    for place, albums in enumerate(merges):
        say(statements, wishes[place] if at_once else said.merge(albums))
    into = said.into()
    assert not set(into.values()) & set(into)
    if merges and not at_once:
        first, *others = merges[-1]
        assert all(into[other] == first for other in others)
