"""Whatever lies in a folder: every file is indexed or told with a plain sentence, and no photo beside it is lost."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app import App
from tests.photos import LIBRARY, Photo, distinct_copy, many, picture, png_bomb, shared, write_library

# A folder of ten thousand files. Most are copies, so that its run time is that of the queue and not of the networks; with
# SHOEBOX_ALL_DISTINCT=1 each is a photo of its own.
MANY = 10_000
DISTINCT = MANY if os.environ.get("SHOEBOX_ALL_DISTINCT") else 200

# Words that belong into a log, not into a sentence for people.
JARGON = re.compile(
    r"Traceback|Exception|Error:|undefined|null|NaN|\bOSError\b|PIL|Pillow|0x[0-9a-f]+|DOMException|\{|\}|<|>", re.I
)


def assert_plain(reason: str) -> None:
    """Fail unless a reason is a sentence that a person understands."""
    assert re.match(r"^[A-Z“].{15,300}\.$", reason), reason
    assert not JARGON.search(reason), reason


def accounted_for(app: App) -> tuple[set[str], dict[str, str]]:
    """All names that are in the library, as names or copies, and the reasons of those that are not."""
    names = app.names()
    inside = {path for photo in names.values() for facts in [app.photo(photo)] for path in (facts["name"], *facts["copies"])}
    return inside, app.failures()


def write_nasty(folder: Path) -> set[str]:
    """Write files that are not photos, or not quite; answers the names of those that must be told as failures."""
    folder.mkdir(parents=True, exist_ok=True)
    cat = Photo("cat.jpg", "cat").write(folder).read_bytes()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "letter.jpg").write_text("Dear Sir or Madam, this is not a photograph.\n" * 40)
    (folder / "only the start.jpg").write_bytes(cat[:300])
    (folder / "noise.png").write_bytes(bytes(range(256)) * 64)
    (folder / "half.jpg").write_bytes(cat[: len(cat) // 2])
    (folder / "most of it.jpg").write_bytes(cat[: len(cat) * 9 // 10])
    (folder / "photo with another ending.png").write_bytes(distinct_copy(cat, 1))
    (folder / "photo without ending").write_bytes(distinct_copy(cat, 2))
    (folder / "much after the end.jpg").write_bytes(distinct_copy(cat, 3) + b"\0" * 300_000)
    frames = [picture(scene).resize((200, 150)) for scene in ("moon", "coins", "bricks")]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:], duration=100, loop=0)
    picture("cat").resize((1, 1)).save(folder / "one pixel.png")
    picture("cat").resize((3000, 2)).save(folder / "a thread.png")
    png_bomb(folder / "bomb.png")
    return {"empty.jpg", "letter.jpg", "only the start.jpg", "noise.png", "bomb.png"}


def test_files_that_are_no_photos_are_told_and_the_others_are_indexed(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    must_fail = write_nasty(folder)
    write_library(folder, LIBRARY)
    answer = app.add(folder)
    inside, failures = accounted_for(app)
    everything = {f"mixed/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    assert inside | set(failures) == everything
    assert inside.isdisjoint(failures)
    assert {name.removeprefix("mixed/") for name in failures} >= must_fail
    assert {f"mixed/{photo.name}" for photo in LIBRARY} <= inside
    for name in (
        "moving.gif",
        "photo with another ending.png",
        "photo without ending",
        "much after the end.jpg",
        "most of it.jpg",
    ):
        assert f"mixed/{name}" in inside, failures.get(f"mixed/{name}")
    for reason in failures.values():
        assert_plain(reason)
    assert {told["name"]: told["reason"] for told in answer["failed"]} == failures
    assert "40" in failures["mixed/bomb.png"], "the sentence says how large the picture claims to be"
    assert app.problems() == []


def test_the_list_in_the_page_says_which_and_why(app: App, tmp_path: Path) -> None:
    write_nasty(tmp_path / "mixed")
    app.add(tmp_path / "mixed")
    app.page.goto(f"{app.site.origin}/#/failures")
    listed = app.see("failure-list")
    expect(listed).to_contain_text("letter.jpg")
    for reason in set(app.failures().values()):
        expect(listed).to_contain_text(reason)


def test_failures_are_not_tried_again_unless_they_change(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "letter.jpg").write_text("Not a photograph.\n" * 40)
    app.add(folder)
    assert set(app.failures()) == {"mixed/letter.jpg"}
    Photo("letter.jpg", "coffee").write(folder)
    assert app.add(folder)["added"] == 1
    assert app.failures() == {}


def test_every_broken_file_of_the_collection_is_accounted_for(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(shared("broken"), folder)
    write_library(folder / "good", LIBRARY)
    app.add(folder)
    inside, failures = accounted_for(app)
    everything = {f"broken/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    assert inside | set(failures) == everything
    assert {f"broken/good/{photo.name}" for photo in LIBRARY} <= inside
    for reason in failures.values():
        assert_plain(reason)
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    # The page lives and works on.
    assert app.search("a cat")["total"] >= len(LIBRARY)
    assert app.add(many(tmp_path / "later", 1)[0])["added"] == 1


def test_every_format_of_the_collection_is_accounted_for(app: App) -> None:
    folder = shared("formats")
    answer = app.add(folder)
    inside, failures = accounted_for(app)
    assert inside | set(failures) == {f"formats/{path.name}" for path in folder.iterdir()}
    assert answer["added"] >= 100
    for reason in failures.values():
        assert_plain(reason)


def test_workers_that_decoded_large_pictures_are_ended(app: App, tmp_path: Path) -> None:
    """WebAssembly and decoders give their memory back only when their worker ends."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(3):
        png_bomb(folder / f"{number}.png", 8_000 + 100 * number)
    app.add(folder)
    assert len(app.names()) + len(app.failures()) == 3
    app.wait_for(lambda: not [worker for worker in app.page.workers if "decode" in worker.url])


def test_ten_thousand_small_files_are_all_accounted_for(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    sources = [path.read_bytes() for path in many(tmp_path / "sources", 50, (64, 48))]
    for number in range(MANY):
        path = folder / f"{number // 100:03d}" / f"{number % 100:02d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(distinct_copy(sources[number % len(sources)], number % DISTINCT))
    answer = app.add(folder)
    assert answer["failed"] == []
    assert answer["added"] == DISTINCT
    assert answer["added"] + answer["duplicates"] == MANY
    assert len(app.names()) == DISTINCT
    assert app.add(folder)["unchanged"] == MANY
