"""The pages of albums as a person uses them: a trip that made itself, one's own albums, and what is said about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Playwright, expect

from tests.browser.app import App
from tests.browser.site import Site
from tests.browser.waiting import wait_until
from tests.photos import Photo

PARIS, ROME = (48.8584, 2.2945), (41.8902, 12.4922)
SIZE = (320, 240)
TRIP = "Rome, May 2023"
SCENES = ("cat", "coffee", "rocket", "moon", "grass", "astronaut")

# Takes back all that was said about albums.
FORGET = """
async () => {
  for (const { id, kind } of await shoebox.albums({ photos: 0 })) {
    if (kind === "own") await shoebox.deleteAlbum(id);
    else {
      await shoebox.nameAlbum(id, "");
      await shoebox.hideAlbum(id, false);
      await shoebox.pinAlbum(id, false);
      await shoebox.separateAlbum(id);
    }
  }
}
"""


def write_photos(folder: Path) -> None:
    """Six Saturdays in Paris, three days in Rome, and two screenshots."""
    for week in range(6):
        taken = datetime(2023, 3, 4, 11) + timedelta(weeks=week)
        Photo(f"paris/{week}.jpg", SCENES[week], SIZE, taken, place=PARIS).write(folder)
    for place in range(6):
        taken = datetime(2023, 5, 12, 10) + timedelta(hours=10 * place)
        Photo(f"rome/{place}.jpg", SCENES[place], (300, 200 + place), taken, place=ROME).write(folder)
    for place in range(2):
        Image.new("RGB", (200, 400), (40, 90 * place, 120)).save(folder / f"Screenshot_2023-05-1{place}.png")


@pytest.fixture(scope="module")
def library(playwright: Playwright, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a trip in it."""
    folder = tmp_path_factory.mktemp("albums") / "life"
    write_photos(folder)
    app = App(playwright, site, tmp_path_factory.mktemp("albums-profile") / "profile").open()
    app.page.goto(f"{site.origin}/#/albums")
    expect(app.see("no-albums")).to_contain_text("No photos yet")
    app.add(folder)
    wait_until(app.page, "async () => (await shoebox.monthPlaces()).length > 0")
    yield app
    app.close()


@pytest.fixture
def albums(library: App) -> App:
    """The page of albums, of which nothing was said."""
    library.js(FORGET)
    library.page.goto(f"{library.site.origin}/#/")
    library.page.goto(f"{library.site.origin}/#/albums")
    expect(card(library, TRIP)).to_be_visible()
    return library


def card(app: App, title: str) -> Locator:
    return app.see("album").filter(has_text=title)


def stored(app: App, words: str) -> None:
    """Wait until what was said is stored, of which the toast tells."""
    expect(app.see("undo-toast")).to_contain_text(words)


def undo(app: App) -> None:
    app.see("undo-toast").get_by_role("button", name="Undo").click()
    stored(app, "Undone")


def select(app: App, *places: int) -> None:
    for place in places:
        app.see("tile").nth(place).press("x")


def choose(app: App, item: str) -> None:
    """Press something in the menu of an album."""
    app.see("album-more").click()
    app.page.get_by_role("button", name=item).click()


def open_trip(app: App) -> None:
    card(app, TRIP).get_by_role("link").click()
    expect(app.see("album-head")).to_contain_text(TRIP)


def test_a_trip_makes_itself_and_screenshots_stand_apart(albums: App) -> None:
    assert [(each["kind"], each["title"], each["count"]) for each in albums.js("() => shoebox.albums()")] == [
        ("trip", TRIP, 6),
        ("utility", "Screenshots", 2),
    ]
    expect(card(albums, TRIP)).to_contain_text("6 photos")
    open_trip(albums)
    expect(albums.see("album-head")).to_contain_text("12 May 2023 – 14 May 2023")
    expect(albums.see("tile")).to_have_count(6)
    assert albums.problems() == []


def test_a_photo_of_an_album_opens_over_it_and_leads_back_to_it(albums: App) -> None:
    open_trip(albums)
    albums.see("tile").first.click()
    expect(albums.page).to_have_url(re.compile("#/photo/.*album="))
    albums.page.keyboard.press("Escape")
    expect(albums.see("album-head")).to_contain_text(TRIP)


