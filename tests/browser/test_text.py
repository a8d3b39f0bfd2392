"""Text in photos in the page: off until asked for, then read behind everything else, found, kept, carried over and deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.waiting import wait_until
from tests.photos import Photo
from tests.written import LIGHT, sign

PENDING = """
async () => {
  const opening = indexedDB.open("shoebox");
  await new Promise((resolve) => { opening.onsuccess = resolve; });
  const count = opening.result.transaction("pending").objectStore("pending").count();
  await new Promise((resolve) => { count.onsuccess = resolve; });
  opening.result.close();
  return count.result;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station's sign, a receipt on dark paper that lies askew, and a cat."""
    folder = tmp_path_factory.mktemp("written") / "written"
    Photo("cat.jpg", "cat").write(folder)
    sign(["NO", "PARKING"], height=80).save(folder / "sign.jpg", quality=90)
    receipt = ["Harbour Bakery", "2 cappuccino 8.40", "1 croissant 3.20", "Total 11.60"]
    sign(receipt, height=30, ink=LIGHT, paper=(50, 40, 60), turned=6).save(folder / "receipt.jpg", quality=90)
    return folder


def wait_until_read(app: App, photos: int) -> None:
    app.wait(
        """async (photos) => {
          const work = await shoebox.textWork();
          if (work.phase === "blocked") throw new Error(work.reason);
          return work.phase === "done" && work.done === photos;
        }""",
        photos,
    )


def text_files(site: Site) -> list[str]:
    """What was fetched of the text pack."""
    return [request.target for request in site.log if "models/text" in request.target]


def test_text_is_read_when_asked_for_found_offline_and_deleted(launch_app: Launcher, own_site: Site, folder: Path) -> None:
    app = launch_app(site=own_site).open()
    app.add(folder)
    app.wait_until_kept()
    assert text_files(own_site) == []
    assert app.stored("texts") == []
    problem = app.js("() => shoebox.search('text:parking').catch((error) => error.message)")
    assert "no text has been read" in problem

    app.page.goto(f"{app.site.origin}/#/settings")
    app.see("choice-text").check()
    wait_until_read(app, 3)
    assert app.found("text:parking") == ["written/sign.jpg"]
    assert app.found('text:"no parking"') == ["written/sign.jpg"]
    assert app.found("text:BAKERY") == ["written/receipt.jpg"]
    assert set(app.found("-text:cappuccino")) == {"written/cat.jpg", "written/sign.jpg"}
    receipt = app.photo(app.names()["written/receipt.jpg"])
    assert any("cappuccino" in line.lower() for line in receipt["text"])
    assert app.photo(app.names()["written/cat.jpg"])["text"] == []
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}

    own_site.stop()
    app.reload()
    app.js("async () => { window.copy = await shoebox.exportIndex({ paths: true }); await shoebox.clear(); }")
    assert app.stored("texts") == []
    assert app.js("() => shoebox.importIndex(window.copy)")["added"] == 3
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.found("text:croissant") == ["written/receipt.jpg"]
    offered = app.js("() => shoebox.complete('text:capp', 9)")
    assert [(each["label"], each["count"]) for each in offered] == [("cappuccino", 1)]

    app.js("(id) => shoebox.remove([id])", app.names()["written/sign.jpg"])
    app.js("() => shoebox.deleteTextData()")
    assert app.js("() => shoebox.settings()")["text"] is False
    assert app.stored("texts") == []
    assert app.js("() => shoebox.stats()")["texts"] == 0
    assert app.photo(app.names()["written/receipt.jpg"])["text"] == []
    assert app.problems() == []


def test_another_tab_finds_what_this_one_has_read_and_forgets_what_it_deletes(app: App, folder: Path) -> None:
    app.js("() => shoebox.configure({ text: true })")
    other = app.context.new_page()
    try:
        other.goto(app.site.origin)
        wait_until(other, "globalThis.shoebox?.ready?.then(() => true)")
        app.page.bring_to_front()
        app.add(folder)
        wait_until_read(app, 3)
        other.bring_to_front()
        wait_until(other, "async () => (await shoebox.stats()).texts === 2")
        found = "async (query) => (await shoebox.search(query)).results.map(({ name }) => name)"
        assert other.evaluate(found, "text:parking") == ["written/sign.jpg"]
        assert other.evaluate("() => shoebox.verify()") == {"ok": True, "problems": []}
        app.page.bring_to_front()
        other.evaluate("() => shoebox.deleteTextData()")
        app.wait("async () => (await shoebox.stats()).texts === 0")
        assert app.stored("texts") == []
        assert app.js("() => shoebox.settings()")["text"] is False
    finally:
        other.close()
    assert app.problems() == []


def test_photos_without_a_folder_are_read_after_a_reload_and_their_copies_let_go(app: App, folder: Path) -> None:
    app.js("() => shoebox.configure({ text: true, faces: true })")
    app.add(folder)
    app.reload()
    wait_until_read(app, 3)
    assert app.found("text:parking") == ["written/sign.jpg"]
    app.wait("async () => { const work = await shoebox.faceWork(); return work.phase === 'done' && work.done === 3; }")
    assert app.js(PENDING) == 0
