"""Text queries over a large library, with and without the text encoder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from tests.bench import native
from tests.bench.place import Place
from tests.bench.row import Row
from tests.running import finish
from tests.synthetic import default_pack, vectors

WORDS = ["dog", "cat", "child", "car", "tree", "beach", "mountain", "snow", "street", "food", "red", "blue", "old", "young"]

# Times each query as a person would feel it: from the call to the answer, on the page's own thread.
ASK = """
async (queries) => {
  const times = [];
  for (const query of queries) {
    const begun = performance.now();
    await shoebox.search(query, { limit: 100 });
    times.push(performance.now() - begun);
  }
  return times;
}
"""


def queries(count: int, seed: int = 0) -> list[str]:
    """Different sentences, so that nothing remembered helps."""
    return [
        f"a {WORDS[(n + seed) % 14]} {WORDS[(3 * n + 1) % 14]} and a {WORDS[(5 * n + 2 * seed) % 14]} number {n + 100 * seed}"
        for n in range(count)
    ]


def rows(place: Place) -> Iterator[Row]:
    """The whole query, then the same query again, whose words are known already."""
    asked = queries(place.sizes.repeats)
    with place.app(place.large_library()) as app:
        app.open()
        app.js(ASK, queries(5, seed=1))
        whole = median(app.js(ASK, asked))
        again = []
        for query in asked:
            app.search(query)  # the encoder runs here, and its answer is kept
            again += app.js(ASK, [query])
        stats = app.js("() => shoebox.stats()")
    pack = default_pack()
    stored = vectors(place.sizes.library, pack)
    probes = vectors(place.sizes.repeats, pack, seed=7)
    numpy_ms = median(native.search_ms(stored, probes))
    count = f"{stats['photos']:,}"
    yield Row(f"text query over {count} photos, after the encoder, p50", median(again), "ms", numpy_ms, "native numpy")
    yield Row(
        f"text query over {count} photos, with the encoder, p50",
        whole,
        "ms",
        _native_whole(place),
        "native, the same library code",
    )


def _native_whole(place: Place) -> float:
    blocks = [path.read_bytes() for path in sorted((place.work / "blocks").iterdir())]

    async def ask() -> float:
        box = native.shoebox(2)
        box.load(blocks=blocks, journal=[])
        times = []
        for query in [*queries(5, seed=1), *queries(place.sizes.repeats)]:
            started = time.perf_counter()
            await box.search(query=query, limit=100)
            times.append(1000 * (time.perf_counter() - started))
        return median(times[5:])

    return finish(ask())
