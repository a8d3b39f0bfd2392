"""Archives that are damaged, newer, or made to do harm: refused with a sentence, before anything is changed."""

from __future__ import annotations

import hashlib
import json
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.api import Shoebox
from shoebox.archive.contents import COUNTED, DAY
from shoebox.archive.frames import LONGEST, PLAIN, WITH_TEXT, FrameWriter
from shoebox.archive.pictures import LONGEST_SIDE, Picture
from shoebox.errors import ArchiveError
from shoebox.library.statements import FAVOURITE, LAST_AT, Statement
from shoebox.reading.lines import TextRows
from shoebox.store.blocks import Block, write_block
from shoebox.store.faces import Belonging, FaceList, write_belonging, write_faces
from shoebox.store.rows import NONE, ModelId, Rows
from shoebox.store.sayings import write_lines
from shoebox.store.sealed import ARCHIVE, BLOCK, END, FACES, PEOPLE, PICTURES, STATEMENTS, TEXTS, seal
from shoebox.store.texts import TextList, write_texts
from tests.fuzzing.archives import fuzz, small_archive, small_library
from tests.unit.archive_making import FACES as FACE_MODEL
from tests.unit.archive_making import READS, add, empty, jpeg, known, saved, take
from tests.unit.library_making import number, rows
from tests.unit.test_people_verbs import face_rows
from tests.unit.tiny_pack import DIMENSION

TODAY = empty().pack.model
NOW = int(time.time() * 1000)
Parts = list[tuple[int, bytes]]


def archive(
    *parts: tuple[int, bytes], counts: dict[str, int] | None = None, begun: dict[str, Any] | None = None, version: int = PLAIN
) -> bytes:
    """A file with all its checksums right, whatever it says."""
    many = dict.fromkeys(COUNTED[version], 1 << 40)
    writer = FrameWriter()
    made = writer.begin({"made": NOW, "counts": many, "paths": True, "models": [], **(begun or {})}, version)
    made += b"".join(writer.frame(kind, run) for kind, run in parts)
    return made + writer.end({**dict.fromkeys(COUNTED[version], 0), **(counts or {})})


def photos(*contents: str, change: Callable[[Rows], None] = lambda rows: None, **how: Any) -> tuple[int, bytes]:
    made = rows([(content, [(f"{content}.jpg", 1.0)]) for content in contents], how.pop("model", TODAY), **how)
    change(made)
    return BLOCK, write_block(Block(0, 0, made))


def block(*contents: str, **how: Any) -> tuple[int, bytes]:
    """Photos of today's pack."""
    return photos(*contents, **{"dimension": DIMENSION, **how})


def pictures(
    content: str = "dog", data: bytes | None = None, width: int = 12, height: int = 9, length: int | None = None
) -> Any:
    """Thumbnails, whatever they are."""
    jpg = jpeg()[0] if data is None else data
    sections = {
        "ids": np.array([number(content)], "<u8").tobytes(),
        "sizes": np.array([[width, height]], "<u2").tobytes(),
        "lengths": np.array([len(jpg) if length is None else length], "<u4").tobytes(),
        "pictures": jpg,
    }
    return PICTURES, seal(PICTURES, {"count": 1}, sections)


def texts(content: str = "dog", at: int = 1, across: int = 60) -> tuple[int, bytes]:
    """A line on a photo."""
    corners = np.array([[[9, 9], [across, 9], [across, 20], [9, 20]]], np.int32)
    rows = TextRows(np.zeros(1, np.int32), corners, np.ones(1, np.float32), ("beware",))
    return TEXTS, write_texts(TextList(at, READS, np.array([number(content)], np.uint64), rows))


def faces(content: str = "dog", at: int = 1, model: ModelId = FACE_MODEL, wide: int = 60) -> tuple[int, bytes]:
    """A face on a photo."""
    found = face_rows([[0]])
    found.boxes[0, 2] = wide
    return FACES, write_faces(FaceList(at, model, np.array([number(content)], np.uint64), found))


def people(content: str = "dog") -> tuple[int, bytes]:
    """Somebody is on a photo."""
    ids, boxes = np.array([number(content)], np.uint64), np.array([[0, 40, 60, 80]], np.int32)
    return PEOPLE, write_belonging(Belonging(ids, boxes, np.array([5], np.uint64), 1))


def said(*lines: bytes) -> tuple[int, bytes]:
    """Something that was said."""
    return STATEMENTS, write_lines(lines)


def statement(at: int) -> bytes:
    return Statement(f"photo:{number('dog'):016x}", FAVOURITE, True, at, "a" * 16).line()


def facts(text: str) -> Callable[[Rows], None]:
    def change(made: Rows) -> None:
        made.facts[0] = text.encode()

    return change


