"""What a person says lasts: staged, stored, found again, taken back, told to other tabs, gathered when there is much of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import QueryError, StoreError
from shoebox.library import sayings, subjects
from shoebox.library.library import Library
from shoebox.library.sayings import LOOSE_RUNS, RUN_LINES, Sayings
from shoebox.library.statements import FAVOURITE, KINDS, Statement
from shoebox.store.rows import id_text
from shoebox.store.sayings import read_lines, write_lines
from shoebox.store.table import IN_JOURNAL
from tests.unit.library_making import DIMENSION, MODEL, number, rows

ANIMALS = ("dog", "cat", "cow")
DOG, CAT, COW = (id_text(number(animal)) for animal in ANIMALS)
AUTHOR = "0123456789abcdef"


class Tab:
    """One tab: a library in memory, and the database that it shares with the others."""

    def __init__(self, stored: dict[int, bytes], animals: tuple[str, ...] = ANIMALS) -> None:
        self.stored = stored
        self.library = Library(MODEL, DIMENSION)
        self.library.enter(rows([(animal, [(f"{animal}.jpg", 1)]) for animal in animals]), IN_JOURNAL)
        self.sayings = Sayings(self.library)
        self.problems = self.sayings.load(list(stored.values()), list(stored), AUTHOR)

    def put(self, run: bytes) -> int:
        key = max(self.stored, default=0) + 1
        self.stored[key] = run
        return key

    def store(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["batch"] is not None:
            self.sayings.accept(answer["batch"], [self.put(answer["statements"])])
        return answer

    def favourite(self, *ids: str, yes: bool = True) -> dict[str, Any]:
        return self.store(self.sayings.favourite(ids, yes))

    def undo(self, answer: dict[str, Any]) -> dict[str, Any]:
        return self.store(self.sayings.undo(answer["undo"]))

    def fold(self) -> bool:
        plan = self.sayings.fold()
        if plan is None:
            return False
        keys = [self.put(run) for run in plan["put"]]
        for key in plan["delete"]:
            del self.stored[key]
        self.sayings.accept(plan["batch"], keys)
        return True

    @property
    def favourites(self) -> set[str]:
        text = self.sayings.favourites()["ids"]
        return {text[start : start + 16] for start in range(0, len(text), 16)}


@pytest.fixture
def tab() -> Tab:
    return Tab({})


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Stops the clock at a time."""

    def stop(at: int) -> None:
        monkeypatch.setattr(sayings, "now", lambda: at)

    return stop


def test_a_favourite_is_one_once_it_is_stored(tab: Tab) -> None:
    staged = tab.sayings.favourite([DOG])
    assert tab.favourites == set()
    tab.store(staged)
    assert tab.favourites == {DOG}
    assert Tab(tab.stored).favourites == {DOG}


def test_what_could_not_be_stored_was_not_said(tab: Tab) -> None:
    staged = tab.sayings.favourite([DOG])
    tab.sayings.reject(staged["batch"])
    assert tab.favourites == set()
    for settle in (tab.sayings.reject, lambda batch: tab.sayings.accept(batch, [])):
        with pytest.raises(QueryError, match="no staged change"):
            settle(staged["batch"])


def test_only_what_changes_is_said(tab: Tab) -> None:
    assert tab.favourite(DOG)["changed"] == 1
    again = tab.favourite(DOG, CAT, CAT)
    assert again["changed"] == 1
    assert tab.favourite(COW, yes=False) == {"batch": None, "statements": None, "changed": 0, "undo": []}
    assert tab.favourites == {DOG, CAT}


def test_photos_that_are_not_there_are_passed_over(tab: Tab) -> None:
    assert tab.favourite("0" * 16, "no id")["changed"] == 0


def test_a_favourite_is_yes_or_no(tab: Tab) -> None:
    with pytest.raises(QueryError, match="neither true nor false"):
        tab.sayings.favourite([DOG], "very")  # type: ignore[arg-type]


def test_a_photo_that_comes_back_is_a_favourite_still() -> None:
    tab = Tab({})
    tab.favourite(DOG, CAT)
    without = Tab(tab.stored, animals=("cow",))
    assert without.library.favourites().tolist() == [False]
    without.library.enter(rows([("dog", [("another name.jpg", 5)])]), IN_JOURNAL)
    assert without.library.favourites().tolist() == [False, True]


def test_a_change_is_undone_and_done_again(tab: Tab) -> None:
    tab.favourite(CAT)
    change = tab.favourite(DOG, CAT, COW)
    back = tab.undo(change)
    assert tab.favourites == {CAT}
    tab.undo(back)
    assert tab.favourites == {DOG, CAT, COW}
    assert Tab(tab.stored).favourites == {DOG, CAT, COW}


def test_undoing_twice_is_undoing_once(tab: Tab) -> None:
    change = tab.favourite(DOG)
    tab.undo(change)
    assert tab.undo(change)["changed"] == 0


def test_undoing_leaves_what_was_said_since(tab: Tab) -> None:
    change = tab.favourite(DOG, CAT)
    tab.favourite(DOG, yes=False)
    tab.favourite(DOG)
    assert tab.undo(change)["changed"] == 1
    assert tab.favourites == {DOG}


@pytest.mark.parametrize(
    "nonsense",
    [
        [1],
        ["photo:1", FAVOURITE, True, 1],
        [subjects.photo(1), FAVOURITE, "very", 1],
        [subjects.photo(1), FAVOURITE, True, None],
        [subjects.photo(1), FAVOURITE, [True], 1],
        None,
    ],
)
def test_an_undo_that_cannot_be_read_changes_nothing(tab: Tab, nonsense: Any) -> None:
    with pytest.raises(QueryError, match="cannot be undone"):
        tab.sayings.undo([nonsense])


