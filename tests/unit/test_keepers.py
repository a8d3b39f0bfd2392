"""Which of several to keep, and whether the reason is true."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.duplicates.keepers import Entry, of_burst, of_copies, of_versions

ONE = Entry(1, "a.jpg", width=4000, height=3000, bytes=4_000_000, from_camera=True, mtime=1e12, sharpness=0.5)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(ONE, width=2000, height=1500), "It is the largest: 4,000 × 3,000 pixels, and another one has 2,000 × 1,500."),
        (replace(ONE, from_camera=False), "It still says when, or with which camera, it was taken."),
        (replace(ONE, format="WebP"), "It is a JPEG, as cameras make them; others were exported."),
        (replace(ONE, bytes=800_000), "It is the least compressed: 4.0 MB, and another one has 800 kB."),
        (replace(ONE, name="a (1).jpg"), "The names of the others say that they are copies."),
        (replace(ONE, mtime=2e12), "It is the oldest file."),
    ],
)
def test_the_better_version_is_kept_with_its_reason(other: Entry, reason: str) -> None:
    assert of_versions([other, ONE]) == (ONE, reason)


def test_a_raw_file_is_kept_before_what_was_made_of_it() -> None:
    raw = replace(ONE, format="NEF", width=4010, height=3005)
    assert of_versions([ONE, raw]) == (raw, "It is what the camera recorded, before any editing.")


def test_where_nothing_differs_it_is_said_so() -> None:
    assert of_versions([ONE, replace(ONE, name="b.jpg")])[1].startswith("They do not differ")
    assert of_copies([ONE, replace(ONE, name="b.jpg")])[1].startswith("All copies are the same")
    assert of_burst([ONE, replace(ONE, name="b.jpg")]) == (ONE, "None stands out; this is the first one.")


def test_of_a_burst_the_one_without_a_blink_is_kept_however_sharp_the_others_are() -> None:
    open_eyes, shut = replace(ONE, eyes=0.9, sharpness=0.3), replace(ONE, photo=2, eyes=0.2, sharpness=0.9)
    assert of_burst([shut, open_eyes]) == (open_eyes, "Everybody's eyes are open in it.")


def test_eyes_that_are_a_little_less_open_or_open_in_none_decide_nothing() -> None:
    sharp = replace(ONE, photo=2, eyes=0.6, sharpness=0.9)
    assert of_burst([replace(ONE, eyes=0.9, sharpness=0.3), sharp])[1] == "It is the sharpest."
    assert of_burst([replace(ONE, eyes=0.55, sharpness=0.3), replace(sharp, eyes=0.0)])[1] == "It is the sharpest."


def test_of_a_burst_clear_faces_count_before_sharpness() -> None:
    clear, sharp = replace(ONE, faces=0.9, sharpness=0.3), replace(ONE, photo=2, faces=0.5, sharpness=0.9)
    assert of_burst([sharp, clear]) == (clear, "The faces are clearest in it.")
    assert of_burst([replace(sharp, faces=0.0), replace(clear, faces=0.0)])[1] == "It is the sharpest."


@pytest.mark.parametrize(
    "name", ["IMG_1 (2).jpg", "IMG_1 copy.jpg", "IMG_1 - Kopie.jpg", "IMG_1-edited.jpg", "x/IMG_1_small.png"]
)
def test_names_of_copies_are_known(name: str) -> None:
    assert of_copies([replace(ONE, name=name), ONE])[0] is ONE


entries = st.builds(
    Entry,
    photo=st.integers(0, 5),
    name=st.sampled_from(["a.jpg", "b (1).jpg", "c.heic"]),
    favourite=st.booleans(),
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    bytes=st.integers(1, 10**7),
    format=st.sampled_from(["JPEG", "HEIC", "PNG", "DNG"]),
    from_camera=st.booleans(),
    mtime=st.floats(0, 2e12),
    sharpness=st.floats(0, 2),
    faces=st.floats(0, 1),
    eyes=st.floats(0, 1),
)


@given(st.lists(entries, min_size=1, max_size=6))
def test_one_of_them_is_kept_with_a_sentence_and_a_favourite_where_there_is_one(found: list[Entry]) -> None:
    for choose in (of_copies, of_versions, of_burst):
        kept, why = choose(found)
        assert kept in found
        assert why.endswith(".")
    assert of_versions(found)[0].favourite == any(entry.favourite for entry in found)


@given(st.lists(entries, min_size=2, max_size=6))
def test_the_largest_is_only_called_so_if_none_is_larger(found: list[Entry]) -> None:
    kept, why = of_versions(found)
    if why.startswith("It is the largest"):
        assert kept.pixels * 1.1 > max(entry.pixels for entry in found)
