"""Looking for faces, the second pass: its pace through 12-megapixel photos, and describing faces in batches or one by one."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.look_pace import pace
from tests.bench.parts import CALL
from tests.bench.place import Place
from tests.bench.row import Row
from tests.browser.app import App

# Photos a second, of 12 megapixels, with the default pack.
PACE = 4.0
# Faces described in one run.
BATCH = 16
SIDE = 150

# One thread; the photos of a batch differ, and those of two runs too.
DESCRIBE = """
async ([size, side, repeats]) => {
  const worker = benchWorker("lane");
  const networks = { "face-recogniser": { url: new URL("models/faces/recogniser.onnx", location.origin).href } };
  await worker.call("open", { networks, variant: "wasm", threads: 1 });
  const times = [];
  for (let run = 0; run < repeats + 1; run += 1) {
    const data = Uint8Array.from({ length: size * side * side * 3 }, (_, at) => (at * 31 + run * 7) % 251);
    const begun = performance.now();
    await worker.call("run", "face-recogniser", [{ name: "pixels", type: "uint8", dims: [size, side, side, 3], data }]);
    if (run > 0) times.push((performance.now() - begun) / size);
  }
  worker.end();
  return times;
}
"""


def rows(place: Place) -> Iterator[Row]:
    """Photos a second, and faces a second."""
    with place.app() as app:
        app.open()
        app.wait_until_kept()
        app.add_folder(place.photos("faces", place.sizes.faced))
        rate = pace(app, "faces")
        found = app.js("async () => (await shoebox.stats()).faces")
        yield Row("look for faces in 12-megapixel photos", rate, "photos/s", PACE, f"target; {found} faces found")
        app.page.goto(f"{place.site.origin}/models/default/vocab.txt")
        app.js(f"() => {{ {CALL} }}")
        one, many = (described(app, size, place.sizes.repeats // 4 + 1) for size in (1, BATCH))
        yield Row(f"faces described, {BATCH} at a time", many, "faces/s", one, "one at a time, one thread each")


def described(app: App, size: int, repeats: int) -> float:
    """Faces a second through the recognition network, so many at a time."""
    times: list[float] = app.js(DESCRIBE, [size, SIDE, repeats])
    return 1000 / median(times)
