"""A tab that is killed while it adds photos: the library opens, is whole, and comes to what it would have come to.

Four random moments in every run; fifty, which take ten minutes and more, with `python build.py test -k killed --kills 50`.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Error, TimeoutError

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.stored import stored_vectors
from tests.photos import many

PHOTOS = 32
# From one batch of photos to the next one it takes about so long here.
MOMENT_MS = 600
# A page that has not been loaded by then never will be.
STALLED_MS = 15_000
# Where no photo comes the page is killed all the same.
LONGEST_S = 10.0

# A folder that the browser keeps itself: its handles may be read again after a crash, without asking anybody.
FILL_FOLDER = """
async (input) => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("many", { create: true });
  for (const file of input.files) {
    const writing = await (await folder.getFileHandle(file.name, { create: true })).createWritable();
    await writing.write(await file.arrayBuffer());
    await writing.close();
  }
}
"""
COUNT = "async () => (await shoebox.stats()).photos"
ADD_FOLDER = """
async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("many");
  shoebox.add(folder).catch(() => undefined);
}
"""
# Python up or not: how many photos wait to be indexed, straight from the database.
WAITING = """
async () => {
  const request = indexedDB.open("shoebox");
  await new Promise((resolve, reject) => { request.onsuccess = resolve; request.onerror = reject; });
  const db = request.result;
  const count = db.transaction("pending").objectStore("pending").count();
  await new Promise((resolve, reject) => { count.onsuccess = resolve; count.onerror = reject; });
  db.close();
  return count.result;
}
"""


class Mortal:
    """The app in a tab that is killed again and again, and opened again each time.

    Parameters
    ----------
    launch : callable
        Starts a browser on the one profile.
    folder : Path
        The photos.
    chance : random.Random
        Decides when and how the tab dies.
    """

    def __init__(self, launch: Callable[[], App], folder: Path, chance: random.Random) -> None:
        self.launch = launch
        self.folder = folder
        self.chance = chance
        self.app = launch().open()
        self.app.js(FILL_FOLDER, self.app.files(sorted(folder.iterdir())))

    def begin(self) -> str:
        """Start adding all photos, as files that were chosen or as a folder that was opened; answers which."""
        if self.chance.random() < 0.5:
            self.app.start_adding(self.folder)
            return "files"
        self.app.js(ADD_FOLDER)
        return "a folder"

    def live(self) -> int:
        """Let the page work until a random number of photos is in, and a little longer; answers how many are in then."""
        enough = self.chance.randint(int(self.app.js(COUNT)), PHOTOS)
        late = time.monotonic() + LONGEST_S
        while (count := int(self.app.js(COUNT))) < enough and time.monotonic() < late:
            self.app.page.wait_for_timeout(20)
        self.app.page.wait_for_timeout(self.chance.uniform(0, MOMENT_MS))
        return count

    def kill(self) -> str:
        """End the tab without a warning, in one of the ways in which tabs end; answers which. A new one is not opened yet."""
        way = self.chance.choices(["renderer", "tab", "browser"], [5, 3, 2])[0]
        if way == "browser":
            self.app.kill()
            self.app = self.launch()
        elif way == "tab":
            old, self.app.page = self.app.page, self.app.context.new_page()
            old.close()
        else:
            old, self.app.page = self.app.page, self.app.context.new_page()
            # Meant for tests: the renderer dies of it where it stands.
            with contextlib.suppress(Error):
                old.goto("chrome://crash")
            old.close()
        self.app.page.bring_to_front()
        return way

    def reopen(self) -> None:
        """Load the page in its new tab, and wait until the library can be searched.

        Chromium now and then never answers a navigation that it handed to a service worker whose process had just died; the
        next one is answered. So this loads again, as a person would.
        """
        try:
            self.app.page.goto(self.app.site.origin, timeout=STALLED_MS)
        except TimeoutError:
            self.app.page.goto(self.app.site.origin)
        self.app.wait_until_ready()

    def finish(self) -> None:
        """Wait until all that waits is indexed; what the death has left nothing of is added again, as a person would."""
        self.app.wait_until_idle()
        self.app.wait(
            "async () => !['scanning', 'working'].includes(document.querySelector('[data-testid=progress]')?.dataset.phase)"
        )
        if len(self.app.names()) < PHOTOS:
            assert self.app.add(self.folder)["failed"] == []


def look(app: App) -> tuple[dict[str, str], dict[str, Any]]:
    """What a library has come to: ids by name, and the vectors by id."""
    return app.names(), dict(stored_vectors(app))


def check(app: App, expected: dict[str, str]) -> None:
    """Fail unless the library is whole and holds nothing that it should not hold."""
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.names().items() <= expected.items()


def test_a_tab_killed_at_any_moment_loses_nothing_that_was_stored_and_ends_the_same(
    launch_app: Launcher, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills, seed = int(request.config.getoption("--kills")), int(request.config.getoption("--seed"))
    chance = random.Random(seed)
    folder = tmp_path / "many"
    many(folder, PHOTOS, (200, 150))
    whole = launch_app("whole").open()
    whole.add(folder)
    expected, vectors = look(whole)
    whole.close()

    mortal = Mortal(lambda: launch_app("mortal"), folder, chance)
    loved: set[str] = set()
    story: list[str] = []
    for death in range(kills):
        app = mortal.app
        if not app.js(WAITING):
            app.js("() => shoebox.clear()")
            loved.clear()
            story.append(f"begins anew with {mortal.begin()}")
        here = app.names()
        if here:
            chosen = chance.choice(sorted(here.values()))
            app.js("(id) => shoebox.favourite([id])", chosen)
            loved.add(chosen)
        there = mortal.live()
        story.append(f"{death + 1}: {mortal.kill()} at {there} of {PHOTOS} photos")
        print(f"seed {seed}, {story[-1]}")
        try:
            mortal.reopen()
            check(mortal.app, expected)
            after = mortal.app.names().values()
            assert set(here.values()) <= set(after), "what was in the library has stayed there"
            assert all(mortal.app.photo(photo)["favourite"] for photo in loved), "what was said has stayed said"
        except Exception as problem:
            problem.add_note(f"Seed {seed}: {'; '.join(story)}")
            raise
    mortal.finish()
    names, again = look(mortal.app)
    assert names == expected
    assert mortal.app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert len(mortal.app.stored("thumbs")) == PHOTOS
    assert again.keys() == vectors.keys()
    # Other batches round the last bits otherwise.
    assert all(float(np.dot(vector, again[photo])) > 0.9999 for photo, vector in vectors.items())
    assert mortal.app.failures() == {}
