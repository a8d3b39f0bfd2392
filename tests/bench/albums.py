"""Albums in Chromium: working them out for a whole library, and again after something was said about one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shoebox.store.blocks import Block, write_block
from tests.bench.place import Place
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.stored import put_blocks
from tests.synthetic import DAY_MS, default_pack
from tests.synthetic import rows as made_up_rows

# The target for albums and timeline together.
SECONDS = 5.0
HOME = (51.5, -0.12)
# Every so many weeks are spent elsewhere; so large a part of the photos tells where it was taken.
TRAVEL_WEEKS, LOCATED = 9, 0.8
# Photos are taken on some occasions a day between ten in the morning and midnight; what would be taken on the next two days
# is taken at a party, every ten days.
OCCASIONS, OCCASION_MINUTES = 3, 40
PARTY_DAYS, PARTY_FROM = 10, 3
# Photos show one of so many things, whichever their vectors lie nearest to.
THINGS = 80

# Seconds for all albums and for what stands beside the months, and how many albums there are.
ANEW = """
async () => {
  const begun = performance.now();
  const [albums] = await Promise.all([shoebox.albums({ photos: 0 }), shoebox.monthPlaces(), shoebox.onThisDay()]);
  const kinds = {};
  for (const { kind } of albums) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return [(performance.now() - begun) / 1000, kinds, albums[0].id];
}
"""
# Milliseconds until an album shows its new title.
RENAMED = """
async (id) => {
  const begun = performance.now();
  await shoebox.nameAlbum(id, "A good time");
  const albums = await shoebox.albums({ photos: 0 });
  if (!albums.some(({ title }) => title === "A good time")) throw new Error("The title is lost.");
  return performance.now() - begun;
}
"""


def occasions(taken: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Times moved to a few occasions on the same days, in order."""
    days = np.floor(taken / DAY_MS)
    days -= np.where(days % PARTY_DAYS < PARTY_FROM, days % PARTY_DAYS, 0)
    start = np.where(days % PARTY_DAYS == 0, 18, 10 + 14 * random.integers(0, OCCASIONS, len(taken)) / OCCASIONS)
    minutes = random.uniform(0, OCCASION_MINUTES, len(taken))
    return np.sort(np.round(days * DAY_MS + start * 3_600_000 + minutes * 60_000))


def spots(taken: NDArray[np.float64], random: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where photos were taken: at home, in every ninth week somewhere else; NaN where nobody knows."""
    weeks = np.floor(taken / (7 * DAY_MS))
    away = weeks % TRAVEL_WEEKS == 0
    latitude = np.where(away, 20 + weeks * 7.3 % 40, HOME[0]) + random.normal(0, 0.05, len(taken))
    longitude = np.where(away, -100 + weeks * 13.7 % 200, HOME[1]) + random.normal(0, 0.05, len(taken))
    known = random.random(len(taken)) < LOCATED
    return np.where(known, latitude, np.nan), np.where(known, longitude, np.nan)


def fill(app: App, place: Place) -> None:
    """Store a library that somebody might have made in twenty years."""
    folder = place.work / "lived"
    folder.mkdir()
    random, files, pack = np.random.default_rng(4), [], default_pack()
    things = random.choice(np.flatnonzero(pack.concepts.hierarchy.leaves), THINGS, replace=False)
    directions = pack.concepts.calibration.vectors[things]
    for key, rows in enumerate(made_up_rows(place.sizes.library, pack), start=1):
        rows.columns["taken"] = occasions(rows.columns["taken"], random)
        rows.columns["latitude"], rows.columns["longitude"] = spots(rows.columns["taken"], random)
        rows.columns["tags"][:, 0] = things[np.argmax(rows.vectors @ directions.T, axis=1)]
        rows.columns["tag_scores"][:, 0] = 1
        files.append(folder / f"{key:05d}.block")
        files[-1].write_bytes(write_block(Block(key, 0, rows)))
    put_blocks(app, files)
    app.wait("async () => (await shoebox.monthPlaces()).length > 0")


def rows(place: Place) -> Iterator[Row]:
    """Seconds for all albums, and milliseconds after a change."""
    count = place.sizes.library
    with place.app("lived-library") as app:
        fill(app, place)
        seconds, kinds, album = app.js(ANEW)
        made = ", ".join(f"{number:,} {kind}s" for kind, number in sorted(kinds.items()))
        yield Row(f"albums and timeline of {count:,} photos ({made})", seconds, "s", SECONDS, "the target")
        yield Row("an album renamed, until the page of albums shows it", app.js(RENAMED, album), "ms")
