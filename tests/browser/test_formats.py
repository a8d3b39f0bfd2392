"""Photos in formats that browsers do not show: codecs, facts, thumbnails, the viewer; and real files against exiftool."""

from __future__ import annotations

import base64
import io
import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from shoebox.photo.decode import decode_photo
from shoebox.photo.moments import parse_time
from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.test_bad_input import accounted_for, assert_plain
from tests.browser.test_faces import turn_on, wait_until_done
from tests.photos import Photo, picture, shared
from tests.samples import FACE, FOLDER, HEIC, JP2, PLACE, SAMPLES, TAKEN
from tests.unit.making import UPRIGHT, corners
from tests.unit.making import picture as four_corners

# OpenJPEG's package decodes one or three components.
UNSHOWN = "transparent.jp2"

READ_THUMB = """
async (id) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("shoebox");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const thumb = await new Promise((resolve, reject) => {
    const request = db.transaction("thumbs").objectStore("thumbs").get(id);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  db.close();
  return btoa(String.fromCharCode(...thumb.bytes));
}
"""


def thumbnail(app: App, photo: str) -> NDArray[np.uint8]:
    """The stored thumbnail of a photo."""
    with Image.open(io.BytesIO(base64.b64decode(app.js(READ_THUMB, photo)))) as image:
        return np.asarray(image.convert("RGB"))


def write_samples(folder: Path) -> Path:
    """All samples that this page can show."""
    folder.mkdir()
    for sample in SAMPLES:
        if sample.name != UNSHOWN:
            (folder / sample.name).write_bytes(sample.read())
    return folder


def codec_requests(site: Site) -> list[str]:
    return [request.target for request in site.log if "/codecs/" in request.target]


def test_samples_come_in_upright_with_their_facts(app: App, tmp_path: Path) -> None:
    folder = write_samples(tmp_path / "samples")
    answer = app.add(folder)
    assert answer["failed"] == []
    names = app.names()
    for sample in SAMPLES:
        if sample.name == UNSHOWN:
            continue
        photo = app.photo(names[f"samples/{sample.name}"])
        assert (photo["width"], photo["height"]) == (sample.width, sample.height), sample.name
        assert photo["format"] == ("HEIC" if sample in HEIC else "JPEG 2000")
        assert photo["taken"] == (TAKEN if sample.told else None), sample.name
        if sample.told:
            assert (photo["place"]["latitude"], photo["place"]["longitude"]) == pytest.approx(PLACE, abs=1e-6)
        pixels = thumbnail(app, photo["id"])
        assert pixels.shape[:2] == (sample.height, sample.width), sample.name
        if not sample.grey:
            assert corners(pixels) == UPRIGHT, sample.name
        expected = decode_photo(sample.read(), sample.name).pixels.astype(int)
        assert np.abs(pixels.astype(int) - expected).mean() < 8, sample.name
    assert app.problems() == []


def test_display_p3_is_converted(app: App, tmp_path: Path) -> None:
    folder = write_samples(tmp_path / "samples")
    app.add(folder)
    names = app.names()
    plain, by_profile, by_number = (
        thumbnail(app, names[f"samples/{name}"]).astype(int)
        for name in ("turned-1.heic", "display-p3.heic", "display-p3-by-number.heic")
    )
    assert np.abs(by_profile - by_number).mean() < 4
    assert np.abs(by_profile - plain).mean() > 6


def test_what_the_codec_cannot_do_is_told_plainly(app: App) -> None:
    (sample,) = (sample for sample in JP2 if sample.name == UNSHOWN)
    answer = app.add(FOLDER / sample.name)
    (failure,) = answer["failed"]
    assert_plain(failure["reason"])
    assert "JPEG 2000" in failure["reason"]


