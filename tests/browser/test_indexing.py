"""Adding photos: what is new, known, renamed, changed or gone; pausing; and going on after a reload or a crash."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.photos import LIBRARY, Photo, many, write_library

CRASH_PHOTOS = 48
PAUSE_PHOTOS = 120
FACED_PHOTOS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of four photos that a test may change."""
    folder = tmp_path / "trip"
    write_library(folder, tuple(Photo(f"{scene}.jpg", scene) for scene in ("cat", "coffee", "rocket", "moon")))
    return folder


def test_a_folder_chosen_in_the_page_is_indexed_and_shown(app: App, library_folder: Path) -> None:
    app.see("folder-input").set_input_files(library_folder)
    app.wait_until_photos(len(LIBRARY))
    app.wait_until_idle()
    newest = app.js("async () => (await shoebox.photos({ limit: 1 })).results[0].id")
    expect(app.see("tile").first).to_have_attribute("data-id", newest)
    assert set(app.names()) == {f"holidays/{photo.name}" for photo in LIBRARY}
    expect(app.see("tile").first.locator("img")).to_be_visible()
    assert app.problems() == []


def test_add_tells_what_it_did_and_how_far_it_is(app: App, folder: Path) -> None:
    answer = app.add(folder)
    assert {key: answer[key] for key in ("added", "unchanged", "duplicates", "failed")} == {
        "added": 4,
        "unchanged": 0,
        "duplicates": 0,
        "failed": [],
    }
    assert answer["seconds"] > 0
    steps = app.js("() => window.progress")
    assert steps, "onProgress was never called"
    assert [step["done"] for step in steps] == sorted(step["done"] for step in steps)
    assert steps[-1]["done"] == steps[-1]["total"] == 4
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_photos_already_there_are_not_indexed_again(app: App, folder: Path) -> None:
    app.add(folder)
    before = app.names()
    again = app.add(folder)
    assert (again["added"], again["unchanged"]) == (0, 4)
    assert app.names() == before


def test_touched_files_with_the_same_bytes_are_not_indexed_again(app: App, folder: Path) -> None:
    app.add(folder)
    before = app.names()
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    again = app.add(folder)
    assert again["added"] == 0
    assert app.names() == before


def test_two_files_with_the_same_bytes_are_one_photo(app: App, folder: Path) -> None:
    shutil.copy2(folder / "cat.jpg", folder / "cat again.jpg")
    answer = app.add(folder)
    assert (answer["added"], answer["duplicates"]) == (4, 1)
    names = app.names()
    assert len(names) == 4
    [cat] = [photo for name, photo in names.items() if "cat" in name]
    facts = app.photo(cat)
    assert {facts["name"], *facts["copies"]} >= {"trip/cat.jpg", "trip/cat again.jpg"}


def test_a_renamed_photo_keeps_its_id(app: App, folder: Path) -> None:
    app.add(folder)
    cat = app.names()["trip/cat.jpg"]
    (folder / "cat.jpg").rename(folder / "Minka.jpg")
    answer = app.add(folder)
    assert answer["added"] == 0
    names = app.names()
    assert names.get("trip/Minka.jpg") == cat
    assert "trip/cat.jpg" not in names
    assert len(names) == 4


def test_a_changed_photo_is_indexed_anew(app: App, folder: Path) -> None:
    app.add(folder)
    cat = app.names()["trip/cat.jpg"]
    Photo("cat.jpg", "astronaut").write(folder)
    answer = app.add(folder)
    assert (answer["added"], answer["unchanged"]) == (1, 3)
    names = app.names()
    assert names["trip/cat.jpg"] != cat
    assert len(names) == 4
    assert cat not in [hit["id"] for hit in app.search("", limit=100)["results"]]


def test_a_removed_photo_leaves_when_its_folder_is_added_again(app: App, folder: Path) -> None:
    app.add(folder)
    (folder / "moon.jpg").unlink()
    app.add(folder)
    assert set(app.names()) == {"trip/cat.jpg", "trip/coffee.jpg", "trip/rocket.jpg"}


def test_another_folder_of_the_same_name_takes_nothing_away(app: App, folder: Path, tmp_path: Path) -> None:
    app.add(folder)
    other = tmp_path / "elsewhere" / "trip"
    write_library(other, (Photo("bricks.jpg", "bricks"),))
    app.add(other)
    assert len(app.names()) == 5


def test_single_files_take_nothing_away(app: App, folder: Path) -> None:
    app.add(folder)
    app.add(Photo("astronaut.jpg", "astronaut").write(folder))
    assert len(app.names()) == 5


def test_removed_photos_are_gone_for_good(app: App, folder: Path) -> None:
    app.add(folder)
    cat = app.names()["trip/cat.jpg"]
    assert app.js("(id) => shoebox.remove([id])", cat)["removed"] == 1
    app.reload()
    assert cat not in app.names().values()
    assert len(app.names()) == 3


def test_deleting_everything_leaves_nothing_stored(app: App, folder: Path) -> None:
    app.add(folder)
    app.js("() => shoebox.clear()")
    assert app.names() == {}
    app.reload()
    assert app.names() == {}
    for store in ("blocks", "journal", "thumbs"):
        assert app.stored(store) == []
    assert app.add(folder)["added"] == 4