def test_a_clock_that_stands_or_goes_back_does_not_lose_what_is_said_later(tab: Tab, still: Callable[[int], None]) -> None:
    still(1000)
    tab.favourite(DOG)
    tab.favourite(DOG, yes=False)
    still(10)
    tab.favourite(DOG)
    assert tab.favourites == Tab(tab.stored).favourites == {DOG}


def test_of_two_changes_on_their_way_at_once_the_second_holds(tab: Tab, still: Callable[[int], None]) -> None:
    still(1000)
    first, second = tab.sayings.say([(subjects.photo(1), "t", "b")]), tab.sayings.say([(subjects.photo(1), "t", "a")])
    tab.store(second)
    tab.store(first)
    assert tab.library.statements.value(subjects.photo(1), "t") == "a"


def test_tabs_hear_each_other() -> None:
    stored: dict[int, bytes] = {}
    one, other = Tab(stored), Tab(stored)
    one.favourite(DOG)
    other.favourite(CAT)
    for tab in (one, other, one):
        assert tab.sayings.hear(list(stored.values()), list(stored)) == {"problems": []}
    assert one.favourites == other.favourites == {DOG, CAT}


def test_many_small_runs_are_gathered_and_nothing_is_lost(tab: Tab) -> None:
    for turn in range(LOOSE_RUNS + 2):
        assert not tab.fold()
        tab.favourite(DOG, yes=turn % 2 == 0)
    tab.favourite(DOG, CAT)
    assert tab.fold()
    assert len(tab.stored) == 1
    assert Tab(tab.stored).favourites == tab.favourites == {DOG, CAT}
    assert not tab.fold()


def test_what_another_tab_stored_meanwhile_is_not_gathered_away(tab: Tab) -> None:
    other = Tab(tab.stored)
    for turn in range(LOOSE_RUNS + 2):
        tab.favourite(DOG, yes=turn % 2 == 0)
    other.favourite(COW)
    assert tab.fold()
    assert Tab(tab.stored).favourites == {COW}


def test_much_is_gathered_into_runs_of_bounded_length(tab: Tab) -> None:
    lines = [Statement(subjects.photo(photo), "title", "x", photo, AUTHOR).line() for photo in range(RUN_LINES + 10)]
    stored = {key: write_lines([line]) for key, line in enumerate(lines)}
    tab = Tab(stored)
    assert tab.fold()
    assert sorted(len(read_lines(run)) for run in stored.values()) == [10, RUN_LINES]


def test_a_gathering_that_fails_is_tried_again(tab: Tab) -> None:
    for turn in range(LOOSE_RUNS + 2):
        tab.favourite(DOG, yes=turn % 2 == 0)
    plan = tab.sayings.fold()
    assert plan is not None
    assert tab.sayings.fold() is None
    tab.sayings.reject(plan["batch"])
    assert tab.fold()


@given(st.data())
def test_a_damaged_run_is_told_and_the_others_count(data: st.DataObject) -> None:
    dog, cat = (
        write_lines([Statement(subjects.photo(number(animal)), FAVOURITE, True, 1, AUTHOR).line()]) for animal in ("dog", "cat")
    )
    run = bytearray(dog)
    run[data.draw(st.integers(0, len(run) - 1))] ^= data.draw(st.integers(1, 255))
    tab = Tab({1: bytes(run), 2: cat})
    assert len(tab.problems) == 1
    assert tab.favourites == {CAT}


def test_what_a_newer_shoebox_stored_is_never_gathered_away(tab: Tab) -> None:
    nonsense = Statement(subjects.photo(1), FAVOURITE, "very", 1, AUTHOR).line()
    run = bytearray(write_lines([Statement(subjects.photo(number("dog")), FAVOURITE, True, 1, AUTHOR).line()]))
    run[8] = 9  # the version of the layout
    tab = Tab({1: bytes(run), 2: write_lines([nonsense]), 3: write_lines([nonsense])[:-1]})
    assert len(tab.problems) == 3
    for turn in range(LOOSE_RUNS + 2):
        tab.favourite(CAT, yes=turn % 2 == 0)
    assert tab.fold()
    assert {1, 2} < set(tab.stored)
    assert 3 not in tab.stored


def test_verifying_finds_what_is_shown_but_not_stored(tab: Tab) -> None:
    tab.favourite(DOG)
    tab.favourite(CAT)
    assert tab.sayings.problems(list(tab.stored.values())) == []
    del tab.stored[2]
    (problem,) = tab.sayings.problems(list(tab.stored.values()))
    assert problem.startswith("1 favourites or names are shown but not stored.")


def test_the_name_of_a_device_is_checked(tab: Tab) -> None:
    with pytest.raises(QueryError, match="name of a device"):
        tab.sayings.load([], [], "me")


@pytest.mark.parametrize(
    "line", [b"", b"1", b"[]", b'["photo:0000000000000001","favourite",true,true,"0123456789abcdef"]', b"["]
)
def test_a_line_that_is_no_statement_is_refused(line: bytes) -> None:
    with pytest.raises(StoreError):
        Statement.from_line(line)


@given(
    st.builds(
        Statement,
        st.integers(0, 2**64 - 1).map(subjects.photo),
        st.text(min_size=1, max_size=20),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=30)),
        st.integers(0, 2**53 - 1),
        st.just(AUTHOR),
    ).filter(lambda statement: statement.predicate not in KINDS)
)
def test_a_statement_comes_back_from_its_line(statement: Statement) -> None:
    (line,) = read_lines(write_lines([statement.line()]))
    assert Statement.from_line(line) == statement
