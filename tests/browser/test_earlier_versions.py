"""Databases that earlier versions of Shoebox left on devices: they open, nothing in them is lost, and work goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.dumped import dump, earlier, restore
from tests.browser.earlier.make import draw

LATE = "late.png"  # the photo that waited to be indexed
VERSIONS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def shape(kept_open: App) -> tuple[int, set[str]]:
    """The version of the database that this Shoebox makes where there is none, and its stores."""
    kept_open.page.goto(f"{kept_open.site.origin}/models/default/vocab.txt")
    kept_open.js("() => new Promise((done) => { indexedDB.deleteDatabase('shoebox').onsuccess = done; })")
    kept_open.open()
    now = dump(kept_open)
    return now["version"], set(now["stores"])


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_earlier_version_left_is_all_there_and_work_goes_on(
    app: App, tmp_path: Path, shape: tuple[int, set[str]], version: int
) -> None:
    left = earlier(version)
    assert left["version"] == version
    restore(app, left)
    app.open()
    # It was paused, and has stayed so.
    expect(app.see("progress")).to_have_attribute("data-phase", "paused")
    assert app.names() == left["known"]["photos"]
    app.js("() => shoebox.resume()")
    app.wait_until_idle()

    names = app.names()
    assert set(names) == {*left["known"]["photos"], LATE}, "the photo that waited has come too"
    assert left["known"]["photos"].items() <= names.items(), "photos keep their ids"
    assert app.failures() == left["known"]["failures"]
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    loved = {name for name, photo in names.items() if app.photo(photo)["favourite"]}
    assert loved == ({"sun.jpg"} if version > 1 else set())
    settings = app.js("() => shoebox.settings()")
    assert (settings["backend"], settings["faces"]) == ("wasm", version > 2)
    assert {hit["id"] for hit in app.search("")["results"]} == set(names.values())
    kept = app.js("async () => (await shoebox.packs()).filter(({ builtIn }) => !builtIn).map(({ title }) => title)")
    assert kept == (["Colours after CLIP"] if version > 3 else [])

    # Vectors of a pack of that time are never compared with those of today's: adding the photos again makes them anew.
    app.add(*draw(tmp_path / "drawn"))
    assert app.names() == names
    assert {hit["id"] for hit in app.search("a red ball", limit=10)["results"]} == set(names.values())
    assert len(app.similar(names["sun.jpg"])) == len(names) - 1
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}

    now = dump(app)
    assert (now["version"], set(now["stores"])) == shape
    assert now["stores"]["packs"]["entries"] == left["stores"].get("packs", {"entries": []})["entries"]
    app.js("(id) => shoebox.favourite([id])", names[LATE])
    app.reload()
    assert app.photo(names[LATE])["favourite"]
    assert app.names() == names


def test_photos_of_an_earlier_version_are_folded_together_with_new_ones(app: App) -> None:
    restore(app, earlier(VERSIONS[-1]))
    app.open()
    app.js("() => shoebox.resume()")
    app.wait_until_idle()
    app.js("(id) => shoebox.remove([id])", app.names()["ball.jpg"])
    app.reload()
    assert set(app.names()) == {"sun.jpg", "sea.jpg", LATE}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_a_database_of_a_later_version_is_left_alone_and_the_page_says_why(
    launch_app: Launcher, shape: tuple[int, set[str]]
) -> None:
    left = earlier(VERSIONS[-1])
    left["version"] = shape[0] + 1
    left["stores"]["dreams"] = {"autoIncrement": False, "entries": [["one", {"$bytes": "AAEC"}]]}
    app = launch_app()
    restore(app, left)
    app.page.goto(app.site.origin)
    expect(app.page.get_by_role("alert")).to_contain_text("A newer Shoebox has been opened on this device")
    app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
    now = dump(app)
    assert (now["version"], now["stores"]["dreams"]) == (left["version"], left["stores"]["dreams"])
