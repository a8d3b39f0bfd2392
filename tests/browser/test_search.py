"""Searching a small library of well-known pictures: words, dates, exclusions, likeness, and knowing when nothing fits."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.app import App


@pytest.mark.parametrize(
    ("query", "scene"),
    [
        ("a cat", "cat"),
        ("a cup of coffee", "coffee"),
        ("a person in an orange suit", "astronaut"),
        ("stars in the night sky", "galaxies"),
        ("a man with a camera", "cameraman"),
        ("motorcycle", "motorcycle"),
    ],
)
def test_words_find_what_the_picture_shows_first(library: App, query: str, scene: str) -> None:
    best = library.search(query)["results"][0]["name"]
    assert scene in best


def test_scores_fall_and_ids_are_those_of_the_library(library: App) -> None:
    answer = library.search("a cat on a sofa")
    scores = [hit["score"] for hit in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    names = library.names()
    assert all(names[hit["name"]] == hit["id"] for hit in answer["results"])
    assert answer["relevant"] <= answer["total"]


def test_the_empty_query_lists_everything_newest_first(library: App) -> None:
    answer = library.search("", limit=100)
    taken = [library.photo(hit["id"])["taken"] for hit in answer["results"]]
    dated = [moment for moment in taken if moment]
    assert answer["total"] == len(taken) == len(library.names())
    assert dated == sorted(dated, reverse=True)
    assert taken[: len(dated)] == dated, "photos without a date come last"


def test_pages_of_results_join_up(library: App) -> None:
    whole = [hit["id"] for hit in library.search("", limit=12)["results"]]
    pages = [library.search("", limit=5, offset=offset)["results"] for offset in (0, 5, 10)]
    assert [hit["id"] for page in pages for hit in page] == whole


def test_dates_narrow_what_is_found(library: App) -> None:
    assert {name.split("/")[1] for name in library.found("in:2019")} == {"2019"}
    assert len(library.found("in:2019")) == 3
    assert all("cat" not in name for name in library.found("after:2020-01"))
    assert library.found("before:2019-06") == ["holidays/2019/cat.jpg"]


def test_cameras_narrow_what_is_found(library: App) -> None:
    assert {name.rpartition("/")[2] for name in library.found("camera:pixel")} == {"coffee.jpg", "motorcycle.jpg"}


def test_words_and_dates_combine(library: App) -> None:
    results = library.search("cat in:2020")["results"]
    assert all("/2020/" in hit["name"] for hit in results)


def test_an_excluded_word_pushes_its_photos_away(library: App) -> None:
    def place(query: str, scene: str) -> int:
        names = [hit["name"] for hit in library.search(query, limit=100)["results"]]
        return next((place for place, name in enumerate(names) if scene in name), len(names))

    assert place("an animal", "cat") < place("an animal -cat", "cat")


def test_a_photo_is_most_like_itself_turned_or_of_the_same_scene(library: App) -> None:
    names = library.names()
    cat = names["holidays/2019/cat.jpg"]
    results = library.similar(cat, limit=5)
    assert cat not in [hit["id"] for hit in results]
    assert len(results) == 5
    scores = [hit["score"] for hit in results]
    assert scores == sorted(scores, reverse=True)


def test_a_picture_from_outside_finds_the_photo_it_shows(library: App) -> None:
    name = library.js(
        """async () => {
          const { results } = await shoebox.photos();
          const rocket = results.find((photo) => photo.name.endsWith("rocket.jpg"));
          const db = await new Promise((resolve) => {
            const request = indexedDB.open("shoebox");
            request.onsuccess = () => resolve(request.result);
          });
          const thumb = await new Promise((resolve) => {
            const request = db.transaction("thumbs").objectStore("thumbs").get(rocket.id);
            request.onsuccess = () => resolve(request.result);
          });
          db.close();
          const found = await shoebox.similar(new Blob([thumb.bytes], { type: "image/jpeg" }), { limit: 1 });
          return found.results[0].name;
        }"""
    )
    assert name == "holidays/2020/rocket.jpg"


def test_a_question_that_fits_nothing_is_believed_to_fit_nothing(library: App) -> None:
    assert library.search("people skiing down a snowy mountain")["relevant"] == 0


def test_strange_questions_are_answered_or_refused_with_a_sentence(library: App) -> None:
    for query in ("-", '"', "😀", "a" * 400, "after:yesterday-ish", "near:", "is:", "-cat", "the", "'; DROP TABLE photos"):
        told = library.js(
            """async (query) => {
              try { return { total: (await shoebox.search(query)).total }; }
              catch (error) { return { error: error.message }; }
            }""",
            query,
        )
        assert "error" not in told or (len(told["error"]) > 20 and "Traceback" not in told["error"]), (query, told)
    assert library.search("a cat")["total"] > 0, "a refused question leaves the library as it was"


def test_everything_known_about_a_photo_is_told(library: App) -> None:
    photo = library.photo(library.names()["holidays/2019/cat.jpg"])
    assert photo["taken"].startswith("2019-05-04T09:30:00")
    assert (photo["width"], photo["height"]) == (451, 300)
    assert photo["place"]["latitude"] == pytest.approx(48.8584, abs=1e-4)
    assert photo["place"]["longitude"] == pytest.approx(2.2945, abs=1e-4)
    assert photo["camera"]["model"] == "EOS 6D"
    assert photo["bytes"] > 10_000
    assert len(photo["hash"]) == 64
    assert photo["hash"].startswith(photo["id"])
    assert any("cat" in tag["tag"] for tag in photo["tags"]), photo["tags"]
    assert photo["models"]["pack"]


def test_turned_photos_are_known_upright(library: App) -> None:
    names = library.names()
    motorcycle = library.photo(names["holidays/2020/turned/motorcycle.jpg"])
    assert (motorcycle["width"], motorcycle["height"]) == (1200, 800)


def test_typing_into_the_box_shows_what_is_found(library: App) -> None:
    page = library.page
    page.goto(f"{library.site.origin}/#/")
    library.see("search-box").fill("a cat")
    expect(library.see("relevant-count")).to_be_visible()
    expect(library.see("tile").first).to_have_attribute("data-id", library.names()["holidays/2019/cat.jpg"])
    library.see("search-box").fill("")
    expect(library.see("tile").first).to_have_attribute("data-id", library.search("")["results"][0]["id"])
