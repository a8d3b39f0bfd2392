"""The first visit: the page stands at once, is isolated and locked down, and works on hosts that send no headers."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.photos import Photo

ISOLATED = "globalThis.crossOriginIsolated"


def test_the_page_says_what_it_promises_before_python_is_up(launch_app: Launcher) -> None:
    app = launch_app()
    app.page.goto(app.site.origin)
    expect(app.page.get_by_role("heading", name="stay on this device")).to_be_visible()
    expect(app.see("drop-zone")).to_be_visible()
    expect(app.see("folder-input")).to_be_attached()
    expect(app.see("files-input")).to_be_attached()


def test_the_server_sends_the_headers_that_isolate_and_lock_down(site: Site) -> None:
    with urlopen(f"{site.origin}/") as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "http" not in policy


def test_the_page_is_isolated_and_uses_threads(launch_app: Launcher) -> None:
    app = launch_app().open()
    assert app.js(ISOLATED) is True
    stats = app.js("() => shoebox.stats()")
    assert stats["isolated"] is True
    assert stats["photos"] == 0
    assert stats["threads"] >= 1


def test_an_empty_library_answers_questions_without_complaint(app: App) -> None:
    assert app.search("a dog on a beach")["results"] == []
    assert app.search("")["total"] == 0
    assert app.js("() => shoebox.tags()") == []
    assert app.js("() => shoebox.verify()")["ok"] is True
    assert app.problems() == []


def test_photos_dropped_before_the_library_is_up_are_not_lost(launch_app: Launcher, tmp_path: Path) -> None:
    photo = Photo("cat.jpg", "cat").write(tmp_path)
    app = launch_app()
    app.page.goto(app.site.origin)
    app.see("files-input").set_input_files(photo)
    app.wait_until_ready()
    app.wait_until_photos(1)
    assert list(app.names()) == ["cat.jpg"]


def test_a_host_without_headers_gets_an_isolated_page_through_the_service_worker(launch_app: Launcher, bare_site: Site) -> None:
    with urlopen(f"{bare_site.origin}/") as answer:
        assert answer.headers["Cross-Origin-Opener-Policy"] is None
    app = launch_app(site=bare_site)
    app.page.goto(bare_site.origin)
    app.wait(ISOLATED)
    app.wait_until_ready()
    assert app.js("() => shoebox.stats()")["isolated"] is True
    assert app.problems() == []


def test_without_service_worker_and_headers_the_app_works_on_one_thread(
    launch_app: Launcher, bare_site: Site, library_folder: Path
) -> None:
    app = launch_app(site=bare_site, service_workers="block").open()
    stats = app.js("() => shoebox.stats()")
    assert stats["isolated"] is False
    assert stats["threads"] == 1
    answer = app.add(library_folder / "2019" / "cat.jpg")
    assert answer["added"] == 1
    assert [hit["name"] for hit in app.search("cat")["results"]] == ["cat.jpg"]
