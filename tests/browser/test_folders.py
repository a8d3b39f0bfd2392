"""Folders that are really dropped on the page: the browser gives handles for them, and the page can open them again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app import App
from tests.photos import Photo, many, write_library

WAITING = """
async () => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("shoebox");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const rows = await new Promise((resolve) => {
    const request = db.transaction("pending").objectStore("pending").getAll();
    request.onsuccess = () => resolve(request.result);
  });
  db.close();
  return rows.map((row) => ({ handle: row.handle instanceof FileSystemFileHandle, file: row.file instanceof Blob }));
}
"""
PHOTOS = 60


def test_a_dropped_folder_is_indexed_under_its_own_name(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "trip"
    write_library(folder / "day one", (Photo("cat.jpg", "cat"), Photo("coffee.jpg", "coffee")))
    app.drop(folder)
    app.wait_until_photos(2)
    assert set(app.names()) == {"trip/day one/cat.jpg", "trip/day one/coffee.jpg"}
    assert app.problems() == []


def test_what_left_a_dropped_folder_leaves_the_library_when_it_is_dropped_again(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "trip"
    write_library(folder, (Photo("cat.jpg", "cat"), Photo("coffee.jpg", "coffee")))
    app.drop(folder)
    app.wait_until_photos(2)
    app.wait_until_idle()
    for path in folder.iterdir():
        path.unlink()
    app.drop(folder)
    app.wait("async () => (await shoebox.stats()).photos === 0")


def test_after_a_reload_the_page_says_which_folder_waits_and_goes_on_when_it_is_dropped(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    many(folder, PHOTOS)
    app.drop(folder)
    app.wait_until_photos(8)
    waiting = app.js(WAITING)
    assert waiting, "the photos were indexed before anything could interrupt it"
    assert all(row == {"handle": True, "file": False} for row in waiting), "a handle is kept, and no copy"
    app.reload()
    # Chromium forgets with the page that a dropped folder may be read.
    expect(app.page.get_by_text("The browser asks again before Shoebox may read “many”.")).to_be_visible()
    app.drop(folder)
    app.wait_until_photos(PHOTOS)
    app.wait_until_idle()
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    expect(app.page.get_by_text("The browser asks again")).to_be_hidden()


def test_faces_in_a_folder_that_may_no_longer_be_read_wait_until_it_may(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "trip"
    write_library(folder, (Photo("eileen.jpg", "astronaut"), Photo("coffee.jpg", "coffee")))
    app.drop(folder)
    app.wait_until_photos(2)
    app.wait_until_idle()
    app.reload()
    app.js("() => shoebox.configure({ faces: true })")
    app.wait("async () => (await shoebox.faceWork()).waiting === 2")
    work = app.js("() => shoebox.faceWork()")
    assert work["folders"] == ["trip"]
    assert "once you allow it again" in work["waitingReason"]
    app.page.goto(f"{app.site.origin}/#/people")
    expect(app.page.get_by_text("once you allow it again")).to_be_visible()
    app.drop(folder)
    app.wait("async () => { const { phase, waiting } = await shoebox.faceWork(); return phase === 'done' && waiting === 0; }")
    assert len(app.js("() => shoebox.people()")) == 1
    assert app.problems() == []
