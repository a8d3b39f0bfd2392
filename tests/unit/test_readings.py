"""What is known of the text of a library: staged, settled, folded, loaded, and never lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.findings.findings import LOOSE_LISTS
from shoebox.reading.readings import Readings
from shoebox.store.rows import ModelId
from shoebox.store.texts import write_texts
from tests.unit.library_making import number
from tests.unit.text_making import READS, text_list, text_rows

OTHER = ModelId("reads 2", "text-1")


class Store:
    """The page's store of text."""

    def __init__(self) -> None:
        self.values: dict[int, bytes] = {}

    def keep(self, readings: Readings, staged: dict[str, Any] | None, stored: bool = True) -> None:
        """Do what was staged, or fail to."""
        if staged is None:
            return
        if stored:
            self.values.update(dict(staged["put"]))
            for key in staged["delete"]:
                del self.values[key]
        readings.settle(staged["batch"], stored)

    def loaded(self) -> Readings:
        """A library of another tab that reads it."""
        readings = Readings()
        assert readings.load(list(self.values.values()), list(self.values)) == []
        return readings


@given(
    st.lists(st.tuples(st.sampled_from(["look", "fold", "tidy", "fail"]), st.integers(0, 5), st.integers(0, 3)), max_size=30)
)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_what_is_stored_is_what_is_known(steps: list[tuple[str, int, int]]) -> None:
    readings, store = Readings(), Store()
    known: dict[int, tuple[str, ...]] = {}
    for kind, photo, lines in steps:
        said = tuple(f"line {line} of {photo}" for line in range(lines))
        if kind in ("look", "fail"):
            staged = readings.stage_look([photo], text_rows(said), READS)
            store.keep(readings, staged, kind == "look")
            if kind == "look":
                known[photo] = said
        else:
            store.keep(readings, readings.fold(lambda number: number != 0, kind == "tidy"))
            if kind == "tidy":
                known.pop(0, None)
    for one in (readings, store.loaded()):
        # Looks within one millisecond have no order once they are stored.
        assert {photo for photo in range(6) if one.sought(photo)} == set(known)
    assert {photo: readings.of(photo).texts for photo in known} == known
    assert readings.problems(list(store.values.values())) == []


def test_many_small_lists_are_gathered() -> None:
    readings, store = Readings(), Store()
    for photo in range(LOOSE_LISTS + 10):
        store.keep(readings, readings.stage_look([photo], text_rows([f"photo {photo}"]), READS))
    store.keep(readings, readings.fold(lambda photo: True, tidy=False))
    assert len(store.values) == 1
    again = store.loaded()
    assert all(again.of(photo).texts == (f"photo {photo}",) for photo in range(LOOSE_LISTS + 10))
    assert readings.fold(lambda photo: True, tidy=False) is None


def test_of_two_looks_the_later_holds_in_whatever_order_they_are_read() -> None:
    early, late = write_texts(text_list({"dog": ["early"]}, at=1)), write_texts(text_list({"dog": ["late"]}, at=2))
    for values in ([early, late], [late, early]):
        readings = Readings()
        readings.load(values, [11, 12] if values[0] is early else [12, 11])
        assert readings.of(number("dog")).texts == ("late",)
        assert readings.count() == 1


def test_what_is_damaged_is_told_and_let_go() -> None:
    readings = Readings()
    whole = write_texts(text_list({"dog": ["beware"]}))
    (problem,) = readings.load([whole, whole[:-9]], [1, 2])
    assert "text" in problem
    assert readings.sought(number("dog"))
    folded = readings.fold(lambda photo: True, tidy=False)
    assert folded is not None
    assert folded["delete"] == [2]


def test_what_another_pack_has_read_counts_for_that_pack_only() -> None:
    readings = Readings()
    readings.load([write_texts(text_list({"dog": ["beware"]}, model=OTHER))], [1])
    assert readings.sought(number("dog"))
    assert readings.sought(number("dog"), OTHER)
    assert not readings.sought(number("dog"), READS)
    assert readings.models() == [OTHER]


def test_what_is_not_stored_is_told() -> None:
    readings = Readings()
    readings.settle(readings.stage_look([1, 2], text_rows(["one"], []), READS)["batch"], True)
    (problem,) = readings.problems([])
    assert "2 photos" in problem


def test_nothing_can_be_settled_twice() -> None:
    readings = Readings()
    staged = readings.stage_look([1], text_rows(["one"]), READS)
    readings.settle(staged["batch"], True)
    with pytest.raises(QueryError):
        readings.settle(staged["batch"], True)


def test_nobody_has_looked_at_an_unknown_photo() -> None:
    readings = Readings()
    assert len(readings.of(5)) == 0
    assert readings.list_of(5) is None
    assert len(readings) == 0
