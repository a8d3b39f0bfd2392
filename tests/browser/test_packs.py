"""Another model pack, dropped in as one file: checked, listed, used in the place of the first one, removed, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.app import App
from tests.unit import clip_pack
from tests.unit.tiny_pack import COLOURS
from tooling.model_packs import make_file

FIRST = "async (query) => (await shoebox.search(query, { limit: 3 })).results.map(({ name }) => name)"
CHANGED = """
async (pack) => {
  await shoebox.ready;
  const work = await shoebox.packWork();
  if (work.phase === "blocked") throw new Error(work.reason);
  return work.phase === "idle" && (await shoebox.settings()).pack === pack;
}
"""


@pytest.fixture(scope="module")
def pack_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that knows colours, shaped like CLIP, with real networks."""
    folder = tmp_path_factory.mktemp("pack")
    clip_pack.write_networks(folder)
    return make_file(folder, folder / "colours.pack")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photos of each colour."""
    folder = tmp_path_factory.mktemp("photos") / "colours"
    folder.mkdir()
    for name, colour in COLOURS.items():
        for number in range(3):
            image = Image.new("RGB", (90 + number, 60), colour)
            image.save(folder / f"{name}-{number}.png")
    return folder


@pytest.fixture(autouse=True)
def no_other_packs(app: App) -> None:
    """Only the pack that comes with the app."""
    app.js("async () => { for (const { id, builtIn } of await shoebox.packs()) if (!builtIn) await shoebox.removePack(id); }")


def choose(app: App, file: Path) -> None:
    """Give a file to the settings by the button there."""
    app.page.get_by_test_id("pack-file").set_input_files(file)


def test_a_pack_is_dropped_in_used_and_removed(app: App, pack_file: Path, photos: Path) -> None:
    app.add(photos)
    names = app.names()
    app.drop(pack_file)
    added = app.page.get_by_test_id("pack").filter(has_text="Colours after CLIP")
    expect(added).to_contain_text("licence: CC0-1.0")
    expect(added).to_contain_text("it knows eight colours")
    # One for photos and words, one for faces.
    expect(app.page.get_by_test_id("pack").filter(has_text="In use")).to_contain_text(["Shoebox", "face-api"])
    added.get_by_role("button", name="Use Colours after CLIP").click()
    # The page loads anew by itself.
    app.wait(CHANGED, "clip-colours")
    assert app.names() == names
    for colour in ("red", "green", "blue"):
        found = app.js(FIRST, colour)
        assert {name.split("/")[1].split("-")[0] for name in found} == {colour}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    # New photos are seen by the pack that is in use now, and everything outlives another start.
    app.reload()
    assert {name.split("/")[1].split("-")[0] for name in app.js(FIRST, "yellow")} == {"yellow"}
    app.page.goto(f"{app.site.origin}/#/settings")
    expect(added).to_contain_text("In use")
    # What was begun goes on after a reload.
    app.js("() => shoebox.configure({ pack: 'default' })")
    app.reload()
    app.wait(CHANGED, "default")
    assert app.js("async () => (await shoebox.removePack('clip-colours'), (await shoebox.packs()).map(({ id }) => id))") == [
        "default",
        "face-api",
    ]
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_a_damaged_pack_is_refused_and_nothing_is_changed(app: App, pack_file: Path, tmp_path: Path) -> None:
    data = bytearray(pack_file.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "damaged.pack"
    damaged.write_bytes(data)
    app.page.goto(f"{app.site.origin}/#/settings")
    choose(app, damaged)
    expect(app.page.get_by_test_id("pack-problem")).to_contain_text("model pack")
    other = tmp_path / "other.pack"
    other.write_bytes(b"no pack at all")
    choose(app, other)
    expect(app.page.get_by_test_id("pack-problem")).to_contain_text("no .pack file")
    expect(app.page.get_by_test_id("pack")).to_have_count(2)
    refused = app.js("() => shoebox.configure({ pack: 'clip-colours' }).catch((error) => error.message)")
    assert "There is no model pack" in refused


def test_a_pack_whose_networks_cannot_be_run_never_takes_the_place_of_one_that_works(
    app: App, photos: Path, tmp_path: Path
) -> None:
    for name, data in clip_pack.files().items():
        (tmp_path / name).write_bytes(data)
    app.add(photos)
    before = app.js(FIRST, "red")
    app.page.goto(f"{app.site.origin}/#/settings")
    choose(app, make_file(tmp_path, tmp_path / "broken.pack"))
    app.page.get_by_role("button", name="Use Colours after CLIP").click()
    expect(app.page.get_by_test_id("pack-work").get_by_role("alert")).not_to_be_empty()
    assert app.js(FIRST, "red") == before
    app.page.get_by_role("button", name="Stay with the present pack").click()
    app.wait(CHANGED, "default")
    app.reload()
    assert app.js(FIRST, "red") == before


def test_a_change_that_nobody_wants_any_more_leaves_everything_as_it_was(app: App, pack_file: Path, photos: Path) -> None:
    app.add(photos)
    before = app.js(FIRST, "red")
    app.page.goto(f"{app.site.origin}/#/settings")
    choose(app, pack_file)
    expect(app.page.get_by_test_id("pack")).to_have_count(3)
    app.js("async () => { await shoebox.configure({ pack: 'clip-colours' }); await shoebox.configure({ pack: 'default' }); }")
    app.wait(CHANGED, "default")
    assert app.js(FIRST, "red") == before
    app.reload()
    app.wait(CHANGED, "default")
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
