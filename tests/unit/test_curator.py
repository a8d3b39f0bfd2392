"""The best photos of a library, through the same door as the page."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from shoebox.curation.curator import Curator
from shoebox.curation.names import BestName
from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.library.library import Library
from shoebox.search.query import MisreadQuery
from shoebox.store.journal import Change
from shoebox.store.rows import UNMEASURED
from tests.unit.library_making import DIMENSION, MODEL, number, rows
from tests.unit.test_api import Page
from tests.unit.tiny_pack import run, tiny_pack


def jpeg(seed: int, blur: float = 0.0, size: tuple[int, int] = (1500, 1000)) -> bytes:
    """A picture with detail down to the pixel, in colours of its own."""
    random = np.random.default_rng(seed)
    cells = random.integers(20, 236, (200, 300, 1)) * random.uniform(0.6, 1, 3)
    image = Image.fromarray(cells.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=90)
    return data.getvalue()


@pytest.fixture(scope="module")
def page() -> Page:
    """A good photo, a blurred one, a tiny one, and a screenshot."""
    page = Page()
    page.add(
        ("cat.jpg", jpeg(1)),
        ("blurred.jpg", jpeg(2, blur=12)),
        ("tiny.jpg", jpeg(3, size=(60, 40))),
        ("Screenshot_20200315-174501.png", jpeg(4)),
    )
    return page


def quality(page: Page, name: str) -> float:
    found = page.box.photo(page.id(name))["quality"]
    assert isinstance(found, float)
    return found


def test_every_photo_says_how_good_it_is(page: Page) -> None:
    assert quality(page, "cat.jpg") > 0.6
    assert quality(page, "cat.jpg") > quality(page, "tiny.jpg")
    assert quality(page, "cat.jpg") > quality(page, "blurred.jpg") > quality(page, "Screenshot_20200315-174501.png")


def test_the_best_are_found_and_counted(page: Page) -> None:
    answer = run(page.box.search("is:best"))
    assert [hit["name"] for hit in answer["results"]] == ["cat.jpg"]
    assert "among the best" in answer["explanation"]
    offered = {found["label"]: found["count"] for found in page.box.complete("is:", 3)}
    assert offered["best"] == 1


def test_the_opposite_of_the_best_can_be_asked_for(page: Page) -> None:
    names = {hit["name"] for hit in run(page.box.search("-is:best"))["results"]}
    assert names == {"blurred.jpg", "tiny.jpg", "Screenshot_20200315-174501.png"}


def test_what_a_photo_cannot_be_is_told(page: Page) -> None:
    with pytest.raises(MisreadQuery, match="is:best"):
        run(page.box.search("is:beautiful"))


def test_a_new_photo_is_judged_at_once(page: Page) -> None:
    before = page.box.curator.edits
    page.add(("dog.jpg", jpeg(5)))
    assert page.box.curator.edits != before
    assert quality(page, "dog.jpg") > 0.6
    assert {hit["name"] for hit in run(page.box.search("is:best"))["results"]} == {"cat.jpg", "dog.jpg"}


def test_squares_are_told_for_photos_that_are_here_and_the_middle_for_others(page: Page) -> None:
    here, gone, nonsense = page.box.curator.squares([page.id("cat.jpg"), "0" * 16, "?"])
    assert 0 <= here[0] <= 1
    assert 0 <= here[1] <= 1
    assert gone == nonsense == (0.5, 0.5)


def test_squares_of_too_many_photos_at_once_are_refused(page: Page) -> None:
    with pytest.raises(QueryError, match="at most 10,000"):
        page.box.curator.squares(["0" * 16] * 10_001)


def test_a_library_from_before_has_no_best_but_is_not_broken() -> None:
    library = Library(MODEL, DIMENSION)
    old = rows([(content, [(f"{content}.jpg", 0.0)]) for content in range(5)])
    old.columns["looks"][:] = UNMEASURED
    library.apply(Change(rows=old))
    curator = Curator(library, Gallery(), tiny_pack().concepts)
    assert BestName(curator).counts(library) == [("best", 0)]
    assert ((curator.quality() > 0.1) & (curator.quality() < 0.55)).all()
    assert library.row_of(number(0)) is not None
