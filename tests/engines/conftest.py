"""One browser of each engine that was asked for, with the app and thirty photos in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.app import App
from tests.browser.site import Site
from tests.browser.test_people import write_photos
from tests.engines.browsers import RUNNING
from tests.engines.remote import RemotePage
from tests.photos import LIBRARY, REPOSITORY, many, picture, write_library

PHOTOS = 30


@dataclass
class Driven:
    """The app in a browser, after thirty photos were chosen in its chooser of files.

    Attributes
    ----------
    engine : str
        "firefox" or "webkit".
    page : RemotePage
    site : Site
        Where the app came from.
    """

    engine: str
    page: RemotePage
    site: Site


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test in every engine that was asked for, one engine after the other."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", metafunc.config.getoption("--engines").split(","), scope="session")


@pytest.fixture(scope="session")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Thirty photos: the small library with a file of every common format, one person in four photos, HEIC, and variants."""
    folder = tmp_path_factory.mktemp("thirty")
    paths = write_library(folder, LIBRARY)
    write_photos(folder / "person")
    paths += [path for path in sorted((folder / "person").iterdir()) if path.name != "coffee.jpg"]  # there is one already
    heic = folder / "motorcycle.heic"
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(picture("motorcycle").resize((800, 600))).save(heic, quality=80)
    paths.append(heic)
    return paths + many(folder / "many", PHOTOS - len(paths))


@pytest.fixture(scope="session")
def driven(engine: str, thirty: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """The app, opened for the first time and given thirty photos."""
    site = Site(REPOSITORY / "dist")
    with RUNNING[engine](site.origin, tmp_path_factory.mktemp(engine) / "profile") as page:
        page.open()
        page.choose("files-input", thirty)
        page.wait("async () => (await shoebox.stats()).photos >= 8")
        page.wait("() => document.querySelector('[data-testid=progress]')?.dataset.phase === 'done'")
        yield Driven(engine, page, site)
    site.stop()


@pytest.fixture(scope="session")
def in_chromium(thirty: list[Path], playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The same photos in Chromium, on WebAssembly as here."""
    site = Site(REPOSITORY / "dist")
    app = App(playwright, site, tmp_path_factory.mktemp("chromium") / "profile").open()
    app.add(*thirty)
    yield app
    app.close()
    site.stop()
