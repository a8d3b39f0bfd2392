"""The pages about people as a person uses them: agreeing, naming, correcting, taking back. What the verbs do: test_faces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import ImageEnhance, ImageOps
from playwright.sync_api import Locator, Playwright, expect

from tests.browser.app import App
from tests.browser.site import Site
from tests.photos import Photo, picture

PHOTOS = 4
NAME = "Eileen Collins"

# One person without a name again, whatever a test has said.
FORGET = """
async () => {
  const people = await shoebox.people({ faces: 0 });
  for (const { id, hidden } of people) if (hidden) await shoebox.hidePerson(id, false);
  const { person } = people.length > 1 ? await shoebox.mergePeople(people.map(({ id }) => id)) : { person: people[0].id };
  await shoebox.namePerson(person, "");
}
"""


def write_photos(folder: Path) -> None:
    """Four photos of one person, and one of nobody."""
    Photo("a.jpg", "astronaut", taken=datetime(2019, 5, 3)).write(folder)
    astronaut = picture("astronaut")
    ImageOps.mirror(astronaut).resize((450, 450)).save(folder / "b.jpg", quality=92)
    ImageEnhance.Brightness(astronaut).enhance(0.75).save(folder / "c.jpg", quality=92)
    ImageOps.grayscale(ImageOps.mirror(astronaut)).save(folder / "d.jpg", quality=92)
    Photo("coffee.jpg", "coffee").write(folder)


@pytest.fixture(scope="module")
def looked_at(playwright: Playwright, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app after somebody has agreed to faces on the page of people, and they were found."""
    folder = tmp_path_factory.mktemp("astronauts") / "astronauts"
    write_photos(folder)
    app = App(playwright, site, tmp_path_factory.mktemp("people") / "profile").open()
    app.add(folder)
    app.page.goto(f"{site.origin}/#/people")
    expect(app.see("faces-off")).to_contain_text("biometric data")
    expect(app.see("person")).to_have_count(0)
    app.see("find-faces").click()
    expect(app.see("person")).to_have_count(1)
    app.wait("async () => (await shoebox.faceWork()).phase === 'done'")
    yield app
    app.close()


@pytest.fixture
def people(looked_at: App) -> App:
    """The page of people with one person, who has no name, in four photos."""
    looked_at.js(FORGET)
    looked_at.page.goto(f"{looked_at.site.origin}/#/people")
    expect(looked_at.see("person")).to_have_count(1)
    expect(looked_at.see("person")).to_contain_text(f"{PHOTOS} photos")
    expect(looked_at.see("person").get_by_role("button", name="Add a name")).to_be_visible()
    return looked_at


def undo(app: App) -> None:
    app.see("undo-toast").get_by_role("button", name="Undo").click()
    expect(app.see("undo-toast")).to_contain_text("Undone")


def call(app: App, name: str) -> None:
    """Type a name into the box that stands open."""
    app.see("name-input").fill(name)
    app.page.keyboard.press("Enter")


def pick(app: App, action: str) -> None:
    """Choose from the menu of a person's page."""
    app.see("person-more").click()
    app.page.get_by_role("button", name=action).click()


def open_person(app: App) -> Locator:
    app.see("person").get_by_role("link").click()
    expect(app.see("person-head")).to_be_visible()
    return app.see("person-head")


def test_a_name_is_given_on_the_page_of_people_completed_in_the_search_box_and_taken_back(people: App) -> None:
    people.see("person").get_by_role("button", name="Add a name").click()
    call(people, f"  {NAME} ")
    expect(people.see("person").get_by_role("link", name=f"{NAME}, {PHOTOS} photos")).to_be_visible()
    people.see("search-box").fill("person:ei")
    people.see("suggestions").get_by_role("option", name=NAME).click()
    expect(people.see("tile")).to_have_count(PHOTOS)
    people.page.goto(f"{people.site.origin}/#/people")
    undo(people)
    expect(people.see("person").get_by_role("button", name="Add a name")).to_be_visible()
    assert people.problems() == []


def test_a_face_is_named_on_the_photo_and_leads_to_the_person(people: App) -> None:
    open_person(people)
    people.see("tile").first.click()
    people.page.keyboard.press("p")
    expect(people.see("face-box")).to_have_count(1)
    people.see("face-box").click()
    people.see("name-input").press_sequentially("Fifi")  # "f" and "i" are keys of the viewer
    expect(people.see("info-panel")).to_have_count(0)
    call(people, NAME)
    expect(people.see("face-box")).to_have_text(NAME)
    people.page.keyboard.press("i")
    people.see("photo-people").get_by_role("link", name=NAME).click()
    expect(people.see("person-head").get_by_role("heading", name=NAME)).to_be_visible()
    expect(people.see("tile")).to_have_count(PHOTOS)
    people.page.keyboard.press("Control+z")
    expect(people.see("person-head").get_by_role("heading", name="Who is this?")).to_be_visible()
    assert people.problems() == []