def test_a_new_title_outlasts_a_reload_and_can_be_taken_back(albums: App) -> None:
    open_trip(albums)
    choose(albums, "Rename…")
    albums.page.get_by_label("Title of the album").fill("Three days of rain")
    albums.page.get_by_role("button", name="Rename", exact=True).click()
    stored(albums, "Three days of rain")
    albums.reload()
    expect(albums.see("album-head")).to_contain_text("Three days of rain")
    assert len(albums.found('album:"three days of rain"')) == 6
    choose(albums, "Rename…")
    albums.page.get_by_label("Title of the album").fill("")
    albums.page.get_by_role("button", name="Rename", exact=True).click()
    expect(albums.see("album-head")).to_contain_text(TRIP)


def test_selected_photos_go_into_a_new_album_and_into_it_again(albums: App) -> None:
    albums.page.goto(f"{albums.site.origin}/#/")
    select(albums, 0, 1)
    albums.see("add-to-album").click()
    albums.see("new-album").click()
    albums.page.get_by_label("Title of the album").fill("Best of")
    albums.page.keyboard.press("Enter")
    stored(albums, "2 photos put into the new album “Best of”")
    select(albums, 1, 2)
    albums.see("add-to-album").click()
    albums.see("album-choice").filter(has_text="Best of").click()
    stored(albums, "1 photo added to “Best of”")
    albums.page.goto(f"{albums.site.origin}/#/albums")
    expect(card(albums, "Best of")).to_contain_text("3 photos")
    undo(albums)
    expect(card(albums, "Best of")).to_contain_text("2 photos")


def test_photos_are_taken_out_and_the_cover_is_chosen_from_a_selection(albums: App) -> None:
    open_trip(albums)
    cover = albums.js("async () => (await shoebox.albums({ photos: 0 }))[0].cover")
    select(albums, 0)
    albums.see("take-out").click()
    stored(albums, "1 photo taken out of")
    expect(albums.see("tile")).to_have_count(5)
    undo(albums)
    expect(albums.see("tile")).to_have_count(6)
    other = next(place for place in range(6) if albums.see("tile").nth(place).get_attribute("data-id") != cover)
    select(albums, other)
    albums.see("make-cover").click()
    stored(albums, "The cover of")
    undo(albums)


def test_an_own_album_begins_empty_and_can_be_deleted(albums: App) -> None:
    albums.see("new-album").click()
    albums.page.get_by_label("Title of the album").fill("To come")
    albums.page.get_by_role("button", name="Make the album").click()
    expect(albums.see("album-empty")).to_contain_text("This album is empty")
    choose(albums, "Delete the album")
    stored(albums, "The album “To come” is deleted")
    expect(card(albums, TRIP)).to_be_visible()
    expect(card(albums, "To come")).to_have_count(0)
    undo(albums)
    expect(card(albums, "To come")).to_be_visible()


def test_albums_are_merged_and_taken_apart(albums: App) -> None:
    ids = albums.js("async () => (await shoebox.photos({ limit: 20 })).results.map(({ id }) => id)")
    albums.js("(ids) => shoebox.createAlbum('Spring', ids.slice(-3))", ids)
    open_trip(albums)
    choose(albums, "Merge with…")
    albums.see("album-choice").filter(has_text="Spring").click()
    albums.see("merge").click()
    stored(albums, "All of them are in")
    expect(albums.see("album-head")).to_contain_text("9 photos")
    choose(albums, "Take apart again")
    expect(albums.see("album-head")).to_contain_text("6 photos")


def test_a_hidden_album_is_out_of_sight_until_one_asks_and_a_pinned_one_comes_first(albums: App) -> None:
    open_trip(albums)
    choose(albums, "Hide")
    stored(albums, "is hidden now")
    albums.page.goto(f"{albums.site.origin}/#/albums")
    expect(card(albums, "Screenshots")).to_be_visible()
    expect(card(albums, TRIP)).to_have_count(0)
    albums.page.get_by_role("switch").check()
    open_trip(albums)
    choose(albums, "Show again")
    stored(albums, "is shown again")
    choose(albums, "Pin to the front")
    stored(albums, "comes first now")
    albums.page.goto(f"{albums.site.origin}/#/albums")
    expect(albums.page.get_by_role("region", name="Pinned")).to_contain_text(TRIP)


def test_titles_are_completed_in_the_search_box(albums: App) -> None:
    albums.see("search-box").fill("album:ro")
    albums.page.get_by_role("option", name=TRIP).click()
    expect(albums.see("relevant-count")).to_have_attribute("data-count", "6")


def test_an_address_of_no_album_says_so(albums: App) -> None:
    albums.page.goto(f"{albums.site.origin}/#/albums/{'5' * 16}")
    expect(albums.see("album-gone")).to_contain_text("not here any more")
    albums.page.get_by_role("link", name="See all albums").click()
    expect(card(albums, TRIP)).to_be_visible()