def column(name: str, value: float) -> Callable[[Rows], None]:
    def change(made: Rows) -> None:
        made.columns[name][0] = value

    return change


def cameras(made: Rows) -> None:
    made.cameras.extend(f"camera {place}" for place in range(NONE))


def named(path: str) -> Callable[[Rows], None]:
    def change(made: Rows) -> None:
        made.paths.names[0] = path

    return change


LIES: dict[str, tuple[str, bytes]] = {
    "a photo twice": ("twice", archive(block("dog"), block("dog"), counts={"photos": 2})),
    "no photos in a group": ("wrong size", archive(block())),
    "vectors of another length": ("another kind", archive(block("dog", dimension=5), counts={"photos": 1})),
    "a path out of its folder": ("could hold", archive(block("dog", change=named("a/../../../etc/passwd")))),
    "the same on Windows": ("could hold", archive(block("dog", change=named("a\\..\\..\\boot.ini")))),
    "a path without end": ("could hold", archive(block("dog", change=named("a" * 5000)))),
    "facts that are none": ("form", archive(block("dog", change=facts("[]")))),
    "facts of the wrong type": ("form", archive(block("dog", change=facts('{"camera": "Pixel"}')))),
    "facts of the wrong type inside": ("form", archive(block("dog", change=facts('{"exposure": {"iso": "<b>"}}')))),
    "facts without bottom": ("read", archive(block("dog", change=facts("[" * 1000 + "]" * 1000)))),
    "facts that are no number": ("read", archive(block("dog", change=facts('{"altitude": NaN}')))),
    "a photo from the future": ("future", archive(block("dog", change=column("indexed", NOW + 9 * DAY)))),
    "a photo without size": ("width", archive(block("dog", change=column("width", 0)))),
    "more cameras than there are": ("cameras", archive(block("dog", change=cameras), counts={"photos": 1})),
    "more model packs than there are": (
        "model packs",
        archive(*(block(f"{place}", model=ModelId(f"{place}", "squash")) for place in range(300)), counts={"photos": 300}),
    ),
    "a thumbnail before any photo": ("beside", archive(pictures())),
    "a thumbnail of another photo": ("beside", archive(block("dog"), pictures("cat"))),
    "a thumbnail twice": ("beside", archive(block("dog"), pictures(), pictures())),
    "a thumbnail that is a page": ("what it should be", archive(block("dog"), pictures(data=b"<svg onload=alert(1)>"))),
    "a thumbnail of another size": ("what it should be", archive(block("dog"), pictures(width=13))),
    "a thumbnail that is huge": (
        "what it should be",
        archive(block("dog"), pictures(data=jpeg(0, (LONGEST_SIDE + 1, 1))[0], width=LONGEST_SIDE + 1, height=1)),
    ),
    "a thumbnail longer than all": ("as long as it says", archive(block("dog"), pictures(length=2**32 - 1))),
    "a face on no photo": ("not there", archive(block("dog"), faces("cat"))),
    "a face twice": ("twice", archive(block("dog"), faces(), faces())),
    "a face larger than any photo": ("larger", archive(block("dog"), faces(wide=2**30))),
    "a face from the future": ("future", archive(block("dog"), faces(at=NOW + 9 * DAY))),
    "a person on a photo without faces": ("looked at", archive(block("dog"), people())),
    "text in no photo": ("not there", archive(block("dog"), texts("cat"), version=WITH_TEXT)),
    "text twice": ("twice", archive(block("dog"), texts(), texts(), version=WITH_TEXT)),
    "text outside of every photo": ("outside", archive(block("dog"), texts(across=2**30), version=WITH_TEXT)),
    "text from the future": ("future", archive(block("dog"), texts(at=NOW + 9 * DAY), version=WITH_TEXT)),
    "text in a file that knows none": ("newer Shoebox", archive(block("dog"), texts())),
    "less text than it says": (
        "as much as it says",
        archive(block("dog"), texts(), counts={"photos": 1, "texts": 2}, version=WITH_TEXT),
    ),
    "a statement from the future": ("future", archive(said(statement(LAST_AT)))),
    "a statement that makes no sense": (
        "nothing that Shoebox knows",
        archive(said(b'["x","favourite",true,1,"' + b"a" * 16 + b'"]')),
    ),
    "a statement that is none": ("cannot be read", archive(said(b'{"photo": 1}'))),
    "parts in another order": ("damaged", archive(said(statement(1)), block("dog"), counts={"photos": 1, "statements": 1})),
    "two beginnings": ("damaged", archive((ARCHIVE, seal(ARCHIVE, {}, {})))),
    "an end in the middle": ("damaged", archive((END, seal(END, {}, {})))),
    "a part that is another": ("damaged", archive((BLOCK, faces()[1]))),
    "less than it says": ("as much as it says", archive(block("dog"), counts={"photos": 2})),
    "more than it says": ("more photos", archive(block("dog"), begun={"counts": dict.fromkeys(COUNTED[PLAIN], 0)})),
    "counts that are none": ("damaged", archive(begun={"counts": {**dict.fromkeys(COUNTED[PLAIN], 0), "photos": -1}})),
    "counts of the wrong type": ("damaged", archive(begun={"counts": {**dict.fromkeys(COUNTED[PLAIN], 0), "photos": "many"}})),
    "made in the future": ("future", archive(begun={"made": NOW + 9 * DAY})),
}


