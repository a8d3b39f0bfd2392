"""Grouping faces in Chromium: the package's own code in Pyodide, ONNX Runtime Web for the graph of neighbours."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoebox.people.network import neighbour_network
from tests.bench.place import Place, cores
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.site import Site
from tests.photos import REPOSITORY

DIMENSION = 128
# As face-api's vectors lie: half of the pairs of one person are nearer than 0.041, 95 % nearer than 0.07; strangers 0.17 apart.
COMMON, OWN, SPREAD = 0.86, 0.14, 0.035
# Shares of the faces that a few people have; everybody else has a few faces each, by a Pareto law.
LARGE = (0.05, 0.03, 0.02, 0.01, 0.01)
FACES_A_PHOTO = 1.4
RUNTIME = REPOSITORY / "web" / "node_modules" / "onnxruntime-web" / "dist"
RUNTIME_FILES = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
# Targets: seconds for so many faces, for adding, and megabytes.
SECONDS = {20_000: 20.0, 100_000: 180.0}
ADDING_SECONDS = 2.0
MEGABYTES = 600.0

PAGE = """<!doctype html><title>people</title><script type="module" src="run.mjs"></script>"""

SCRIPT = """
import { loadPyodide } from "./pyodide/pyodide.mjs";
import * as ort from "./ort/ort.wasm.bundle.min.mjs";

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

globalThis.prepare = async (threads) => {
  ort.env.wasm.wasmPaths = new URL("./ort/", location.href).href;
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(await bytes("neighbours.onnx"));
  const run = async (_, feeds) => {
    const inputs = Object.fromEntries(feeds.map((f) => [f.name, new ort.Tensor(f.type, f.data, f.dims)]));
    const outputs = await session.run(inputs);
    return Object.entries(outputs).map(([name, { type, dims, data }]) => ({ name, type, dims, data }));
  };
  const pyodide = await loadPyodide({ indexURL: new URL("./pyodide/", location.href).href });
  await pyodide.loadPackage(["numpy"]);
  pyodide.unpackArchive(await bytes("shoebox.zip"), "zip");
  pyodide.globals.set("run", run);
  await pyodide.runPythonAsync(await (await fetch("work.py")).text());
  globalThis.pyodide = pyodide;
};
globalThis.measure = async (file, kind) => {
  pyodide.globals.set("data", await bytes(file));
  const found = await pyodide.runPythonAsync(`await ${kind}(data)`);
  return { seconds: found, megabytes: pyodide._module.HEAPU8.length / 1e6 };
};
globalThis.loaded = true;
"""

WORK = """
import io, time
import numpy as np
from shoebox.library.statements import Statements
from shoebox.people.calibration import FACE_API
from shoebox.people.faces import Faces
from shoebox.people.people import People
from shoebox.sessions.bridge import BridgeSession

session = BridgeSession(run, "neighbours")

def read(data):
    stored = np.load(io.BytesIO(data.to_bytes()))
    count = len(stored["photos"])
    boxes = np.tile(np.array([0, 0, 80, 80], np.float32), (count, 1))
    boxes[:, 0] = 100 * np.arange(count)
    keys = [f"{photo:016x}/{100 * place % 999_000},0,80,{80 + place // 9_000}" for place, photo in enumerate(stored["photos"])]
    return Faces(keys, stored["photos"], boxes, np.ones(count, np.float32), stored["vectors"].astype(np.float32))

async def group(data):
    people = People(Statements(), FACE_API, 128)
    faces = read(data)
    people.load(faces, [""] * len(faces))
    begun = time.perf_counter()
    await people.regroup(session)
    return time.perf_counter() - begun

async def join(data):
    faces = read(data)
    photos = np.unique(faces.photos)
    late = np.isin(faces.photos, photos[-100:])
    people = People(Statements(), FACE_API, 128)
    early = faces.take(np.flatnonzero(~late))
    people.load(early, [""] * len(early))
    await people.regroup(session)
    begun = time.perf_counter()
    people.add(faces.take(np.flatnonzero(late)))
    return time.perf_counter() - begun
