"""What the browser tests share: the built app on a server, profiles that start empty, and one small library indexed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.app import App
from tests.browser.site import Site
from tests.browser.waiting import PATIENCE_MS
from tests.photos import LIBRARY, REPOSITORY, write_library

Launcher = Callable[..., App]

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a test that needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def dist() -> Path:
    """The built app."""
    folder = REPOSITORY / "dist"
    if not (folder / "index.html").exists():
        pytest.fail("There is no dist/ to test; run: python build.py build")
    return folder


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[Site]:
    """The built app on a server with all its headers."""
    served = Site(dist)
    yield served
    served.stop()


@pytest.fixture
def own_site(dist: Path) -> Iterator[Site]:
    """A server of one test's own, which it may stop, and whose log holds nothing else."""
    served = Site(dist)
    yield served
    served.stop()


@pytest.fixture
def bare_site(dist: Path) -> Iterator[Site]:
    """A server that sends no headers of its own, as GitHub Pages."""
    served = Site(dist, headers=False)
    yield served
    served.stop()


@pytest.fixture
def launch_app(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Launcher]:
    """Start a browser with the app's site: `launch_app(profile="name", site=..., flags=...)`; ended with the test."""
    started: list[App] = []

    def begin(profile: str = "profile", site: Site = site, **options: Any) -> App:
        app = App(playwright, site, tmp_path / profile, **options)
        started.append(app)
        return app

    yield begin
    for app in started:
        app.close()


@pytest.fixture(scope="session")
def kept_open(playwright: Playwright, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A browser that stays open for all tests that want an empty library, since starting one takes seconds."""
    app = App(playwright, site, tmp_path_factory.mktemp("kept-open") / "profile")
    app.open()
    yield app
    app.close()


@pytest.fixture
def app(kept_open: App, request: pytest.FixtureRequest) -> App:
    """The app, ready, with an empty library and nothing heard from it so far."""
    failed = request.session.testsfailed
    if failed != getattr(kept_open, "failures_before", 0):
        kept_open.open()  # whatever the failed test has left behind
    kept_open.failures_before = failed
    kept_open.page.goto(f"{kept_open.site.origin}/#/")
    kept_open.js(
        """async () => {
          await shoebox.configure({ faces: false, text: false });
          await shoebox.clear();
          await shoebox.resume();
          Object.assign(witness, { violations: [], errors: [] });
        }"""
    )
    kept_open.console.clear()
    return kept_open


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small library of `tests.photos`."""
    folder = tmp_path_factory.mktemp("photos") / "holidays"
    write_library(folder, LIBRARY)
    return folder


@pytest.fixture(scope="session")
def library(
    playwright: Playwright, site: Site, library_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """The app with the small library indexed; shared by the tests that only look."""
    app = App(playwright, site, tmp_path_factory.mktemp("browser") / "profile")
    app.open()
    answer = app.add(library_folder)
    assert answer["failed"] == [], answer
    # The page follows the library a moment later; all of it fits into a tall window.
    app.page.set_viewport_size({"width": 1280, "height": 4000})
    expect(app.see("tile")).to_have_count(len(LIBRARY))
    app.page.set_viewport_size({"width": 1280, "height": 800})
    yield app
    app.close()
