"""The verbs about one file: what it is, and a picture of it for the screen."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import MOST_PIXELS, full_size
from shoebox.photo.fallback import judge, show
from tests.unit.making import UPRIGHT, corners, encoded, picture, turned


def exif(orientation: int) -> Image.Exif:
    block = Image.Exif()
    block[0x112] = orientation
    return block


def test_a_photo_is_judged_without_being_in_the_library() -> None:
    data = encoded(turned(picture(300, 200), 6), "TIFF", exif=exif(6))
    answer = judge("scan.tif", memoryview(data), True)
    assert (answer["action"], answer["decoder"], answer["mime"], answer["orientation"]) == ("decode", "python", "image/tiff", 6)
    assert "ticket" not in answer


def test_what_is_no_photo_has_a_reason_and_a_cut_one_asks_for_more() -> None:
    assert judge("a.jpg", b"hello", True) == {"action": "fail", "reason": "This is a text file, not a photo."}
    assert judge("a.tif", encoded(picture(300, 200), "TIFF")[:100], False) == {"action": "whole"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_for_the_screen_is_an_upright_jpeg_in_full(orientation: int) -> None:
    data = encoded(turned(picture(1500, 1000), orientation), "TIFF", exif=exif(orientation), compression="tiff_lzw")
    shown = show(data, "scan.tif")
    with Image.open(io.BytesIO(shown["jpeg"])) as image:
        assert image.format == "JPEG"
        assert image.size == (shown["width"], shown["height"]) == (1500, 1000)
        assert corners(np.asarray(image)) == UPRIGHT


def test_what_cannot_be_shown_is_a_sentence() -> None:
    with pytest.raises(UnreadablePhoto, match="This is a text file, not a photo"):
        show(b"hello")


@given(st.integers(1, 65_535), st.integers(1, 65_535))
def test_photos_are_shown_in_full_up_to_a_limit_and_keep_their_shape(width: int, height: int) -> None:
    shown_width, shown_height = full_size(width, height)
    if width * height <= MOST_PIXELS:
        assert (shown_width, shown_height) == (width, height)
    assert 1 <= shown_width * shown_height <= MOST_PIXELS
    assert abs(shown_width / shown_height / (width / height) - 1) <= 1 / min(shown_width, shown_height)
