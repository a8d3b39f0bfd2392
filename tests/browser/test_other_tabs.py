"""Two tabs of the app: one adds photos, the other follows, waits its turn, and takes over when the first one is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import App
from tests.browser.waiting import wait_until
from tests.photos import Photo, many

PHOTOS = 64
COUNT = "async () => (await shoebox.stats()).photos"
# Pauses by itself while most of the photos are still to come, however fast the machine is.
ADD_AND_PAUSE = """
(input) => {
  const onProgress = ({ done }) => {
    if (done < 8 || window.stopped) return;
    window.stopped = shoebox.pause();
  };
  window.adding = shoebox.add(input.files, { onProgress });
  window.adding.catch(() => undefined);
}
"""


@pytest.fixture
def other(app: App) -> Iterator[Page]:
    """A second tab, ready before the first one begins."""
    page = app.context.new_page()
    page.goto(app.site.origin)
    wait_until(page, "globalThis.shoebox?.ready?.then(() => true)")
    yield page
    page.close()


def photos(page: Page) -> int:
    return int(page.evaluate(COUNT))


def test_another_tab_follows_live_and_waits_its_turn(app: App, other: Page, tmp_path: Path) -> None:
    many(tmp_path / "many", PHOTOS, (160, 120))
    app.page.bring_to_front()
    app.js(ADD_AND_PAUSE, app.files([tmp_path / "many"]))
    app.wait("window.stopped?.then(() => true)")
    app.wait_until_photos(8)
    other.bring_to_front()
    expect(other.get_by_test_id("tile").first).to_be_visible()
    assert 0 < photos(other) < PHOTOS, "it shows photos while the first tab is still at work"
    other.get_by_test_id("files-input").set_input_files(Photo("cat.jpg", "cat").write(tmp_path))
    expect(other.get_by_test_id("progress")).to_contain_text("Another tab of Shoebox is adding photos")
    assert other.evaluate("async () => (await shoebox.search('a cat')).total") > 0, "searching goes on"
    app.js("() => shoebox.resume()")
    assert app.js("() => window.adding")["added"] == PHOTOS
    wait_until(other, "async (count) => (await shoebox.stats()).photos === count", PHOTOS + 1)
    app.wait_until_photos(PHOTOS + 1)
    for page in (app.page, other):
        assert page.evaluate("() => shoebox.verify()") == {"ok": True, "problems": []}
    assert app.problems() == []


def test_what_a_closed_tab_was_adding_another_one_goes_on_with(app: App, other: Page, tmp_path: Path) -> None:
    many(tmp_path / "many", PHOTOS, (160, 120))
    dying = app.context.new_page()
    first, app.page = app.page, dying
    app.open()
    try:
        app.start_adding(tmp_path / "many")
        app.wait("async () => (await shoebox.stats()).photos >= 8")
    finally:
        app.page = first
        dying.close()
    before = photos(other)
    wait_until(other, "async (count) => (await shoebox.stats()).photos === count", PHOTOS)
    assert before < PHOTOS, "the tab was closed in the middle"
    app.wait_until_idle()
    app.wait_until_photos(PHOTOS)
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
