"""The search box: what it offers while a query is written, chips that take conditions back, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.app import App


@pytest.fixture
def box(library: App) -> Iterator[Locator]:
    """The empty search box on the page of all photos."""
    library.page.goto(f"{library.site.origin}/#/")
    expect(library.see("tile").first).to_be_visible()
    box = library.see("search-box")
    box.click()
    yield box
    box.fill("")
    library.page.keyboard.press("Escape")


def chips(library: App) -> Locator:
    return library.see("chip")


def test_a_date_in_words_becomes_a_chip_and_a_press_makes_it_words_again(library: App, box: Locator) -> None:
    box.fill("a cat in may 2019")
    expect(chips(library)).to_have_text(["May 2019"])
    expect(library.see("tile").first).to_have_attribute("data-id", library.names()["holidays/2019/cat.jpg"])
    chips(library).first.click()
    expect(box).to_have_value('a cat "in may 2019"')
    expect(chips(library)).to_have_count(0)


def test_the_chip_of_a_field_takes_it_out_of_the_query(library: App, box: Locator) -> None:
    box.fill("in:2019 -type:screenshot")
    expect(chips(library)).to_have_text(["2019", "Not screenshots"])
    chips(library).first.click()
    expect(box).to_have_value("-type:screenshot")
    expect(chips(library)).to_have_text(["Not screenshots"])
    chips(library).first.click()
    expect(box).to_have_value("")


def test_what_is_offered_is_walked_through_and_taken_with_the_keyboard(library: App, box: Locator) -> None:
    box.press_sequentially("camera:pix")
    options = library.see("suggestions").get_by_role("option")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    box.press("Tab")
    expect(box).to_be_focused()
    assert box.input_value().startswith("camera:")
    assert "Pixel" in box.input_value()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(library.see("tile")).to_have_count(2)


def test_a_field_that_is_taken_offers_its_values_at_once(library: App, box: Locator) -> None:
    box.press_sequentially("camer")
    library.see("suggestions").get_by_role("option").filter(has_text="camera:").click()
    expect(box).to_have_value("camera:")
    expect(library.see("suggestions").get_by_role("option").filter(has_text="Pixel")).to_be_visible()


def test_escape_closes_what_is_offered_and_leaves_the_words(library: App, box: Locator) -> None:
    box.press_sequentially("yest")
    box.fill("")
    box.press_sequentially("ca")
    expect(library.see("suggestions")).to_be_visible()
    box.press("Escape")
    expect(library.see("suggestions")).to_have_count(0)
    expect(box).to_have_value("ca")
    box.press("Enter")
    expect(library.see("suggestions")).to_have_count(0)


def test_the_part_that_was_not_understood_is_underlined_and_the_photos_stay(library: App, box: Locator) -> None:
    box.fill("a cat")
    expect(library.see("relevant-count")).to_be_visible()
    box.fill("a cat 😀 near:91,200")
    alert = library.page.get_by_role("alert")
    expect(alert.locator("mark")).to_have_text("near:91,200")
    expect(alert).to_contain_text("degrees")
    expect(library.see("tile").first).to_be_visible()


def test_places_in_answers_count_as_javascript_does(library: App) -> None:
    offered = library.js("async () => (await shoebox.complete('😀 20', 5))[0].replace")
    assert offered == [3, 5]
    chip = library.js("async () => (await shoebox.search('😀 in:2019')).chips[0]")
    assert "😀 in:2019".encode("utf-16-le")[2 * chip["from"] : 2 * chip["to"]].decode("utf-16-le") == "in:2019"
    assert library.js("() => shoebox.search('😀 in:x').catch((error) => error.at)") == {"from": 3, "to": 7}