def test_a_paused_run_stops_and_resumes(app: App, tmp_path: Path) -> None:
    many(tmp_path / "many", PAUSE_PHOTOS, (160, 120))
    app.start_adding(tmp_path / "many")
    app.wait_until_photos(1)
    app.js("() => shoebox.pause()")
    expect(app.see("progress")).to_have_attribute("data-phase", "paused")
    # What was in flight may still land; after that nothing moves.
    app.wait(
        """async () => {
          const before = (await shoebox.stats()).photos;
          await new Promise((resolve) => setTimeout(resolve, 2_000));
          return before === (await shoebox.stats()).photos;
        }"""
    )
    assert app.js("async () => (await shoebox.stats()).photos") < PAUSE_PHOTOS
    assert app.search("cat")["total"] > 0, "searching goes on while indexing is paused"
    app.see("search-box").fill("camera:nonesuch")
    expect(app.page.get_by_text("still to come, once adding goes on")).to_be_visible()
    app.js("() => shoebox.resume()")
    answer = app.js("() => window.adding")
    assert answer["added"] == PAUSE_PHOTOS


# No machine of the tests has a battery, and Chromium plays none: this one stands in for it.
BATTERY = """
const battery = Object.assign(new EventTarget(), { charging: false, level: 0.5 });
navigator.getBattery = async () => battery;
window.plugIn = () => { battery.charging = true; battery.dispatchEvent(new Event("chargingchange")); };
"""

# What a full disk answers to every write, while it is full; Chromium keeps no quota small enough to be filled here.
FULL_DISK = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...values) {
  if (window.diskIsFull && this.name === "thumbs") throw new DOMException("The disk is full.", "QuotaExceededError");
  return put.apply(this, values);
};
"""


def test_photos_wait_for_mains_power_where_that_is_asked_for(launch_app: Launcher, folder: Path) -> None:
    app = launch_app()
    app.context.add_init_script(BATTERY)
    app.open()
    app.js("() => shoebox.configure({ mainsOnly: true })")
    app.start_adding(folder)
    progress = app.see("progress")
    expect(progress).to_have_attribute("data-phase", "waiting-for-power")
    expect(progress).to_contain_text("Waiting for mains power")
    assert app.js("async () => (await shoebox.stats()).photos") == 0
    app.js("() => plugIn()")
    assert app.js("() => window.adding")["added"] > 0
    assert app.problems() == []


def test_a_full_disk_pauses_adding_says_so_and_loses_nothing(launch_app: Launcher, folder: Path, tmp_path: Path) -> None:
    app = launch_app()
    app.context.add_init_script(FULL_DISK)
    app.open()
    app.add(folder)
    before = app.names()
    app.js("() => { window.diskIsFull = true; }")
    many(tmp_path / "many", PAUSE_PHOTOS)
    app.start_adding(tmp_path / "many")
    progress = app.see("progress")
    expect(progress).to_have_attribute("data-phase", "blocked")
    expect(progress).to_contain_text("no room left")
    assert app.names() == before
    assert app.search("a cat")["results"]
    app.js("() => { window.diskIsFull = false; }")
    app.see("pause").click()
    assert app.js("() => window.adding")["added"] == PAUSE_PHOTOS
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_a_reload_in_the_middle_resumes_by_itself(app: App, tmp_path: Path) -> None:
    many(tmp_path / "many", CRASH_PHOTOS)
    app.start_adding(tmp_path / "many")
    app.wait_until_photos(8)
    app.reload()
    app.wait_until_photos(CRASH_PHOTOS)
    app.wait_until_idle()
    assert len(app.names()) == CRASH_PHOTOS
    assert app.failures() == {}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_after_a_reload_in_the_middle_faces_are_looked_for_once_all_photos_are_there(app: App, tmp_path: Path) -> None:
    many(tmp_path / "many", FACED_PHOTOS)
    app.js("() => shoebox.configure({ faces: true })")
    app.start_adding(tmp_path / "many")
    app.wait_until_photos(4)
    app.reload()
    app.wait_until_photos(FACED_PHOTOS)
    app.wait("async () => (await shoebox.faceWork()).phase === 'done'")
    assert app.js("async () => (await shoebox.faceWork()).done") == FACED_PHOTOS
    # Copies of the files were kept until then, and no longer.
    app.wait_until_idle()


def test_a_killed_browser_resumes_by_itself_with_the_same_library(launch_app: Launcher, tmp_path: Path) -> None:
    many(tmp_path / "many", CRASH_PHOTOS)
    whole = launch_app("whole").open()
    whole.add(tmp_path / "many")
    expected = whole.names()
    whole.close()

    first = launch_app("killed").open()
    first.start_adding(tmp_path / "many")
    first.wait_until_photos(8)
    first.kill()

    second = launch_app("killed").open()
    assert len(second.names()) > 0
    second.wait_until_photos(CRASH_PHOTOS)
    second.wait_until_idle()
    assert second.names() == expected
    assert second.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert len(second.stored("thumbs")) == CRASH_PHOTOS


IN_PRIVATE_FOLDER = """
async ([input, gone]) => {
  const top = await navigator.storage.getDirectory();
  const folder = await top.getDirectoryHandle("album", { create: true });
  for (const file of input.files) {
    const handle = await folder.getFileHandle(file.name, { create: true });
    const writing = await handle.createWritable();
    await writing.write(await file.arrayBuffer());
    await writing.close();
  }
  for (const name of gone) await folder.removeEntry(name);
  const { added, unchanged } = await shoebox.add(folder);
  return { added, unchanged };
}
"""


def test_a_folder_given_as_a_handle_is_followed(app: App, folder: Path) -> None:
    files = app.files(sorted(folder.iterdir()))
    assert app.js(IN_PRIVATE_FOLDER, [files, []]) == {"added": 4, "unchanged": 0}
    assert set(app.names()) == {"album/cat.jpg", "album/coffee.jpg", "album/rocket.jpg", "album/moon.jpg"}
    assert app.js(IN_PRIVATE_FOLDER, [app.files([]), ["cat.jpg", "moon.jpg", "coffee.jpg"]]) == {"added": 0, "unchanged": 1}
    assert set(app.names()) == {"album/rocket.jpg"}
