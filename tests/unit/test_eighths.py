from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from shoebox.photo.eighths import decoded_at, eighth_of, has_half_colours, scaled, scaled_in_colour, size_at
from tests.photos import picture

THOSE = st.sampled_from((3, 5, 6, 7))
SIDES = st.integers(1, 90)


def grain(width: int, height: int, mode: str = "L") -> Image.Image:
    """Soft noise, as of a photo."""
    bands = (height, width) if mode == "L" else (height, width, 3)
    small = np.random.default_rng(5).integers(0, 256, bands, np.uint8)
    return Image.fromarray(small).resize((width * 2, height * 2), Image.Resampling.BICUBIC).crop((0, 0, width, height))


@given(width=SIDES, height=SIDES, level=st.integers(0, 255), number=THOSE)
def test_a_plain_picture_stays_plain(width: int, height: int, level: int, number: int) -> None:
    target = size_at((width, height), number)
    made = scaled(Image.new("RGB", (width, height), (level, level, level)), number, target)
    assert made.size == target
    assert set(np.unique(np.asarray(made))) == {level}


def decoded(data: bytes, eighths: int) -> Image.Image:
    """A grey JPEG at eighths that Pillow knows."""
    with Image.open(io.BytesIO(data)) as image:
        image.draft(None, size_at(image.size, eighths))
        return image.copy()


def differences(one: Image.Image, other: Image.Image) -> NDArray[np.int16]:
    return np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16))


@pytest.fixture
def photo() -> bytes:
    """A grey photo as a JPEG file."""
    buffer = io.BytesIO()
    picture("cameraman").convert("L").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@pytest.mark.parametrize(("number", "most"), [(1, 1.0), (2, 2.0), (4, 2.0)])
def test_it_is_what_libjpeg_does(photo: bytes, number: int, most: float) -> None:
    """As far as Pillow can ask it; halves and quarters libjpeg makes by another, quicker rule, which is a little softer."""
    expected = decoded(photo, number)
    assert differences(scaled(decoded(photo, 8), number, expected.size), expected).mean() < most


def in_colour(subsampling: int = 2) -> bytes:
    """A colourful photo as a JPEG; 2: with half colours, 1: half as wide only, 0: in full."""
    buffer = io.BytesIO()
    picture("astronaut").save(buffer, "JPEG", quality=92, subsampling=subsampling)
    return buffer.getvalue()


def in_ycc(data: bytes, eighths: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.draft("YCbCr", size_at(image.size, eighths))
        return image.copy()


@pytest.mark.parametrize("number", [1, 2, 4])
def test_half_colours_are_scaled_from_their_own_blocks_as_libjpeg_does(number: int) -> None:
    data = in_colour()
    expected = decoded(data, number)
    full, half = in_ycc(data, 8), in_ycc(data, 4)
    found = differences(scaled_in_colour(full, half, number, expected.size), expected)
    assert found.mean() < 2.0


def test_half_colours_come_out_sharper_than_from_a_picture_in_which_they_were_interpolated() -> None:
    data = in_colour()
    expected = decoded(data, 4)
    found = differences(scaled_in_colour(in_ycc(data, 8), in_ycc(data, 4), 4, expected.size), expected)
    assert found.mean() < 0.9 * differences(scaled(decoded(data, 8), 4, expected.size), expected).mean()


def test_a_grey_picture_with_half_colours_stays_grey() -> None:
    full, half = Image.new("YCbCr", (64, 48), (90, 128, 128)), Image.new("YCbCr", (32, 24), (90, 128, 128))
    assert set(np.unique(np.asarray(scaled_in_colour(full, half, 5, (40, 30))))) == {90}


@pytest.mark.parametrize(("subsampling", "answer"), [(2, True), (1, False), (0, False)])
def test_half_colours_are_told_from_others(subsampling: int, answer: bool) -> None:
    with Image.open(io.BytesIO(in_colour(subsampling))) as image:
        assert has_half_colours(image) is answer


def test_grey_and_four_colour_pictures_have_no_half_colours(photo: bytes) -> None:
    buffer = io.BytesIO()
    picture("astronaut").convert("CMYK").save(buffer, "JPEG")
    for data in (photo, buffer.getvalue()):
        with Image.open(io.BytesIO(data)) as image:
            assert not has_half_colours(image)


def test_three_eighths_of_a_half_are_nearly_three_eighths_of_all(photo: bytes) -> None:
    target = size_at((512, 512), 3)
    assert differences(scaled(decoded(photo, 4), 3, target, block=4), scaled(decoded(photo, 8), 3, target)).mean() < 1.5


def test_only_large_pictures_are_decoded_at_a_half_first() -> None:
    assert [decoded_at((1600, 1200), 3), decoded_at((4000, 3000), 3), decoded_at((4000, 3000), 5)] == [8, 4, 8]


@given(width=SIDES, height=SIDES)
def test_pillows_own_eighths_are_left_to_it(width: int, height: int) -> None:
    for number in (1, 2, 4, 8):
        target = size_at((width, height), number)
        found = eighth_of((width, height), target)
        # Of pictures of a few pixels several eighths round to the same.
        assert found is None or size_at((width, height), found) == target
    assert eighth_of((4000, 3000), size_at((4000, 3000), 4)) is None
    assert eighth_of((4000, 3000), size_at((4000, 3000), 3)) == 3


def test_colours_are_kept_apart() -> None:
    colours = Image.merge("RGB", (grain(64, 48), Image.new("L", (64, 48), 7), Image.new("L", (64, 48), 250)))
    made = np.asarray(scaled(colours, 5, (40, 30)))
    assert (made[..., 1] == 7).all() and (made[..., 2] == 250).all()
    assert np.array_equal(made[..., 0], np.asarray(scaled(grain(64, 48), 5, (40, 30))))
