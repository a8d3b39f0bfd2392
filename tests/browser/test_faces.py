"""Faces in the page: off until asked for, then found behind everything else, named, kept, searched and deleted."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.stored import age
from tests.photos import Photo, picture

KEPT_MODELS = """
async () => {
  const found = [];
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) {
    if (request.url.includes("/models/faces/")) found.push(request.url);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos of one person, the second mirrored, smaller and in grey; and three of nobody, one CMYK, one very wide."""
    folder = tmp_path_factory.mktemp("people") / "people"
    Photo("first.jpg", "astronaut").write(folder)
    ImageOps.grayscale(ImageOps.mirror(picture("astronaut"))).resize((400, 400)).save(folder / "second.jpg", quality=90)
    Photo("cat.jpg", "cat").write(folder)
    picture("coffee").convert("CMYK").save(folder / "coffee.jpg", quality=90)
    Image.new("RGB", (10_000, 200), (90, 140, 190)).save(folder / "wide.jpg", quality=80)
    return folder


def turn_on(app: App) -> None:
    app.js("() => shoebox.configure({ faces: true })")


def wait_until_done(app: App, photos: int) -> None:
    """Wait until all photos were looked at for faces, and all faces are put together."""
    app.wait(
        """async (photos) => {
          const work = await shoebox.faceWork();
          if (work.phase === "blocked") throw new Error(work.reason);
          return work.phase === "done" && work.done === photos;
        }""",
        photos,
    )


def people(app: App) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = app.js("() => shoebox.people()")
    return answer


def face_files(site: Site) -> list[str]:
    """What was fetched of the face pack."""
    return [request.target for request in site.log if "models/faces" in request.target]


def test_nothing_about_faces_is_fetched_or_stored_while_they_are_off(
    launch_app: Launcher, own_site: Site, folder: Path
) -> None:
    app = launch_app(site=own_site).open()
    app.add(folder)
    app.wait_until_kept()
    app.reload()
    assert app.js("() => shoebox.faceWork()")["phase"] == "off"
    assert people(app) == []
    assert app.stored("faces") == []
    assert face_files(own_site) == []
    assert app.js(KEPT_MODELS) == []
    photo = app.photo(app.names()["people/first.jpg"])
    assert (photo["faces"], photo["facesSought"]) == ([], False)


def test_a_person_is_found_named_kept_searched_and_deleted(launch_app: Launcher, own_site: Site, folder: Path) -> None:
    app = launch_app(site=own_site).open()
    app.add(folder)
    names = app.names()
    turn_on(app)
    wait_until_done(app, 5)
    (person,) = people(app)
    assert (person["count"], person["name"], person["hidden"]) == (2, "", False)
    assert {face["photo"] for face in person["faces"]} == {names["people/first.jpg"], names["people/second.jpg"]}
    (face,) = app.photo(names["people/first.jpg"])["faces"]
    left, top, width, height = face["box"]
    # Where the astronaut's face is.
    assert left < 224 < left + width
    assert top < 120 < top + height
    assert max(width, height) < 200
    assert app.photo(names["people/cat.jpg"])["faces"] == []
    assert app.photo(names["people/cat.jpg"])["facesSought"]

    change = app.js("(id) => shoebox.namePerson(id, 'Eileen Collins')", person["id"])
    assert change["person"] == person["id"]
    app.reload()
    (again,) = people(app)
    assert (again["id"], again["name"], again["count"]) == (person["id"], "Eileen Collins", 2)
    assert set(app.found("person:eileen")) == {"people/first.jpg", "people/second.jpg"}
    offered = app.js("() => shoebox.complete('person:ei', 9)")
    assert [(each["label"], each["count"]) for each in offered if each["kind"] == "person"] == [("Eileen Collins", 2)]
    assert app.js("() => shoebox.stats()")["faces"] == 2
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}

    (second,) = app.photo(names["people/second.jpg"])["faces"]
    moved = app.js("(face) => shoebox.moveFaces([face], null)", second["id"])
    assert len(people(app)) == 2
    app.js("(undo) => shoebox.undo(undo)", moved["undo"])
    assert [each["count"] for each in people(app)] == [2]

    assert face_files(own_site)
    app.js("() => shoebox.deleteFaceData()")
    assert app.js("() => shoebox.settings()")["faces"] is False
    assert people(app) == []
    assert app.stored("faces") == []
    assert app.js(KEPT_MODELS) == []
    assert not any(b"Eileen" in run for run in app.stored("statements"))
    app.reload()
    assert people(app) == []
    assert app.problems() == []


def test_photos_whose_files_are_gone_wait_and_the_others_do_not(launch_app: Launcher, folder: Path, tmp_path: Path) -> None:
    moving = tmp_path / "people"
    shutil.copytree(folder, moving)
    app = launch_app().open()
    app.add(moving)
    (moving / "first.jpg").unlink()
    turn_on(app)
    work = app.wait("async () => { const work = await shoebox.faceWork(); return work.phase === 'done' && work; }")
    assert (work["done"], work["total"], work["waiting"]) == (4, 5, 1)
    assert work["waitingReason"]
    assert [each["count"] for each in people(app)] == [1]


def test_with_a_network_that_is_not_what_its_pack_describes_nothing_is_looked_at(
    launch_app: Launcher, dist: Path, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "dist"
    shutil.copytree(dist, copy)
    network = copy / "models" / "faces" / "recogniser.onnx"
    changed = bytearray(network.read_bytes())
    changed[len(changed) // 2] ^= 1
    network.write_bytes(changed)
    site = Site(copy)
    try:
        app = launch_app(site=site).open()
        app.add(folder)
        turn_on(app)
        work = app.wait("async () => { const work = await shoebox.faceWork(); return work.phase === 'blocked' && work; }")
        assert "recogniser.onnx is not the file that its pack describes" in work["reason"]
        assert work["done"] == 0
        assert app.stored("faces") == []
        assert people(app) == []
        # All else goes on.
        assert app.found("a cat")
    finally:
        site.stop()


def test_a_library_that_knew_no_faces_opens_and_takes_them(launch_app: Launcher, folder: Path) -> None:
    app = launch_app().open()
    app.add(folder)
    before = app.names()
    version, stores = age(app, 2)
    assert (version, "faces" in stores) == (2, False)
    app.reload()
    assert app.names() == before
    turn_on(app)
    work = app.wait("async () => { const work = await shoebox.faceWork(); return work.phase === 'done' && work; }")
    # The files were given once, without a folder that could be opened again.
    assert (work["done"], work["waiting"]) == (0, 5)
    assert "add their folder again" in work["waitingReason"]
    app.add(folder)
    wait_until_done(app, 5)
    assert [each["count"] for each in people(app)] == [2]
