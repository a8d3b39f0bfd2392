"""What kind of file is this?"""

import pytest

from shoebox.photo import formats
from shoebox.photo.formats import Decoder, sniff
from tests.unit.making import encoded, heif, picture, short_entry, tiff_block

WITHOUT_PILLOW = [
    (heif(b"heic", 8, 8), "HEIC"),
    (heif(b"mif1", 8, 8), "HEIC"),
    (heif(b"avif", 8, 8), "AVIF"),
    (b"\0\0\0\x18ftypcrx \0\0\0\0crx isom", "CR3"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"II*\0\x10\0\0\0CR\x02\0", "CR2"),
    (b"IIU\0\x18\0\0\0", "RW2"),
    (b"IIRO\x08\0\0\0", "ORF"),
    (b"FUJIFILMCCD-RAW 0201", "RAF"),
    (b"8BPS\0\x01", "Photoshop"),
]
NO_PHOTOS = [
    (b"", "The file is empty."),
    (bytes(5000), "The file holds only zeros; it was probably never copied completely. Copy it again."),
    (b"Dear diary, today", "This is a text file, not a photo."),
    ("Grüße aus Köln, 東京".encode(), "This is a text file, not a photo."),
    ("Grüße".encode("utf-16"), "This is a text file, not a photo."),
    (b"%PDF-1.7", "This is a PDF document, not a photo."),
    (b"PK\x03\x04\x14\0", "This is a ZIP archive or an office document, not a photo."),
    (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2", "This is a video, not a photo."),
    (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "This is a video, not a photo."),
    (b"\x1aE\xdf\xa3\x01\0\0\0", "This is a video, not a photo."),
    (b"RIFF\0\0\0\0AVI LIST", "This is a video, not a photo."),
    (b"RIFF\0\0\0\0WAVEfmt ", "This is a sound recording, not a photo."),
    (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "This is a drawing (SVG), not a photo."),
    (b"<!DOCTYPE html><title>x</title>", "This is a web page, not a photo."),
    (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "This is a helper file that macOS leaves beside a photo, not a photo."),
    (b"P6\n10 10\n255\n", "This is a picture of a kind (PNM) that Shoebox does not read. Save it as PNG first."),
    (b"\x93\x12\x88\xff\0\x01" * 20, "This is not a photo of any kind that Shoebox knows."),
]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP"])
def test_knows_what_pillow_writes(form: str) -> None:
    assert sniff(encoded(picture(), form)).name == form


@pytest.mark.parametrize(("head", "name"), WITHOUT_PILLOW)
def test_knows_other_pictures_by_their_first_bytes(head: bytes, name: str) -> None:
    assert sniff(head).name == name


@pytest.mark.parametrize(("head", "sentence"), NO_PHOTOS)
def test_says_plainly_what_is_no_photo(head: bytes, sentence: str) -> None:
    kind = sniff(head, "holiday.jpg")
    assert kind.decoder is None
    assert kind.reason == sentence


def test_believes_the_bytes_and_not_the_ending() -> None:
    assert sniff(encoded(picture(), "PNG"), "IMG_1.JPG") is formats.PNG


def test_tells_raw_files_from_tiff_by_name_or_structure() -> None:
    plain = encoded(picture(), "TIFF")
    assert sniff(plain, "scan.tif") is formats.TIFF
    assert sniff(plain, "DSC_0001.NEF").name == "NEF"
    assert sniff(plain, "IMG.arw").raw
    assert sniff(tiff_block([(0xC612, 1, 4, b"\1\4\0\0")])) is formats.DNG
    assert sniff(tiff_block([(0x14A, 4, 1, b"\x08\0\0\0"), short_entry(0xFE, 1)])) is formats.DNG


def test_the_page_decodes_what_browsers_and_its_codecs_can_and_python_the_rest() -> None:
    in_page = (formats.JPEG, formats.PNG, formats.WEBP, formats.GIF, formats.HEIC, formats.JP2)
    assert all(kind.decoder is Decoder.BROWSER for kind in in_page)
    assert all(kind.decoder is Decoder.PYTHON for kind in (formats.TIFF, formats.PSD, formats.CR2))


def test_a_bitmap_needs_more_than_two_letters() -> None:
    assert sniff(b"BMW is a maker of cars and motorcycles") is formats.TEXT


@pytest.mark.parametrize("cut", range(0, 40))
def test_any_cut_is_told_something(cut: int) -> None:
    assert sniff(encoded(picture(), "TIFF")[:cut]).name
    assert sniff(heif(b"avif", 8, 8)[:cut]).name
