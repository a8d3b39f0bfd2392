"""Whether the library will be here tomorrow: a deleted one is missed, an emptied one is not, and a copy is spoken of once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.stored import put_blocks
from tests.photos import LIBRARY, Photo, write_library
from tests.synthetic import write_blocks

# What Chromium deletes of a site when the disk is full; `localStorage` is not among it.
EVICTED = "indexeddb,cache_storage,service_workers,file_systems"
WORTH_A_COPY = 1000


def evict(app: App) -> None:
    """Let the browser delete what it deletes when the disk is full."""
    app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
    session = app.context.new_cdp_session(app.page)
    session.send("Storage.clearDataForOrigin", {"origin": app.site.origin, "storageTypes": EVICTED})
    session.detach()


def test_a_library_that_the_browser_deleted_is_missed_until_the_message_is_put_away(
    launch_app: Launcher, tmp_path: Path
) -> None:
    app = launch_app().open()
    expect(app.see("library-lost")).to_have_count(0)
    photos = write_library(tmp_path / "photos", LIBRARY[:3])
    app.add(*photos)
    expect(app.see("tile")).to_have_count(3)
    evict(app)
    app.open()
    assert app.names() == {}
    expect(app.see("library-lost")).to_contain_text("It knew 3 photos")
    expect(app.see("library-lost")).to_contain_text("Add your folders again")
    app.reload()
    expect(app.see("library-lost")).to_be_visible()
    app.see("library-lost").get_by_role("button", name="Put this message away").click()
    app.reload()
    expect(app.see("drop-zone")).to_be_visible()
    expect(app.see("library-lost")).to_have_count(0)
    assert app.add(*photos)["added"] == 3


def test_a_library_that_a_person_emptied_is_not_missed(app: App, tmp_path: Path) -> None:
    app.add(Photo("cat.jpg", "cat").write(tmp_path))
    expect(app.see("tile")).to_have_count(1)
    app.js("() => shoebox.clear()")
    expect(app.see("drop-zone")).to_be_visible()
    evict(app)
    app.open()
    expect(app.see("library-lost")).to_have_count(0)


def test_a_saved_copy_is_spoken_of_once_when_the_library_has_grown(launch_app: Launcher, tmp_path: Path) -> None:
    app = launch_app()
    blocks, _ = write_blocks(tmp_path / "blocks", WORTH_A_COPY)
    put_blocks(app, blocks)
    expect(app.see("tile").first).to_be_visible()
    expect(app.see("copy-reminder")).to_have_count(0)
    app.add(Photo("cat.jpg", "cat").write(tmp_path))
    expect(app.see("copy-reminder")).to_contain_text("1,001 photos")
    app.see("copy-reminder").get_by_role("button", name="Not now").click()
    app.add(Photo("coffee.jpg", "coffee").write(tmp_path))
    expect(app.see("progress")).to_have_attribute("data-phase", "done")
    expect(app.see("copy-reminder")).to_have_count(0)
