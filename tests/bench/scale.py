"""How it grows: ten thousand, a hundred thousand and a million photos, opened, searched and changed in Chromium."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import archive
from shoebox.store.blocks import Block, read_block, write_block
from shoebox.store.rows import id_numbers, id_text
from tests import synthetic
from tests.bench import native
from tests.bench.place import Place, cores
from tests.bench.querying import ASK, queries
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.chrome import renderer_processes
from tests.browser.stored import put_blocks

# Of the largest library: seconds for a query, share of the hundred nearest that exact float32 finds too, megabytes.
SEARCH_SECONDS, RECALL, MEGABYTES = 0.2, 0.99, 1200.0
NEAREST = 100
CHANGED = 1000
MEDIAN = "query after the encoder, p50"

# Opens the page anew, seconds until the library can be searched.
OPEN = "async () => { await shoebox.ready; return performance.now() / 1000; }"
SIMILAR = "async ([ids, limit]) => { for (const id of ids) await shoebox.similar(id, { limit }); }"
NEIGHBOURS = "async ([id, limit]) => (await shoebox.similar(id, { limit })).results.map((hit) => hit.id)"
TIMED = """
async ([what, given]) => {
  const begun = performance.now();
  if (what === "add") await shoebox.importIndex(given.files[0]);
  else await shoebox.remove(given);
  return (performance.now() - begun) / 1000;
}
"""
# The same work in plain JavaScript: every product in a loop, and the best hundred by a threshold that rises.
PLAIN = """
([count, dimension, repeats]) => {
  const rows = 16384;
  const chunks = Array.from({ length: Math.ceil(count / rows) }, (_, number) => {
    const chunk = new Float32Array(Math.min(rows, count - number * rows) * dimension);
    for (let i = 0; i < chunk.length; i += 1) chunk[i] = ((i * 2654435761) >>> 8) / 16777216 - 0.5;
    return chunk;
  });
  const times = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const query = Float32Array.from({ length: dimension }, (_, i) => Math.sin(i + repeat));
    const begun = performance.now();
    const scores = new Float32Array(count);
    chunks.forEach((chunk, number) => {
      for (let row = 0, at = 0; at < chunk.length; row += 1) {
        let sum = 0;
        for (let i = 0; i < dimension; i += 1, at += 1) sum += chunk[at] * query[i];
        scores[number * rows + row] = sum;
      }
    });
    const best = [];
    let least = -Infinity;
    for (let row = 0; row < count; row += 1) {
      if (scores[row] <= least) continue;
      best.push(row);
      if (best.length < 400) continue;
      best.sort((one, other) => scores[other] - scores[one]).length = 100;
      least = scores[best[99]];
    }
    times.push(performance.now() - begun);
  }
  return times.sort((one, other) => one - other)[repeats >> 1];
}
"""


@dataclass(frozen=True)
class Measured:
    """What one size gave.

    Attributes
    ----------
    seconds : dict of str to float
        By what was done; these are compared between sizes.
    private, resident : float
        Megabytes, as in `chrome.Memory`.
    """

    count: int
    seconds: dict[str, float]
    private: float
    resident: float
    recall: float


def write_news(path: Path) -> None:
    """A file of `CHANGED` photos that no library here has."""
    box = native.shoebox(1)
    rows = list(synthetic.rows(CHANGED, synthetic.default_pack(), seed=9))
    for part in rows:
        part.paths.names[:] = [f"new/{name}" for name in part.paths.names]
    box.load([write_block(Block(key, 0, part)) for key, part in enumerate(rows, start=1)], [])
    archive.save(box, path)


def stored(files: list[Path]) -> tuple[list[str], NDArray[np.float32]]:
    """Ids and vectors of blocks."""
    parts = [read_block(path.read_bytes()).rows for path in files]
    ids = [id_text(number) for part in parts for number in id_numbers(part.columns["hash"]).tolist()]
    return ids, np.concatenate([part.vectors for part in parts])


def recall(app: App, ids: list[str], vectors: NDArray[np.float32], repeats: int) -> float:
    """The share of the nearest that the page finds, of photos spread over the library."""
    found = []
    for row in np.linspace(0, len(ids) - 1, repeats).astype(int).tolist():
        scores = vectors @ vectors[row]
        scores[row] = -2
        nearest = {ids[place] for place in np.argpartition(-scores, NEAREST)[:NEAREST].tolist()}
        found.append(len(nearest.intersection(app.js(NEIGHBOURS, [ids[row], NEAREST]))) / NEAREST)
    return float(np.mean(found))


def measure(place: Place, count: int, news: Path) -> tuple[Measured, NDArray[np.float32]]:
    """Everything about a library of `count` photos in the page; and its vectors."""
    files, newest = synthetic.write_blocks(place.work / f"scale-{count}", count)
    repeats = place.sizes.repeats
    profile = f"scale-profile-{count}"
    with place.app(profile) as app:
        app.context.set_default_timeout(1_800_000)
        put_blocks(app, files)
        app.wait_until_kept()
    # In a browser that has only just been started: what it held while the files were put in is not what a person's holds.
    with place.app(profile) as app:
        app.context.set_default_timeout(1_800_000)
        app.page.goto(app.site.origin)
        opened = app.js(OPEN)
        asked = queries(repeats)
        app.js(ASK, asked)
        times = np.array(app.js(ASK, asked)) / 1000
        ids, vectors = stored(files)
        app.js(SIMILAR, [ids[:3], NEAREST])
        memory = max(renderer_processes(app.profile).values(), key=lambda each: each.private)
        share = recall(app, ids, vectors, repeats)
        added = app.js(TIMED, ["add", app.files([news])])
        removed = app.js(TIMED, ["remove", newest[:CHANGED]])
        assert app.js("async () => (await shoebox.stats()).photos") == count
    seconds = {
        "opened until it can be searched": opened,
        MEDIAN: float(np.median(times)),
        "query after the encoder, p95": float(np.percentile(times, 95)),
        f"{CHANGED:,} photos added from a file": added,
        f"{CHANGED:,} photos removed": removed,
    }
    return Measured(count, seconds, memory.private / 1e6, memory.resident / 1e6, share), vectors


def others(place: Place, vectors: NDArray[np.float32]) -> Iterator[tuple[str, float]]:
    """Milliseconds for the hundred nearest by other means: what does it, and how long it takes."""
    probes = synthetic.vectors(place.sizes.repeats, synthetic.default_pack(), seed=7)
    yield "native numpy, float32", float(np.median(native.search_ms(vectors, probes)))
    with place.app() as app:
        app.context.set_default_timeout(1_800_000)
        app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
        yield "plain JavaScript, float32", app.js(PLAIN, [*vectors.shape, 5])
    yield f"usearch, native, float32, exact, {cores()} threads", _usearch(vectors, probes)
    codes = [np.rint(each / np.abs(each).max() * 127).astype(np.int8) for each in (vectors, probes)]
    yield f"usearch, native, int8, exact, {cores()} threads", _usearch(codes[0], codes[1])


def _usearch(vectors: NDArray[Any], probes: NDArray[Any]) -> float:
    # Not at the top: once its native part is loaded, onnxruntime's threads bring Python down in other rows.
    from usearch.index import MetricKind
    from usearch.index import search as usearch_exact

    times = []
    for probe in probes:
        begun = time.perf_counter()
        usearch_exact(vectors, probe[None], NEAREST, MetricKind.Cos, exact=True, threads=cores())
        times.append(1000 * (time.perf_counter() - begun))
    return float(np.median(times))


def rows(place: Place) -> Iterator[Row]:
    """Every size, what else searches as many, and exponents of growth."""
    news = place.work / "news.shoebox"
    write_news(news)
    before: Measured | None = None
    for count in place.sizes.libraries:
        found, vectors = measure(place, count, news)
        for name, seconds in found.seconds.items():
            grown = f"{before.count:,}; grows by the power {_power(found, before, name):.2f}" if before else ""
            yield Row(f"{count:,} photos: {name}", seconds, "s", before.seconds[name] if before else None, grown)
        if count == place.sizes.libraries[-1]:
            yield Row(f"{count:,} photos: {MEDIAN}", found.seconds[MEDIAN], "s", SEARCH_SECONDS, "the target")
        yield Row(f"{count:,} photos: memory of the page's own", found.private, "MB", MEGABYTES, "the target for the largest")
        yield Row(f"{count:,} photos: the same with the browser's program", found.resident, "MB", MEGABYTES, "the same target")
        yield Row(f"{count:,} photos: of the {NEAREST} nearest, found", found.recall, "", RECALL, "the target, against float32")
        for name, ms in others(place, vectors):
            yield Row(f"{count:,} photos: query, {name}", ms / 1000, "s")
        before = found


def _power(now: Measured, before: Measured, name: str) -> float:
    """By which power of the number of photos a time has grown."""
    return math.log(now.seconds[name] / before.seconds[name]) / math.log(now.count / before.count)