@pytest.fixture(scope="module")
def box() -> Shoebox:
    return small_library()


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_true_is_refused_and_nothing_changes(box: Shoebox, lie: str) -> None:
    sentence, data = LIES[lie]
    before, edits = known(box), box.library.edits
    with pytest.raises(ArchiveError, match=sentence) as caught:
        take(box, data)
    assert "Nothing was changed" in str(caught.value)
    assert (known(box), box.library.edits) == (before, edits)


def test_another_photo_with_the_number_of_a_known_one_is_refused(box: Shoebox) -> None:
    def change(made: Rows) -> None:
        made.columns["hash"][0, 20] ^= 1

    with pytest.raises(ArchiveError, match="contradicts"):
        take(box, archive(block("dog", change=change), counts={"photos": 1}))


def test_the_same_photo_of_another_form_changes_nothing_here(box: Shoebox) -> None:
    before = known(box)
    take(box, archive(block("dog", change=column("width", 9999)), counts={"photos": 1}))
    assert known(box) == before


def test_a_frame_that_announces_more_than_any_holds_is_refused_at_once(box: Shoebox) -> None:
    start = archive()[:16]
    announced = struct.pack("<III", LONGEST + 1, ARCHIVE, 0)
    with pytest.raises(ArchiveError, match="newer"):
        take(box, start + announced + struct.pack("<I", zlib.crc32(announced)))


def test_a_newer_file_is_told_from_a_damaged_one(box: Shoebox) -> None:
    whole = small_archive()
    with pytest.raises(ArchiveError, match="newer Shoebox"):
        take(box, whole[:8] + b"\x03" + whole[9:])
    with pytest.raises(ArchiveError, match="newer Shoebox"):
        take(box, archive((40, seal(BLOCK, {}, {}))))
    later = bytearray(block("dog")[1])
    later[8] = 2
    with pytest.raises(ArchiveError, match="newer Shoebox"):
        take(box, archive((BLOCK, bytes(later))))


@pytest.mark.parametrize("data", [b"", b"S", b"SHOEBOX", b"\xff\xd8\xff\xe0 a photo", b"PK\x03\x04 and so on to sixteen"])
def test_what_is_no_archive_at_all_is_refused(box: Shoebox, data: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"cut off|not a file that Shoebox made"):
        take(box, data)


def test_a_locked_file_is_told_from_one_that_is_not_ours(box: Shoebox) -> None:
    with pytest.raises(ArchiveError, match="locked"):
        take(box, b"age-encryption.org/v1\n-> scrypt")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_byte_can_be_changed_cut_or_added(data: st.DataObject) -> None:
    whole = small_archive()
    place = data.draw(st.integers(0, len(whole) - 1))
    bit = data.draw(st.integers(0, 7))
    flipped = whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
    for bad in (flipped, whole[:place], whole + whole[place:]):
        box = empty()
        with pytest.raises(ArchiveError):
            take(box, bad)
        assert not len(box.library)


def test_spoilt_and_lying_files_by_the_hundred_do_no_harm() -> None:
    assert 0 < fuzz(150, seed=12) < 150


def test_the_end_holds_the_sum_of_everything_before_it() -> None:
    whole = saved(small_library())
    place = whole.rindex(b"SHOEBOX\x1a") - 16
    # Checksums stand around the text, in which any byte may be.
    text = whole[whole.index(b'{"fields"', place) :].decode("latin-1")
    header, _ = json.JSONDecoder().raw_decode(text)
    assert header["fields"]["sha256"] == hashlib.sha256(whole[:place]).hexdigest()


def test_thumbnails_that_are_not_sound_are_not_written() -> None:
    box = empty()
    add(box, ("dog", [("dog.jpg", 1.0)]))
    export = box.archive.export(thumbnails=True)
    parts, given_ = [], dict[int, Picture]()
    while (piece := export.step(given_)) is not None:
        parts.append(piece.data)
        given_ = {wanted: Picture(b"not a picture", 3, 4) for wanted in piece.wanted}
    assert take(empty(), b"".join(parts)) == {}
