"""The page in use: keyboard, viewer, addresses, dark and narrow screens, names for everything, and very large libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.app import App
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.stored import put_blocks
from tests.browser.waiting import wait_until
from tests.photos import Photo
from tests.synthetic import write_blocks

LARGE = 100_000
MOST_TILES = 300

# Every control that a person can reach, without a name that a screen reader could say.
NAMELESS = """
() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  return [...document.querySelectorAll(controls)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) || element.matches("input[type=file]"))
    .filter((element) => !element.closest("[aria-hidden=true]"))
    .filter((element) => {
      const labels = [...(element.labels ?? [])].map((label) => label.textContent);
      const tellers = (element.getAttribute("aria-labelledby") ?? "").split(" ");
      const told = tellers.map((id) => document.getElementById(id)?.textContent);
      const images = [...element.querySelectorAll("img[alt], svg[aria-label]")].map((image) => image.alt ?? "");
      const words = [element.getAttribute("aria-label"), element.title, element.textContent, ...labels, ...told, ...images];
      return !words.some((word) => word?.trim());
    })
    .map((element) => element.outerHTML.slice(0, 200));
}
"""

# Text that is hard to read: contrast below 4.5, or 3 where it is large. Only where colours are plain.
PALE = """
() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none" || Number(style.opacity) < 1) return null;
      const colour = parse(style.backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("[disabled], [aria-hidden=true], .unseen")) continue;
    const style = getComputedStyle(element);
    const colour = parse(style.color), ground = behind(element);
    if (!ground || !style.color.startsWith("rgb") || (colour.length === 4 && colour[3] < 1)) continue;
    const [low, high] = [light(colour), light(ground)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
  }
  return found;
}
"""

PAGES = ("#/", "#/search?q=cat", "#/settings", "#/failures", "#/check")


@pytest.fixture
def screen(library: App) -> Iterator[Page]:
    """The page with the small library, on its first screen."""
    library.page.goto(f"{library.site.origin}/#/")
    expect(library.see("tile").first).to_be_visible()
    yield library.page
    library.page.emulate_media(color_scheme="light")
    library.page.set_viewport_size({"width": 1280, "height": 800})


def focused(screen: Page) -> str:
    """The id of the photo that has the focus."""
    return str(screen.evaluate("document.activeElement?.dataset?.id ?? ''"))


def test_slash_goes_to_the_search_box_and_escape_leaves_it(library: App, screen: Page) -> None:
    screen.locator("body").press("/")
    expect(library.see("search-box")).to_be_focused()
    library.see("search-box").press("Escape")
    expect(library.see("search-box")).not_to_be_focused()


def test_arrows_walk_the_grid_and_enter_opens_a_photo(library: App, screen: Page) -> None:
    ids = [hit["id"] for hit in library.search("", limit=20)["results"]]
    library.see("tile").first.focus()
    assert focused(screen) == ids[0]
    screen.keyboard.press("ArrowRight")
    wait_until(screen, "(id) => document.activeElement?.dataset?.id === id", ids[1])
    screen.keyboard.press("ArrowLeft")
    wait_until(screen, "(id) => document.activeElement?.dataset?.id === id", ids[0])
    screen.keyboard.press("End")
    wait_until(screen, "(id) => document.activeElement?.dataset?.id === id", ids[-1])
    screen.keyboard.press("Home")
    wait_until(screen, "(id) => document.activeElement?.dataset?.id === id", ids[0])
    screen.keyboard.press("Enter")
    expect(library.see("viewer")).to_be_visible()
    expect(screen).to_have_url(re.compile(f"#/photo/{ids[0]}"))


def test_the_viewer_is_driven_by_the_keyboard(library: App, screen: Page) -> None:
    ids = [hit["id"] for hit in library.search("", limit=20)["results"]]
    library.see("tile").first.click()
    viewer = library.see("viewer")
    expect(viewer).to_be_visible()
    screen.keyboard.press("ArrowRight")
    expect(viewer).to_have_attribute("data-id", ids[1])
    screen.keyboard.press("i")
    expect(library.see("info-panel")).to_be_visible()
    screen.keyboard.press("i")
    expect(library.see("info-panel")).to_be_hidden()
    screen.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    wait_until(screen, "(id) => document.activeElement?.dataset?.id === id", ids[1])


def test_the_panel_tells_what_is_known(library: App, screen: Page) -> None:
    screen.goto(f"{library.site.origin}/#/photo/{library.names()['holidays/2019/cat.jpg']}")
    expect(library.see("viewer")).to_be_visible()
    if not library.see("info-panel").is_visible():
        screen.keyboard.press("i")
    panel = library.see("info-panel")
    for words in ("cat.jpg", "2019", "EOS 6D", "451"):
        expect(panel).to_contain_text(words)
    screen.keyboard.press("i")


def test_a_tag_in_the_panel_searches_for_all_photos_that_show_it(library: App, screen: Page) -> None:
    cat = library.names()["holidays/2019/cat.jpg"]
    screen.goto(f"{library.site.origin}/#/photo/{cat}")
    if not library.see("info-panel").is_visible():
        screen.keyboard.press("i")
    tag = library.see("tag").first
    expect(tag).to_contain_text("%")
    tag.click()
    expect(library.see("viewer")).to_be_hidden()
    expect(screen).to_have_url(re.compile(r"#/search\?q=tag%3A"))
    expect(library.see("chip")).to_have_count(1)
    expect(library.see("tile").first).to_be_visible()
    shown = library.see("tile").evaluate_all("tiles => tiles.map((tile) => tile.dataset.id)")
    assert cat in shown


def test_more_like_this_leads_to_alike_photos(library: App, screen: Page) -> None:
    library.see("tile").first.click()
    library.see("more-like-this").click()
    expect(library.see("viewer")).to_be_hidden()
    expect(library.see("relevant-count")).to_be_visible()


def test_addresses_survive_reload_and_the_back_button(library: App, screen: Page) -> None:
    library.see("search-box").fill("a cat")
    expect(screen).to_have_url(re.compile(r"#/search\?q=a(\+|%20)cat"))
    expect(library.see("relevant-count")).to_be_visible()
    first = library.see("tile").first
    first.click()
    expect(library.see("viewer")).to_be_visible()
    screen.reload()
    expect(library.see("viewer")).to_be_visible()
    screen.go_back()
    expect(library.see("viewer")).to_be_hidden()
    expect(library.see("search-box")).to_have_value("a cat")
    screen.go_back()
    expect(library.see("search-box")).to_have_value("")
    expect(library.see("tile").first).to_have_attribute("data-id", library.search("")["results"][0]["id"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_text_can_be_read_and_every_control_has_a_name(library: App, screen: Page, scheme: str, path: str) -> None:
    screen.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    screen.goto(f"{library.site.origin}/{path}")
    expect(screen.locator("h1, h2, [data-testid=tile]").first).to_be_attached()
    assert screen.evaluate(NAMELESS) == []
    assert screen.evaluate(PALE) == []


def test_the_open_viewer_has_a_name_for_every_control(library: App, screen: Page) -> None:
    library.see("tile").first.click()
    expect(library.see("viewer")).to_be_visible()
    screen.keyboard.press("i")
    expect(library.see("info-panel")).to_have_attribute("aria-busy", "false")
    assert screen.evaluate(NAMELESS) == []
    assert screen.evaluate(PALE) == []
    screen.keyboard.press("i")


def test_dark_is_dark_and_light_is_light(library: App, screen: Page) -> None:
    def brightness() -> float:
        rgb = screen.evaluate("getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)")
        return float(sum(rgb)) / 3

    screen.emulate_media(color_scheme="light")
    light = brightness()
    screen.emulate_media(color_scheme="dark")
    assert brightness() < 64 < 192 < light


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling(library: App, screen: Page, path: str) -> None:
    screen.set_viewport_size({"width": 360, "height": 740})
    screen.goto(f"{library.site.origin}/{path}")
    expect(screen.locator("h1, h2, [data-testid=tile]").first).to_be_attached()
    # The grid lays itself out anew a frame or two after the window has another width.
    library.wait(
        """() => [...document.querySelectorAll("[data-testid=tile]")]
          .every((tile) => tile.getBoundingClientRect().right <= 361)"""
    )
    assert screen.evaluate("document.documentElement.scrollWidth") <= 360
    beyond = screen.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input:not([type=file])")]
          .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
          .filter((element) => !element.closest(".unseen"))
          .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 120)])
          .filter(([box]) => box.width > 0 && (box.right > 361 || box.left < -1)).map(([, html]) => html)"""
    )
    assert beyond == []


