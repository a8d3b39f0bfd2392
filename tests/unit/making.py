"""Small files to test with, made on the spot: pictures in every format, and EXIF blocks with anything in them."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.photos import UNDO, shared

TRANSPOSITIONS = {1: None, **UNDO}

Entry = tuple[int, int, int, bytes]  # tag, type, count, value


def collection(folder: str) -> Path:
    """A collection of real photos: below SHOEBOX_SHARED if set, else beside the repository; skips where there is none."""
    place = os.environ.get("SHOEBOX_SHARED")
    if place is None:
        return shared(folder)
    path = Path(place) / "photos" / folder
    if not path.is_dir():
        pytest.skip(f"SHOEBOX_SHARED is set, but {path} is not there")
    return path


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose four corners differ: red, green, blue and yellow, so that every turn shows."""
    image = Image.new("RGB", (width, height), (128, 128, 128))
    half = width // 2, height // 2
    image.paste((220, 30, 30), (0, 0, *half))
    image.paste((30, 180, 30), (half[0], 0, width, half[1]))
    image.paste((30, 30, 220), (0, half[1], half[0], height))
    image.paste((220, 220, 30), (half[0], half[1], width, height))
    return image


def textured(width: int, height: int, seed: int = 3) -> Image.Image:
    """A picture with detail everywhere, never quite black."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(40, 256, (max(2, height // 8), max(2, width // 8), 3), dtype=np.uint8))
    return small.resize((width, height), Image.Resampling.BILINEAR)


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture in a format."""
    buffer = io.BytesIO()
    if form == "JPEG":
        options.setdefault("quality", 92)
    image.save(buffer, form, **options)
    return buffer.getvalue()


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera stores them that says `orientation`, so that the upright photo is `image`."""
    turn = TRANSPOSITIONS[orientation]
    return image if turn is None else image.transpose(turn)


def corners(pixels: NDArray[np.uint8]) -> list[str]:
    """Names of the colours in the four corners, from the top left in reading order."""
    height, width, _ = pixels.shape
    names = []
    for y, x in ((0.2, 0.2), (0.2, 0.8), (0.8, 0.2), (0.8, 0.8)):
        red, green, blue = (int(value) > 110 for value in pixels[int(height * y), int(width * x)])
        names.append(
            {(True, False, False): "red", (False, True, False): "green", (False, False, True): "blue"}.get(
                (red, green, blue), "yellow" if (red, green, blue) == (True, True, False) else "other"
            )
        )
    return names


UPRIGHT = ["red", "green", "blue", "yellow"]


def rational(*values: tuple[int, int]) -> bytes:
    """Unsigned rationals, little-endian."""
    return b"".join(struct.pack("<II", *value) for value in values)


def ascii_entry(tag: int, text: str) -> Entry:
    """A text entry with its closing NUL."""
    value = text.encode("utf-8") + b"\0"
    return tag, 2, len(value), value


def rational_entry(tag: int, *values: tuple[int, int]) -> Entry:
    """An entry of unsigned rationals."""
    return tag, 5, len(values), rational(*values)


def short_entry(tag: int, *values: int) -> Entry:
    """An entry of 16-bit numbers."""
    return tag, 3, len(values), struct.pack(f"<{len(values)}H", *values)


def tiff_block(image: list[Entry] = [], photo: list[Entry] = [], gps: list[Entry] = []) -> bytes:  # noqa: B006
    """An EXIF block from its byte order mark on, with these entries in its three directories."""
    start = 8
    first = [*image]
    if photo:
        first.append((0x8769, 4, 1, b"\0\0\0\0"))
    if gps:
        first.append((0x8825, 4, 1, b"\0\0\0\0"))
    lengths = [_directory_length(entries) for entries in (first, photo, gps)]
    places = [start, start + lengths[0], start + lengths[0] + lengths[1]]
    first = [
        (tag, kind, count, struct.pack("<I", {0x8769: places[1], 0x8825: places[2]}.get(tag, 0)) if kind == 4 else value)
        if tag in (0x8769, 0x8825)
        else (tag, kind, count, value)
        for tag, kind, count, value in first
    ]
    parts = [_directory(entries, place) for entries, place in zip((first, photo, gps), places, strict=True)]
    return b"II*\0" + struct.pack("<I", start) + b"".join(parts)


def _directory_length(entries: list[Entry]) -> int:
    return 6 + 12 * len(entries) + sum(len(value) for *_, value in entries if len(value) > 4)


def _directory(entries: list[Entry], place: int) -> bytes:
    heads, tail = b"", b""
    behind = place + 6 + 12 * len(entries)
    for tag, kind, count, value in sorted(entries):
        field = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", behind + len(tail))
        if len(value) > 4:
            tail += value
        heads += struct.pack("<HHI", tag, kind, count) + field
    return struct.pack("<H", len(entries)) + heads + b"\0\0\0\0" + tail


def jpeg_with(block: bytes, image: Image.Image | None = None) -> bytes:
    """A JPEG with an EXIF block."""
    plain = encoded(image or picture())
    content = b"Exif\0\0" + block
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + plain[2:]


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of the ISO base media file format."""
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def heif(
    brand: bytes, width: int, height: int, exif: bytes = b"", turns: int | None = None, mirror: int | None = None
) -> bytes:
    """The container of a HEIC or AVIF photo without picture data: size, rotation, EXIF block."""
    properties = [box(b"ispe", struct.pack(">III", 0, width, height))]
    if turns is not None:
        properties.append(box(b"irot", bytes([turns])))
    if mirror is not None:
        properties.append(box(b"imir", bytes([mirror])))
    order = bytes(range(1, len(properties) + 1))
    links = box(b"ipma", struct.pack(">II", 0, 1), struct.pack(">HB", 1, len(order)), order)
    infos = box(b"infe", b"\x02\0\0\0", struct.pack(">HH4s", 1, 0, b"hvc1"), b"\0")
    infos += box(b"infe", b"\x02\0\0\0", struct.pack(">HH4s", 2, 0, b"Exif"), b"\0")
    head = box(b"ftyp", brand, b"\0\0\0\0", brand, b"mif1")
    item = struct.pack(">I", 6) + b"Exif\0\0" + exif

    def meta(offset: int) -> bytes:
        places = struct.pack(">IHH", 0, 0x4400, 1) + struct.pack(">HHHII", 2, 0, 1, offset, len(item))
        return box(
            b"meta",
            b"\0\0\0\0",
            box(b"pitm", struct.pack(">IH", 0, 1)),
            box(b"iinf", struct.pack(">IH", 0, 2), infos),
            box(b"iloc", places),
            box(b"iprp", box(b"ipco", *properties), links),
        )

    offset = len(head) + len(meta(0)) + 8
    return head + meta(offset) + box(b"mdat", item)
