"""What to do with a file, by its first bytes."""

from __future__ import annotations

import struct

import pytest
from PIL import features

from shoebox.photo import pillow_heif
from shoebox.photo.formats import Decoder
from shoebox.photo.inspection import inspect_head
from tests.unit.making import ascii_entry, encoded, heif, jpeg_with, picture, short_entry, textured, tiff_block

HEAD = 262_144
TAKEN = ascii_entry(0x9003, "2019:05:01 12:34:56")


def test_a_jpeg_goes_to_the_browser_with_its_facts() -> None:
    found = inspect_head("2019/a.jpg", jpeg_with(tiff_block([short_entry(0x112, 6)], [TAKEN]), picture(60, 40)), True)
    assert (found.action, found.decoder, found.fallback, found.mime) == (
        "decode",
        Decoder.BROWSER,
        Decoder.PYTHON,
        "image/jpeg",
    )
    assert found.facts is not None
    assert (found.facts.width, found.facts.height, found.facts.orientation) == (40, 60, 6)
    assert found.facts.taken == "2019-05-01T12:34:56"


def test_decoders_are_plain_words_for_javascript() -> None:
    found = inspect_head("a.jpg", encoded(picture()), True)
    assert found.decoder == "browser"
    assert str(found.decoder) == "browser"


def test_the_head_of_a_large_photo_is_enough() -> None:
    data = jpeg_with(tiff_block(photo=[TAKEN]), textured(2000, 1500))
    found = inspect_head("a.jpg", data[:4096], False)
    assert found.action == "decode"
    assert found.facts is not None
    assert (found.facts.width, found.facts.taken) == (2000, "2019-05-01T12:34:56")


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP"])
def test_heads_of_other_formats_are_enough_too(form: str) -> None:
    data = encoded(textured(600, 400), form)
    assert inspect_head("a", data[: len(data) // 3], False).action == "decode"


@pytest.mark.parametrize(("name", "decoder"), [("a.tif", "python"), ("a.nef", "python")])
def test_tiff_and_raw_go_to_pillow(name: str, decoder: str) -> None:
    found = inspect_head(name, encoded(picture(), "TIFF"), True)
    assert (found.action, found.decoder, found.fallback) == ("decode", decoder, None)


def test_a_tiff_whose_tags_stand_at_its_end_is_asked_for_whole() -> None:
    tags = tiff_block([(0x100, 4, 1, struct.pack("<I", 60)), (0x101, 4, 1, struct.pack("<I", 40))])
    data = b"II*\0" + struct.pack("<I", 300_000) + bytes(300_000 - 8) + tags[8:]
    assert inspect_head("a.tif", data[:HEAD], False).action == "whole"
    found = inspect_head("a.tif", data, True)
    assert found.facts is not None
    assert (found.action, found.facts.width) == ("decode", 60)


def test_webp_with_tags_behind_the_picture_is_asked_for_whole() -> None:
    exif = b"Exif\0\0" + tiff_block(photo=[TAKEN])
    data = encoded(textured(800, 600), "WebP", exif=exif, lossless=True)
    assert inspect_head("a.webp", data[:1000], False).action == "whole"
    found = inspect_head("a.webp", data, True)
    assert found.facts is not None
    assert found.facts.taken == "2019-05-01T12:34:56"
    assert inspect_head("a.webp", encoded(textured(800, 600), "WebP")[:1000], False).action == "decode"


def test_a_head_that_ends_before_the_picture_begins_is_asked_for_whole() -> None:
    block = tiff_block(photo=[TAKEN, (0x927C, 7, 60_000, bytes(60_000))])
    assert inspect_head("a.jpg", jpeg_with(block)[:30_000], False).action == "whole"
    assert inspect_head("a.heic", heif(b"heic", 40, 30, bytes(5000))[:300], False).action == "whole"


def test_heic_goes_to_the_page_and_to_pillow_where_it_can() -> None:
    found = inspect_head("IMG_1.HEIC", heif(b"heic", 4032, 3024, tiff_block(photo=[TAKEN]), turns=3), True)
    fallback = Decoder.PYTHON if pillow_heif.available() else None
    assert (found.action, found.decoder, found.fallback, found.mime) == ("decode", Decoder.BROWSER, fallback, "image/heic")
    assert found.permanent
    assert found.facts is not None
    assert (found.facts.width, found.facts.height, found.facts.orientation) == (3024, 4032, 6)


def test_jpeg_2000_goes_to_the_page_and_to_pillow_where_it_can() -> None:
    data = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + struct.pack(">IIII", 80, 60, 0, 0) + bytes(40)
    found = inspect_head("a.jp2", data, True)
    fallback = Decoder.PYTHON if features.check("jpg_2000") else None
    assert (found.action, found.decoder, found.fallback, found.permanent) == ("decode", Decoder.BROWSER, fallback, True)


def test_jpeg_xl_waits_for_a_browser_that_has_it() -> None:
    found = inspect_head("a.jxl", b"\xff\x0a" + bytes(40), True)
    assert (found.decoder, found.fallback, found.permanent) == (Decoder.BROWSER, None, False)
    assert found.reason == "JPEG XL is not supported by this browser yet."


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", "The file is empty."),
        (b"not a photo", "This is a text file, not a photo."),
        (b"\0\0\0\x20ftypisom\0\0\2\0isom", "This is a video, not a photo."),
        (
            b"\xff\xd8\xff\xd9",
            "The file looks like a JPEG photo, but it is damaged or of an unusual kind, and cannot be shown.",
        ),
        (b"GIF89a", "The file looks like a GIF photo, but it is damaged or of an unusual kind, and cannot be shown."),
    ],
)
def test_failures_are_sentences(head: bytes, reason: str) -> None:
    found = inspect_head("photo.jpg", head, True)
    assert (found.action, found.reason, found.permanent, found.facts) == ("fail", reason, True, None)


@pytest.mark.parametrize("size", [(40_000, 40_000), (2**31 - 1, 6), (70_000, 10)])
def test_what_claims_too_much_is_refused(size: tuple[int, int]) -> None:
    data = bytearray(encoded(picture(), "PNG"))
    data[16:24] = struct.pack(">II", *size)
    found = inspect_head("bomb.png", bytes(data), True)
    assert found.action == "fail"
    assert found.reason.startswith(f"The picture claims {size[0]:,} x {size[1]:,} pixels, more than can be opened safely")


def test_the_largest_phone_photos_are_let_through() -> None:
    data = bytearray(encoded(picture()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 12_240, 16_320)
    assert inspect_head("a.jpg", bytes(data), True).action == "decode"
