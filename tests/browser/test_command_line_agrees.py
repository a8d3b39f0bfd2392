"""Parity: the page and `python -m shoebox` make the same library of the same two hundred photos."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageOps
from playwright.sync_api import Playwright

from tests.browser.app import App
from tests.browser.site import Site
from tests.photos import LIBRARY, REPOSITORY, SCENES, Photo, picture, shared, write_library

QUERIES = ("a cat", "a cup of coffee", "stars in the night sky", "a rocket", "in:2019", "a motorcycle in:2020", "type:png")
AGREE = 1e-2
TILES = 4
SIZES = ((320, 240), (640, 480), (720, 540), (1600, 1200))
# Real faces, where they are at hand: so many people, and photos of each.
PEOPLE, PHOTOS_EACH = 8, 3

SAVED = """
async () => {
  const file = await shoebox.exportIndex({ paths: true });
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => { reader.onload = resolve; reader.onerror = reject; });
  reader.readAsDataURL(file);
  await read;
  return reader.result.slice(reader.result.indexOf(",") + 1);
}
"""


def write_photos(folder: Path) -> None:
    """Photos of every kind, many parts of them, and some of them again: as files, smaller, in grey, brighter, and in bursts.

    No two are alike by halves: whether such are found may hang on the last pixel, and decoders differ by less than that.
    """
    write_library(folder, tuple(photo for photo in LIBRARY if photo.scene != "astronaut"))
    for scene in SCENES:
        image = picture(scene)
        width, height = image.width // TILES, image.height // TILES
        for place in range(TILES * TILES):
            left, top = place % TILES * width, place // TILES * height
            tile = image.resize(SIZES[place % len(SIZES)], Image.Resampling.BICUBIC, (left, top, left + width, top + height))
            (folder / "parts").mkdir(exist_ok=True)
            tile.save(folder / "parts" / f"{scene} {place}.jpg", quality=88)
    again = folder / "again"
    again.mkdir()
    for scene, year in (("cat", "2019"), ("coffee", "2019"), ("rocket", "2020")):
        image = picture(scene)
        shutil.copy(folder / year / f"{scene}.jpg", again)
        image.resize((image.width // 2, image.height // 2)).save(again / f"{scene} small.jpg", quality=70)
        ImageOps.grayscale(image).save(again / f"{scene} grey.jpg", quality=90)
        ImageEnhance.Brightness(image).enhance(1.2).save(again / f"{scene} bright.png")
    for shot in range(3):
        part = picture("astronaut").crop((40 * shot, 25 * shot, 400 + 40 * shot, 400 + 25 * shot))
        taken = datetime(2020, 6, 1, 12) + timedelta(seconds=2 * shot)
        part.save(folder / f"IMG_{shot}.jpg", quality=92, exif=Photo("x.jpg", "astronaut", taken=taken).exif())


class CommandLine:
    """`python -m shoebox` with a library of its own."""

    def __init__(self, library: Path) -> None:
        self.library = library

    def __call__(self, *words: str | Path) -> Any:
        """What it answers in JSON."""
        command = [sys.executable, "-m", "shoebox", *map(str, words), "--json"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "py"), "SHOEBOX_LIBRARY": str(self.library)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parity") / "photos"
    write_photos(folder)
    return folder


@pytest.fixture(scope="module")
def shell(folder: Path) -> CommandLine:
    """The command line with the photos."""
    shell = CommandLine(folder.parent / "library.shoebox")
    assert shell("index", folder)["failed"] == []
    return shell


@pytest.fixture(scope="module")
def page(playwright: Playwright, site: Site, folder: Path) -> Iterator[App]:
    """The page with the same."""
    app = App(playwright, site, folder.parent / "profile").open()
    assert app.add(folder)["failed"] == []
    yield app
    app.close()


def groups(found: list[dict[str, Any]]) -> set[tuple[str, frozenset[str]]]:
    """Duplicates by kind, as sets of files."""
    return {(group["kind"], frozenset(file["name"] for file in group["files"])) for group in found}


def persons(found: list[dict[str, Any]]) -> set[frozenset[str]]:
    """People, as sets of the photos that they are on."""
    return {frozenset(face["photo"] for face in person["faces"]) for person in found}


def test_the_same_photos_have_the_same_ids(page: App, shell: CommandLine) -> None:
    found = {hit["id"] for hit in shell("search", "", "--limit", "1000")["results"]}
    assert found == set(page.names().values())
    assert len(found) >= 150


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_query_finds_the_same_photos_with_the_same_scores(page: App, shell: CommandLine, query: str) -> None:
    here, there = shell("search", query, "--limit", "1000"), page.search(query, limit=1000)
    scores, expected = ({hit["id"]: hit["score"] for hit in answer["results"]} for answer in (here, there))
    assert scores and scores == pytest.approx(expected, abs=AGREE)


def test_the_same_photos_are_there_more_than_once(page: App, shell: CommandLine) -> None:
    here, there = groups(shell("duplicates")), groups(page.js("() => shoebox.duplicates()"))
    assert {kind for kind, _ in here} == {"identical", "same-picture", "burst"}
    assert here == there


def test_a_photo_is_known_alike(page: App, shell: CommandLine) -> None:
    here, there = shell("info", "2020/galaxies.webp"), page.photo(page.names()["photos/2020/galaxies.webp"])
    same = ("id", "name", "taken", "width", "height", "bytes", "format", "camera", "exposure", "place", "hash", "models")
    assert {key: here[key] for key in same} == {key: there[key] for key in same}
    assert [tag["tag"] for tag in here["tags"]] == [tag["tag"] for tag in there["tags"]]


def test_the_file_that_the_page_saves_is_the_library_that_it_shows(page: App, folder: Path) -> None:
    shell = CommandLine(folder.parent / "from-the-page.shoebox")
    shell.library.write_bytes(base64.b64decode(page.js(SAVED)))
    here, there = shell("search", "a cat", "--limit", "1000"), page.search("a cat", limit=1000)
    scores, expected = ({hit["id"]: hit["score"] for hit in answer["results"]} for answer in (here, there))
    assert scores == pytest.approx(expected, abs=AGREE)
    assert here["relevant"] == there["relevant"]
    assert shell("index", folder)["added"] == 0
    assert groups(shell("duplicates")) == groups(page.js("() => shoebox.duplicates()"))


def test_the_same_people_are_on_the_same_photos(app: App, tmp_path: Path) -> None:
    faces, folder = shared("faces"), tmp_path / "faces"
    for person in sorted(faces.iterdir())[:PEOPLE]:
        for file in sorted(person.iterdir())[:PHOTOS_EACH]:
            (folder / person.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / person.name)
    shell = CommandLine(tmp_path / "faces.shoebox")
    shell("index", folder, "--faces")
    app.add(folder)
    app.js("() => shoebox.configure({ faces: true })")
    app.wait("async () => (await shoebox.faceWork()).phase === 'done'")
    here, there = persons(shell("people")), persons(app.js("() => shoebox.people()"))
    assert len(here) >= PEOPLE - 1
    assert here == there
