"""Changing over to another pack: the old one answers until the end, nothing is mixed, and nothing that was done is lost."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shoebox.api import Shoebox
from shoebox.errors import PackError, QueryError
from shoebox.library.relooking import AT_ONCE
from shoebox.library.switching import Switching, check_pack
from shoebox.sessions.protocol import Network, Session, SessionError
from tests.unit import clip_pack, tiny_pack
from tests.unit.face_making import MANIFEST, SHA
from tests.unit.test_api import Page, png
from tests.unit.test_container import Held, zipped
from tests.unit.tiny_pack import COLOURS, run


class Both:
    """The networks of the present pack, and the image network of the next one."""

    def __init__(self, present: Any) -> None:
        self._present = present

    async def open(self, network: Network) -> Session:
        if network in ("next-image", "next-text"):
            return clip_pack.ClipSession("image" if network == "next-image" else "text")
        found: Session = await self._present.open(network)
        return found


class Worker:
    """What the Python worker does around a change: it reads thumbnails and keeps what is answered."""

    def __init__(self, page: Page, stored: list[bytes] | None = None) -> None:
        self.page, self.stored = page, [] if stored is None else stored
        self.switching = Switching(page.box._ledger, Both(page.sessions))
        self.without: set[str] = set()

    def begin(self, version: str = "1") -> None:
        files = {name: data for name, data in clip_pack.files(version).items() if not name.endswith(".onnx")}
        self.switching.begin(files)
        self.switching.recall(self.stored)

    def thumbnail(self, id: str) -> bytes:
        name = self.page.box.photo(id)["name"]
        written = io.BytesIO()
        Image.new("RGB", (40, 30), COLOURS[name.split("/")[0]]).save(written, "JPEG", quality=95)
        return written.getvalue()

    def step(self) -> dict[str, Any]:
        step = self.switching.step()
        if step["ids"]:
            ids = [id for id in step["ids"] if id not in self.without]
            made = run(self.switching.take(ids, [self.thumbnail(id) for id in ids]))["bytes"]
            if made is not None:
                self.stored.append(made)
        return step

    def work(self) -> None:
        while self.step()["ids"]:
            pass

    def change_over(self) -> Page:
        """Store what is staged, and start anew with the other pack."""
        for staged in self.switching.finish(self.stored)["staged"]:
            self.page.journal[staged["batch"]] = staged["journal"]
        after = Page()
        after.blocks, after.journal = self.page.blocks, self.page.journal
        after.box = clip_pack.clip_box()
        assert after.box.load(list(after.blocks.values()), list(after.journal.values()))["problems"] == []
        return after


@pytest.fixture
def page() -> Page:
    """A library with five photos of each colour."""
    page = Page()
    page.add(*[(f"{colour}/{salt}.png", png(colour, (30, 20), salt)) for colour in COLOURS for salt in range(5)])
    return page


def found(box: Shoebox, words: str) -> set[str]:
    return {hit["name"].split("/")[0] for hit in run(box.search(words, limit=5))["results"]}


def test_the_present_pack_answers_until_the_other_one_has_seen_every_photo(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    before = run(page.box.search("red"))
    steps = 0
    while worker.step()["ids"]:
        steps += 1
        assert run(page.box.search("red")) == before
        assert page.box.stats()["outdated"] == 0
    assert steps == -(-40 // AT_ONCE)
    after = worker.change_over()
    assert after.box.stats()["outdated"] == 0
    assert after.box.verify()["ok"]
    assert after.names() == page.names()
    for colour in COLOURS:
        assert found(after.box, colour) == {colour}
    after.compact()
    assert after.box.verify()["ok"]
    assert found(after.box, "green") == {"green"}


def test_the_vectors_are_those_that_the_other_pack_gives_by_itself(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    worker.work()
    after = worker.change_over()
    alone = Page()
    alone.box = clip_pack.clip_box()
    alone.add(("red/0.png", png("red", (30, 20), 0)))
    row, other = (box.library.row_of(int(alone.id("red/0.png"), 16)) for box in (after.box, alone.box))
    assert row is not None
    assert other is not None
    here, there = after.box.library.vectors.vectors(np.array([row])), alone.box.library.vectors.vectors(np.array([other]))
    assert float((here * there).sum()) > 0.999


def test_what_ends_in_the_middle_is_gone_on_with(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    worker.step()
    again = Worker(page, worker.stored)
    again.begin()
    step = again.switching.step()
    assert (step["done"], step["total"]) == (AT_ONCE, 40)
    again.work()
    assert len(again.stored) == -(-40 // AT_ONCE)
    assert again.change_over().box.stats()["outdated"] == 0


def test_photos_that_come_and_leave_meanwhile_are_taken_account_of(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    worker.step()
    page.add(("red/new.png", png("red", (30, 20), 99)))
    worker.work()
    gone = page.box.remove([page.id("blue/0.png")])
    page.store(gone)
    after = worker.change_over()
    assert "red/new.png" in after.names()
    assert "blue/0.png" not in after.names()
    assert after.box.stats()["outdated"] == 0


def test_photos_without_a_thumbnail_wait_and_everything_else_changes_over(page: Page) -> None:
    worker = Worker(page)
    worker.without = {page.id("red/0.png")}
    worker.begin()
    worker.work()
    assert worker.switching.step()["missed"] == 1
    after = worker.change_over()
    assert after.box.stats()["outdated"] == 1
    assert len(after.names()) == 40


def test_thumbnails_that_cannot_be_read_are_as_good_as_none(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    for _ in range(3):
        ids = worker.switching.step()["ids"]
        assert run(worker.switching.take(ids, [b"no picture"] * len(ids))) == {"bytes": None}
    step = worker.switching.step()
    assert (step["ids"], step["missed"]) == ([], 40)


def test_runs_that_are_damaged_or_of_another_pack_are_not_used(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    worker.work()
    other = Worker(page)
    other.begin("2")
    damaged = [worker.stored[0][:-1], bytes([worker.stored[0][0] ^ 1]) + worker.stored[0][1:]]
    assert other.switching.recall(worker.stored + damaged) == {"usable": [False] * (len(worker.stored) + 2)}
    assert other.switching.step()["done"] == 0


def test_what_the_person_said_outlives_the_change(page: Page) -> None:
    liked = page.id("cyan/3.png")
    said = page.box.sayings.favourite([liked])
    page.box.accept(said["batch"], [1])
    worker = Worker(page)
    worker.begin()
    worker.work()
    after = worker.change_over()
    after.box.load(
        list(after.blocks.values()), list(after.journal.values()), statements=[said["statements"]], statement_keys=[1]
    )
    assert [hit["id"] for hit in run(after.box.search("is:favourite"))["results"]] == [liked]


def test_a_pack_whose_words_cannot_be_understood_is_found_out_before_anything_else(page: Page) -> None:
    worker = Worker(page)
    worker.begin()
    assert run(worker.switching.probe()) == {}
    broken = Switching(page.box._ledger, page.sessions)
    broken.begin({name: data for name, data in tiny_pack.files().items() if not name.endswith(".onnx")})
    page.sessions.text.failures = page.sessions.image.failures = 1
    with pytest.raises(SessionError):
        run(broken.probe())


def test_nothing_is_asked_of_a_pack_that_was_not_chosen(page: Page) -> None:
    switching = Switching(page.box._ledger, Both(page.sessions))
    with pytest.raises(QueryError, match="No other model pack"):
        switching.step()
    with pytest.raises(PackError):
        switching.begin({"pack.toml": b"="})
    with pytest.raises(QueryError):
        switching.step()


def test_a_pack_file_is_checked_and_told_of() -> None:
    files = clip_pack.files()
    data = zipped(files)
    told = check_pack(Held(data))
    assert told["kind"] == "photos"
    assert (told["pack"], told["title"], told["licence"]) == ("clip-colours", "Colours after CLIP", "CC0-1.0")
    assert told["terms"].startswith("Made for a test")
    assert {each["name"]: data[each["start"] : each["start"] + each["size"]] for each in told["files"]} == files
    assert check_pack(Held(zipped(tiny_pack.files())))["title"] == "colours"
    with pytest.raises(PackError, match="visual"):
        check_pack(Held(zipped({**files, "visual.onnx": b"vicious"})))


def face_files() -> dict[str, bytes]:
    """The files of a face pack; its networks are none."""
    networks = {"detector.onnx": b"finds", "recogniser.onnx": b"knows"}
    manifest = MANIFEST
    for name, data in networks.items():
        described = f'file = "{name}"\nbytes = {len(data)}\nsha256 = "{hashlib.sha256(data).hexdigest()}"'
        manifest = manifest.replace(f'file = "{name}"\nbytes = 1\nsha256 = "{SHA}"', described)
    return {"pack.toml": manifest.encode(), **networks}


def test_a_face_pack_is_checked_and_told_of() -> None:
    files = face_files()
    told = check_pack(Held(zipped(files)))
    assert (told["kind"], told["pack"], told["title"], told["terms"]) == ("faces", "drawn", "drawn", "")
    with pytest.raises(PackError, match=r"recogniser\.onnx .* is not the one"):
        check_pack(Held(zipped({**files, "recogniser.onnx": b"snows"})))
    with pytest.raises(PackError, match=r"lacks its file detector\.onnx"):
        check_pack(Held(zipped({name: data for name, data in files.items() if name != "detector.onnx"})))


def test_a_face_pack_that_does_not_say_how_alike_faces_are_is_refused() -> None:
    files = face_files()
    silent = files["pack.toml"].replace(b"[people]\nsame = 0.061\n", b"")
    assert silent != files["pack.toml"]
    with pytest.raises(PackError, match=r"\[people\]"):
        check_pack(Held(zipped({**files, "pack.toml": silent})))
    for numbers in (b"same = 0.4\ntight = 0.5", b"same = 0", b"same = 3", b'same = "much"', b"same = 0.4\nsome = 0.5"):
        wrong = files["pack.toml"].replace(b"same = 0.061", numbers)
        with pytest.raises(PackError):
            check_pack(Held(zipped({**files, "pack.toml": wrong})))