def test_a_person_is_split_and_put_together_again_by_a_name_that_is_known(people: App) -> None:
    open_person(people)
    people.see("edit-name").click()
    call(people, NAME)
    expect(people.see("person-head").get_by_role("heading", name=NAME)).to_be_visible()
    pick(people, "Sort out wrong faces…")
    wrong = people.see("faces-question")
    wrong.get_by_role("listitem").first.get_by_role("button").click()
    wrong.get_by_test_id("split").click()
    expect(people.see("person-head")).to_contain_text(f"{PHOTOS - 1} photos")

    people.page.goto(f"{people.site.origin}/#/people")
    people.see("show-small").click()
    unnamed = people.see("person").filter(has_text="Add a name")
    expect(unnamed).to_have_count(1)
    unnamed.get_by_role("button").click()
    people.see("name-input").fill("ei")
    expect(people.see("name-offers").get_by_role("option")).to_have_count(1)
    call(people, NAME.upper())
    people.page.get_by_role("button", name="Yes, the same").click()
    expect(people.see("person")).to_have_count(1)
    expect(people.see("person")).to_contain_text(f"{PHOTOS} photos")
    undo(people)
    expect(people.see("person")).to_have_count(2)
    assert people.problems() == []


def test_same_person_is_asked_once_and_answered_with_a_key(people: App) -> None:
    person = people.js("async () => (await shoebox.people())[0]")
    people.js("(face) => shoebox.moveFaces([face], null)", person["faces"][0]["id"])
    question = people.see("same-person")
    expect(question).to_contain_text("Same person?")
    question.get_by_role("button", name="No").focus()
    people.page.keyboard.press("n")
    expect(question).to_have_count(0)
    expect(people.see("undo-toast")).to_contain_text("two different people")  # from here on it is stored
    people.reload()
    expect(people.see("person")).not_to_have_count(0)
    expect(question).to_have_count(0)
    assert people.js("() => shoebox.suggestPeople()") == []
    assert people.problems() == []


def test_two_groups_that_are_the_same_person_become_one_and_two_again(people: App) -> None:
    person = people.js("async () => (await shoebox.people())[0]")
    people.js("(face) => shoebox.moveFaces([face], null)", person["faces"][0]["id"])
    question = people.see("same-person")
    question.get_by_role("button", name="Yes").focus()
    people.page.keyboard.press("y")
    expect(people.see("undo-toast")).to_contain_text("the same person")
    expect(people.see("person")).to_have_count(1)
    expect(people.see("person")).to_contain_text(f"{PHOTOS} photos")
    undo(people)
    people.see("show-small").click()
    expect(people.see("person")).to_have_count(2)
    assert people.problems() == []


def test_another_tab_hears_of_a_name_and_finds_it(people: App) -> None:
    other = people.context.new_page()
    other.goto(f"{people.site.origin}/#/people")
    expect(other.get_by_test_id("person")).to_contain_text("Add a name")
    people.see("person").get_by_role("button", name="Add a name").click()
    call(people, NAME)
    expect(other.get_by_test_id("person").get_by_role("link", name=f"{NAME}, {PHOTOS} photos")).to_be_visible()
    other.goto(f"{people.site.origin}/#/search?q=person%3A%22{NAME.replace(' ', '%20')}%22")
    expect(other.get_by_test_id("tile")).to_have_count(PHOTOS)
    # One tab at a time looks for faces; the other is told the same.
    assert other.evaluate("async () => { await shoebox.ready; return (await shoebox.people()).length; }") == 1
    other.close()
    undo(people)
    assert people.problems() == []


def test_selected_photos_are_not_that_person(people: App) -> None:
    head = open_person(people)
    expect(people.see("tile")).to_have_count(PHOTOS)
    people.see("tile").first.focus()
    people.page.keyboard.press("x")
    people.page.keyboard.press("ArrowRight")
    people.page.keyboard.press("x")
    people.see("not-them").click()
    expect(head).to_contain_text(f"{PHOTOS - 2} photos")
    expect(people.see("selection")).to_have_count(0)
    undo(people)
    expect(head).to_contain_text(f"{PHOTOS} photos")
    assert people.problems() == []


def test_a_hidden_person_is_out_of_sight_until_asked_for(people: App) -> None:
    open_person(people)
    pick(people, "Hide")
    expect(people.see("undo-toast")).to_contain_text("hidden")
    people.page.goto(f"{people.site.origin}/#/people")
    expect(people.see("person")).to_have_count(0)
    people.page.get_by_role("switch").click()
    people.see("person").get_by_role("button", name="Show again").click()
    expect(people.see("person").get_by_role("button", name="Add a name")).to_be_visible()
    assert people.problems() == []


def test_face_data_is_deleted_after_a_question_and_faces_are_off_again(people: App) -> None:
    people.page.goto(f"{people.site.origin}/#/settings")
    people.see("delete-faces").click()
    people.see("delete-faces-confirm").click()
    expect(people.see("delete-faces")).to_have_count(0)
    expect(people.page.get_by_role("switch", name="Faces")).not_to_be_checked()
    people.page.goto(f"{people.site.origin}/#/people")
    expect(people.see("faces-off")).to_be_visible()
    assert people.js("() => shoebox.people()") == []
    assert people.stored("faces") == []
    assert people.problems() == []
