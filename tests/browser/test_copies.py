"""Saving the library as one file and opening it: by script and by hand, in the page and with what other programs wrote."""

from __future__ import annotations

import base64
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from shoebox import archive
from shoebox.api import Shoebox
from shoebox.archive.locked import Unlocked, lock
from shoebox.store.journal import Change
from shoebox.store.rows import id_numbers, id_text
from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.photos import Photo
from tests.synthetic import default_pack, rows
from tests.unit import clip_pack
from tests.unit.archive_making import empty, jpeg, saved
from tests.unit.test_api import Page
from tests.unit.tiny_pack import NumpySessions

PASSPHRASE = "Grüße aus Köln"
TAKEN = {"photos": 3, "people": 0, "added": 3, "unsearchable": 0}

SAVE = """
async (options) => {
  window.told = [];
  const file = await shoebox.exportIndex({ ...options, onProgress: (step) => window.told.push(step) });
  let binary = "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(binary);
}
"""
OPEN = """
async ([text, options]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return shoebox.importIndex(new Blob([bytes]), options).catch((error) => error.message);
}
"""


# Gives up once some photos have been taken in.
GIVE_UP = """
async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const leaving = new AbortController();
  const onProgress = ({ phase, photos }) => { if (phase === "taking" && photos > 0) leaving.abort(); };
  return shoebox.importIndex(new Blob([bytes]), { onProgress, signal: leaving.signal }).catch((error) => error.name);
}
"""
# Another tab of Shoebox adds photos, as far as this one can tell, until `free` is called.
HOLD_LOCK = """
() => new Promise((held) => {
  navigator.locks.request("shoebox-indexer", () => new Promise((free) => { window.free = free; held(); }));
})
"""
MANY = 4000


def save(app: App, **options: Any) -> bytes:
    """`shoebox.exportIndex`."""
    return base64.b64decode(app.js(SAVE, options))


def open_copy(app: App, data: bytes, **options: Any) -> Any:
    """`shoebox.importIndex`; the message where it refuses."""
    return app.js(OPEN, [base64.b64encode(data).decode(), options])


