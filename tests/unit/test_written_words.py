"""Photos are found by what is written in them, as people remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.reading.readings import Readings
from shoebox.reading.words import MOST_OFFERED, WrittenNames, words_of
from shoebox.store.texts import write_texts
from tests.unit.archive_making import add, empty
from tests.unit.text_making import text_list

PHOTOS: dict[str, Sequence[str]] = {
    "sign": ["NO", "PARKING"],
    "menu": ["Crème brûlée 8.50", "Café crème", "Straße"],
    "park": ["NATIONALPARK", "Art of the Aztecs"],
    "cart": ["Shopping cart"],
    "station": ["東京駅", "Tokyo Station"],
    "wall": [],
}


def found(query: str, photos: Mapping[str, Sequence[str]] = PHOTOS) -> set[str]:
    """The photos that a query finds, by their contents."""
    box = empty()
    add(box, *((content, [(f"{content}.jpg", 1.0)]) for content in photos))
    readings = Readings()
    readings.load([write_texts(text_list(photos))], [1])
    names = WrittenNames(readings)
    (full,) = names.find(box.library, query)
    mask = names.mask(box.library, full)
    return {name.removesuffix(".jpg") for name, hit in zip(box.library.names, mask.tolist(), strict=True) if hit}


@pytest.mark.parametrize(
    ("query", "photos"),
    [
        ("parking", {"sign"}),
        ("PARK", {"sign", "park"}),
        ("no parking", {"sign"}),
        ("noparking", set()),
        ("creme brulee", {"menu"}),
        ("Crème", {"menu"}),
        ("strasse", {"menu"}),
        ("8,50", {"menu"}),
        ("art", {"park"}),
        ("cart", {"cart"}),
        ("pin", set()),
        ("shopping-cart", {"cart"}),
        ("shop pingcart", {"cart"}),
        ("京", {"station"}),
        ("東京", {"station"}),
        ("parking cr", set()),
        ("zebra", set()),
    ],
)
def test_what_is_asked_for_finds_what_is_written(query: str, photos: set[str]) -> None:
    assert found(query) == photos


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.lists(st.text("ab éÉ.-", min_size=1, max_size=6), max_size=3), max_size=5),
    st.text("abé", min_size=4, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_long_words_are_found_wherever_they_stand_in_a_photo_and_in_no_other(photos: dict[str, list[str]], query: str) -> None:
    wanted = "".join(words_of(query))
    expected = {photo for photo, lines in photos.items() if any(wanted in "".join(words_of(line)) for line in lines)}
    assert found(query, photos) == expected


def test_nothing_but_marks_is_nothing_to_look_for() -> None:
    assert WrittenNames(Readings()).find(empty().library, "?! -") == []


def test_the_words_of_most_photos_are_offered() -> None:
    readings = Readings()
    photos = {f"photo {number}": ["Exit", "a", "of", f"word{number % 3}"] for number in range(6)}
    readings.load([write_texts(text_list(photos))], [1])
    offered = WrittenNames(readings).counts(empty().library)
    assert offered == [("exit", 6), ("word0", 2), ("word1", 2), ("word2", 2)]


def test_not_every_word_of_a_large_library_is_offered() -> None:
    readings = Readings()
    readings.load([write_texts(text_list({"book": [f"word{number}" for number in range(MOST_OFFERED + 50)]}))], [1])
    assert len(WrittenNames(readings).counts(empty().library)) == MOST_OFFERED


def test_what_is_read_later_is_found_too() -> None:
    readings = Readings()
    names, before = WrittenNames(readings), WrittenNames(readings).edits
    assert list(names.counts(empty().library)) == []
    staged = readings.stage_list(text_list({"dog": ["beware"]}))
    assert names.edits == before
    readings.settle(staged["batch"], True)
    assert names.edits != before
    assert names.counts(empty().library) == [("beware", 1)]
