"""The main job in a browser that is not Chromium: add, find by words, find people, save a copy, go on without a network."""

from __future__ import annotations

import pytest

from tests.browser.app import App
from tests.engines.conftest import PHOTOS, Driven

QUERIES = ("a cat", "a cup of coffee", "an astronaut in a space suit", "stars in the night sky", "in:2019", "old coins -people")


# As for the command line: results agree with the browser's.
TOLERANCE = 1e-2


def test_all_photos_are_added_whatever_their_format(driven: Driven) -> None:
    assert driven.page.js("() => shoebox.failures()") == []
    assert driven.page.js("async () => (await shoebox.stats()).photos") == PHOTOS
    assert driven.page.js("() => shoebox.verify()") == {"ok": True, "problems": []}


def test_the_page_is_isolated_and_uses_threads(driven: Driven) -> None:
    stats = driven.page.js("() => shoebox.stats()")
    assert stats["isolated"] is True
    assert stats["threads"] > 1
    assert stats["backend"] == "wasm", "neither browser has a graphics processor for web pages here"


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_found_is_what_chromium_finds(driven: Driven, in_chromium: App, query: str) -> None:
    here = driven.page.js("async (query) => (await shoebox.search(query)).results", query)
    there = in_chromium.search(query)["results"]
    # Browsers scale and decode photos a little differently, so neighbours may change places.
    scores = {hit["id"]: hit["score"] for hit in there}
    assert [hit["id"] for hit in here[:1]] == [hit["id"] for hit in there[:1]]
    assert all(abs(scores[hit["id"]] - hit["score"]) < TOLERANCE for hit in here if hit["id"] in scores)
    assert len({hit["id"] for hit in here} ^ set(scores)) <= 2


def test_the_grid_shows_pictures(driven: Driven) -> None:
    driven.page.wait("() => document.querySelector('[data-testid=tile] img')?.naturalWidth > 0")


def test_people_are_found_and_keep_their_name(driven: Driven) -> None:
    driven.page.js("() => shoebox.configure({ faces: true })")
    driven.page.wait("async () => (await shoebox.faceWork()).phase === 'done'")
    people = driven.page.js("() => shoebox.people()")
    assert len(people) >= 1
    assert people[0]["count"] >= 4
    driven.page.js("(id) => shoebox.namePerson(id, 'Eileen')", people[0]["id"])
    assert driven.page.js("async () => (await shoebox.search('person:Eileen')).total") == people[0]["count"]


# Saves the library with a passphrase, empties it, and takes the saved file in again.
THERE_AND_BACK = """
async () => {
  const copy = await shoebox.exportIndex({ passphrase: "bread and roses", paths: true });
  await shoebox.clear();
  const emptied = (await shoebox.stats()).photos;
  const { photos, added } = await shoebox.importIndex(copy, { passphrase: "bread and roses" });
  return { emptied, photos, added };
}
"""


def test_a_saved_copy_brings_everything_back(driven: Driven) -> None:
    before = driven.page.js("() => shoebox.search('a cat')")
    assert driven.page.js(THERE_AND_BACK) == {"emptied": 0, "photos": PHOTOS, "added": PHOTOS}
    assert driven.page.js("() => shoebox.search('a cat')") == before
    assert driven.page.js("async () => (await shoebox.search('person:Eileen')).total") >= 4
    assert driven.page.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    driven.page.wait("() => document.querySelector('[data-testid=tile] img')?.naturalWidth > 0")


LACKS = {
    "firefox": ["It does not remember folders"],
    "webkit": ["It deletes after a week", "It does not remember folders", "It opens every photo at full size"],
}


def test_what_the_browser_lacks_is_told_in_the_settings(driven: Driven) -> None:
    driven.page.js("() => { location.hash = '#/settings'; }")
    told = driven.page.wait("() => document.querySelector('[data-testid=lacks]')?.innerText")
    for lack in LACKS[driven.engine]:
        assert lack in told
    driven.page.js("() => { location.hash = '#/'; }")


def test_without_the_server_it_opens_and_finds_as_before(driven: Driven) -> None:
    before = driven.page.js("() => shoebox.search('a cat')")
    driven.page.wait("async () => (await caches.keys()).length > 0")
    driven.page.js("() => { location.hash = '#/settings'; }")
    driven.page.wait("() => /Works without a network\\s*Yes/.test(document.body.innerText)")
    driven.page.js("() => { location.hash = '#/'; }")
    driven.site.stop()
    try:
        driven.page.reload()
        assert driven.page.js("() => shoebox.search('a cat')") == before
        assert driven.page.js("() => globalThis.crossOriginIsolated") is True
        assert driven.page.js("async () => (await shoebox.search('person:Eileen')).total") >= 4
    finally:
        driven.site.start()