def test_codecs_are_fetched_when_a_photo_needs_one_and_then_kept(launch_app: Launcher, own_site: Site, tmp_path: Path) -> None:
    app = launch_app(site=own_site).open()
    app.wait_until_kept()
    app.add(Photo("cat.jpg", "cat").write(tmp_path))
    assert codec_requests(own_site) == [], "a codec is no part of the first visit"
    assert app.add(tmp_path / write_one(tmp_path, "turned-1.heic"))["added"] == 1
    assert sorted(codec_requests(own_site)) == ["/codecs/libheif.js", "/codecs/libheif.wasm"]
    # A new decode worker must find the codec on this device; the old one may still hold it in memory.
    app.wait_for(lambda: not [worker for worker in app.page.workers if "decode" in worker.url])
    own_site.stop()
    app.reload()
    assert app.add(tmp_path / write_one(tmp_path, "turned-6.heic"))["added"] == 1
    assert len(app.names()) == 3
    assert app.problems(allowed=["ERR_CONNECTION_REFUSED", "Failed to fetch"]) == []


def write_one(folder: Path, name: str) -> str:
    """Write one sample, and answer its name."""
    (sample,) = (sample for sample in SAMPLES if sample.name == name)
    (folder / name).write_bytes(sample.read())
    return name


def test_without_the_codec_the_photo_waits_with_a_sentence(launch_app: Launcher, dist: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    shutil.copytree(dist, folder)
    hidden = (folder / "codecs").rename(tmp_path / "codecs")
    site = Site(folder)
    try:
        app = launch_app(site=site, service_workers="block").open()
        path = tmp_path / write_one(tmp_path, "told.heic")
        (failure,) = app.add(path)["failed"]
        assert_plain(failure["reason"])
        assert "Connect to the network once" in failure["reason"]
        hidden.rename(folder / "codecs")
        app.wait_for(lambda: not [worker for worker in app.page.workers if "decode" in worker.url])
        assert app.add(path)["added"] == 1
        assert app.failures() == {}
    finally:
        site.stop()


@pytest.mark.parametrize("name", ["tiles.heic", "turned-tiles.heic", "tiles.jp2", "scan.tif"])
def test_the_viewer_shows_them_in_full(app: App, tmp_path: Path, name: str) -> None:
    size = (200, 150)
    if name == "scan.tif":
        size = (1500, 1000)
        four_corners(*size).save(tmp_path / name, compression="tiff_lzw")
    else:
        write_one(tmp_path, name)
    app.add(tmp_path / name)
    app.page.goto(f"{app.site.origin}/#/photo/{app.names()[name]}")
    shown = app.wait(
        """async ([width, height]) => {
          const photos = [...document.querySelectorAll(".stage-photo")];
          const full = photos.length === 2 ? photos[1] : null;
          if (!full?.complete || full.naturalWidth !== width || full.naturalHeight !== height) return null;
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [width, height];
          const context = canvas.getContext("2d");
          context.drawImage(full, 0, 0);
          return Array.from(context.getImageData(0, 0, width, height).data);
        }""",
        list(size),
    )
    pixels = np.array(shown, np.uint8).reshape(size[1], size[0], 4)[..., :3]
    assert corners(pixels) == UPRIGHT


def test_a_picture_in_any_format_can_be_compared_with(app: App, tmp_path: Path) -> None:
    Photo("cat.jpg", "cat").write(tmp_path / "photos")
    Photo("rocket.jpg", "rocket").write(tmp_path / "photos")
    app.add(tmp_path / "photos")
    for name in ("cat.tif", "cat.jp2"):
        picture("cat").save(tmp_path / name)
        best = app.js(
            "async (input) => (await shoebox.similar(input.files[0], { limit: 1 })).results[0].name",
            app.files([tmp_path / name]),
        )
        assert best == "photos/cat.jpg", name


def test_a_picture_to_compare_with_is_shown_in_any_format(app: App, tmp_path: Path) -> None:
    Photo("cat.jpg", "cat").write(tmp_path)
    app.add(tmp_path / "cat.jpg")
    app.page.goto(f"{app.site.origin}/#/")
    app.page.get_by_role("combobox").click()
    write_one(tmp_path, "tiles.heic")
    app.page.locator(".hints-picture input").set_input_files(tmp_path / "tiles.heic")
    asked = app.page.locator(".asked-picture")
    expect(asked).to_be_visible()
    app.wait("document.querySelector('.asked-picture').naturalWidth === 200")
    expect(app.page.locator(".hints")).to_have_count(0)


def test_faces_are_found_in_heic(launch_app: Launcher, tmp_path: Path) -> None:
    app = launch_app().open()
    shutil.copy(FACE, tmp_path / FACE.name)
    app.add(tmp_path / FACE.name)
    turn_on(app)
    wait_until_done(app, 1)
    (face,) = app.photo(app.names()[FACE.name])["faces"]
    left, top, width, height = face["box"]
    assert 0 < left < left + width < 400
    assert 0 < top < 200
    assert height > 40


def test_damaged_heic_and_jpeg_2000_stop_nothing(app: App, tmp_path: Path) -> None:
    random_bytes = random.Random(5)
    folder = tmp_path / "damaged"
    folder.mkdir()
    for number in range(60):
        sample = (*HEIC, *JP2)[number % len(SAMPLES)]
        data = bytearray(sample.read())
        for _ in range(1 + number % 4):
            data[random_bytes.randrange(len(data))] = random_bytes.randrange(256)
        if number % 5 == 0:
            data = data[: random_bytes.randrange(len(data))]
        (folder / f"{number}-{sample.name}").write_bytes(bytes(data))
    (folder / "good.heic").write_bytes(HEIC[0].read())
    app.add(folder)
    inside, failures = accounted_for(app)
    assert inside | set(failures) == {f"damaged/{path.name}" for path in folder.iterdir()}
    assert "damaged/good.heic" in inside
    for reason in failures.values():
        assert_plain(reason)
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def facts_told(told: dict[str, Any], photo: dict[str, Any]) -> dict[str, bool]:
    """Which facts of a photo are as exiftool read them; what exiftool knows of, and size and time and place of all."""
    turned = (told["orientation"] or 1) >= 5
    size = (told["height"], told["width"]) if turned else (told["width"], told["height"])
    time = parse_time(told["dateTimeOriginal"]) if told["dateTimeOriginal"] else None
    camera_time = photo["taken"] if photo["takenFrom"] == "camera" else None
    place = photo["place"]
    if told["lat"] is None or place is None:
        same_place = told["lat"] is None and place is None
    else:
        same_place = abs(place["latitude"] - told["lat"]) < 1e-6 and abs(place["longitude"] - told["lon"]) < 1e-6
    return {
        "width": photo["width"] == size[0],
        "height": photo["height"] == size[1],
        "time": (camera_time or "")[:19] == (time.isoformat(timespec="seconds") if time else ""),
        "place": same_place,
    }


def test_real_files_show_the_facts_that_exiftool_reads(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared("formats")
    files = {told["file"]: told for told in json.loads((folder / "manifest.json").read_text("utf-8"))}
    app.add(folder)
    names = app.names()
    failures = {name.removeprefix("formats/"): reason for name, reason in app.failures().items()}
    agreed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    differing: dict[str, list[str]] = {}
    for name, told in files.items():
        photo = names.get(f"formats/{name}")
        if photo is None:
            # A copy of another file, or told as a failure.
            if name in failures:
                assert_plain(failures[name])
            continue
        for fact, same in facts_told(told, app.photo(photo)).items():
            asked[fact] += 1
            agreed[fact] += same
            if not same:
                differing.setdefault(name, []).append(fact)
    share = sum(agreed.values()) / sum(asked.values())
    with capsys.disabled():
        print(f"\n{len(files)} files: {len(failures) - 1} listed, facts as exiftool's: {share:.1%}", dict(agreed), dict(asked))
        print(*(f"  {name[-60:]}: {reason}" for name, reason in sorted(failures.items())), sep="\n")
        print(*(f"  {name[-60:]}: {', '.join(facts)}" for name, facts in sorted(differing.items())), sep="\n")
    assert share >= 0.95
    assert len(failures) <= 0.1 * len(files)
