"""Indexing 12-megapixel photos, against the limit that its own parts give and against native code."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import native, parts
from tests.bench.place import BATCH, Place, cores
from tests.bench.row import Row


def rows(place: Place) -> Iterator[Row]:
    """Photos a second in the page; then its parts alone; then native."""
    with place.app() as app:
        app.open()
        app.wait_until_kept()
        # Networks are opened, and the faster engine is found, with the first photos.
        app.add(place.photos("warm-up", 2 * BATCH, first=900_000))
        answer = app.add(place.photos("measured", place.sizes.photos))
        assert answer["added"] == place.sizes.photos, answer
        rate = answer["added"] / answer["seconds"]
        # A page without the library's workers, so that each part runs alone.
        app.page.goto(f"{place.site.origin}/models/default/vocab.txt")
        alone = parts.measure(app, place.pictures(), place.sizes.megapixels, place.sizes.repeats // 4 + 1)
    limit = 1000 * cores() / alone.total
    folder = place.work / "measured"
    natively = native.index_rate(sorted(folder.iterdir()), 2)
    yield Row("index 12-megapixel photos", rate, "photos/s", limit, f"the limit of its own parts on {cores()} cores")
    yield Row(
        "index 12-megapixel photos, native", rate, "photos/s", natively, "Pillow draft + onnxruntime, 2 threads, same work"
    )
    yield Row("decode one photo, alone", alone.decode, "core ms")
    yield Row("its thumbnail, alone", alone.thumbnail, "core ms")
    yield Row(f"its share of a batch of {BATCH}, alone", alone.inference, "core ms")
