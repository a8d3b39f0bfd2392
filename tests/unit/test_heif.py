"""HEIC, AVIF and JPEG 2000: facts from the container, pixels from the decoders that may be there."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from shoebox.errors import UnreadablePhoto
from shoebox.photo import formats, pillow_heif
from shoebox.photo.colour import to_srgb
from shoebox.photo.decode import decode_photo
from shoebox.photo.formats import Decoder
from shoebox.photo.heif import read_heif
from shoebox.photo.inspection import inspect_head
from tests.samples import HEIC, JP2, PLACE, SAMPLES, TAKEN, Sample
from tests.unit.making import UPRIGHT, box, corners, heif, picture
from tests.unit.test_colour import DISPLAY_P3, SRGB_CURVE, profile

needs_heif = pytest.mark.skipif(not pillow_heif.available(), reason="pillow-heif is not installed here")
needs_jp2 = pytest.mark.skipif(not features.check("jpg_2000"), reason="this Pillow has no JPEG 2000")


def named(sample: Sample) -> str:
    return sample.name


class TestFacts:
    @pytest.mark.parametrize("sample", SAMPLES, ids=named)
    def test_size_turn_time_and_place(self, sample: Sample) -> None:
        found = inspect_head(sample.name, sample.read(), whole=True)
        assert found.action == "decode"
        facts = found.facts
        assert facts is not None
        assert facts.format == ("HEIC" if sample in HEIC else "JPEG 2000")
        assert (facts.width, facts.height) == (sample.width, sample.height)
        assert facts.orientation == sample.orientation
        assert facts.taken == (TAKEN if sample.told else None)
        assert facts.camera == ("Shoebox Test 1" if sample.told else None)
        place = (facts.latitude, facts.longitude)
        assert place == (pytest.approx(PLACE, abs=1e-6) if sample.told else (None, None))

    @pytest.mark.parametrize("sample", SAMPLES, ids=named)
    def test_the_page_decodes_them_itself(self, sample: Sample) -> None:
        found = inspect_head(sample.name, sample.read(), whole=True)
        order = found.order()
        assert found.decoder is Decoder.BROWSER
        assert order["mime"] == ("image/heic" if sample in HEIC else "image/jp2")
        assert order["displayP3"] is sample.name.startswith("display-p3")
        assert found.permanent

    def test_a_crop_is_taken_off(self) -> None:
        crop = box(b"clap", struct.pack(">4I4i", 29, 1, 100, 1, -35, 2, 0, 2))
        found = read_heif(_with_properties(box(b"ispe", struct.pack(">III", 0, 64, 104)), crop))
        assert (found.width, found.height) == (29, 100)

    @pytest.mark.parametrize("crop", [(0, 1, 5, 1), (5, 0, 5, 1), (500, 1, 5, 1)])
    def test_a_crop_that_makes_no_sense_is_none(self, crop: tuple[int, ...]) -> None:
        clap = box(b"clap", struct.pack(">4I4i", *crop, 0, 1, 0, 1))
        found = read_heif(_with_properties(box(b"ispe", struct.pack(">III", 0, 64, 104)), clap))
        assert (found.width, found.height) == (64, 104)

    def test_colours_are_those_of_the_tiles_where_the_whole_does_not_say(self) -> None:
        size, p3, srgb = (
            box(b"ispe", struct.pack(">III", 0, 64, 48)),
            box(b"colr", b"nclx", struct.pack(">HHHB", 12, 13, 6, 128)),
            box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 128)),
        )
        assert read_heif(_with_properties(size, p3, used=1)).primaries == 12
        assert read_heif(_with_properties(size, srgb, p3, used=2)).primaries == 1
        assert read_heif(_with_properties(size)).primaries == 2

    @pytest.mark.parametrize("turns", range(4))
    @pytest.mark.parametrize("axis", range(2))
    @pytest.mark.parametrize("mirror_first", [True, False])
    def test_turn_and_mirror_apply_in_the_order_listed(self, turns: int, axis: int, mirror_first: bool) -> None:
        turn, mirror = box(b"irot", bytes([turns])), box(b"imir", bytes([axis]))
        parts = (mirror, turn) if mirror_first else (turn, mirror)
        found = read_heif(_with_properties(box(b"ispe", struct.pack(">III", 0, 96, 64)), *parts))
        flip = Image.Transpose.FLIP_LEFT_RIGHT if axis else Image.Transpose.FLIP_TOP_BOTTOM
        image = picture(96, 64)
        for part in parts:
            image = image.transpose(flip) if part is mirror else image.rotate(90 * turns, expand=True)
        expected = _oriented(picture(96, 64), found.orientation)
        assert image.size == expected.size
        assert np.array_equal(np.asarray(image), np.asarray(expected))


class TestPixels:
    @needs_heif
    @pytest.mark.parametrize("sample", HEIC, ids=named)
    def test_heic_comes_out_upright(self, sample: Sample) -> None:
        check_pixels(sample)

    @needs_jp2
    @pytest.mark.parametrize("sample", JP2, ids=named)
    def test_jpeg_2000_comes_out_upright(self, sample: Sample) -> None:
        check_pixels(sample)

    @needs_heif
    @pytest.mark.parametrize("name", ["display-p3.heic", "display-p3-by-number.heic"])
    def test_display_p3_is_told_by_profile_and_by_number(self, name: str) -> None:
        (sample,) = (sample for sample in HEIC if sample.name == name)
        wide = to_srgb(np.asarray(picture(96, 64)), profile(DISPLAY_P3, SRGB_CURVE))
        pixels = decode_photo(sample.read(), name).pixels
        assert np.abs(pixels.astype(int) - wide).mean() < 4
        assert np.abs(pixels.astype(int) - np.asarray(picture(96, 64))).mean() > 4

    @pytest.mark.skipif(pillow_heif.available(), reason="pillow-heif is installed here")
    def test_without_the_package_a_sentence_says_what_is_missing(self) -> None:
        with pytest.raises(UnreadablePhoto, match="pillow-heif") as caught:
            decode_photo(HEIC[0].read())
        assert not caught.value.permanent


class TestDamage:
    @settings(deadline=None, max_examples=200)
    @given(st.sampled_from(SAMPLES), st.data())
    def test_no_change_of_bytes_breaks_the_readers(self, sample: Sample, data: st.DataObject) -> None:
        photo = bytearray(sample.read())
        for _ in range(data.draw(st.integers(1, 8))):
            photo[data.draw(st.integers(0, len(photo) - 1))] = data.draw(st.integers(0, 255))
        found = inspect_head(sample.name, bytes(photo[: data.draw(st.integers(0, len(photo)))]), whole=True)
        if found.facts is not None:
            json.dumps(asdict(found.facts), allow_nan=False)
            assert 1 <= found.facts.orientation <= 8

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    @pytest.mark.parametrize("sample", [HEIC[8], HEIC[9], JP2[0]], ids=named)
    def test_cut_files_give_a_photo_or_a_sentence(self, sample: Sample, share: float) -> None:
        data = sample.read()
        try:
            assert decode_photo(data[: int(len(data) * share)], sample.name).pixels.size
        except UnreadablePhoto as error:
            assert error.reason.endswith(".")


def test_heic_that_cannot_be_shown_has_a_sentence() -> None:
    assert formats.HEIC.reason.startswith("The file looks like an HEIC photo, but it is damaged")


def check_pixels(sample: Sample) -> None:
    """The photo has its size and, where it has colours, its corners where they belong."""
    decoded = decode_photo(sample.read(), sample.name)
    assert (decoded.photo_width, decoded.photo_height) == (sample.width, sample.height)
    assert decoded.pixels.shape == (sample.height, sample.width, 3)
    if sample.grey:
        expected = np.asarray(picture(sample.width, sample.height).convert("L"), int)
        assert np.abs(decoded.pixels[..., 0].astype(int) - expected).mean() < 6
    else:
        assert corners(decoded.pixels) == UPRIGHT
    if sample.name.startswith("transparent"):
        assert decoded.pixels[sample.height // 2, sample.width // 2].min() > 245


def _with_properties(*properties: bytes, used: int | None = None) -> bytes:
    """A HEIC container whose main image has these properties (the first `used` of them), in this order."""
    order = bytes(range(1, (len(properties) if used is None else used) + 1))
    links = box(b"ipma", struct.pack(">II", 0, 1), struct.pack(">HB", 1, len(order)), order)
    head = heif(b"heic", 1, 1)[:24]
    return head + box(
        b"meta",
        b"\0\0\0\0",
        box(b"pitm", struct.pack(">IH", 0, 1)),
        box(b"iprp", box(b"ipco", *properties), links),
    )


def _oriented(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as a viewer shows it who honours an EXIF orientation."""
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if turn is None else image.transpose(turn)
