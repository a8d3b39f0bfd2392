"""Coming back to a large library: when the grid is seen, and when it can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.place import Place
from tests.bench.row import Row

# Watches from the very start of the document, in milliseconds since the reload began.
WATCH = """
globalThis.moments = {};
const watch = () => {
  const images = document.querySelectorAll("[data-testid=tile] img");
  if (!moments.tile && document.querySelector("[data-testid=tile]")) moments.tile = performance.now();
  if (!moments.grid && [...images].some((image) => image.complete && image.naturalWidth > 0)) moments.grid = performance.now();
  if (!moments.asked && globalThis.shoebox?.ready) {
    moments.asked = true;
    shoebox.ready.then(() => shoebox.search("a dog on a beach")).then(() => { moments.searched = performance.now(); });
  }
  if (!moments.grid || !moments.asked) requestAnimationFrame(watch);
};
watch();
"""


def rows(place: Place) -> Iterator[Row]:
    """Medians of a few reloads."""
    tiles, grids, searched = [], [], []
    with place.app(place.large_library()) as app:
        app.open()
        app.wait_until_kept()
        app.context.add_init_script(WATCH)
        for _ in range(max(3, place.sizes.repeats // 8)):
            app.page.reload()
            app.wait("moments.searched && moments.grid")
            moments = app.js("() => moments")
            tiles.append(moments["tile"] / 1000)
            grids.append(moments["grid"] / 1000)
            searched.append(moments["searched"] / 1000)
        photos = app.js("async () => (await shoebox.stats()).photos")
    yield Row(f"reload with {photos:,} photos, grid visible", median(grids), "s", 1.0, "the target")
    yield Row(f"reload with {photos:,} photos, first answer to a search", median(searched), "s", 5.0, "the target")
    yield Row(f"reload with {photos:,} photos, first tile in the page", median(tiles), "s")
