"""Favourites, selected photos and taking changes back, in the page; and a database that an older Shoebox has left."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.stored import age
from tests.photos import LIBRARY, write_library


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a few photos."""
    folder = tmp_path_factory.mktemp("few") / "few"
    write_library(folder, LIBRARY[:4])
    return folder


def favourites(app: App) -> set[str]:
    """The names of the favourites that are in the library."""
    return {name for name, photo in app.names().items() if app.photo(photo)["favourite"]}


def favourite(app: App, *names: str) -> None:
    ids = app.names()
    app.js("(ids) => shoebox.favourite(ids)", [ids[name] for name in names])


def test_a_favourite_outlives_a_reload_and_comes_back_under_another_name(app: App, few: Path, tmp_path: Path) -> None:
    app.add(few)
    loved = sorted(app.names())[0]
    favourite(app, loved)
    app.reload()
    assert favourites(app) == {loved}
    app.js("(ids) => shoebox.remove(ids)", list(app.names().values()))
    assert app.names() == {}
    moved = tmp_path / "another folder"
    shutil.copytree(few, moved)
    file = moved / Path(loved).relative_to(few.name)
    renamed = file.rename(file.with_name("another name.jpg"))
    app.add(moved)
    assert favourites(app) == {renamed.relative_to(tmp_path).as_posix()}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_the_f_key_makes_a_favourite_and_undo_takes_it_back(app: App, few: Path) -> None:
    app.add(few)
    tile = app.see("tile").first
    tile.focus()
    app.page.keyboard.press("f")
    expect(app.see("undo-toast")).to_contain_text("Added to favourites")
    assert len(favourites(app)) == 1
    app.see("undo-toast").get_by_role("button", name="Undo").click()
    expect(app.see("undo-toast")).to_contain_text("Undone")
    assert favourites(app) == set()
    app.see("tile").first.click()
    app.see("favourite").click()
    expect(app.see("favourite")).to_have_attribute("aria-pressed", "true")
    expect(app.see("undo-toast")).to_contain_text("Added to favourites")
    app.page.keyboard.press("Control+z")
    expect(app.see("favourite")).to_have_attribute("aria-pressed", "false")
    assert favourites(app) == set()
    assert app.problems() == []


def test_selected_photos_are_removed_together_and_brought_back(app: App, few: Path) -> None:
    app.add(few)
    expect(app.see("tile")).to_have_count(4)
    before = app.names()
    app.see("tile").first.focus()
    app.page.keyboard.press("x")
    app.page.keyboard.press("ArrowRight")
    app.page.keyboard.press("x")
    bar = app.see("selection")
    expect(bar).to_contain_text("2 photos selected")
    app.page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    app.see("tile").first.focus()
    app.page.keyboard.press("Control+a")
    app.page.keyboard.press("x")
    expect(bar).to_contain_text("3 photos selected")
    bar.get_by_role("button", name="Remove").click()
    expect(app.see("tile")).to_have_count(1)
    app.page.keyboard.press("Control+z")
    expect(app.see("tile")).to_have_count(4)
    assert app.names() == before
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_another_tab_hears_of_a_favourite_and_of_its_undoing(app: App, few: Path) -> None:
    app.add(few)
    other = app.context.new_page()
    try:
        other.goto(app.site.origin)
        hearts = other.locator(".tile-heart")
        expect(other.get_by_test_id("tile")).to_have_count(4)
        other.evaluate("() => shoebox.ready")
        change = app.js("async (ids) => await shoebox.favourite(ids)", list(app.names().values())[:2])
        expect(hearts).to_have_count(2)
        app.js("({ undo }) => shoebox.undo(undo)", change)
        expect(hearts).to_have_count(0)
    finally:
        other.close()


def test_deleting_everything_deletes_favourites(app: App, few: Path) -> None:
    app.add(few)
    favourite(app, *app.names())
    assert len(app.stored("statements")) == 1
    app.js("() => shoebox.clear()")
    assert app.stored("statements") == []
    app.add(few)
    assert favourites(app) == set()


def test_a_library_of_the_first_version_opens_and_takes_favourites(launch_app: Launcher, few: Path) -> None:
    app = launch_app().open()
    app.add(few)
    before = app.names()
    version, stores = age(app, 1)
    assert (version, "statements" in stores) == (1, False)
    app.reload()
    assert app.names() == before
    favourite(app, *before)
    app.reload()
    assert favourites(app) == set(before)
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
