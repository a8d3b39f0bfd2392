"""Colour profiles: what a browser would show."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from shoebox.photo.colour import to_srgb
from shoebox.photo.decode import decode_photo
from tests.unit.making import collection, encoded, textured

# Primaries under D50, as the profiles of these spaces give them.
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB_CURVE = b"para\0\0\0\0" + struct.pack(
    ">HH5i", 3, 0, *(round(v * 65536) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)
GAMMA_22 = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563)


def profile(primaries: tuple[tuple[float, float, float], ...], curve: bytes) -> bytes:
    """A profile of three primaries and one curve for all."""
    contents = [b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in primary)) for primary in primaries] + [curve]
    names = [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"]
    start = 132 + 12 * len(names)
    starts = [start + sum(map(len, contents[:index])) for index in range(len(contents))]
    table = b"".join(
        struct.pack(">4sII", name, starts[min(index, 3)], len(contents[min(index, 3)])) for index, name in enumerate(names)
    )
    body = struct.pack(">I", len(names)) + table + b"".join(contents)
    white = struct.pack(">3i", 63190, 65536, 54061)
    header = struct.pack(
        ">I4sI4s4s4s12s4s28x12s48x", 128 + len(body), b"none", 0x04000000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp", white
    )
    return header + body


def test_srgb_stays_the_same_array() -> None:
    pixels = np.asarray(textured(32, 32))
    assert to_srgb(pixels, profile(SRGB, SRGB_CURVE)) is pixels
    assert to_srgb(pixels, None) is pixels


def test_display_p3_becomes_more_colourful_and_greys_stay() -> None:
    wide = profile(DISPLAY_P3, SRGB_CURVE)
    red, grey = to_srgb(np.array([[[200, 80, 80], [90, 90, 90]]], np.uint8), wide)[0]
    assert red[0] > 210
    assert red[1] < 75
    assert np.abs(grey.astype(int) - 90).max() <= 1


@pytest.mark.skipif(not features.check("littlecms2"), reason="this Pillow has no LittleCMS to compare with")
@pytest.mark.parametrize(("primaries", "curve"), [(DISPLAY_P3, SRGB_CURVE), (ADOBE_RGB, GAMMA_22)])
def test_agrees_with_littlecms(primaries: tuple[tuple[float, float, float], ...], curve: bytes) -> None:
    from PIL import ImageCms

    image, made = textured(128, 96), profile(primaries, curve)
    wanted = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(made)), ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    assert wanted is not None
    difference = np.abs(to_srgb(np.asarray(image), made).astype(int) - np.asarray(wanted))
    assert difference.mean() < 0.6
    assert difference.max() <= 4


def test_decoding_applies_the_profile_of_the_file() -> None:
    image, wide = Image.new("RGB", (64, 64), (200, 80, 80)), profile(DISPLAY_P3, SRGB_CURVE)
    for form in ("PNG", "TIFF", "JPEG", "WebP"):
        decoded = decode_photo(encoded(image, form, icc_profile=wide)).pixels
        assert decoded[32, 32, 0] > 210
    assert decode_photo(encoded(image, "PNG")).pixels[32, 32, 0] == 200


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_profiles_change_nothing_or_something_but_never_raise(data: st.DataObject) -> None:
    made = bytearray(profile(DISPLAY_P3, data.draw(st.sampled_from([SRGB_CURVE, GAMMA_22]))))
    for _ in range(data.draw(st.integers(1, 6))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    pixels = np.asarray(textured(8, 8))
    converted = to_srgb(pixels, bytes(made[: data.draw(st.integers(0, len(made)))]))
    assert converted.shape == pixels.shape
    assert converted.dtype == np.uint8


@pytest.mark.skipif(not features.check("littlecms2"), reason="this Pillow has no LittleCMS to compare with")
def test_agrees_with_littlecms_on_real_photos() -> None:
    from PIL import ImageCms

    compared = 0
    for path in sorted(collection("formats").glob("*P3*.jpg")):
        with Image.open(path) as image:
            made = image.info["icc_profile"]
            wanted = ImageCms.profileToProfile(
                image.convert("RGB"), ImageCms.ImageCmsProfile(io.BytesIO(made)), ImageCms.createProfile("sRGB")
            )
            assert wanted is not None
            difference = np.abs(to_srgb(np.asarray(image.convert("RGB")), made).astype(int) - np.asarray(wanted))
        assert difference.mean() < 1
        compared += 1
    assert compared
