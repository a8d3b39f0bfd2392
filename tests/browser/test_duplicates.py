"""The page of duplicates as a person uses it: comparing, saying what is none, setting files aside and taking them back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import ImageOps
from playwright.sync_api import Locator, Playwright, expect

from tests.browser.app import App
from tests.browser.site import Site
from tests.photos import Photo, picture

# A folder of the page's own, which it may write to without asking, with these files in it.
OWN_FOLDER = """
async ([input, name]) => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name, { create: true });
  for (const file of input.files) {
    const parts = file.webkitRelativePath.split("/").slice(1);
    let place = folder;
    for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part, { create: true });
    const writable = await (await place.getFileHandle(parts.at(-1), { create: true })).createWritable();
    await file.stream().pipeTo(writable);
  }
  return await shoebox.add(folder);
}
"""

FILES = """
async (name) => {
  const walk = async (folder, path) => {
    const found = [];
    for await (const entry of folder.values()) {
      const at = `${path}/${entry.name}`;
      if (entry.kind === "file") found.push(at);
      else found.push(...(await walk(entry, at)));
    }
    return found;
  };
  const root = await navigator.storage.getDirectory();
  return (await walk(await root.getDirectoryHandle(name), name)).sort();
}
"""

CAT = ["trip/cat.jpg", "trip/cat-grey.jpg", "trip/cat-small.jpg"]
ROCKET = ["trip/rocket.jpg", "trip/again/rocket.jpg"]
BURST = ["trip/IMG_1.jpg", "trip/IMG_2.jpg", "trip/IMG_3.jpg"]
ALL = sorted([*CAT, *ROCKET, *BURST, "trip/coffee.jpg"])


def write_photos(folder: Path) -> None:
    """A cat three times over, a rocket twice, a burst of three, and a cup of coffee."""
    cat = picture("cat")
    Photo("cat.jpg", "cat", taken=datetime(2019, 5, 3)).write(folder)
    ImageOps.grayscale(cat).resize((300, 200)).save(folder / "cat-grey.jpg", quality=90)
    cat.resize((220, 146)).save(folder / "cat-small.jpg", quality=60)
    rocket = Photo("rocket.jpg", "rocket").write(folder)
    (folder / "again").mkdir()
    (folder / "again" / "rocket.jpg").write_bytes(rocket.read_bytes())
    astronaut = picture("astronaut")
    for shot in range(3):
        part = astronaut.crop((40 * shot, 25 * shot, 400 + 40 * shot, 400 + 25 * shot))
        taken = datetime(2020, 6, 1, 12) + timedelta(seconds=2 * shot)
        part.save(folder / f"IMG_{shot + 1}.jpg", quality=92, exif=Photo("x.jpg", "cat", taken=taken).exif())
    Photo("coffee.jpg", "coffee").write(folder)


@pytest.fixture(scope="module")
def library(playwright: Playwright, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a folder that it may write to."""
    folder = tmp_path_factory.mktemp("photos") / "trip"
    folder.mkdir()
    write_photos(folder)
    app = App(playwright, site, tmp_path_factory.mktemp("duplicates") / "profile").open()
    app.js(OWN_FOLDER, [app.files([folder]), "trip"])
    yield app
    app.close()


@pytest.fixture
def page(library: App) -> App:
    """The page of duplicates, where the cat is there three times."""
    library.page.goto(f"{library.site.origin}/#/")
    library.page.goto(f"{library.site.origin}/#/duplicates")
    expect(library.see("kind-same-picture")).to_contain_text("1")
    library.see("kind-same-picture").click()
    expect(group(library).get_by_test_id("copy")).to_have_count(3)
    return library


def group(app: App) -> Locator:
    return app.see("duplicate-group").first


def undo(app: App) -> None:
    app.see("undo-toast").get_by_role("button", name="Undo").click()
    expect(app.see("undo-toast")).to_contain_text("Undone")


def test_three_kinds_are_kept_apart_each_with_the_one_to_keep_and_why(page: App) -> None:
    found = page.js("() => shoebox.duplicates()")
    assert [each["kind"] for each in found] == ["identical", "same-picture", "burst"]
    names = [sorted(file["name"] for file in each["files"]) for each in found]
    assert names == [sorted(ROCKET), sorted(CAT), sorted(BURST)]
    expect(group(page)).to_contain_text("Keep cat.jpg. It is the largest")
    expect(group(page).get_by_text("Keep", exact=True)).to_have_count(1)
    page.see("kind-identical").click()
    expect(group(page)).to_contain_text("2 copies of one file")
    page.see("kind-burst").click()
    expect(group(page)).to_contain_text("3 photos of one moment")
    assert page.problems() == []


def test_what_is_no_duplicate_leaves_the_page_and_comes_back_when_that_is_undone(page: App) -> None:
    group(page).get_by_role("button", name="Not duplicates").click()
    expect(page.see("undo-toast")).to_contain_text("these are no duplicates")
    expect(page.see("kind-same-picture")).to_contain_text("0")
    undo(page)
    expect(page.see("kind-same-picture")).to_contain_text("1")