"""


def made_up(count: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.uint64]]:
    """Unit vectors (count, 128), whose each is, and their photos: a few people on very many photos, many on a few."""
    random = np.random.default_rng(seed)
    sizes = [int(count * share) for share in LARGE]
    while sum(sizes) < count:
        sizes.append(min(count - sum(sizes), int(1 + random.pareto(1.1) * 1.2)))
    who = np.repeat(np.arange(len(sizes)), sizes)[random.permutation(count)]
    common = random.standard_normal(DIMENSION)
    common /= np.linalg.norm(common)
    own = random.standard_normal((len(sizes), DIMENSION)) / np.sqrt(DIMENSION)
    vectors = np.empty((count, DIMENSION), np.float32)
    for low in range(0, count, 8192):
        part = slice(low, low + 8192)
        scale = np.sqrt(SPREAD / DIMENSION) * random.uniform(0.6, 1.6, (len(who[part]), 1))
        noise = scale * random.standard_normal((len(who[part]), DIMENSION))
        vectors[part] = np.sqrt(COMMON) * common + np.sqrt(OWN) * own[who[part]] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, who, random.integers(1, int(count / FACES_A_PHOTO) + 2, count).astype(np.uint64)


def write_site(folder: Path, counts: Sequence[int]) -> None:
    """A page with Pyodide, ONNX Runtime Web, the package as it stands, and faces in files."""
    folder.mkdir(parents=True)
    # Copied, since the server follows no links out of its folder.
    shutil.copytree(REPOSITORY / "dist" / "pyodide", folder / "pyodide")
    (folder / "ort").mkdir()
    for name in RUNTIME_FILES:
        shutil.copy(RUNTIME / name, folder / "ort")
    (folder / "index.html").write_text(PAGE)
    (folder / "run.mjs").write_text(SCRIPT)
    (folder / "work.py").write_text(WORK)
    (folder / "neighbours.onnx").write_bytes(neighbour_network())
    with zipfile.ZipFile(folder / "shoebox.zip", "w") as archive:
        for path in sorted((REPOSITORY / "py" / "shoebox").rglob("*.py")):
            archive.write(path, path.relative_to(REPOSITORY / "py"))
    for count in counts:
        vectors, _, photos = made_up(count)
        np.savez(folder / f"{count}.npz", vectors=vectors.astype(np.float16), photos=photos)


def rows(place: Place) -> Iterator[Row]:
    """Seconds to group ever more faces, to add photos, and the memory that it takes."""
    sizes = place.sizes.faces
    write_site(place.work / "people", [*sizes, place.sizes.known_faces])
    site = Site(place.work / "people")
    app = App(place.playwright, site, place.work / "people-profile")
    app.context.set_default_timeout(1_800_000)
    try:
        app.page.goto(f"{site.origin}/index.html")
        app.wait("globalThis.loaded")
        app.js("(threads) => prepare(threads)", cores())
        before = 0.0
        found = {"megabytes": 0.0}
        for count in sizes:
            found = app.js("([file, kind]) => measure(file, kind)", [f"{count}.npz", "group"])
            reference, against = (
                (SECONDS[count], "target") if count in SECONDS else (before or None, "half as many" if before else "")
            )
            yield Row(f"{count:,} faces grouped", found["seconds"], "s", reference, against)
            before = found["seconds"]
        yield Row(f"memory of Python after {sizes[-1]:,} faces", found["megabytes"], "MB", MEGABYTES, "target")
        known = place.sizes.known_faces
        added = app.js("([file, kind]) => measure(file, kind)", [f"{known}.npz", "join"])
        yield Row(f"100 photos added to {known:,} faces", added["seconds"], "s", ADDING_SECONDS, "target")
    finally:
        app.close()
        site.stop()
