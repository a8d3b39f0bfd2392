"""Memory of the page while it indexes: flat, however many photos go through."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.place import BATCH, Place
from tests.bench.row import Row
from tests.browser.chrome import renderer_processes

MB = 1e6
ADD = """
(input) => {
  window.done = 0;
  window.adding = shoebox.add(input.files, { onProgress: (step) => { window.done = step.done; } })
    .finally(() => { window.done = Infinity; });
}
"""


def rows(place: Place) -> Iterator[Row]:
    """Resident memory of the renderer process, which holds the page and all its workers, as the kernel counts it."""
    if not sys.platform.startswith("linux"):
        return
    early, late = place.sizes.memory
    folder = place.photos("memory", late)
    samples: list[tuple[float, float]] = []
    with place.app() as app:
        app.open()
        app.wait_until_kept()
        app.js(ADD, app.files([folder]))
        while (done := app.js("() => window.done === Infinity ? -1 : window.done")) >= 0:
            samples.append((done, max(each.resident for each in renderer_processes(app.profile).values()) / MB))
            app.page.wait_for_timeout(200)
        answer = app.js("() => window.adding")
        assert answer["added"] == late, answer
    # Around each mark, since between two photos memory goes up and down.
    width = max(BATCH, early // 5)
    after_early = [size for done, size in samples if abs(done - early) <= width]
    after_late = [size for done, size in samples if late - 2 * width <= done <= late]
    name = f"memory of the renderer after {late} photos of 12 megapixels"
    yield Row(name, median(after_late), "MB", median(after_early), f"the same after {early}; resident, as Linux counts it")
    yield Row("the most memory of the renderer meanwhile", max(size for _, size in samples), "MB")
