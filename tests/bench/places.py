"""Places in Chromium: naming 100,000 spots in Pyodide, and the frames of a map that is dragged with as many photos on it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from shoebox.places.table import PlaceTable
from shoebox.store.blocks import Block, write_block
from tests.bench.place import Place
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.site import Site
from tests.browser.stored import put_blocks
from tests.photos import REPOSITORY, Photo
from tests.synthetic import default_pack
from tests.synthetic import rows as made_up_rows

TOWNS = REPOSITORY / "dist" / "places" / "towns.npz"
# Photos lie about towns, at most a few towns' widths away; and some lie anywhere.
SPREAD_DEGREES, ANYWHERE = 0.1, 0.02
# Targets: seconds for naming all, milliseconds between two frames.
SECONDS, DAYS_SECONDS, FRAME_MS = 10.0, 5.0, 1000 / 30
# Whole world, a continent with the coarse outlines, a country with the fine ones.
VIEWS = {"the world": "30,10,2.3", "a continent": "48,10,5", "a country": "48,8,8"}
PHOTOS_SHOWN = 2000

PAGE = """<!doctype html><title>places</title><script type="module" src="run.mjs"></script>"""

SCRIPT = """
import { loadPyodide } from "./pyodide/pyodide.mjs";

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

globalThis.measure = async () => {
  const pyodide = await loadPyodide({ indexURL: new URL("./pyodide/", location.href).href });
  await pyodide.loadPackage(["numpy"]);
  pyodide.unpackArchive(await bytes("shoebox.zip"), "zip");
  pyodide.globals.set("table", await bytes("towns.npz"));
  pyodide.globals.set("spots", await bytes("spots.npz"));
  const found = await pyodide.runPythonAsync(await (await fetch("work.py")).text());
  return found.toJs();
};
globalThis.loaded = true;
"""

WORK = """
import io, time
import numpy as np
from shoebox.places.clusters import cluster
from shoebox.places.geocoding import Geocoder
from shoebox.places.table import PlaceTable

stored = np.load(io.BytesIO(spots.to_bytes()))
latitudes, longitudes = stored["latitudes"], stored["longitudes"]

def timed(work):
    begun = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begun

