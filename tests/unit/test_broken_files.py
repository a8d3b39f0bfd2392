"""Nothing that lies in a folder may crash, hang, or raise anything but a sentence."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import decode_photo
from shoebox.photo.inspection import Inspection, inspect_head
from tests.unit.making import (
    ascii_entry,
    collection,
    encoded,
    heif,
    jpeg_with,
    rational_entry,
    short_entry,
    textured,
    tiff_block,
)

HEAD = 262_144
_EXIF = tiff_block(
    [ascii_entry(0x10F, "Canon"), short_entry(0x112, 6)],
    [ascii_entry(0x9003, "2019:05:01 12:34:56"), rational_entry(0x829A, (1, 60))],
    [
        ascii_entry(1, "N"),
        rational_entry(2, (48, 1), (51, 1), (30, 1)),
        ascii_entry(3, "E"),
        rational_entry(4, (2, 1), (21, 1), (3, 1)),
    ],
)
SAMPLES = {
    "jpeg": jpeg_with(_EXIF, textured(96, 64)),
    **{form: encoded(textured(48, 32), form) for form in ("PNG", "GIF", "BMP", "TIFF", "WebP")},
    "heic": heif(b"heic", 40, 30, _EXIF, turns=1),
}
STARTS = [
    *(
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\xff\0\0\0WEBP",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"IIU\0",
        b"8BPS",
    ),
    *(b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypcrx ", b"\0\0\0\x0cjP  \r\n\x87\n", b"FUJIFILMCCD-RAW"),
]


def survive(name: str, data: bytes) -> str:
    """Take a file through both steps as the app does, and tell what became of it."""
    found = inspect_head(name, data[:HEAD], len(data) <= HEAD)
    if found.action == "whole":
        found = inspect_head(name, data, True)
    assert found.action in ("decode", "fail")
    check_sentence(found)
    if found.action == "fail":
        return "told at once"
    try:
        decoded = decode_photo(data, name)
    except UnreadablePhoto as error:
        assert error.reason.endswith(".")
        return "told after trying"
    assert decoded.pixels.dtype == np.uint8
    assert decoded.pixels.ndim == 3
    assert decoded.pixels.shape[2] == 3
    assert min(decoded.pixels.shape) > 0
    assert decoded.thumbnail
    return "shown" if decoded.complete else "shown in part"


def check_sentence(found: Inspection) -> None:
    """A reason is a sentence without the words of programmers, and facts are plain data."""
    if found.reason:
        assert found.reason[0].isupper()
        assert found.reason.endswith(".")
        assert not any(
            word in found.reason.lower() for word in ("error", "exception", "traceback", "none", "decoder", "0x", "byte")
        )
    if found.facts is not None:
        json.dumps(asdict(found.facts), allow_nan=False)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(STARTS), st.binary(max_size=400), st.sampled_from(["a.jpg", "b.nef", "", "c.heic"]))
def test_random_bytes(start: bytes, rest: bytes, name: str) -> None:
    survive(name, start + rest)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_photos_with_changed_bytes(kind: str, data: st.DataObject) -> None:
    photo = bytearray(SAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 12))):
        # Headers are where changes do most harm, so half of them go there.
        end = data.draw(st.sampled_from([min(200, len(photo)), len(photo)]))
        photo[data.draw(st.integers(0, end - 1))] = data.draw(st.integers(0, 255))
    survive("a." + kind, bytes(photo))


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1), st.floats(0, 1))
def test_photos_cut_and_blanked(kind: str, cut: float, blank: float) -> None:
    photo = SAMPLES[kind]
    photo = photo[: int(len(photo) * cut)]
    middle = int(len(photo) * blank)
    survive("a." + kind, photo[:middle] + bytes(min(64, len(photo) - middle)) + photo[middle + 64 :])


@pytest.mark.parametrize("kind", sorted(SAMPLES))
@pytest.mark.parametrize("length", [0, 1, 7, 8, 16, 33, 100, 500])
def test_heads_of_any_length_are_judged(kind: str, length: int) -> None:
    for whole in (True, False):
        found = inspect_head("a." + kind, SAMPLES[kind][:length], whole)
        assert found.action in ("decode", "fail", "whole")
        assert not (whole and found.action == "whole")


def test_the_collection_of_broken_files(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for path in sorted(collection("broken").iterdir()):
        data = path.read_bytes()
        start = time.perf_counter()
        outcomes[survive(path.name, data)] += 1
        slowest = max(slowest, time.perf_counter() - start)
    with capsys.disabled():
        print(f"\nbroken files: {dict(outcomes)}, slowest {slowest:.2f} s")
    assert sum(outcomes.values()) > 0