def test_what_is_no_duplicate_stays_none_over_a_reload(page: App) -> None:
    names = page.names()
    told = page.js("(ids) => shoebox.notDuplicates(ids)", [names[name] for name in CAT])
    assert told["changed"] == 3
    expect(page.see("kind-same-picture")).to_contain_text("0")
    page.reload()
    expect(page.see("kind-same-picture")).to_contain_text("0")
    expect(page.see("kind-identical")).to_contain_text("1")
    page.js("(change) => shoebox.undo(change)", told["undo"])
    expect(page.see("kind-same-picture")).to_contain_text("1")


def test_two_are_compared_side_by_side_and_by_turns_with_the_keyboard(page: App) -> None:
    group(page).focus()
    page.page.keyboard.press("c")
    compare = page.see("compare")
    expect(compare).to_contain_text("1 of 2")
    page.page.keyboard.press("ArrowRight")
    expect(compare).to_contain_text("2 of 2")
    expect(compare).to_contain_text("cat-small.jpg")
    page.page.keyboard.press("f")
    expect(page.see("turns")).to_be_visible()
    expect(page.see("turns")).to_have_attribute("data-over", "true")
    expect(page.see("turns")).to_have_attribute("data-over", "false")
    page.page.keyboard.press("x")
    page.page.keyboard.press("Escape")
    expect(compare).to_be_hidden()
    expect(page.see("aside-bar")).to_contain_text("1 file chosen")
    page.see("aside-bar").get_by_role("button", name="Choose none").click()
    expect(page.see("aside-bar")).to_be_hidden()


def test_one_of_every_group_cannot_be_chosen(page: App) -> None:
    boxes = group(page).get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(2).check()
    expect(boxes.nth(1)).to_be_disabled()
    page.see("aside-bar").get_by_role("button", name="Choose none").click()


def test_a_script_and_a_list_name_what_was_chosen(page: App, tmp_path: Path) -> None:
    group(page).get_by_role("button", name="Set the others aside").click()
    page.see("aside-bar").get_by_role("button", name="Set aside…").click()
    texts = []
    for name in ("Save a script", "Save a list"):
        with page.page.expect_download() as download:
            page.see("aside-question").get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / "saved")
        texts.append((tmp_path / "saved").read_text())
    assert "aside trip/cat-grey.jpg 'trip/Set aside by Shoebox/cat-grey.jpg'" in texts[0]
    assert texts[1] == "trip/cat-grey.jpg\ntrip/cat-small.jpg\n"
    page.page.keyboard.press("Escape")
    page.see("aside-bar").get_by_role("button", name="Choose none").click()


def test_files_are_moved_and_moved_back(page: App) -> None:
    assert page.js(FILES, "trip") == ALL
    group(page).get_by_role("button", name="Set the others aside").click()
    page.see("aside-bar").get_by_role("button", name="Set aside…").click()
    page.see("move").click()
    expect(page.see("moved")).to_contain_text("2 files moved.")
    moved = ["trip/Set aside by Shoebox/cat-grey.jpg", "trip/Set aside by Shoebox/cat-small.jpg"]
    assert page.js(FILES, "trip") == sorted([*(set(ALL) - set(CAT[1:])), *moved])
    assert set(page.names()) == set(ALL) - set(CAT[1:]) - {"trip/again/rocket.jpg"}
    page.see("aside-question").get_by_role("button", name="Move back").click()
    expect(page.see("aside-question")).to_be_hidden()
    assert page.js(FILES, "trip") == ALL
    expect(page.see("kind-same-picture")).to_contain_text("1")
    assert page.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_a_file_that_is_another_by_now_is_not_moved(page: App) -> None:
    group(page).get_by_role("button", name="Set the others aside").click()
    page.see("aside-bar").get_by_role("button", name="Set aside…").click()
    expect(page.see("move")).to_be_visible()
    page.js(
        """async () => {
          const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("trip");
          const handle = await folder.getFileHandle("cat-small.jpg");
          const writable = await handle.createWritable({ keepExistingData: true });
          await writable.write({ type: "write", position: (await handle.getFile()).size, data: "x" });
          await writable.close();
        }"""
    )
    page.see("move").click()
    expect(page.see("moved")).to_contain_text("1 file moved. 1 file stayed:")
    expect(page.see("aside-question")).to_contain_text("Another file lies there now.")
    assert "trip/cat-small.jpg" in page.js(FILES, "trip")
    page.see("aside-question").get_by_role("button", name="Move back").click()
    expect(page.see("aside-question")).to_be_hidden()
    assert page.js(FILES, "trip") == ALL


def test_an_empty_library_says_what_to_do(app: App) -> None:
    app.page.goto(f"{app.site.origin}/#/duplicates")
    expect(app.page.get_by_text("No photos yet")).to_be_visible()
    assert app.js("() => shoebox.duplicates()") == []
