"""The verbs of the library, as the page calls them, on a pack that knows colours."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shoebox.api import Shoebox
from shoebox.errors import QueryError, StoreError
from shoebox.photo.fallback import decode
from shoebox.search.query import MisreadQuery
from shoebox.sessions.protocol import SessionError
from tests.unit.tiny_pack import COLOURS, NumpySessions, run, tiny_box, tiny_pack, write_networks

Photo = tuple[str, bytes]


def png(colour: str, size: tuple[int, int] = (30, 20), salt: int = 0) -> bytes:
    """A PNG of one colour; another salt gives other bytes of nearly the same picture."""
    image = Image.new("RGB", size, COLOURS[colour])
    image.putpixel((0, 0), (salt % 256, salt // 256, 7))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


class Page:
    """What the page does around the library: it finds files, decodes them, and stores what is staged."""

    def __init__(self, version: str = "1") -> None:
        self.box, self.sessions = tiny_box(version)
        self.blocks: dict[int, bytes] = {}
        self.journal: dict[int, bytes] = {}
        self.skipped: dict[str, str] = {}
        self.failed: dict[str, str] = {}

    def entry(self, name: str, data: bytes, mtime: float = 1.0) -> dict[str, Any]:
        return {"name": name, "size": len(data), "mtime": mtime}

    def look(self, name: str, data: bytes, mtime: float = 1.0) -> dict[str, Any]:
        entry = {**self.entry(name, data, mtime), "hash": hashlib.sha256(data).hexdigest()}
        return self.box.inspect(entry, data[: 256 * 1024], False)

    def store(self, answer: dict[str, Any]) -> None:
        if answer["journal"] is not None:
            self.journal[answer["batch"]] = answer["journal"]
            self.box.accept(answer["batch"])

    def picture(self, ticket: int, data: bytes) -> tuple[dict[str, int], bytes]:
        decoded = decode(data)
        sizes = {key: decoded[key] for key in ("width", "height", "photoWidth", "photoHeight")}
        return {"ticket": ticket, **sizes}, decoded["pixels"].tobytes()

    def add(self, *photos: Photo, mtime: float | Sequence[float] = 1.0) -> dict[str, Any]:
        """One addition, from the plan to the stored rows; the answer of `plan`."""
        times = [mtime] * len(photos) if isinstance(mtime, float) else mtime
        plan = self.box.plan([self.entry(name, data, time) for (name, data), time in zip(photos, times, strict=True)])
        batch, pixels = [], []
        for place in plan["work"]:
            name, data = photos[place]
            found = self.look(name, data, times[place])
            if found["action"] == "decode":
                item, rgb = self.picture(found["ticket"], data)
                batch.append(item)
                pixels.append(rgb)
            elif found["action"] == "skip":
                self.skipped[name] = found["kind"]
                self.store(found)
            else:
                self.failed[name] = found["reason"]
        if batch:
            self.store(run(self.box.index(batch, pixels)))
        return plan

    def reload(self, version: str = "1") -> dict[str, Any]:
        """Start anew with what is stored."""
        self.box, self.sessions = tiny_box(version)
        return self.box.load(list(self.blocks.values()), list(self.journal.values()))

    def compact(self) -> None:
        plan = self.box.compact(force=True)
        assert plan is not None
        for key in plan["delete"]:
            self.blocks.pop(key, None)
        self.blocks.update(dict(plan["put"]))
        self.journal = {key: data for key, data in self.journal.items() if key > plan["clearJournal"]}
        self.box.accept(plan["batch"])

    def names(self) -> list[str]:
        return sorted(hit["name"] for hit in run(self.box.search(""))["results"])

    def id(self, name: str) -> str:
        return next(str(hit["id"]) for hit in run(self.box.search(""))["results"] if hit["name"] == name)


@pytest.fixture
def page() -> Page:
    """A library with one photo of each colour, in two folders."""
    page = Page()
    page.add(*[(f"{'warm' if place % 2 else 'cold'}/{colour}.png", png(colour)) for place, colour in enumerate(COLOURS)])
    return page


def test_photos_that_were_added_are_found_by_words(page: Page) -> None:
    for colour in ("red", "green", "blue", "yellow"):
        answer = run(page.box.search(f"a {colour} photo", limit=3))
        assert answer["results"][0]["name"].endswith(f"/{colour}.png")
        assert answer["total"] == 8
        assert 1 <= answer["relevant"] < 8
        assert "a " + colour in answer["explanation"]
        scores = [hit["score"] for hit in answer["results"]]
        assert scores == sorted(scores, reverse=True)


def test_the_results_go_on_after_the_relevant_ones_page_by_page(page: Page) -> None:
    whole = run(page.box.search("red", limit=100))["results"]
    assert len(whole) == 8
    pages = [run(page.box.search("red", limit=3, offset=first))["results"] for first in (0, 3, 6, 9)]
    assert [hit for results in pages for hit in results] == whole


def test_words_that_should_not_be_shown_lower_what_shows_them(page: Page) -> None:
    plain = [hit["name"] for hit in run(page.box.search("red"))["results"]]
    less = [hit["name"] for hit in run(page.box.search("red -yellow"))["results"]]
    assert less.index("warm/yellow.png") > plain.index("warm/yellow.png")
    without = run(page.box.search("-red"))
    assert without["relevant"] < without["total"] == 8
    assert without["results"][-1]["name"] == "cold/red.png"


def test_nothing_relevant_is_said_as_such() -> None:
    page = Page()
    page.add(("white.png", png("white")), ("cyan.png", png("cyan")))
    answer = run(page.box.search("red"))
    assert answer["relevant"] == 0
    assert answer["explanation"] == "None of 2 photos seems to show “red”; what comes nearest stands first."
    assert len(answer["results"]) == 2


def test_a_word_without_a_concept_is_read_as_what_it_is_a_kind_of_and_the_explanation_says_so(page: Page) -> None:
    answer = run(page.box.search("Orange"))
    assert answer["explanation"] == "Showing “warm colour” for “Orange”: 3 of 8 photos seem to show it."
    assert {hit["name"][5:] for hit in answer["results"][:3]} == {"red.png", "yellow.png", "magenta.png"}
    plain = run(page.box.search("warm colour"))
    assert [hit["name"] for hit in plain["results"][:3]] == [hit["name"] for hit in answer["results"][:3]]
    assert "Showing" not in plain["explanation"]


def test_a_word_that_is_near_a_concept_is_read_as_it_and_one_that_is_not_speaks_for_itself(page: Page) -> None:
    assert run(page.box.search("redish in:2019"))["explanation"] == "There are no photos taken in 2019."
    near = run(page.box.search("redish -blue"))["explanation"]
    assert near == "Showing “red” for “redish”: 1 of 8 photos seems to show it without “blue”."
    assert "Showing" not in run(page.box.search("red and green"))["explanation"]


def test_an_empty_library_answers_everything(page: Page) -> None:
    box, _ = tiny_box()
    answer = run(box.search("red"))
    assert answer == {"total": 0, "relevant": 0, "results": [], "explanation": "There are no photos here yet.", "chips": []}
    assert box.complete("re", 2) == []
    assert box.photos() == {"total": 0, "results": []}
    assert box.grid()["ids"] == ""
    assert box.tags() == []
    assert box.verify() == {"ok": True, "problems": []}
    assert box.compact(force=True) is None
    assert box.stats()["photos"] == 0


def test_an_empty_query_lists_everything_newest_first() -> None:
    page = Page()
    page.add(("IMG_20190501_120000.png", png("red")), ("IMG_20210501_120000.png", png("blue")), ("unknown.png", png("white")))
    answer = run(page.box.search(""))
    assert [hit["name"] for hit in answer["results"]] == ["IMG_20210501_120000.png", "IMG_20190501_120000.png", "unknown.png"]
    assert answer["relevant"] == answer["total"] == 3
    assert run(page.box.search("in:2019"))["explanation"] == "1 photo taken in 2019."
    assert run(page.box.search("in:1999"))["explanation"] == "There are no photos taken in 1999."
    dated = run(page.box.search("red in:2019 -type:screenshot"))
    assert dated["total"] == 1
    photos = page.box.photos(sort="date")
    assert photos["results"][0]["taken"] == "2021-05-01T12:00:00"
    assert photos["results"][2]["taken"] is None
    assert [photo["name"] for photo in page.box.photos(sort="name", offset=1, limit=1)["results"]] == [
        "IMG_20210501_120000.png"
    ]


def test_sorting_by_date_keeps_to_the_relevant_ones_first() -> None:
    page = Page()
    page.add(("20210501.png", png("red")), ("20220501.png", png("red", salt=5)), ("20230501.png", png("cyan")))
    answer = run(page.box.search("red", sort="date"))
    assert answer["relevant"] == 2
    assert [hit["name"] for hit in answer["results"]] == ["20220501.png", "20210501.png", "20230501.png"]


NOW = 1_795_262_400_000.0  # 21 November 2026, noon


def test_dates_in_words_are_filters_and_come_back_as_chips() -> None:
    page = Page()
    page.add(("IMG_20260701_120000.png", png("red")), ("IMG_20261120_120000.png", png("red", salt=5)))
    answer = run(page.box.search("red last summer", now=NOW))
    assert [hit["name"] for hit in answer["results"]] == ["IMG_20260701_120000.png"]
    assert "taken in summer 2026" in answer["explanation"]
    assert answer["chips"] == [
        {"kind": "date", "text": "Summer 2026", "from": 4, "to": 15, "spoken": True, "remove": 'red "last summer"'}
    ]
    without = run(page.box.search(answer["chips"][0]["remove"], now=NOW))
    assert (without["total"], without["chips"]) == (2, [])
    assert run(page.box.search("yesterday", now=NOW))["explanation"] == "1 photo taken on 20 November 2026."


@pytest.mark.parametrize("now", [-1.0, float("nan"), 1e15, "today"])
def test_a_clock_that_cannot_be_right_is_refused(page: Page, now: float) -> None:
    with pytest.raises(QueryError, match="milliseconds since 1970"):
        run(page.box.search("red", now=now))


def test_a_query_like_a_photo_finds_others_and_adds_and_subtracts_words(page: Page) -> None:
    page.add(("other.png", png("red", salt=9)))
    red = page.id("cold/red.png")
    plain = run(page.box.search(f"like:{red}"))
    names = [hit["name"] for hit in plain["results"]]
    assert names[0] == "other.png"
    assert "cold/red.png" not in names
    assert plain["total"] == 8
    assert "be like red.png" in plain["explanation"]
    assert plain["chips"][0]["text"] == "Like red.png"

    def height(query: str, name: str) -> int:
        return [hit["name"].rpartition("/")[2] for hit in run(page.box.search(query))["results"]].index(name)

    assert height(f"like:{red} + green", "yellow.png") <= height(f"like:{red}", "yellow.png")
    assert height(f"like:{red} + green", "green.png") < height(f"like:{red} - green", "green.png")
    more = run(page.box.search(f"like:{red} + green - blue"))["explanation"]
    assert "be like red.png with “green” with less of “blue”" in more
    assert run(page.box.search(f"-like:{red}"))["explanation"].endswith("without red.png.")


def test_a_photo_that_is_not_there_is_told_with_its_place(page: Page) -> None:
    with pytest.raises(MisreadQuery, match="There is no photo with the id “0000000000000000”") as caught:
        run(page.box.search("red like:0000000000000000"))
    assert (caught.value.position, caught.value.length) == (4, 21)


def test_completion_offers_what_the_library_has(page: Page) -> None:
    offered = page.box.complete("a re", 4, now=NOW)
    assert offered[0] == {"text": "tag:red", "kind": "tag", "label": "red", "count": 1, "replace": [2, 4]}
    with pytest.raises(QueryError):
        page.box.complete("a", -1)


def test_photos_like_a_photo_come_without_it_and_by_likeness(page: Page) -> None:
    page.add(("other.png", png("red", salt=9)))
    results = page.box.similar(page.id("cold/red.png"), limit=2)
    found = run(results)["results"]
    assert found[0]["name"] == "other.png"
    assert len(found) == 2
    pixels = np.full((10, 10, 3), COLOURS["blue"], np.uint8)
    assert run(page.box.similar(pixels=pixels.tobytes(), width=10, height=10, limit=1))["results"][0]["name"] == "cold/blue.png"


def test_a_photo_tells_everything_that_is_known_about_it(page: Page) -> None:
    data = png("red")
    known = page.box.photo(page.id("cold/red.png"))
    assert known["hash"] == hashlib.sha256(data).hexdigest()
    assert known["id"] == known["hash"][:16]
    assert (known["name"], known["copies"], known["bytes"]) == ("cold/red.png", [], len(data))
    assert (known["width"], known["height"], known["format"]) == (30, 20, "PNG")
    assert (known["taken"], known["place"], known["camera"], known["exposure"]) == (None, None, None, None)
    assert known["tags"][0]["tag"] == "red"
    assert known["tags"][0]["within"] == ["warm colour"]
    assert known["models"] == {"pack": "colours 1", "preprocessing": page.box.pack.model.preprocessing}
    assert known["indexed"].endswith("Z")
    json.dumps(known, allow_nan=False)


def test_tags_are_counted_with_all_that_lies_under_them(page: Page) -> None:
    page.add(("more.png", png("red", salt=3)))
    counts = {entry["tag"]: entry["count"] for entry in page.box.tags()}
    assert counts["red"] == 2
    assert counts["warm colour"] == counts["red"] + counts["yellow"] + counts["magenta"] == 4
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_photos_are_found_by_words_but_not_named_where_that_is_not_wanted() -> None:
    page = Page()
    data = png("red")
    page.box.plan([page.entry("a.png", data)])
    item, rgb = page.picture(page.look("a.png", data)["ticket"], data)
    page.store(run(page.box.index([item], [rgb], tags=False)))
    assert page.box.tags() == []
    assert [hit["name"] for hit in run(page.box.search("red"))["results"]] == ["a.png"]


def test_the_grid_has_all_photos_as_columns(page: Page) -> None:
    page.add(("tall.png", png("red", size=(10, 40))))
    grid = page.box.grid()
    assert len(grid["ids"]) == 9 * 16
    assert grid["taken"].dtype == np.float64
    assert grid["aspect"].dtype == np.float32
    ids = [grid["ids"][low : low + 16] for low in range(0, len(grid["ids"]), 16)]
    assert grid["aspect"][ids.index(page.id("tall.png"))] == pytest.approx(0.25)
    named = page.box.grid(sort="name")["ids"][:16]
    assert page.box.photo(named)["name"] == "cold/blue.png"


def test_an_unchanged_folder_needs_no_work(page: Page) -> None:
    before = len(page.sessions.image.shapes)
    plan = page.add(("cold/red.png", png("red")), ("warm/green.png", png("green")))
    assert plan == {"work": [], "unchanged": 2}
    assert len(page.sessions.image.shapes) == before


def test_a_touched_file_is_recognised_by_its_bytes_and_then_known(page: Page) -> None:
    assert page.add(("cold/red.png", png("red")), mtime=2.0)["work"] == [0]
    assert page.skipped == {"cold/red.png": "unchanged"}
    assert page.add(("cold/red.png", png("red")), mtime=2.0)["unchanged"] == 1
    page.reload()
    assert page.add(("cold/red.png", png("red")), mtime=2.0)["unchanged"] == 1


def test_the_same_bytes_under_another_path_are_a_copy_not_a_photo(page: Page) -> None:
    page.add(("elsewhere/red.png", png("red")))
    assert page.skipped == {"elsewhere/red.png": "duplicate"}
    page.reload()
    assert page.box.stats()["photos"] == 8
    assert page.box.photo(page.id("cold/red.png"))["copies"] == ["elsewhere/red.png"]
    assert page.add(("elsewhere/red.png", png("red")))["unchanged"] == 1


def test_duplicates_within_one_addition_become_one_photo() -> None:
    page = Page()
    page.add(("a/1.png", png("red")), ("a/2.png", png("red")), ("a/3.png", png("blue")))
    assert page.skipped == {"a/2.png": "duplicate"}
    assert page.names() == ["a/1.png", "a/3.png"]
    assert page.box.photo(page.id("a/1.png"))["copies"] == ["a/2.png"]
    page.reload()
    assert page.add(("a/2.png", png("red")))["unchanged"] == 1


def test_a_renamed_photo_keeps_its_row(page: Page) -> None:
    before = page.id("cold/red.png")
    runs = len(page.sessions.image.shapes)
    others = [(f"cold/{colour}.png", png(colour)) for place, colour in enumerate(COLOURS) if place % 2 == 0 and colour != "red"]
    page.add(("cold/renamed.png", png("red")), *others)
    assert page.skipped == {"cold/renamed.png": "renamed"}
    assert page.id("cold/renamed.png") == before
    assert page.box.photo(before)["copies"] == []
    assert len(page.sessions.image.shapes) == runs
    page.reload()
    assert page.id("cold/renamed.png") == before


def test_a_folder_that_is_planned_in_pieces_is_one_folder(page: Page) -> None:
    files = [(name, png(name[5:-4])) for name in page.names() if name.startswith("cold/")]
    half = len(files) // 2
    for first, last, whole in ((0, half, False), (half, len(files), True)):
        page.box.plan([page.entry(name, data) for name, data in files[first:last]], addition=3, whole=whole)
    for name, data in files:
        assert page.look(f"copy of {name}", data)["kind"] == "duplicate", "all of them were found again"


def test_a_renamed_photo_in_what_may_be_another_folder_is_a_copy(page: Page) -> None:
    page.add(("cold/renamed.png", png("red")))
    assert page.skipped == {"cold/renamed.png": "duplicate"}
    assert page.box.photo(page.id("cold/red.png"))["copies"] == ["cold/renamed.png"]


def test_a_changed_file_is_looked_at_again_and_its_old_row_leaves(page: Page) -> None:
    before = page.id("cold/red.png")
    page.add(("cold/red.png", png("yellow", salt=1)))
    assert page.id("cold/red.png") != before
    assert page.box.stats()["photos"] == 8
    with pytest.raises(QueryError, match="no photo"):
        page.box.photo(before)


def test_a_changed_file_with_another_copy_leaves_the_copy(page: Page) -> None:
    page.add(("elsewhere/red.png", png("red")))
    page.add(("cold/red.png", png("yellow", salt=1)))
    assert page.box.stats()["photos"] == 9
    assert "elsewhere/red.png" in page.names()


def test_a_sweep_lets_go_of_what_is_gone(page: Page) -> None:
    seen = ["cold/red.png", "cold/blue.png"]
    answer = page.box.sweep("cold", seen, True)
    assert sorted(answer["names"]) == ["cold/cyan.png", "cold/white.png"]
    assert len(answer["removed"]) == 2
    assert page.box.stats()["photos"] == 8, "only staged"
    page.store(answer)
    assert page.box.stats()["photos"] == 6
    assert page.box.sweep("cold", seen, True)["journal"] is None


def test_photos_can_be_removed_and_stay_away(page: Page) -> None:
    answer = page.box.remove([page.id("cold/red.png"), "0" * 16, "nonsense"])
    assert len(answer["removed"]) == 1
    page.store(answer)
    page.reload()
    assert "cold/red.png" not in page.names()
    assert page.box.remove([])["journal"] is None


def test_clear_empties_everything(page: Page) -> None:
    page.box.clear()
    assert page.names() == []
    assert page.box.plan([page.entry("cold/red.png", png("red"))])["work"] == [0]


def test_what_was_stored_is_the_same_library_again(page: Page) -> None:
    page.add(("elsewhere/red.png", png("red")))
    before = [page.box.photo(page.id(name)) for name in page.names()]
    found = run(page.box.search("red"))
    for step in (page.compact, lambda: None):
        step()
        assert page.reload() == {"photos": 8, "problems": []}
        assert [page.box.photo(page.id(name)) for name in page.names()] == before
        assert run(page.box.search("red")) == found
        assert page.box.verify() == {"ok": True, "problems": []}
    assert page.journal == {}


def test_a_batch_that_could_not_be_stored_is_as_if_it_had_not_been() -> None:
    page = Page()
    found = page.look("a.png", png("red"))
    item, rgb = page.picture(found["ticket"], png("red"))
    answer = run(page.box.index([item], [rgb]))
    copy = page.look("b.png", png("red"))
    assert copy["kind"] == "duplicate"
    assert page.box.stats()["unsettled"] == 2
    page.box.reject(answer["batch"])
    page.store(copy)
    assert page.names() == []
    assert page.box.stats()["unsettled"] == 0
    page.add(("a.png", png("red")))
    assert page.names() == ["a.png"]


def test_a_crash_before_the_batch_is_stored_loses_only_that_batch(page: Page) -> None:
    found = page.look("late.png", png("red", salt=2))
    item, rgb = page.picture(found["ticket"], png("red", salt=2))
    run(page.box.index([item], [rgb]))
    page.reload()
    assert page.box.stats()["photos"] == 8
    assert page.add(("late.png", png("red", salt=2)))["work"] == [0]
    assert page.box.stats()["photos"] == 9


def test_a_network_that_fails_leaves_the_tickets_valid() -> None:
    page = Page()
    found = page.look("a.png", png("red"))
    item, rgb = page.picture(found["ticket"], png("red"))
    page.sessions.image.failures = 1
    with pytest.raises(SessionError, match="lost"):
        run(page.box.index([item], [rgb]))
    page.store(run(page.box.index([item], [rgb])))
    assert page.names() == ["a.png"]
    with pytest.raises(QueryError, match="no ticket"):
        run(page.box.index([item], [rgb]))


def test_a_picture_that_does_not_fit_its_size_fails_alone() -> None:
    page = Page()
    tickets = [page.look(f"{colour}.png", png(colour))["ticket"] for colour in ("red", "blue")]
    (first, rgb), (second, _) = (
        page.picture(ticket, png(colour)) for ticket, colour in zip(tickets, ("red", "blue"), strict=True)
    )
    answer = run(page.box.index([first, second], [rgb, b"too short"]))
    assert [row["name"] for row in answer["rows"]] == ["red.png"]
    assert [(failure["name"], failure["ticket"]) for failure in answer["failed"]] == [("blue.png", tickets[1])]
    assert answer["failed"][0]["reason"].endswith(".")
    page.store(answer)
    assert page.names() == ["red.png"]
    assert answer["rows"][0]["aspect"] == pytest.approx(1.5)


def test_if_all_of_a_batch_fails_nothing_is_staged() -> None:
    page = Page()
    ticket = page.look("a.png", png("red"))["ticket"]
    answer = run(page.box.index([{"ticket": ticket, "width": 1, "height": 1, "photoWidth": 1, "photoHeight": 1}], [b""]))
    assert (answer["batch"], answer["journal"], answer["rows"]) == (None, None, [])
    assert len(answer["failed"]) == 1


def test_an_abandoned_ticket_gives_up_its_duplicates_too() -> None:
    page = Page()
    ticket = page.look("a.png", png("red"))["ticket"]
    assert page.look("b.png", png("red"))["kind"] == "duplicate"
    assert page.box.abandon([ticket]) == {"names": ["a.png", "b.png"]}
    assert page.look("b.png", png("red"))["action"] == "decode"


def test_the_same_file_seen_twice_has_one_ticket() -> None:
    page = Page()
    first = page.look("a.png", png("red"))["ticket"]
    page.look("b.png", png("red"))
    second = page.look("a.png", png("red"))["ticket"]
    with pytest.raises(QueryError):
        page.box.abandon([first])
    assert page.box.abandon([second]) == {"names": ["a.png", "b.png"]}


def test_a_duplicate_that_comes_while_its_photo_is_staged_is_kept() -> None:
    page = Page()
    found = page.look("a.png", png("red"))
    item, rgb = page.picture(found["ticket"], png("red"))
    answer = run(page.box.index([item], [rgb]))
    later = page.look("b.png", png("red"))
    assert later["kind"] == "duplicate"
    page.store(later)
    assert page.names() == []
    page.store(answer)
    assert page.box.photo(page.id("a.png"))["copies"] == ["b.png"]
    page.reload()
    assert page.box.photo(page.id("a.png"))["copies"] == ["b.png"]


@pytest.mark.parametrize("data", [b"", b"not a photo at all", png("red")[:20], bytes(1000)])
def test_what_is_no_photo_fails_with_a_sentence(data: bytes) -> None:
    page = Page()
    page.add(("bad.jpg", data), ("good.png", png("red")))
    assert page.failed["bad.jpg"].endswith(".")
    assert page.names() == ["good.png"]


def test_another_pack_keeps_the_photos_and_asks_for_them_again(page: Page) -> None:
    page.compact()
    page.reload(version="2")
    assert page.box.stats()["photos"] == page.box.stats()["outdated"] == 8
    assert run(page.box.search("red"))["total"] == 0
    assert run(page.box.search(""))["total"] == 8
    with pytest.raises(QueryError, match="model pack"):
        run(page.box.similar(page.id("cold/red.png")))
    before = page.id("cold/red.png")
    assert page.add(("cold/red.png", png("red")))["work"] == [0]
    assert page.id("cold/red.png") == before
    assert run(page.box.search("red"))["total"] == 1
    assert page.box.stats()["outdated"] == 7
    page.compact()
    page.reload(version="2")
    assert page.box.stats()["outdated"] == 7
    assert page.box.verify()["ok"]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "", "size": 1, "mtime": 1},
        {"name": "a\0b", "size": 1, "mtime": 1},
        {"name": 5, "size": 1, "mtime": 1},
        {"size": 1, "mtime": 1},
        {"name": "a", "size": -1, "mtime": 1},
        {"name": "a", "size": "1", "mtime": 1},
        {"name": "a", "size": 1, "mtime": float("nan")},
        {"name": "a", "size": 1},
    ],
)
def test_a_file_that_is_not_one_is_refused(page: Page, entry: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        page.box.plan([entry])
    with pytest.raises(QueryError):
        page.box.inspect({**entry, "hash": "0" * 64}, b"")


@pytest.mark.parametrize("digest", [None, "", "xyz", "0" * 63, "0" * 62])
def test_a_hash_that_is_not_one_is_refused(page: Page, digest: str | None) -> None:
    with pytest.raises(QueryError, match="sha256"):
        page.box.inspect({**page.entry("a", b""), "hash": digest}, b"")


@pytest.mark.parametrize(
    "options", [{"limit": -1}, {"limit": 1.5}, {"offset": -1}, {"sort": "size"}, {"limit": float("nan")}, {"limit": "5"}]
)
def test_options_that_make_no_sense_are_refused(page: Page, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        run(page.box.search("red", **options))


def test_an_unknown_photo_is_told_as_such(page: Page) -> None:
    for bad in ("0" * 16, "", "x", "0" * 17):
        with pytest.raises(QueryError, match="no photo"):
            page.box.photo(bad)
        with pytest.raises(QueryError, match="no photo"):
            run(page.box.similar(bad))
    with pytest.raises(QueryError, match="compare"):
        run(page.box.similar(pixels=b"123", width=2, height=2))


def test_facts_that_cannot_be_read_are_an_error_not_garbage(page: Page) -> None:
    row = page.box.library.row_of(int(page.id("cold/red.png"), 16))
    assert row is not None
    page.box.library.facts[row] = b"{"
    with pytest.raises(StoreError):
        page.box.photo(page.id("cold/red.png"))


def test_timings_tell_what_was_measured(page: Page) -> None:
    run(page.box.search("red"))
    assert set(page.box.stats()["timings"]) == {"photos", "text", "ranking"}
    assert all(value >= 0 for value in page.box.stats()["timings"].values())


def test_about_says_what_the_page_needs() -> None:
    about = tiny_box()[0].about()
    assert about["models"] == {"image": "image.onnx", "text": "text.onnx"}
    assert (about["side"], about["batch"], about["dimension"]) == (8, 4, 16)


FOLDER = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(list(COLOURS)[:4]), max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xy"), FOLDER, st.booleans(), st.booleans()), max_size=5))
def test_whatever_becomes_of_folders_the_library_holds_what_they_hold(
    visits: list[tuple[str, dict[str, str], bool, bool]],
) -> None:
    page = Page()
    disk: dict[str, str] = {}
    for folder, files, touched, reload in visits:
        # The folder now holds these files and no others: some new, some renamed, some changed, some gone.
        disk = {name: colour for name, colour in disk.items() if not name.startswith(folder)}
        found = {f"{folder}/{name}.png": colour for name, colour in files.items()}
        disk.update(found)
        # A file that changes gets another time, as on every disk; one that does not may have been touched.
        times = [list(COLOURS).index(colour) + 0.5 * touched for colour in found.values()]
        page.add(*[(name, png(colour)) for name, colour in found.items()], mtime=times)
        page.store(page.box.sweep(folder, list(found), True))
        if reload:
            assert page.reload()["problems"] == []
    known = [page.box.photo(hit["id"]) for hit in run(page.box.search(""))["results"]]
    paths = {name: photo["hash"] for photo in known for name in (photo["name"], *photo["copies"])}
    assert paths == {name: hashlib.sha256(png(colour)).hexdigest() for name, colour in disk.items()}
    assert page.box.verify()["ok"]


@pytest.mark.cpython_only
def test_the_whole_way_with_onnxruntime_gives_what_numpy_gives(tmp_path: Path) -> None:
    import asyncio

    from shoebox.sessions.native import NativeSessions

    pack = write_networks(tmp_path)

    async def whole_way(box: Shoebox) -> dict[str, Any]:
        page = Page()
        page.box = box
        pixels, batch = [], []
        for colour in COLOURS:
            found = page.look(f"{colour}.png", png(colour))
            item, rgb = page.picture(found["ticket"], png(colour))
            batch.append(item)
            pixels.append(rgb)
        page.store(await box.index(batch, pixels))
        return await box.search("a red photo")

    native = asyncio.run(whole_way(Shoebox(pack, NativeSessions(tmp_path, pack, 1))))
    numpy = asyncio.run(whole_way(Shoebox(tiny_pack(), NumpySessions())))
    assert [hit["id"] for hit in native["results"]] == [hit["id"] for hit in numpy["results"]]
    for one, other in zip(native["results"], numpy["results"], strict=True):
        assert one["score"] == pytest.approx(other["score"], abs=1e-3)
    assert native["relevant"] == numpy["relevant"]


def test_a_library_that_is_loaded_in_parts_is_the_same_as_one_loaded_at_once() -> None:
    page = Page()
    page.add(("a.png", png("red")), ("b.png", png("blue")))
    page.compact()
    page.add(("c.png", png("green")))
    page.compact()
    page.add(("d.png", png("red", salt=1)))
    blocks, journal = list(page.blocks.items()), list(page.journal.values())
    again = Page()
    # What was begun before, and never ended, is forgotten.
    again.box.load_blocks([b"damaged"], [1], anew=True)
    for place, (key, data) in enumerate(blocks):
        again.box.load_blocks([data], [key], anew=place == 0, total=3)
    assert again.box.load([], journal) == {"photos": 4, "problems": []}
    assert again.box.photos() == page.box.photos()
    assert again.box.verify() == {"ok": True, "problems": []}


def test_what_is_damaged_in_a_part_is_told_at_the_end() -> None:
    box = Page().box
    box.load_blocks([b"damaged"], [1], anew=True)
    assert len(box.load([], [])["problems"]) == 1
    assert box.load([], [])["problems"] == []
