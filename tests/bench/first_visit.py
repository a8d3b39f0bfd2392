"""What the first visit costs the network, and how soon something can be done."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.bench.place import Place
from tests.bench.row import Row
from tests.browser.app import App
from tests.browser.site import Site

MB = 1e6
# Everything but the page itself.
HEAVY = ("/pyodide/", "/ort/", "/models/")


def rows(place: Place) -> Iterator[Row]:
    """Bytes on the wire until all is on the device, and until photos can be given."""
    site = Site(place.site.folder)
    try:
        app = App(place.playwright, site, place.work / "first-visit")
        app.open()
        app.wait_until_kept()
        whole = sum(request.answered for request in site.log)
        requests = len(site.log)
        app.close()

        site.log.clear()
        site.held = HEAVY
        app = App(place.playwright, site, place.work / "first-visit-held")
        app.page.goto(site.origin)
        expect(app.see("drop-zone")).to_be_visible()
        expect(app.see("folder-input")).to_be_attached()
        app.js("async () => { await navigator.serviceWorker.ready; }")
        light = sum(request.answered for request in site.log)
        site.released.set()
        app.close()
    finally:
        site.stop()
    yield Row("first visit, all on the device", whole / MB, "MB gzip", 34.0, f"the target; {requests} requests")
    yield Row("first visit, until photos can be given", light / MB, "MB gzip", 1.0, "the target")
