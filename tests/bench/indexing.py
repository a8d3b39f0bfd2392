"""Indexing 12-megapixel photos, against the limit that its own parts give and against native code."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import native, parts
from tests.bench.place import BATCH, Place, cores
from tests.bench.row import Row

# Photos before those that count.
WARM = 8 * BATCH


def rows(place: Place) -> Iterator[Row]:
    """Photos a second in the page; then its parts alone; then native."""
    with place.app() as app:
        app.open()
        app.wait_until_kept()
        warm, folder = place.photos("warm-up", WARM, first=900_000), place.photos("measured", place.sizes.photos)
        # With the first photos networks are opened and the faster engine is found, and in the first seconds the browser
        # compiles once more what runs often; the parts below are timed after that too.
        app.add_folder(warm)
        answer = app.add_folder(folder)
        assert answer["added"] == place.sizes.photos, answer
        rate = answer["added"] / answer["seconds"]
        # A page without the library's workers, so that each part runs alone.
        app.page.goto(f"{place.site.origin}/models/default/vocab.txt")
        pictures, repeats = place.pictures(), place.sizes.repeats // 2 + 1
        alone, shared = (parts.measure(app, pictures, place.sizes.megapixels, repeats, many) for many in (1, cores()))
    natively = native.index_rate(sorted(folder.iterdir()), 2)
    what = "index 12-megapixel photos"
    yield Row(what, rate, "photos/s", limit(alone), f"the limit of its own parts, timed on one core, on {cores()} cores")
    yield Row(f"{what}, cores shared", rate, "photos/s", limit(shared), f"the same, timed on {cores()} cores at once")
    yield Row(f"{what}, native", rate, "photos/s", natively, "Pillow draft + onnxruntime, 2 threads, same work")
    for where, part in (("alone", alone), ("cores shared", shared)):
        yield Row(f"decode one photo, {where}", part.decode, "core ms")
        yield Row(f"its thumbnail, {where}", part.thumbnail, "core ms")
        yield Row(f"its share of a batch of {BATCH}, {where}", part.inference, "core ms")


def limit(part: parts.Parts) -> float:
    """Photos a second that all cores could do if they did nothing else."""
    return 1000 * cores() / part.total
