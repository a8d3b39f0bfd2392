"""The verbs about duplicates: what is found, what is said about it, over reloads and undoing, and how files are set aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shoebox.errors import QueryError
from shoebox.store.journal import Change
from shoebox.store.rows import UNMEASURED
from tests.unit.duplicate_making import Made, Tab, cropped, direction, identity, near, scene
from tests.unit.library_making import number
from tests.unit.tiny_pack import run

LAKE, HILL = direction(1), direction(2)


def burst(count: int, seconds: float = 2.0, first: int = 0) -> list[Made]:
    """Photos of one moment that are alike but not the same picture."""
    return [
        Made(
            f"burst{first + place}.jpg",
            scene(100 + first + place),
            near(HILL, 0.95, first + place),
            f"2024-05-01T12:00:{first + place * seconds:06.3f}",
        )
        for place in range(count)
    ]


@pytest.fixture
def tab() -> Tab:
    """A lake, half its size and cropped; something like it that is not; and a burst of three."""
    lake = scene(1)
    tab = Tab(
        [
            Made("lake.jpg", lake, LAKE, facts={"bytes": 900_000, "width": 3200, "height": 2400}),
            Made("lake-small.jpg", lake.resize((160, 120)), near(LAKE, 0.99), facts={"bytes": 9000}),
            Made("lake-cropped.jpg", cropped(lake, 0.85), near(LAKE, 0.9), facts={"bytes": 8000}),
            Made("another-lake.jpg", scene(2), near(LAKE, 0.93, 5)),
            *burst(3),
        ]
    )
    tab.compare()
    return tab


def test_the_same_picture_is_found_and_the_largest_of_it_is_to_be_kept(tab: Tab) -> None:
    assert tab.groups("same-picture") == [["lake.jpg", "lake-cropped.jpg", "lake-small.jpg"]]
    group = tab.box.duplicates.duplicates("same-picture")[0]
    assert group["keep"] == identity("lake.jpg")
    assert group["why"].startswith("It is the largest: 3,200 × 2,400 pixels")
    assert [file["name"] for file in group["files"]] == ["lake.jpg", "lake-cropped.jpg", "lake-small.jpg"]


def test_photos_of_a_like_scene_are_not_the_same_picture(tab: Tab) -> None:
    assert not any("another-lake.jpg" in group for group in tab.groups())


def test_a_burst_is_a_kind_of_its_own(tab: Tab) -> None:
    (found,) = tab.groups("burst")
    assert sorted(found) == ["burst0.jpg", "burst1.jpg", "burst2.jpg"]


def test_files_of_the_same_bytes_are_one_photo_with_several_files() -> None:
    tab = Tab([Made("a.jpg", scene(1), paths=["2019/a (2).jpg", "2019/a.jpg", "old/a.jpg"])])
    (group,) = tab.box.duplicates.duplicates("identical")
    assert group["photos"] == [group["keep"]] == [identity("a.jpg")]
    assert [file["name"] for file in group["files"]] == ["2019/a.jpg", "2019/a (2).jpg", "old/a.jpg"]
    assert group["why"] == "The names of the others say that they are copies."


def test_alike_photos_are_no_burst_when_minutes_lie_between_them_nor_unlike_ones_when_seconds_do() -> None:
    tab = Tab([*burst(1), Made("later.jpg", scene(9), near(HILL, 0.95, 7), "2024-05-01T12:05:00")])
    tab.add([Made("party.jpg", scene(10), direction(4), "2024-05-01T12:00:01")])
    tab.compare()
    assert tab.groups() == []


def test_of_a_burst_and_its_copies_only_the_originals_make_the_burst() -> None:
    photos = burst(3)
    copies = [
        Made(f"copy of {each.name}", each.picture.resize((160, 120)), each.vector, each.taken)
        for each in photos
        if each.picture is not None
    ]
    tab = Tab([*photos, *copies])
    tab.compare()
    assert len(tab.groups("same-picture")) == 3
    assert [sorted(group) for group in tab.groups("burst")] == [["burst0.jpg", "burst1.jpg", "burst2.jpg"]]


def test_two_exposures_of_a_scene_where_nothing_moved_are_not_the_same_picture() -> None:
    still = scene(1)
    first, second = (f"2024-05-01T12:00:0{second}" for second in (1, 3))
    tab = Tab([Made("one.jpg", still, LAKE, first), Made("two.jpg", still.convert("L"), near(LAKE, 0.99), second)])
    tab.compare()
    assert [sorted(group) for group in tab.groups("burst")] == [["one.jpg", "two.jpg"]]
    assert tab.groups("same-picture") == []


def test_a_copy_without_a_time_does_not_bring_two_exposures_together() -> None:
    still = scene(1)
    photos = [Made(f"{place}.jpg", still, near(LAKE, 0.99, place), f"2024-05-01T12:00:0{3 * place}") for place in range(3)]
    tab = Tab([*photos, Made("sent.jpg", still.resize((160, 120)), LAKE)])
    tab.compare()
    (group,) = tab.groups("same-picture")
    assert len(group) == 2
    assert "sent.jpg" in group


def test_a_copy_whose_clock_was_set_to_another_zone_is_the_same_picture() -> None:
    times = ("2024-05-01T12:00:00", "2024-05-01T14:00:00")
    tab = Tab([Made(time, scene(1), LAKE, time) for time in times])
    tab.compare()
    assert len(tab.groups("same-picture")) == 1


def test_the_sharpest_of_a_burst_is_to_be_kept() -> None:
    photos = burst(3)
    for place, photo in enumerate(photos):
        photo.facts = {"looks": (200 if place == 1 else 90, 128, 0)}
    tab = Tab(photos)
    tab.compare()
    (group,) = tab.box.duplicates.duplicates("burst")
    assert (group["keep"], group["why"]) == (identity("burst1.jpg"), "It is the sharpest.")
    assert tab.asked == [], "no thumbnail is needed for that"


def test_of_photos_indexed_before_sharpness_was_measured_the_thumbnails_tell() -> None:
    photos = burst(3)
    for place, photo in enumerate(photos):
        photo.facts = {"looks": UNMEASURED}
        sharp = photo.picture
        assert sharp is not None
        photo.picture = sharp if place == 1 else sharp.resize((40, 30)).resize(sharp.size)
    tab = Tab(photos)
    tab.compare()
    (group,) = tab.box.duplicates.duplicates("burst")
    assert (group["keep"], group["why"]) == (identity("burst1.jpg"), "It is the sharpest.")
    tab.reload()
    tab.asked.clear()
    tab.compare()
    assert tab.asked == []


def test_a_favourite_is_to_be_kept_whatever_else_is_better(tab: Tab) -> None:
    tab.say(tab.box.sayings.favourite([identity("lake-cropped.jpg")]))
    (group,) = tab.box.duplicates.duplicates("same-picture")
    assert (group["keep"], group["why"]) == (identity("lake-cropped.jpg"), "It is one of your favourites.")


def test_what_is_no_duplicate_stays_none_over_a_reload_and_until_that_is_undone(tab: Tab) -> None:
    cropped_one, others = identity("lake-cropped.jpg"), [identity("lake.jpg"), identity("lake-small.jpg")]
    told = tab.say(tab.box.duplicates.not_duplicates([cropped_one], others))
    assert told["changed"] == 2
    assert tab.groups("same-picture") == [["lake.jpg", "lake-small.jpg"]]
    tab.reload()
    tab.compare()
    assert tab.groups("same-picture") == [["lake.jpg", "lake-small.jpg"]]
    tab.say(tab.box.sayings.undo(told["undo"]))
    assert tab.groups("same-picture") == [["lake.jpg", "lake-cropped.jpg", "lake-small.jpg"]]


def test_a_whole_group_is_no_group_of_duplicates(tab: Tab) -> None:
    tab.say(tab.box.duplicates.not_duplicates([identity(f"burst{place}.jpg") for place in range(3)]))
    assert tab.groups("burst") == []


def test_copies_that_are_wanted_are_shown_again_when_there_is_a_further_one() -> None:
    tab = Tab([Made("a.jpg", paths=["a.jpg", "b.jpg"])])
    tab.say(tab.box.duplicates.not_duplicates([identity("a.jpg")]))
    assert tab.groups() == []
    tab.change(Change(paths=[("c.jpg", number("a.jpg"), 1.0)]))
    assert len(tab.groups("identical")) == 1


def test_only_new_photos_are_compared_after_a_reload(tab: Tab) -> None:
    tab.reload()
    tab.asked.clear()
    tab.compare()
    assert tab.asked == []
    assert len(tab.groups()) == 2
    tab.add([Made("lake-grey.jpg", scene(1).convert("L"), near(LAKE, 0.97, 3), facts={"bytes": 5000})])
    tab.compare()
    lakes = ("lake", "lake-small", "lake-cropped", "another-lake", "lake-grey")
    assert set(tab.asked) == {identity(f"{name}.jpg") for name in lakes}
    assert len(tab.groups("same-picture")[0]) == 4


def test_photos_that_leave_leave_their_groups(tab: Tab) -> None:
    tab.change(Change(remove=[number("lake.jpg")]))
    tab.compare()
    assert tab.groups("same-picture") == [["lake-cropped.jpg", "lake-small.jpg"]]


def test_what_was_stored_by_another_pack_or_is_damaged_is_worked_out_anew(tab: Tab) -> None:
    before = tab.groups()
    assert tab.kept is not None
    for stored in (tab.kept[:-9], b"", tab.kept.replace(b'"method":1', b'"method":9')):
        tab.reload()
        tab.kept = stored
        tab.compare()
        assert tab.groups() == before


def test_photos_without_a_thumbnail_are_like_no_other() -> None:
    tab = Tab([Made("a.jpg", scene(1), LAKE), Made("lost.jpg", None, near(LAKE, 0.99))])
    tab.compare()
    assert tab.groups() == []


def test_photos_that_come_while_others_are_compared_are_compared_too() -> None:
    tab = Tab([Made("a.jpg", scene(1), LAKE), Made("b.jpg", scene(1).convert("L"), near(LAKE, 0.99))])
    run(tab.box.duplicates.step())
    tab.add([Made("c.jpg", scene(1).resize((160, 120)), near(LAKE, 0.98))])
    tab.compare()
    assert [sorted(group) for group in tab.groups("same-picture")] == [["a.jpg", "b.jpg", "c.jpg"]]


def test_files_are_set_aside_beside_the_others_and_by_a_script(tab: Tab) -> None:
    answer = tab.box.duplicates.set_aside(["lake-small.jpg"])
    assert answer["files"][0]["to"] == "Set aside by Shoebox/lake-small.jpg"
    assert answer["files"][0]["hash"].startswith(identity("lake-small.jpg"))
    assert answer["bytes"] == 9000
    assert answer["list"] == "lake-small.jpg\n"
    assert "aside lake-small.jpg 'Set aside by Shoebox/lake-small.jpg'" in answer["script"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["lake.jpg", "lake-cropped.jpg", "lake-small.jpg"], "Nothing would be left of lake.jpg"),
        (["another-lake.jpg"], "another-lake.jpg is no duplicate"),
        (["burst0.jpg", "burst1.jpg", "burst2.jpg"], "Nothing would be left"),
        ([], "No file is chosen"),
    ],
)
def test_the_last_of_a_group_is_never_set_aside_nor_what_is_no_duplicate(tab: Tab, names: list[str], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        tab.box.duplicates.set_aside(names)


@pytest.mark.parametrize("ids", [["0" * 16], ["nonsense"], [identity("lake.jpg")], [], "0123456789abcdef"])
def test_what_cannot_be_said_is_refused(tab: Tab, ids: Any) -> None:
    with pytest.raises(QueryError):
        tab.box.duplicates.not_duplicates(ids)


def test_a_kind_that_there_is_not_is_refused(tab: Tab) -> None:
    with pytest.raises(QueryError, match="identical, same-picture, burst"):
        tab.box.duplicates.duplicates("similar")


def test_the_answer_is_plain_data(tab: Tab) -> None:
    for group in tab.box.duplicates.duplicates():
        assert set(group) == {"kind", "photos", "keep", "why", "files"}
        assert not any(isinstance(file["bytes"], np.generic) for file in group["files"])
