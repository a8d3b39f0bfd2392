"""Golden: the browser's vectors are CPython's, whichever decoder made the pixels."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import decode_photo
from shoebox.sessions.native import NativeSessions
from shoebox.store.blocks import read_block
from shoebox.store.journal import read_entry
from shoebox.store.rows import id_numbers, id_text
from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.stored import stored_vectors
from tests.photos import REPOSITORY, Photo, shared
from tests.running import finish
from tests.synthetic import default_pack

AGREE = 0.995

PHOTOS = (
    Photo("cat.jpg", "cat"),
    Photo("astronaut.jpg", "astronaut", (2400, 2400)),
    Photo("coffee.jpg", "coffee", (3000, 2000), options={"quality": 70}),
    Photo("rocket.jpg", "rocket", (1280, 854), options={"progressive": True}),
    Photo("turned 6.jpg", "motorcycle", (1500, 1000), orientation=6),
    Photo("turned 3.jpg", "coins", orientation=3),
    Photo("turned 8.jpg", "cameraman", (900, 1200), orientation=8),
    Photo("mirrored 2.jpg", "page", orientation=2),
    Photo("mirrored 5.jpg", "bricks", (600, 800), orientation=5),
    Photo("panorama.jpg", "galaxies", (4000, 700)),
    Photo("moon.png", "moon"),
    Photo("grass.webp", "grass", (800, 600)),
    Photo("small.jpg", "moon", (90, 60)),
)
# Kinds that Chromium cannot decode go through Pillow inside Pyodide.
FOR_PILLOW = (
    Photo("cat.tif", "cat"),
    Photo("rocket.tif", "rocket", (1280, 854), options={"compression": "tiff_lzw"}),
    Photo("turned.tif", "motorcycle", (1500, 1000), orientation=6),
)

# Browsers show the first picture of an animated PNG, Pillow the still one beside it; and the two make different things of
# run lengths in a bitmap that point beyond its edge.
MAY_DIFFER = re.compile("__apng__|__badrle")

# Safari has no ImageDecoder; a worker that has lost it goes the way that Safari's goes.
LOSE_IMAGE_DECODER = "delete globalThis.ImageDecoder;\n"


def native_shoebox() -> Shoebox:
    """The library on CPython, empty."""
    pack = default_pack()
    return Shoebox(pack, NativeSessions(REPOSITORY / "models" / "default", pack))


def native_vectors(paths: Sequence[Path]) -> dict[str, NDArray[np.float32]]:
    """The vectors by id that CPython stores for photos: Pillow decodes, onnxruntime runs the networks."""

    async def index() -> dict[str, NDArray[np.float32]]:
        box = native_shoebox()
        found: dict[str, NDArray[np.float32]] = {}
        for path in paths:
            data = path.read_bytes()
            entry = {"name": path.name, "size": len(data), "mtime": 0.0, "hash": hashlib.sha256(data).hexdigest()}
            order = box.inspect(entry=entry, head=data, whole=True)
            if order["action"] != "decode":
                continue
            try:
                photo = decode_photo(data, path.name)
            except UnreadablePhoto:
                continue  # Chromium knows kinds that Pillow does not, such as JPEG XL
            height, width = photo.pixels.shape[:2]
            item = {"ticket": order["ticket"], "width": width, "height": height}
            item |= {"photoWidth": photo.photo_width, "photoHeight": photo.photo_height}
            answer = await box.index(batch=[item], pixels=[photo.pixels.tobytes()])
            _, change = read_entry(answer["journal"])
            assert change.rows is not None
            found[id_text(int(id_numbers(change.rows.columns["hash"])[0]))] = change.rows.vectors[0]
        return found

    return finish(index())


def disagreements(browser: dict[str, NDArray[np.float32]], native: dict[str, NDArray[np.float32]]) -> dict[str, float]:
    """Cosines, by id, of the photos that both know and that do not agree."""
    cosines = {photo: float(browser[photo] @ native[photo]) for photo in browser.keys() & native.keys()}
    return {photo: cosine for photo, cosine in cosines.items() if cosine < AGREE}


def write(photos: Sequence[Photo], folder: Path) -> dict[str, Path]:
    """Write photos and answer their files by id."""
    paths = [photo.write(folder) for photo in photos]
    return {hashlib.sha256(path.read_bytes()).hexdigest()[:16]: path for path in paths}


@pytest.fixture
def site_without_image_decoder(dist: Path, tmp_path: Path) -> Iterator[Site]:
    """The app, its decode workers robbed of ImageDecoder."""
    folder = tmp_path / "dist"
    shutil.copytree(dist, folder)
    worker = folder / "workers" / "decode.js"
    worker.write_text(LOSE_IMAGE_DECODER + worker.read_text())
    served = Site(folder)
    yield served
    served.stop()


def check_own_decoders(app: App, folder: Path) -> None:
    """Index `PHOTOS` in the page and on CPython, and compare."""
    files = write(PHOTOS, folder)
    answer = app.add(folder)
    assert answer["failed"] == []
    browser, native = stored_vectors(app), native_vectors(list(files.values()))
    assert browser.keys() == native.keys() == files.keys()
    assert {files[photo].name: cosine for photo, cosine in disagreements(browser, native).items()} == {}


def test_image_decoder_agrees_with_pillow(app: App, tmp_path: Path) -> None:
    assert app.js("typeof ImageDecoder") == "function"
    check_own_decoders(app, tmp_path / "photos")


def test_image_bitmaps_agree_with_pillow(launch_app: Launcher, site_without_image_decoder: Site, tmp_path: Path) -> None:
    # The service worker would give out only files whose hash it knows.
    app = launch_app(site=site_without_image_decoder, service_workers="block").open()
    check_own_decoders(app, tmp_path / "photos")


def test_pillow_inside_the_browser_agrees_with_pillow_outside(app: App, tmp_path: Path) -> None:
    files = write(FOR_PILLOW, tmp_path / "photos")
    answer = app.add(tmp_path / "photos")
    assert answer["failed"] == []
    browser, native = stored_vectors(app), native_vectors(list(files.values()))
    assert browser.keys() == native.keys() == files.keys()
    assert {files[photo].name: cosine for photo, cosine in disagreements(browser, native).items()} == {}


def test_real_photos_of_all_formats_agree(app: App) -> None:
    folder = shared("formats")
    app.add(folder)
    known = {photo: name.partition("/")[2] for name, photo in app.names().items()}
    native = native_vectors([folder / name for name in known.values()])
    browser = stored_vectors(app)
    assert len(browser.keys() & native.keys()) >= 100
    differing = {known[photo]: cosine for photo, cosine in disagreements(browser, native).items()}
    assert {name: cosine for name, cosine in differing.items() if not MAY_DIFFER.search(name)} == {}


def test_scores_agree_with_the_library_outside_the_browser(app: App, tmp_path: Path) -> None:
    """The same stored bytes give the same answers: ids, scores within 1e-2, the best one, and how many are relevant."""
    write(PHOTOS, tmp_path / "photos")
    app.add(tmp_path / "photos")
    blocks, journal = app.stored("blocks"), app.stored("journal")
    assert all(len(read_block(block).rows) > 0 for block in blocks)
    box = native_shoebox()
    assert box.load(blocks=blocks, journal=journal)["problems"] == []
    for query in ("a cat", "a cup of coffee -table", "rocket -sky", "an astronaut in space"):
        inside, outside = app.search(query), finish(box.search(query=query))
        ours, theirs = ({hit["id"]: hit["score"] for hit in answer["results"]} for answer in (inside, outside))
        assert ours == pytest.approx(theirs, abs=1e-2), query
        assert [hit["id"] for hit in inside["results"][:1]] == [hit["id"] for hit in outside["results"][:1]]
        assert inside["relevant"] == outside["relevant"]