def sealed(data: bytes, passphrase: str) -> bytes:
    """A file behind a passphrase, as CPython writes it; with little work, since tests guess none."""
    return b"".join(lock([data], passphrase, work=12))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photos."""
    folder = tmp_path_factory.mktemp("copies") / "trip"
    for place, scene in enumerate(("coffee", "astronaut", "cat")):
        Photo(f"{scene}.jpg", scene, taken=datetime(2019, 5, 1 + place)).write(folder)
    return folder


def test_a_saved_library_is_known_again_and_its_files_are_found_again(app: App, folder: Path, tmp_path: Path) -> None:
    app.add(folder)
    ids = app.names()
    coffee = ids["trip/coffee.jpg"]
    app.js("(id) => shoebox.favourite([id])", coffee)
    before = app.search("a cup of coffee", limit=3)["results"]
    plain, locked = save(app, paths=True), save(app, passphrase=PASSPHRASE)
    assert app.js("() => told.at(-1)") == {"photos": 3, "total": 3}

    # What the page wrote opens on CPython, thumbnails and all.
    place, thumbnails = tmp_path / "library.shoebox", dict[str, archive.Thumbnail]()
    place.write_bytes(locked)
    assert archive.load(empty(), place, passphrase=PASSPHRASE, thumbnails=thumbnails)["photos"] == 3
    assert thumbnails.keys() == set(ids.values())
    assert b"coffee.jpg" in plain
    assert b"coffee.jpg" not in b"".join(Unlocked(io.BytesIO(locked), PASSPHRASE).pieces())

    app.js("() => shoebox.clear()")
    damaged = plain[:-400] + b"?" + plain[-399:]
    assert "damaged" in open_copy(app, damaged)
    assert "cut off" in open_copy(app, plain[:-400])
    assert "newer" in open_copy(app, plain[:8] + b"\x09" + plain[9:])
    assert "not a file that Shoebox made" in open_copy(app, (folder / "coffee.jpg").read_bytes())
    assert app.js("async () => (await shoebox.stats()).photos") == 0

    # And what was locked on CPython opens in the page.
    assert "does not open" in open_copy(app, sealed(plain, "other"), passphrase=PASSPHRASE)
    assert open_copy(app, sealed(plain, PASSPHRASE), passphrase=PASSPHRASE) == TAKEN
    assert open_copy(app, plain)["added"] == 0
    app.reload()
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.names() == ids
    assert app.search("a cup of coffee", limit=3)["results"] == before
    assert (app.photo(coffee)["elsewhere"], app.photo(coffee)["favourite"]) == (True, True)

    assert app.add(folder)["unchanged"] == 3
    assert app.photo(coffee)["elsewhere"] is False
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.problems() == []


@pytest.fixture(scope="module")
def many() -> bytes:
    """A copy with many made-up photos, all with small pictures."""
    box = Shoebox(default_pack(), NumpySessions())
    thumbnails: dict[str, archive.Thumbnail] = {}
    for some in rows(MANY, box.pack):
        box.accept(box._ledger.answer(Change(rows=some))["batch"])  # type: ignore[arg-type]
        thumbnails |= {id_text(number): jpeg(number) for number in id_numbers(some.columns["hash"]).tolist()}
    return saved(box, thumbnails)


def test_a_copy_that_is_given_up_in_the_middle_leaves_the_library_as_it_was(app: App, folder: Path, many: bytes) -> None:
    app.add(folder)
    app.js("(id) => shoebox.favourite([id])", app.names()["trip/coffee.jpg"])
    before = app.names(), app.search("a cup of coffee", limit=3)["results"], len(app.stored("thumbs"))
    assert app.js(GIVE_UP, base64.b64encode(many).decode()) == "AbortError"
    assert (app.names(), app.search("a cup of coffee", limit=3)["results"], len(app.stored("thumbs"))) == before
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    app.reload()
    assert app.names() == before[0]
    assert open_copy(app, many) == {"photos": MANY, "people": 0, "added": MANY, "unsearchable": 0}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.problems() == []


def test_opening_a_copy_is_cancelled_by_hand(app: App, many: bytes, tmp_path: Path) -> None:
    place = tmp_path / "many.shoebox"
    place.write_bytes(many)
    app.js(HOLD_LOCK)
    app.page.goto(f"{app.site.origin}/#/settings")
    app.see("copy-file").set_input_files(place)
    app.see("open-copy-now").click()
    app.see("open-copy-cancel").click()
    expect(app.see("open-copy-sheet")).to_have_count(0)
    app.js("() => free()")
    # What was given up before it began does not stand in the way of anything.
    assert "cut off" in open_copy(app, many[:-400])
    assert app.js("async () => (await shoebox.stats()).photos") == 0


def test_a_full_disk_ends_the_opening_of_a_copy_and_the_same_file_completes_it(
    launch_app: Launcher, folder: Path, many: bytes
) -> None:
    first = launch_app().open()
    first.add(folder)
    first.wait_until_kept()
    before = first.names()
    first.close()
    # A browser asks how much room there is when it opens the database, so the disk is nearly full before that.
    app = launch_app()
    session = app.context.new_cdp_session(app.page)
    origin = {"origin": app.site.origin}
    used = session.send("Storage.getUsageAndQuota", origin)["usage"]
    session.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": used + len(many) // 2})
    app.open()
    told = open_copy(app, many)
    assert "no room left" in told
    assert "open the file again" in told
    names = app.names()
    assert before.items() <= names.items()
    assert len(names) < MANY
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.search("a cup of coffee", limit=1)["results"][0]["name"] == "trip/coffee.jpg"
    app.reload()
    assert app.names() == names
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}

    session.send("Storage.overrideQuotaForOrigin", origin)
    assert open_copy(app, many)["added"] == MANY + len(before) - len(names)
    assert len(app.names()) == MANY + len(before)
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


@pytest.fixture(scope="module")
def of_another_pack(folder: Path) -> bytes:
    """The three photos as a device with another model pack has saved them, and one of them without its small picture."""
    device = Page()
    device.box = clip_pack.clip_box()
    device.add(*[(path.name, path.read_bytes()) for path in sorted(folder.iterdir())])
    return saved(device.box, {device.id(name): small(folder / name) for name in ("astronaut.jpg", "coffee.jpg")})


def small(path: Path) -> archive.Thumbnail:
    """A thumbnail of a photo."""
    data = io.BytesIO()
    with Image.open(path) as image:
        image.thumbnail((400, 400))
        image.save(data, "JPEG")
        return data.getvalue(), *image.size


def test_photos_of_another_pack_are_found_by_words_before_long_and_the_page_says_which_are_not(
    app: App, of_another_pack: bytes, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "other.shoebox"
    place.write_bytes(of_another_pack)
    app.page.goto(f"{app.site.origin}/#/settings")
    app.see("copy-file").set_input_files(place)
    app.see("open-copy-now").click()
    expect(app.see("open-copy-sheet")).to_contain_text("3 photos were looked at by another model pack")
    app.page.get_by_role("button", name="Done").click()
    app.wait("async () => { const { phase, left } = await shoebox.renewalWork(); return phase === 'idle' && left === 0; }")
    expect(app.see("renewal")).to_contain_text("1 photo was looked at by another model pack and came without a small picture")
    assert app.search("a cup of coffee", limit=1)["results"][0]["name"] == "coffee.jpg"
    assert len(app.search("a cat")["results"]) == 2
    app.reload()
    assert len(app.search("a cat")["results"]) == 2
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}

    app.add(folder / "cat.jpg")
    assert app.found("a cat") == ["cat.jpg"]
    expect(app.see("renewal")).to_have_count(0)
    assert app.problems() == []


def test_a_copy_is_saved_and_opened_by_hand(app: App, folder: Path, tmp_path: Path) -> None:
    app.add(folder)
    app.page.goto(f"{app.site.origin}/#/settings")
    app.see("save-copy").click()
    app.see("copy-passphrase").fill(PASSPHRASE)
    app.see("copy-passphrase-again").fill("something else")
    app.see("save-copy-now").click()
    expect(app.page.get_by_role("alert")).to_contain_text("not the same")
    app.see("copy-passphrase-again").fill(PASSPHRASE)
    with app.page.expect_download() as download:
        app.see("save-copy-now").click()
    place = tmp_path / download.value.suggested_filename
    download.value.save_as(place)
    assert place.name.endswith(".shoebox.age")
    expect(app.see("save-copy-sheet")).to_have_count(0)

    app.js("() => shoebox.clear()")
    app.see("copy-file").set_input_files(place)
    app.see("copy-passphrase").fill("something else")
    app.see("open-copy-now").click()
    expect(app.page.get_by_role("alert")).to_contain_text("does not open")
    app.see("copy-passphrase").fill(PASSPHRASE)
    app.see("open-copy-now").click()
    expect(app.see("copy-outcome")).to_contain_text("3 photos")
    app.page.get_by_role("button", name="Done").click()

    app.page.goto(f"{app.site.origin}/#/")
    expect(app.see("tile")).to_have_count(3)
    expect(app.see("tile").first.locator("img")).to_be_visible()
    app.see("tile").first.click()
    expect(app.see("viewer")).to_contain_text("its file is not on this device")
    app.page.keyboard.press("i")
    expect(app.see("info-panel")).to_contain_text("Its name was not saved")
