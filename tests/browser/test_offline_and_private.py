"""Nothing leaves: every request of a full run, seen by three witnesses. And with the server gone, everything works on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Playwright, expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.photos import Photo


def test_a_full_run_asks_only_its_own_server_for_its_own_files(
    playwright: Playwright, own_site: Site, dist: Path, library_folder: Path, tmp_path: Path
) -> None:
    log = tmp_path / "net-log.json"
    app = App(playwright, own_site, tmp_path / "profile", flags=(f"--log-net-log={log}", "--net-log-capture-mode=Everything"))
    try:
        use_everything(app, library_folder)
        requests = list(app.requests)
    finally:
        app.close()

    # First witness: the browser's tools, with the pages, workers and the service worker.
    assert any("service-worker.js" in address for _, address, _ in requests)
    assert any(address.endswith(".whl") for _, address, _ in requests)
    for method, address, body in requests:
        if urlsplit(address).scheme in {"blob", "data"}:
            continue  # names for bytes in this page's memory; nothing travels
        assert (method, body) == ("GET", None), (method, address)
        assert_static(address, own_site.origin, dist)

    # Second witness: the server itself.
    assert own_site.log
    for request in own_site.log:
        assert request.method == "GET", request
        assert_static(own_site.origin + request.target, own_site.origin, dist)
        assert "Content-Length" not in request.headers, request
        assert "Cookie" not in request.headers, request
        assert "Referer" not in request.headers or request.headers["Referer"].startswith(own_site.origin), request

    # Third witness: the browser's network stack, below everything that a page can hide behind.
    from_the_page = [entry for entry in net_log(log) if str(entry["for"]).count("http://127.0.0.1")]
    assert from_the_page
    for entry in from_the_page:
        assert entry["method"] == "GET", entry
        assert_static(str(entry["address"]), own_site.origin, dist)

    # Neither a name nor a word of what was searched may appear anywhere in what was sent.
    sent = unquote(
        " ".join([address for _, address, _ in requests] + [f"{r.target} {r.headers}" for r in own_site.log])
    ).lower()
    for secret in ("cat.jpg", "holidays", "größe", "fluffy", "beach", "pixel 3"):
        assert secret not in sent


def test_with_the_server_gone_it_starts_searches_and_indexes(
    launch_app: Launcher, own_site: Site, library_folder: Path, tmp_path: Path
) -> None:
    app = launch_app(site=own_site).open()
    app.add(library_folder)
    before = app.search("a cat on a sofa")
    app.wait_until_kept()
    own_site.stop()
    seen = len(own_site.log)

    app.reload()
    assert app.search("a cat on a sofa") == before
    assert app.js("globalThis.crossOriginIsolated") is True
    expect(app.see("tile").first.locator("img")).to_be_visible()

    app.close()
    app = launch_app(site=own_site).open()
    assert app.search("a cat on a sofa") == before
    new = Photo("grass and sky.jpg", "grass", (700, 500)).write(tmp_path)
    assert app.add(new)["added"] == 1
    assert "grass and sky.jpg" in app.names()
    assert len(own_site.log) == seen


def test_a_second_visit_fetches_nothing_heavy_again(launch_app: Launcher, own_site: Site) -> None:
    app = launch_app(site=own_site).open()
    app.wait_until_kept()
    own_site.log.clear()
    app.reload()
    assert [request.target for request in own_site.log if request.target != "/service-worker.js"] == []


def use_everything(app: App, folder: Path) -> None:
    """Index, search, look, and come back: all that a person does."""
    app.open()
    app.see("folder-input").set_input_files(folder)
    app.wait_until_photos(12)
    app.wait_until_idle()
    app.wait_until_kept()
    for query in ("a fluffy cat", "beach -people", "in:2019", "camera:pixel coffee"):
        app.search(query)
    app.see("search-box").fill("fluffy")
    expect(app.see("relevant-count")).to_be_visible()
    cat = app.names()["holidays/2019/cat.jpg"]
    app.similar(cat)
    app.page.goto(f"{app.site.origin}/#/photo/{cat}")
    expect(app.see("viewer")).to_be_visible()
    app.page.goto(f"{app.site.origin}/#/settings")
    app.reload()
    app.search("a fluffy cat")


def assert_static(address: str, origin: str, dist: Path) -> None:
    """Fail unless an address is that of a file of the built app, without anything added to it."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == origin, address
    assert parts.query == "", address
    file = dist / (unquote(parts.path).lstrip("/") or "index.html")
    assert file.is_file(), address


def net_log(path: Path) -> Iterable[dict[str, object]]:
    """Requests in Chromium's own network log; `for` names the site of the page that they were made for, if there is one."""
    log = json.loads(path.read_text())
    kinds = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    for event in log["events"]:
        params = event.get("params", {})
        if kinds[event["type"]] == "URL_REQUEST_START_JOB" and "url" in params:
            page = f"{params.get('network_isolation_key')} {params.get('initiator')}"
            yield {"address": params["url"], "method": params.get("method"), "for": page}


def test_the_secret_words_of_this_test_can_be_seen_when_they_are_sent(launch_app: Launcher, own_site: Site) -> None:
    """The witnesses are no good if they would see nothing anyway."""
    app = launch_app(site=own_site, service_workers="block").open()
    app.js("() => fetch('/?q=fluffy').catch(() => undefined)")
    assert any("fluffy" in request.target for request in own_site.log)
    assert any("fluffy" in address for _, address, _ in app.requests)