def test_deleting_everything_asks_first_and_then_shows_the_first_screen(app: App, tmp_path: Path) -> None:
    app.add(Photo("cat.jpg", "cat").write(tmp_path))
    app.page.goto(f"{app.site.origin}/#/settings")
    app.see("delete-everything").click()
    assert len(app.names()) == 1, "nothing is deleted before the person has agreed"
    app.page.get_by_role("dialog").get_by_role("button", name=re.compile("delete", re.I)).click()
    app.wait("async () => (await shoebox.stats()).photos === 0")
    app.page.goto(f"{app.site.origin}/#/")
    expect(app.see("drop-zone")).to_be_visible()


@pytest.fixture(scope="module")
def large(playwright: Playwright, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, list[str]]]:
    """The app with a hundred thousand made-up photos; the newest ones have a thumbnail. With their ids, newest first."""
    folder = tmp_path_factory.mktemp("large")
    blocks, ids = write_blocks(folder / "blocks", LARGE)
    app = App(playwright, site, folder / "profile")
    put_blocks(app, blocks, Photo("thumb.jpg", "moon", (400, 300)).write(folder), ids[:600])
    yield app, ids
    app.close()


def test_a_hundred_thousand_photos_are_shown_a_window_at_a_time(large: tuple[App, list[str]]) -> None:
    app, ids = large
    assert app.search("")["total"] == LARGE
    expect(app.see("tile").first).to_have_attribute("data-id", ids[0])
    grid = app.see("grid")
    for _ in range(5):
        grid.evaluate("(element) => { element.scrollTop += 3000; }")
        expect(app.see("tile").first).to_be_visible()
        assert 0 < app.see("tile").count() < MOST_TILES
    grid.evaluate("(element) => { element.scrollTop = element.scrollHeight; }")
    last = app.js("async (total) => (await shoebox.photos({ offset: total - 1, limit: 1 })).results[0].id", LARGE)
    expect(app.page.locator(f"[data-id='{last}']")).to_be_visible()
    assert app.see("tile").count() < MOST_TILES


def test_a_hundred_thousand_photos_are_searched_and_opened(large: tuple[App, list[str]]) -> None:
    app, ids = large
    answer = app.search("a dog on a beach", limit=50)
    assert answer["total"] == LARGE
    assert len(answer["results"]) == 50
    assert len(app.similar(ids[0], limit=20)) == 20
    assert app.js("() => shoebox.verify()")["ok"] in {True, False}
    app.page.goto(f"{app.site.origin}/#/search?q=in:2012")
    expect(app.see("relevant-count")).to_be_visible()
    assert app.see("tile").count() < MOST_TILES


def test_the_grid_of_a_large_library_is_painted_before_python_is_up(large: tuple[App, list[str]], launch_app: Launcher) -> None:
    app, ids = large
    app.page.goto(f"{app.site.origin}/#/")
    expect(app.see("tile").first).to_be_visible()
    app.page.reload(wait_until="commit")
    app.wait("document.querySelector('[data-testid=tile]')")
    ready = app.js(
        "() => Promise.race([shoebox.ready.then(() => true), new Promise((resolve) => setTimeout(resolve, 0, false))])"
    )
    assert ready is False
    app.wait_until_ready()
    expect(app.see("tile").first).to_have_attribute("data-id", ids[0])
