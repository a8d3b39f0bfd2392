"""Which parts of a photo are looked at for text, at which size, and how what was seen twice becomes one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shoebox.reading import looking
from shoebox.reading.looking import View, apart, first_views, merged, second_view
from shoebox.reading.rectangles import Rectangles

SIDES = st.integers(1, 6000)


def found(*places: tuple[float, float, float, float, float]) -> Rectangles:
    """Upright rectangles: middle, width, height, score."""
    numbers = np.array(places, np.float32).reshape(-1, 5)
    return Rectangles(numbers[:, :2], numbers[:, 2:4], np.zeros(len(numbers), np.float32), numbers[:, 4])


@given(SIDES, SIDES)
@settings(max_examples=150, deadline=None)
def test_the_first_look_shows_all_of_a_photo_and_nothing_much_enlarged(width: int, height: int) -> None:
    views = first_views(width, height, 736)
    if min(width, height) < looking.LEAST_SIDE:
        assert views == []
        return
    assert min(view.left for view in views) == 0 == min(view.top for view in views)
    assert max(view.right for view in views) == width
    assert max(view.bottom for view in views) == height
    for view in views:
        assert max(view.width, view.height) <= 737
        assert view.scale >= 0.99 / looking.MOST_ENLARGED


@given(st.integers(100, 5000), st.integers(100, 5000))
@settings(max_examples=150, deadline=None)
def test_the_second_look_covers_the_first_in_bands_that_fit(width: int, height: int) -> None:
    (first,) = first_views(width, height, 736)[:1]
    bands = second_view(first, 1600)
    for band in bands:
        assert band.width * band.height <= looking.MOST_PIXELS * 1.05
        assert (band.left, band.right) == (first.left, first.right)
        assert band.scale >= 0.99
    for above, below in pairwise(bands):
        assert below.top < above.bottom, "no line may fall between two bands"
    if bands:
        assert (bands[0].top, bands[-1].bottom) == (first.top, first.bottom)


def test_a_small_photo_is_not_looked_at_twice() -> None:
    (view,) = first_views(800, 600, 736)
    assert second_view(view, 1600) == []


def test_a_panorama_is_looked_at_in_windows() -> None:
    views = first_views(10_000, 200, 736)
    assert len(views) > 10
    assert all(view.width < 2.6 * view.height for view in views)


def test_a_view_is_filled_up_to_what_the_detector_halves_five_times() -> None:
    picture = View(0, 0, 300, 200, 150, 100).picture(Image.new("RGB", (300, 200), "white"))
    assert picture.shape == (128, 160, 3)
    assert (picture[:100, :150] == 255).all()
    assert not picture[100:].any() and not picture[:, 150:].any()


SMALL = View(0, 0, 1600, 1200, 800, 600)
LARGE = View(0, 0, 1600, 1200, 1600, 1200)


def test_of_a_line_that_was_seen_twice_the_look_in_detail_counts() -> None:
    both = merged([(SMALL, found((400, 300, 100, 12, 0.8)))], [(LARGE, found((801, 600, 190, 22, 0.8)))])
    assert both.sizes.tolist() == [[190, 22]]


def test_large_letters_are_taken_from_the_first_look() -> None:
    pieces = found((640, 600, 60, 90, 0.7), (960, 600, 60, 90, 0.7))
    both = merged([(SMALL, found((400, 300, 220, 60, 0.7)))], [(LARGE, pieces)])
    assert both.sizes.tolist() == [[440, 120]]


def test_the_lines_of_a_page_stand_in_place_of_the_blot_that_they_were_first() -> None:
    lines = found(*((800, 500 + 40 * line, 400, 24, 0.85) for line in range(5)))
    both = merged([(SMALL, found((400, 290, 200, 25, 0.5)))], [(LARGE, lines)])
    assert len(both) == 5


def test_lines_that_lie_askew_side_by_side_stay_apart() -> None:
    askew = found((500, 500, 300, 20, 0.9), (500, 530, 300, 20, 0.9))
    turned = Rectangles(
        np.array([[500, 500], [480, 521]], np.float32), askew.sizes, np.full(2, np.pi / 4, np.float32), askew.scores
    )
    assert len(apart(turned)) == 2


def test_a_piece_of_a_line_is_left_out() -> None:
    assert len(apart(found((500, 500, 300, 40, 0.9), (600, 512, 90, 50, 0.8)))) == 1


@pytest.mark.parametrize("seen", [[], [(SMALL, Rectangles.none())]])
def test_nothing_seen_is_nothing(seen: list[tuple[View, Rectangles]]) -> None:
    assert len(merged(seen, [])) == 0
