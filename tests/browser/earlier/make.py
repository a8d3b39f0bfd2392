"""Have an earlier Shoebox, built from this repository's history, fill a database, and keep what it stores beside this file.

Run for each version of the database (web/src/storage/schema.ts), after the built app of that time has been put somewhere::

    git archive 64c12b0 | tar -x -C OLD && (cd OLD && python3 build.py build)
    .venv/bin/python -m tests.browser.earlier.make OLD/dist

The last commits with each version: 1 is 64c12b0; 2 is 3b005d1; 3, with rows that do not say how photos look, is b3dca10; 4 is
c43fc7c. The pictures are drawn here, and the model pack that is kept beside them knows colours only.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from tests.browser.app import App
from tests.browser.dumped import EARLIER, dump
from tests.browser.site import Site
from tests.unit import clip_pack
from tooling.model_packs import make_file

SIZE = (160, 120)
SHAPES = {"sun.jpg": "yellow", "ball.jpg": "red", "sea.jpg": "navy"}


def draw(folder: Path) -> list[Path]:
    """Three pictures, and a file that is none."""
    folder.mkdir()
    for place, (name, colour) in enumerate(SHAPES.items()):
        image = Image.new("RGB", SIZE, "white")
        ImageDraw.Draw(image).ellipse((20 + 10 * place, 20, 100, 100), fill=colour)
        image.save(folder / name, quality=80)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    return sorted(folder.iterdir())


def pack_file(folder: Path) -> Path:
    """A small model pack, to be kept and not to be used: its networks are none."""
    folder.mkdir()
    for name, data in clip_pack.files().items():
        (folder / name).write_bytes(data)
    return make_file(folder, folder / "colours.pack")


def fill(app: App, folder: Path) -> dict[str, object]:
    """Add what there is, say what can be said, and leave one photo waiting; answers what is known in the end."""
    app.add(*draw(folder / "drawn"))
    names = app.names()
    if app.js("() => 'favourite' in shoebox"):
        app.js("(id) => shoebox.favourite([id])", names["sun.jpg"])
    if app.js("() => 'faceWork' in shoebox"):
        app.js("() => shoebox.configure({ faces: true })")
        app.wait("async () => (await shoebox.faceWork()).phase === 'done'")
    if app.js("() => 'addPack' in shoebox"):
        app.js("(input) => shoebox.addPack(input.files[0])", app.files([pack_file(folder / "pack")]))
    app.js("() => shoebox.configure({ backend: 'wasm' })")
    app.js("() => shoebox.pause()")
    late = folder / "late.png"
    Image.new("RGB", SIZE, "green").save(late)
    app.start_adding(late)
    app.wait("() => document.querySelector('[data-testid=progress]')?.dataset.phase === 'paused'")
    app.page.wait_for_timeout(1500)  # the copy of the waiting file is written behind everything else
    return {"photos": names, "failures": app.failures()}


def main(dist: Path) -> None:
    """Fill a database with the built app in `dist`, and write it down."""
    site = Site(dist)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        app = App(playwright, site, Path(scratch) / "profile").open()
        known = fill(app, Path(scratch))
        left = {"known": known, **dump(app)}
        app.close()
    site.stop()
    path = EARLIER / f"version-{left['version']}.json"
    path.write_text(json.dumps(left, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
