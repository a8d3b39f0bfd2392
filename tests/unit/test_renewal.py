"""Photos that another pack has looked at become searchable by themselves, from their thumbnails."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from shoebox.api import Shoebox
from shoebox.errors import QueryError
from shoebox.library.relooking import AT_ONCE
from tests.unit import clip_pack
from tests.unit.archive_making import saved, take
from tests.unit.test_api import Page, png
from tests.unit.tiny_pack import COLOURS, run

Thumbnails = dict[str, tuple[bytes, int, int]]


def thumbnail(colour: str) -> tuple[bytes, int, int]:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), COLOURS[colour]).save(written, "JPEG", quality=95)
    return written.getvalue(), 40, 30


@pytest.fixture
def other() -> Page:
    """A library of another pack: three photos of each colour."""
    page = Page()
    page.box = clip_pack.clip_box()
    page.add(*[(f"{colour}/{salt}.png", png(colour, (30, 20), salt)) for colour in COLOURS for salt in range(3)])
    return page


def ids(page: Page) -> dict[str, str]:
    """Ids by name."""
    return {hit["name"]: hit["id"] for hit in run(page.box.search(""))["results"]}


@pytest.fixture
def thumbnails(other: Page) -> Thumbnails:
    return {id: thumbnail(name.split("/")[0]) for name, id in ids(other).items()}


@pytest.fixture
def page(other: Page, thumbnails: Thumbnails) -> Page:
    """A library that has one photo of its own, and has taken in the other one."""
    page = Page()
    page.add(("own/red.png", png("red", (50, 40), 77)))
    take(page.box, saved(other.box, thumbnails))
    return page


def found(box: Shoebox, words: str) -> set[str]:
    answer = run(box.search(words, limit=3))
    return {hit["name"].split("/")[0] for hit in answer["results"]}


def look(page: Page, thumbnails: Thumbnails) -> dict[str, Any]:
    """What the page does again and again: it gives the thumbnails that are wanted, and stores what comes of them."""
    told: dict[str, Any] = page.box.renewal.step()
    here = [id for id in told["ids"] if id in thumbnails]
    if told["ids"]:
        page.store(run(page.box.renewal.take(told["ids"], here, [thumbnails[id][0] for id in here])))
    return told


def work(page: Page, thumbnails: Thumbnails) -> dict[str, Any]:
    while (told := look(page, thumbnails))["ids"]:
        pass
    return told


def test_photos_of_another_pack_are_found_by_words_a_few_at_a_time(page: Page, thumbnails: Thumbnails) -> None:
    photos = len(thumbnails)
    assert found(page.box, "green") == {"own"}, "words find photos of this pack only"
    for turn in range(-(-photos // AT_ONCE)):
        assert look(page, thumbnails)["left"] == page.box.stats()["outdated"] + min(AT_ONCE, photos - turn * AT_ONCE)
    assert page.box.renewal.step() == {"ids": [], "left": 0, "waiting": 0}
    assert page.box.stats()["outdated"] == 0
    for colour in ("green", "blue", "yellow"):
        assert found(page.box, colour) == {colour}
    assert page.box.verify()["ok"]
    page.compact()
    assert found(page.box, "green") == {"green"}


def test_all_else_about_them_stays(page: Page, thumbnails: Thumbnails) -> None:
    before = {id: page.box.photo(id) for id in thumbnails}
    said = page.box.sayings.favourite([next(iter(thumbnails))])
    page.box.accept(said["batch"], [1])
    work(page, thumbnails)
    for id, photo in before.items():
        after = page.box.photo(id)
        assert after["elsewhere"] is True
        for fact in ("name", "taken", "width", "height", "bytes"):
            assert after[fact] == photo[fact]
    assert [hit["id"] for hit in run(page.box.search("is:favourite"))["results"]] == [next(iter(thumbnails))]


def test_photos_without_a_thumbnail_wait_for_their_file(page: Page, other: Page, thumbnails: Thumbnails) -> None:
    bare = Page()
    kept = {id: picture for id, picture in thumbnails.items() if id != ids(other)["green/0.png"]}
    take(bare.box, saved(other.box, kept))
    assert work(bare, kept)["waiting"] == 1
    assert bare.box.stats()["outdated"] == 1
    bare.add(("green/0.png", png("green", (30, 20), 0)))
    assert bare.box.renewal.step() == {"ids": [], "left": 0, "waiting": 0}
    assert bare.box.stats()["outdated"] == 0


def test_photos_of_an_earlier_version_of_the_pack_are_looked_at_again_too() -> None:
    page = Page()
    page.add(*[(f"{colour}/0.png", png(colour, (30, 20), 0)) for colour in COLOURS])
    page.reload("2")
    thumbnails = {id: thumbnail(name.split("/")[0]) for name, id in ids(page).items()}
    assert page.box.stats()["outdated"] == len(COLOURS)
    work(page, thumbnails)
    assert page.reload("2")["problems"] == []
    assert page.box.stats()["outdated"] == 0
    assert "red/0.png" in {hit["name"] for hit in run(page.box.search("red", limit=1))["results"]}
    assert page.add(("red/0.png", png("red", (30, 20), 0)))["unchanged"] == 1


def test_thumbnails_that_cannot_be_read_are_tried_once_more_after_another_beginning(page: Page, thumbnails: Thumbnails) -> None:
    broken = dict.fromkeys(thumbnails, (b"no picture", 40, 30))
    assert work(page, broken) == {"ids": [], "left": 0, "waiting": len(thumbnails)}
    assert page.box.stats()["outdated"] == len(thumbnails)
    page.box.renewal.begin()
    work(page, thumbnails)
    assert page.box.stats()["outdated"] == 0


def test_photos_that_are_taken_out_meanwhile_stay_out(page: Page, thumbnails: Thumbnails) -> None:
    wanted = page.box.renewal.step()["ids"]
    leaving, gone = wanted[0], wanted[1]
    page.store(page.box.remove([gone]))
    removal = page.box.remove([leaving])
    page.store(run(page.box.renewal.take(wanted, wanted, [thumbnails[id][0] for id in wanted])))
    page.store(removal)
    assert not {leaving, gone} & set(ids(page).values())
    work(page, thumbnails)
    assert len(ids(page)) == 1 + len(thumbnails) - 2


def test_photos_get_no_tags_where_none_are_wanted(page: Page, thumbnails: Thumbnails) -> None:
    wanted = page.box.renewal.step()["ids"]
    given = [thumbnails[id][0] for id in wanted]
    page.store(run(page.box.renewal.take(wanted, wanted, given, tags=False)))
    assert [page.box.photo(id)["tags"] for id in wanted] == [[]] * len(wanted)
    work(page, thumbnails)
    assert any(page.box.photo(id)["tags"] for id in thumbnails)


def test_photos_and_thumbnails_must_belong_together(page: Page) -> None:
    with pytest.raises(QueryError, match="thumbnails of 0"):
        run(page.box.renewal.take([], ["a" * 16], []))
