"""Where benchmarks run: a browser, the built app, photos, and how much of it all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from tests.browser.app import App
from tests.browser.site import Site
from tests.browser.stored import put_blocks
from tests.photos import REPOSITORY, Photo, camera_photos, distinct_copy
from tests.synthetic import write_blocks

CACHE = REPOSITORY / ".cache" / "bench"
# What the network takes in one run.
BATCH = 8


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    library: int = 100_000  # photos stored
    libraries: tuple[int, ...] = (10_000, 100_000, 1_000_000)  # photos stored, for how it grows
    photos: int = 240  # 12-megapixel photos indexed for the rate
    distinct: int = 30  # different pictures among them
    megapixels: tuple[int, int] = (4000, 3000)
    memory: tuple[int, int] = (100, 500)  # photos after which memory is read
    repeats: int = 40  # queries
    faced: int = 96  # 12-megapixel photos looked at for faces
    faces: tuple[int, ...] = (5_000, 10_000, 20_000, 40_000, 100_000)  # grouped
    known_faces: int = 50_000  # that 100 photos are added to


QUICK = Sizes(
    library=3_000,
    libraries=(1_000, 3_000),
    photos=12,
    distinct=4,
    megapixels=(1600, 1200),
    memory=(6, 18),
    repeats=5,
    faced=10,
    faces=(500, 1_000),
    known_faces=1_500,
)


@dataclass
class Place:
    """What every row is given."""

    playwright: Playwright
    site: Site
    work: Path
    sizes: Sizes = field(default_factory=Sizes)
    profiles: int = 0

    @contextmanager
    def app(self, profile: str = "", **options: Any) -> Iterator[App]:
        """The app in a browser of its own, not yet opened; a named profile is found again."""
        self.profiles += 1
        app = App(self.playwright, self.site, self.work / (profile or f"profile-{self.profiles}"), **options)
        try:
            yield app
        finally:
            app.close()

    def pictures(self) -> list[Path]:
        """The different 12-megapixel photos."""
        width, height = self.sizes.megapixels
        return camera_photos(CACHE / f"{width}x{height}", self.sizes.distinct, self.sizes.megapixels)

    def photos(self, name: str, count: int, first: int = 0) -> Path:
        """A folder of `count` photos, each with bytes of its own."""
        folder = self.work / name
        folder.mkdir(parents=True)
        sources = [path.read_bytes() for path in self.pictures()]
        for number in range(first, first + count):
            (folder / f"IMG_{number:05d}.jpg").write_bytes(distinct_copy(sources[number % len(sources)], number))
        return folder

    def large_library(self) -> str:
        """The name of a profile that holds a large made-up library."""
        name = "large-library"
        if not (self.work / name).exists():
            blocks, ids = write_blocks(self.work / "blocks", self.sizes.library)
            thumb = Photo("thumb.jpg", "cat", (400, 300), options={"quality": 80}).write(self.work)
            with self.app(name) as app:
                put_blocks(app, blocks, thumb, ids[:1000])
        return name


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
