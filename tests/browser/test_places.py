"""Places in the page: names that come with the first photo that has one, the map, boxes, and this day in other years."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.waiting import wait_until
from tests.photos import Photo

ROME, TOKYO, SAHARA = (41.8902, 12.4922), (35.6595, 139.7005), (24.0, 2.0)
EIFFEL, LOUVRE = (48.8584, 2.2945), (48.8606, 2.3376)
NOW = datetime.now()
SIZE = (320, 240)

PHOTOS = (
    Photo("paris/eiffel.jpg", "cat", SIZE, datetime(2019, 5, 4, 9, 30), place=EIFFEL),
    Photo("paris/louvre.jpg", "coffee", SIZE, datetime(2019, 5, 5, 9, 30), place=LOUVRE),
    Photo("rome.jpg", "rocket", SIZE, datetime(2020, 6, 1, 10, 0), place=ROME),
    Photo("tokyo.jpg", "moon", SIZE, datetime(2021, 7, 1, 10, 0), place=TOKYO),
    Photo("sahara.jpg", "grass", SIZE, datetime(2021, 8, 1, 10, 0), place=SAHARA),
    Photo("nowhere.jpg", "page", SIZE, datetime(2021, 8, 2, 10, 0)),
)

# The colour in the middle of the map's canvas.
MIDDLE = """
() => {
  const canvas = document.querySelector(".map-canvas");
  const { width, height } = canvas;
  return [...canvas.getContext("2d").getImageData(width / 2, height / 2, 1, 1).data].slice(0, 3).join(",");
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("places") / "trips"
    for photo in PHOTOS:
        photo.write(made)
    return made


def add(app: App, folder: Path) -> dict[str, str]:
    """Add the photos and wait for the names of their places; ids by the files' own names."""
    app.add(folder)
    wait_until_named(app)
    return {name.rpartition("/")[2]: photo for name, photo in app.names().items()}


def wait_until_named(app: App) -> None:
    wait_until(app.page, "async () => (await shoebox.monthPlaces()).length > 0")


def found(app: App, query: str) -> set[str]:
    """The names of the files that a query finds."""
    answer = app.js("async (query) => await shoebox.search(query)", query)
    return {hit["name"].rpartition("/")[2] for hit in answer["results"]}


def open_map(app: App, at: str = "") -> None:
    app.page.goto(f"{app.site.origin}/#/places{f'?at={at}' if at else ''}")
    expect(app.see("map")).to_be_visible()


def address(app: App) -> str:
    return app.page.url.rpartition("#")[2]


def test_the_table_of_places_comes_with_the_first_photo_that_has_one(
    launch_app: Launcher, own_site: Site, folder: Path, tmp_path: Path
) -> None:
    app = launch_app(site=own_site).open()
    app.add(folder / "nowhere.jpg")
    app.wait_until_kept()
    app.page.wait_for_timeout(1000)
    assert not [request for request in own_site.log if request.target.startswith("/places/")]

    ids = add(app, folder)
    assert [request.target for request in own_site.log].count("/places/towns.npz") == 1
    place = app.photo(ids["eiffel.jpg"])["place"]
    assert (place["town"], place["region"], place["country"]) == ("Paris", "Ile-de-France", "France")
    assert app.photo(ids["sahara.jpg"])["place"]["country"] == "Algeria"
    assert found(app, "place:paris") == {"eiffel.jpg", "louvre.jpg"}
    assert found(app, "near:rome") == {"rome.jpg"}
    expect(app.page.get_by_role("heading", name="May 2019")).to_contain_text("Paris")

    # From then on it is here, and so is the map, whether there is a network or not.
    wait_until(app.page, "async () => (await caches.match('places/outlines-fine.bin', { ignoreSearch: true })) !== undefined")
    own_site.stop()
    app.reload()
    wait_until_named(app)
    assert found(app, "place:paris") == {"eiffel.jpg", "louvre.jpg"}
    open_map(app, "24,2,5")
    wait_until(app.page, f"() => ({MIDDLE})() === '246,243,234'")


def test_places_are_offered_while_typing_and_told_in_the_panel(app: App, folder: Path) -> None:
    ids = add(app, folder)
    app.see("search-box").fill("par")
    option = app.page.get_by_role("option", name=re.compile("Paris, France"))
    expect(option).to_contain_text("2 photos")
    option.click()
    expect(app.see("search-box")).to_have_value(re.compile('place:"Paris, France"'))
    expect(app.see("relevant-count")).to_have_attribute("data-count", "2")
    expect(app.see("chip")).to_contain_text("Paris, France")

    app.page.goto(f"{app.site.origin}/#/photo/{ids['rome.jpg']}")
    app.page.keyboard.press("i")
    town = app.see("place-town")
    expect(town).to_have_text("Rome")
    expect(app.see("info-panel")).to_contain_text("Latium, Italy")
    town.click()
    expect(app.see("relevant-count")).to_have_attribute("data-count", "1")
    assert app.problems() == []


def test_the_map_puts_photos_together_and_comes_closer(app: App, folder: Path) -> None:
    ids = add(app, folder)
    open_map(app)
    marks = app.see("map-mark")
    expect(marks.first).to_have_attribute("data-count", re.compile("[23]"))
    assert sum(int(mark.get_attribute("data-count") or 0) for mark in marks.all()) == 5

    open_map(app, "48.86,2.32,9")
    paris = app.page.get_by_role("button", name="2 photos, Paris, France")
    paris.click()
    # Closer, until the two are apart; one alone opens, and Escape leads back to the map.
    expect(app.page.get_by_role("button", name="1 photo, Paris, France")).to_have_count(2)
    app.page.get_by_role("button", name="1 photo, Paris, France").first.press("Enter")
    expect(app.see("viewer")).to_be_visible()
    assert app.page.url.rpartition("/")[2].partition("?")[0] in {ids["eiffel.jpg"], ids["louvre.jpg"]}
    app.page.keyboard.press("Escape")
    expect(app.see("viewer")).to_have_count(0)
    expect(app.see("map")).to_be_visible()
    assert app.problems() == []


def test_land_is_land_and_sea_is_sea(app: App, folder: Path) -> None:
    add(app, folder)
    for scheme, land, sea in (("light", "246,243,234", "220,230,234"), ("dark", "43,44,40", "26,34,38")):
        app.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # The middle of Mongolia, coarse and fine; the Atlantic; and where the date line cuts Russia.
        for at, colour in (
            ("46,104,3", land),
            ("46.3,104.2,9", land),
            ("30,-40,3", sea),
            ("68.5,178,6", land),
            ("68,-170,6", sea),
        ):
            open_map(app, at)
            wait_until(app.page, f"() => ({MIDDLE})() === '{colour}'")
    app.page.emulate_media(color_scheme="light")


def test_the_keyboard_moves_the_map_and_the_address_remembers_it(app: App, folder: Path) -> None:
    add(app, folder)
    open_map(app, "48.86,2.32,9")
    app.see("map").focus()
    app.page.keyboard.press("+")
    expect(app.page).to_have_url(re.compile(r"at=48\.86,2\.32,10$"))
    app.page.keyboard.press("ArrowRight")
    expect(app.page).to_have_url(re.compile(r"at=48\.86,2\.4\d*,10$"))
    before = address(app)
    app.page.reload()
    expect(app.see("map")).to_be_visible()
    app.page.wait_for_timeout(500)
    assert address(app) == before
    app.see("map").focus()
    app.page.keyboard.press("0")
    expect(app.page).not_to_have_url(re.compile(r",10$"))


def test_the_map_follows_the_keyboard_to_photos_outside_of_the_window(app: App, folder: Path) -> None:
    add(app, folder)
    # Rome is north of the window, but within what has been asked for.
    open_map(app, "36,12.5,6.5")
    rome = app.page.get_by_role("button", name="1 photo, Rome, Italy")
    expect(rome).to_have_count(1)
    rome.focus()
    expect(app.page).to_have_url(re.compile(r"at=41\.\d+,12\.\d+,6\.5$"))
    stage, mark = app.see("map").bounding_box(), rome.bounding_box()
    assert stage
    assert mark
    assert stage["y"] < mark["y"] < stage["y"] + stage["height"] - mark["height"]
    rome.press("Enter")
    expect(app.see("viewer")).to_be_visible()
    app.page.keyboard.press("Escape")
    expect(app.see("viewer")).to_have_count(0)


def test_a_drawn_box_finds_the_photos_in_it(app: App, folder: Path) -> None:
    add(app, folder)
    open_map(app, "45,8,5")
    expect(app.see("map-mark").first).to_be_visible()
    stage = app.see("map").bounding_box()
    assert stage
    left, top = stage["x"], stage["y"]
    middle = (left + stage["width"] / 2, top + stage["height"] / 2)
    app.see("map-draw").click()
    # From the middle, in the Alps, to the south-east: Rome and not Paris.
    app.page.mouse.move(middle[0] - 20, middle[1] - 20)
    app.page.mouse.down()
    app.page.mouse.move(middle[0] + 180, middle[1] + 160, steps=8)
    app.page.mouse.up()
    expect(app.see("relevant-count")).to_have_attribute("data-count", "1")
    expect(app.see("chip")).to_contain_text("Part of the map")
    assert "within%3A" in app.page.url

    app.page.go_back()
    expect(app.see("map")).to_be_visible()
    expect(app.page).to_have_url(re.compile("at=45,8,5$"))
    app.see("map-show").click()
    expect(app.see("relevant-count")).to_have_attribute("data-count", "3")
    assert app.problems() == []


def test_a_drag_moves_the_map_and_presses_nothing(app: App, folder: Path) -> None:
    add(app, folder)
    open_map(app, "48.86,2.32,9")
    mark = app.page.get_by_role("button", name="2 photos, Paris, France")
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box
    app.page.mouse.move(box["x"] + 26, box["y"] + 26)
    app.page.mouse.down()
    app.page.mouse.move(box["x"] - 174, box["y"] + 26, steps=6)
    app.page.mouse.up()
    expect(app.page).to_have_url(re.compile(r",9$"))
    moved = mark.bounding_box()
    assert moved
    assert (moved["x"], moved["y"]) == pytest.approx((box["x"] - 200, box["y"]), abs=2)


def test_without_places_the_map_says_why(app: App, folder: Path) -> None:
    app.page.goto(f"{app.site.origin}/#/places")
    expect(app.see("no-places")).to_contain_text("No photos yet")
    app.add(folder / "nowhere.jpg")
    expect(app.see("no-places")).to_contain_text("None of your photos says where it was taken")


def test_this_day_in_other_years_stands_above_the_photos(app: App, tmp_path: Path) -> None:
    years = [NOW.year - 4] if (NOW.month, NOW.day) == (2, 29) else [NOW.year - 1, NOW.year - 4]
    for year in years:
        for number in range(2):
            taken = NOW.replace(year=year, hour=10 + number)
            Photo(f"days/{year}-{number}.jpg", ("cat", "coffee")[number], SIZE, taken, camera=("Test", str(year))).write(
                tmp_path
            )
    Photo("days/other.jpg", "moon", SIZE, datetime(2018, 1 + NOW.month % 12, 3)).write(tmp_path)
    app.add(tmp_path / "days")
    cards = app.see("day-card")
    expect(cards).to_have_count(len(years))
    expect(cards.last).to_contain_text("4 years ago")
    expect(cards.first).to_contain_text("2 photos")
    cards.last.click()
    expect(app.see("relevant-count")).to_have_attribute("data-count", "2")
    assert app.problems() == []


# Asks for one place, and for another when the map is about to write the first one's address; the page is busy meanwhile, so
# that its timers are late, and run before it has followed the second.
ASK_TWICE = """
async ([first, second, delay]) => {
  location.hash = `#/places?at=${first}`;
  await new Promise((resolve) => setTimeout(resolve, delay));
  const busy = () => { for (const end = performance.now() + 300; performance.now() < end;); };
  addEventListener("hashchange", busy, { once: true });
  location.hash = `#/places?at=${second}`;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return location.hash;
}
"""


def test_an_address_that_comes_while_the_map_writes_its_own_is_not_lost(app: App, folder: Path) -> None:
    add(app, folder)
    open_map(app, "30,-40,3")
    # Of these delays some hit the moment, whatever the machine.
    for delay in range(225, 285, 15):
        assert app.js(ASK_TWICE, ["46.3,104.2,9", "30,-40,3", delay]) == "#/places?at=30,-40,3"
