"""From a map of where text is likely to rectangles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from shoebox.reading.regions import MOST_REGIONS, Limits, find_regions

LIMITS = Limits(pixel=0.3, sure=0.5, growth=1.6)


def drawn(
    *bars: tuple[float, float, float, float, float], size: tuple[int, int] = (400, 300), value: int = 230
) -> NDArray[np.uint8]:
    """A map with bars: middle, length, thickness, and how far each is turned."""
    image = Image.new("L", size)
    for x, y, length, thickness, angle in bars:
        along = np.array([np.cos(angle), np.sin(angle)])
        down = np.array([-along[1], along[0]])
        corners = [(x, y) + along * right * length / 2 + down * below * thickness / 2
                   for right, below in ((-1, -1), (1, -1), (1, 1), (-1, 1))]  # fmt: skip
        ImageDraw.Draw(image).polygon([tuple(corner) for corner in corners], fill=value)
    return np.asarray(image)


@given(st.floats(-0.7, 0.7), st.floats(60, 150), st.floats(8, 24))
@settings(max_examples=60, deadline=None)
def test_a_bar_becomes_a_rectangle_of_its_place_and_angle_grown_on_all_sides(
    angle: float, length: float, thickness: float
) -> None:
    found = find_regions(drawn((200, 150, length, thickness, angle)), LIMITS)
    assert len(found) == 1
    more = 1.6 * length * thickness / (length + thickness)
    assert found.centres[0].tolist() == pytest.approx([200, 150], abs=2)
    assert found.sizes[0].tolist() == pytest.approx([length + more, thickness + more], abs=8)
    assert found.angles[0] == pytest.approx(angle, abs=0.06)


def test_bars_beside_each_other_stay_apart() -> None:
    found = find_regions(drawn((100, 60, 120, 12, 0), (280, 60, 120, 12, 0), (200, 200, 120, 12, 0.3)), LIMITS)
    assert sorted(found.centres[:, 0].round(-1).tolist()) == [100, 200, 280]


def test_what_is_unlikely_or_too_small_is_no_text() -> None:
    assert len(find_regions(drawn((200, 150, 100, 14, 0), value=70), LIMITS)) == 0
    assert len(find_regions(drawn((200, 150, 100, 14, 0), value=110), LIMITS)) == 0
    assert len(find_regions(drawn((200, 150, 2, 2, 0)), LIMITS)) == 0
    assert len(find_regions(np.zeros((32, 32), np.uint8), LIMITS)) == 0


def test_a_ring_is_less_sure_than_what_fills_its_rectangle() -> None:
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).ellipse((40, 40, 160, 160), outline=255, width=6)
    assert len(find_regions(np.asarray(image), LIMITS)) == 0


def test_a_picture_full_of_specks_is_not_looked_at_speck_by_speck() -> None:
    specks = np.zeros((400, 400), np.uint8)
    for down in range(4):
        for right in range(4):
            specks[down::6, right::6] = 255
    assert 0 < len(find_regions(specks, LIMITS)) <= MOST_REGIONS


def test_all_of_a_map_is_one_region() -> None:
    found = find_regions(np.full((64, 96), 255, np.uint8), LIMITS)
    assert (len(found), found.centres[0].tolist()) == (1, [48, 32])
