"""Duplicates in a large library, in the app in Chromium: from the first question to the last group."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

from shoebox.store.blocks import Block, write_block
from shoebox.store.rows import Rows
from tests import synthetic
from tests.bench.place import Place
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.stored import put_blocks
from tests.synthetic import PHOTOS_PER_CLUSTER, default_pack

# Target: seconds for all of it.
SECONDS = 60.0
# Kinds of occasions, and their shares: photos that came without a time, as messengers send them; photos of which every second
# one is a copy without a time; fast series; the rest are photos a minute apart.
TIMELESS, COPIED, SERIES = 0.15, 0.10, 0.20
SERIES_SECONDS, OTHERS_SECONDS = 4.0, 60.0
# Different thumbnails; which photo has which is drawn, so that one pair in so many looks the same.
THUMBNAILS = 400
PUT = """
async ([input, list]) => {
  const [ids, numbers] = JSON.parse(await list.files[0].text());
  const thumbs = await Promise.all([...input.files].map(async (file) => new Uint8Array(await file.arrayBuffer())));
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("shoebox");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (let from = 0; from < ids.length; from += 1000) {
    const transaction = db.transaction("thumbs", "readwrite", { durability: "relaxed" });
    const store = transaction.objectStore("thumbs");
    const thumb = (i) => ({ bytes: thumbs[numbers[i]], width: 400, height: 300 });
    for (let i = from; i < Math.min(ids.length, from + 1000); i++) store.put(thumb(i), ids[i]);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }
  db.close();
}
"""
ASK = """
async () => {
  const begun = performance.now();
  const groups = await shoebox.duplicates();
  const count = (kind) => groups.filter((group) => group.kind === kind).length;
  return { seconds: (performance.now() - begun) / 1000, same: count("same-picture"), bursts: count("burst") };
}
"""


@dataclass(frozen=True)
class Made:
    """A library on disk.

    Attributes
    ----------
    blocks : list of Path
    thumbnails : dict of str to int
        Of the photos that are looked at, by their ids: which picture they have.
    copies : int
    """

    blocks: list[Path]
    thumbnails: dict[str, int]
    copies: int


def write_library(folder: Path, count: int, seed: int = 5) -> Made:
    """The library of `synthetic`, with times and copies as a person's library has them."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    occasions = random.uniform(0, 1, count // PHOTOS_PER_CLUSTER + 1)
    made = Made([], {}, 0)
    copies = 0
    before: tuple[np.ndarray, int] | None = None
    number = 0
    for key, part in enumerate(synthetic.rows(count, default_pack()), start=1):
        for row in range(len(part)):
            kind, place = float(occasions[number // PHOTOS_PER_CLUSTER]), number % PHOTOS_PER_CLUSTER
            picture = int(random.integers(THUMBNAILS))
            copied = TIMELESS <= kind < TIMELESS + COPIED and place % 2 == 1 and before is not None
            if copied and before is not None:
                noise = 0.01 * random.standard_normal(part.vectors.shape[1])
                vector = before[0] + noise
                part.vectors[row] = (vector / np.linalg.norm(vector)).astype(np.float16)
                picture = before[1]
                part.columns["width"][row] //= 2
                part.columns["height"][row] //= 2
                copies += 1
            if kind < TIMELESS or copied:
                part.columns["taken"][row] = np.nan
            else:
                series = TIMELESS + COPIED <= kind < TIMELESS + COPIED + SERIES
                _set_time(part, row, number, SERIES_SECONDS if series else OTHERS_SECONDS)
            before = part.vectors[row], picture
            if kind < TIMELESS + COPIED + SERIES:
                made.thumbnails[part.columns["hash"][row, :8].tobytes().hex()] = picture
            number += 1
        part.check()
        path = folder / f"{key:05d}.block"
        path.write_bytes(write_block(Block(key, 0, part)))
        made.blocks.append(path)
    return Made(made.blocks, made.thumbnails, copies)


def _set_time(part: Rows, row: int, number: int, spacing: float) -> None:
    """An occasion every hour."""
    occasion, place = divmod(number, PHOTOS_PER_CLUSTER)
    seconds = 1_104_537_600 + 3600 * occasion + spacing * place + 0.7 * (number % 7)
    part.columns["taken"][row] = 1000 * seconds
    taken = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    part.facts[row] = json.dumps({"taken": taken, "takenFrom": "camera"}, separators=(",", ":")).encode()


def write_thumbnails(folder: Path) -> list[Path]:
    """Pictures of large and small shapes, all different, of the size of thumbnails."""
    folder.mkdir(parents=True)
    found = []
    for number in range(THUMBNAILS):
        random = np.random.default_rng(number)
        layers = np.zeros((300, 400, 3), np.float32)
        for cells, weight in ((3, 0.45), (8, 0.25), (32, 0.2), (100, 0.1)):
            noise = Image.fromarray(random.integers(0, 256, (cells, cells, 3), np.uint8))
            layers += weight * np.asarray(noise.resize((400, 300), Image.Resampling.BICUBIC), np.float32)
        buffer = io.BytesIO()
        Image.fromarray(layers.astype(np.uint8)).save(buffer, "JPEG", quality=80)
        found.append(folder / f"{number:04d}.jpg")
        found[-1].write_bytes(buffer.getvalue())
    return found


def _fill(app: App, made: Made, work: Path) -> None:
    put_blocks(app, made.blocks)
    app.page.goto(f"{app.site.origin}/models/default/vocab.txt")
    listed = work / "thumbnails.json"
    listed.write_text(json.dumps([list(made.thumbnails), list(made.thumbnails.values())]))
    app.js(PUT, [app.files(write_thumbnails(work / "thumbnails")), app.files([listed])])


def rows(place: Place) -> Iterator[Row]:
    """Seconds for the first question, and for the same one after a reload."""
    count = place.sizes.library
    made = write_library(place.work / "duplicate-blocks", count)
    with place.app("duplicates") as app:
        app.context.set_default_timeout(1_800_000)
        _fill(app, made, place.work)
        app.open()
        first = app.js(ASK)
        assert first["same"] >= 0.9 * made.copies, "the copies were not found"
        yield Row(f"duplicates of {count:,} photos, all compared", first["seconds"], "s", SECONDS, "target")
        app.reload()
        begun = time.perf_counter()
        again = app.js(ASK)
        assert again["same"] == first["same"], "what was found was not kept"
        yield Row(f"duplicates of {count:,} photos, again after a reload", time.perf_counter() - begun, "s")