geocoder, load = timed(lambda: Geocoder(PlaceTable.from_bytes(table.to_bytes())))
(towns, _), locate = timed(lambda: geocoder.locate(latitudes, longitudes))
_, clustered = timed(lambda: cluster(latitudes, longitudes, latitudes, 2.5))
[load, locate, clustered, float((towns >= 0).mean())]
"""

# Seconds for what the photos page asks.
DAYS = """
async () => {
  const begun = performance.now();
  await Promise.all([shoebox.monthPlaces(), shoebox.onThisDay()]);
  return (performance.now() - begun) / 1000;
}
"""

# Notes the time between frames from now on.
WATCH = """
() => {
  globalThis.frames = [];
  globalThis.watching = true;
  let last = performance.now();
  const note = (now) => {
    frames.push(now - last);
    last = now;
    if (watching) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}
"""


def spots(count: int, seed: int = 5) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of photos, no two alike: about towns, the larger the more, and a few anywhere."""
    table, random = PlaceTable.from_bytes(TOWNS.read_bytes()), np.random.default_rng(seed)
    weight = np.sqrt(table.population.astype(np.float64))
    chosen = random.choice(len(table), count, p=weight / weight.sum())
    latitudes = table.latitude[chosen] + random.normal(0, SPREAD_DEGREES, count)
    longitudes = table.longitude[chosen] + random.normal(0, SPREAD_DEGREES, count)
    anywhere = random.random(count) < ANYWHERE
    latitudes[anywhere] = random.uniform(-60, 75, int(anywhere.sum()))
    longitudes[anywhere] = random.uniform(-180, 180, int(anywhere.sum()))
    return np.clip(latitudes, -90, 90), (longitudes + 180) % 360 - 180


def write_site(folder: Path, count: int) -> None:
    """A page with Pyodide, the package as it stands, the table, and spots in a file."""
    folder.mkdir(parents=True)
    shutil.copytree(REPOSITORY / "dist" / "pyodide", folder / "pyodide")
    shutil.copy(TOWNS, folder)
    (folder / "index.html").write_text(PAGE)
    (folder / "run.mjs").write_text(SCRIPT)
    (folder / "work.py").write_text(WORK)
    with zipfile.ZipFile(folder / "shoebox.zip", "w") as archive:
        for path in sorted((REPOSITORY / "py" / "shoebox").rglob("*.py")):
            archive.write(path, path.relative_to(REPOSITORY / "py"))
    latitudes, longitudes = spots(count)
    np.savez(folder / "spots.npz", latitudes=latitudes, longitudes=longitudes)


def naming(place: Place) -> Iterator[Row]:
    """Seconds to read the table, to name all spots, and to put them together for the map."""
    count = place.sizes.library
    write_site(place.work / "places", count)
    site = Site(place.work / "places")
    app = App(place.playwright, site, place.work / "places-profile")
    try:
        app.page.goto(f"{site.origin}/index.html")
        app.wait("globalThis.loaded")
        load, locate, clustered, named = app.js("() => measure()")
    finally:
        app.close()
        site.stop()
    yield Row("table of places read", load, "s")
    yield Row(f"{count:,} different spots named ({named:.0%} with a town)", locate, "s", SECONDS, "the target")
    yield Row(f"{count:,} photos put together for the map of the world", clustered * 1000, "ms")


def dragged(place: Place) -> Iterator[Row]:
    """Time between frames while a map with all photos on it is dragged to and fro."""
    count = place.sizes.library
    folder = place.work / "located"
    folder.mkdir()
    latitudes, longitudes = spots(count)
    files, ids, done = [], [], 0
    for key, rows in enumerate(made_up_rows(count, default_pack()), start=1):
        part = slice(done, done + len(rows))
        rows.columns["latitude"], rows.columns["longitude"] = latitudes[part], longitudes[part]
        files.append(folder / f"{key:05d}.block")
        files[-1].write_bytes(write_block(Block(key, 0, rows)))
        ids += [digest[:8].tobytes().hex() for digest in rows.columns["hash"]]
        done += len(rows)
    thumb = Photo("thumb.jpg", "cat", (400, 300), options={"quality": 80}).write(place.work)
    with place.app("located-library") as app:
        put_blocks(app, files, thumb, ids[-PHOTOS_SHOWN:])
        # Not before all places have been looked up: that is measured above.
        app.wait("async () => (await shoebox.search('place:france').catch(() => ({ total: 0 }))).total > 0")
        days = app.js(DAYS)
        yield Row(f"months named and this day found in {count:,} photos", days, "s", DAYS_SECONDS, "the target")
        for name, view in VIEWS.items():
            frames = drag(app, view)
            what = f"frame of a map of {name} with {count:,} photos, dragged"
            yield Row(f"{what}, mean of {len(frames)}", mean(frames), "ms", FRAME_MS, "the target, 30 a second")
            yield Row(f"{what}, 99 of 100 are shorter", float(np.percentile(frames, 99)), "ms", FRAME_MS, "the same")
            yield Row(f"{what}, the longest", max(frames), "ms")


def drag(app: App, view: str) -> list[float]:
    """Milliseconds between frames while the map goes to and fro over more than its own width."""
    app.page.goto(f"{app.site.origin}/#/places?at={view}")
    app.see("map-mark").first.wait_for()
    app.page.wait_for_timeout(1500)
    box = app.see("map").bounding_box()
    assert box
    left, middle = box["x"] + 60, box["y"] + box["height"] / 2
    width = box["width"] - 200
    app.js(WATCH)
    for _ in range(3):
        for start, step in ((left + width, -1), (left, 1)):
            app.page.mouse.move(start, middle)
            app.page.mouse.down()
            for along in range(0, int(width), 12):
                app.page.mouse.move(start + step * along, middle + 40 * np.sin(along / 90))
            app.page.mouse.up()
    found: list[float] = app.js("() => { watching = false; return frames; }")
    return found


def rows(place: Place) -> Iterator[Row]:
    """Naming places, and moving the map."""
    yield from naming(place)
    yield from dragged(place)
