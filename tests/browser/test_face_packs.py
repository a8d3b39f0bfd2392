"""Another face pack, dropped in as one file: it looks beside the present one, takes its place, and names stay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import ImageOps
from playwright.sync_api import expect

from models.evaluation.faces import SHARED
from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.photos import Photo, picture
from tooling.model_packs import make_file
from tooling.paths import PACKS

REAL = SHARED / "models"
NETWORKS = ("yunet_n_dynamic.onnx", "MobileFaceNet.onnx")
LOOKED = """
async (pack) => {
  const work = await shoebox.faceWork();
  if (work.phase === "blocked") throw new Error(work.reason);
  return work.phase === "done" && !work.beside && work.done === work.total && (await shoebox.settings()).facePack === pack;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos of one person, and one of nobody."""
    folder = tmp_path_factory.mktemp("people") / "people"
    Photo("first.jpg", "astronaut").write(folder)
    ImageOps.grayscale(ImageOps.mirror(picture("astronaut"))).resize((400, 400)).save(folder / "second.jpg", quality=90)
    Photo("coffee.jpg", "coffee").write(folder)
    return folder


@pytest.fixture(scope="module")
def face_pack(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """YuNet and MobileFaceNet where they are at hand; elsewhere the networks of the default pack under another name."""
    made = tmp_path_factory.mktemp("pack")
    if all((REAL / name).is_file() for name in NETWORKS):
        for name in NETWORKS:
            shutil.copy(REAL / name, made)
        shutil.copy(PACKS / "faces" / "yunet-mobilefacenet.toml", made / "pack.toml")
    else:
        shutil.copytree(dist / "models/faces", made, dirs_exist_ok=True)
        manifest = (made / "pack.toml").read_text("utf-8")
        manifest = manifest.replace('id = "face-api"', 'id = "yunet-mobilefacenet"\ntitle = "YuNet and MobileFaceNet"')
        (made / "pack.toml").write_text(manifest + "\n[people]\nsame = 0.07\n", "utf-8")
    return make_file(made, made / "faces.pack")


def test_another_face_pack_is_dropped_in_looks_anew_and_names_stay(launch_app: Launcher, folder: Path, face_pack: Path) -> None:
    app: App = launch_app().open()
    app.add(folder)
    app.js("() => shoebox.configure({ faces: true })")
    app.wait(LOOKED, "face-api")
    (person,) = app.js("() => shoebox.people()")
    app.js("(id) => shoebox.namePerson(id, 'Eileen Collins')", person["id"])
    app.page.goto(f"{app.site.origin}/#/settings")
    app.page.get_by_test_id("pack-file").set_input_files(face_pack)
    added = app.page.get_by_test_id("pack").filter(has_text="YuNet and MobileFaceNet")
    expect(added).to_contain_text("licence:")
    added.get_by_role("button", name="Use YuNet and MobileFaceNet").click()
    app.wait(LOOKED, "yunet-mobilefacenet")
    expect(added).to_contain_text("In use")
    expect_the_same(app, person["id"])
    # Both are on this device: a network that is gone costs nothing.
    app.page.context.set_offline(True)
    for pack in ("face-api", "yunet-mobilefacenet"):
        app.js("(pack) => shoebox.configure({ facePack: pack })", pack)
        app.wait(LOOKED, pack)
        expect_the_same(app, person["id"])
    app.page.context.set_offline(False)
    refused = app.js("() => shoebox.removePack('yunet-mobilefacenet').catch((error) => error.message)")
    assert "in use" in refused
    app.js("() => shoebox.configure({ facePack: 'face-api' })")
    app.wait(LOOKED, "face-api")
    kinds = app.js(
        "async () => (await shoebox.removePack('yunet-mobilefacenet'), (await shoebox.packs()).map(({ kind }) => kind))"
    )
    assert kinds == ["photos", "faces"]
    app.reload()
    expect_the_same(app, person["id"])
    assert app.problems() == []


def expect_the_same(app: App, person: str) -> None:
    """The one whom somebody named is who she was, and nothing is wrong with the library."""
    (same,) = app.js("() => shoebox.people()")
    assert (same["id"], same["name"], same["count"]) == (person, "Eileen Collins", 2)
    assert set(app.found("person:eileen")) == {"people/first.jpg", "people/second.jpg"}
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_a_face_pack_whose_sums_are_wrong_is_refused_and_nothing_is_changed(
    launch_app: Launcher, face_pack: Path, tmp_path: Path
) -> None:
    app: App = launch_app().open()
    data = bytearray(face_pack.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "damaged.pack"
    damaged.write_bytes(data)
    app.page.goto(f"{app.site.origin}/#/settings")
    app.page.get_by_test_id("pack-file").set_input_files(damaged)
    expect(app.page.get_by_test_id("pack-problem")).to_contain_text("is not the one that its list of files names")
    expect(app.page.get_by_test_id("pack")).to_have_count(2)
    refused = app.js("() => shoebox.configure({ facePack: 'yunet-mobilefacenet' }).catch((error) => error.message)")
    assert "There is no face pack" in refused
