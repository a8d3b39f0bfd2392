"""The second pass: what is to do, which file is which photo, and what becomes of pixels."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from shoebox.errors import PackError, QueryError
from shoebox.faces.gallery import Gallery
from shoebox.faces.seeking import Seeking
from shoebox.library.library import Library
from shoebox.sessions.protocol import Arrays, SessionError
from shoebox.store.journal import Change
from shoebox.store.rows import id_text
from shoebox.timings import Timings
from tests.unit.face_making import MANIFEST, DrawnSessions, blank, draw
from tests.unit.library_making import DIMENSION, MODEL, number, rows
from tests.unit.tiny_pack import run


class Pass:
    """A library of photos that are 400 x 300, and the second pass over it."""

    def __init__(self, *contents: int | str) -> None:
        self.library = Library(MODEL, DIMENSION)
        self.library.apply(Change(rows=rows([(content, [(f"{content}.png", 0.0)]) for content in contents])))
        self.gallery = Gallery()
        self.sessions = DrawnSessions()
        self.seeking = Seeking(self.library, self.gallery, self.sessions, Timings())

    def begin(self) -> Pass:
        self.seeking.begin(MANIFEST.encode())
        return self

    def look(self, *photos: tuple[int | str, NDArray[np.uint8]], missed: tuple[int | str, ...] = ()) -> int:
        described = [{"id": id_text(number(name)), "width": px.shape[1], "height": px.shape[0]} for name, px in photos]
        answer = run(
            self.seeking.look(described, [px.tobytes() for _, px in photos], [id_text(number(name)) for name in missed])
        )
        if answer["batch"] is not None:
            self.seeking.settle(answer["batch"], True)
        return int(answer["faces"])

    def faces_of(self, name: int | str) -> int:
        return self.gallery.seen(number(name))

    def todo(self) -> set[str]:
        ids = self.seeking.todo()["ids"]
        return {ids[low : low + 16] for low in range(0, len(ids), 16)}


def with_face(height: int = 150, width: int = 200, left: int = 96, top: int = 48) -> NDArray[np.uint8]:
    photo = blank(height, width)
    draw(photo, left, top, 16)
    return photo


def test_beginning_tells_which_networks_are_needed_and_what_they_must_be() -> None:
    answer = Pass().seeking.begin(MANIFEST.encode())
    assert [each["network"] for each in answer["networks"]] == ["face-detector", "face-recogniser"]
    assert all(len(each["sha256"]) == 64 for each in answer["networks"])
    assert b"Gemm" in answer["neighbours"]


def test_a_damaged_manifest_turns_nothing_on() -> None:
    made = Pass("a")
    with pytest.raises(PackError):
        made.seeking.begin(b"id = ")
    assert made.seeking.model is None
    with pytest.raises(QueryError, match="not looked for"):
        made.look(("a", blank(20, 20)))


def test_every_photo_is_looked_at_once_whether_it_shows_a_face_or_not() -> None:
    made = Pass("a", "b").begin()
    assert made.todo() == {id_text(number("a")), id_text(number("b"))}
    assert made.look(("a", with_face())) > 0
    assert made.todo() == {id_text(number("b"))}
    assert made.look(("b", blank(150, 200))) == 0
    assert made.todo() == set()
    assert made.seeking.todo()["total"] == 2


def test_another_pack_looks_again() -> None:
    made = Pass("a").begin()
    made.look(("a", with_face()))
    made.seeking.begin(MANIFEST.replace('version = "1"', 'version = "2"').encode())
    assert made.todo() == {id_text(number("a"))}


def test_what_is_to_do_for_a_pack_is_known_before_it_has_begun() -> None:
    made = Pass("a", "b").begin()
    made.look(("a", with_face()))
    for pack, todo, beside in (("drawn", {"b"}, False), ("other", {"a", "b"}, True)):
        answer = Seeking(made.library, made.gallery, made.sessions, Timings()).todo(pack)
        assert {answer["ids"][low : low + 16] for low in range(0, len(answer["ids"]), 16)} == {
            id_text(number(name)) for name in todo
        }
        assert answer["beside"] is beside


def test_boxes_are_in_pixels_of_the_photo_not_of_its_rendition() -> None:
    made = Pass("a").begin()
    made.look(("a", with_face()))  # half of 400 x 300
    found = made.gallery.of(number("a"))
    assert found is not None
    left, top, width, height = found.boxes[0].tolist()
    assert abs(left + width / 2 - 2 * (96 + 8)) < 20
    assert abs(top + height / 2 - 2 * (48 + 8)) < 20


@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 400), (82, 4096), (300, 3)])
def test_photos_of_any_shape_are_looked_at(height: int, width: int) -> None:
    made = Pass("a").begin()
    assert made.look(("a", blank(height, width))) == 0
    assert made.todo() == set()


def test_two_hundred_faces_in_one_photo_are_all_found() -> None:
    photo = blank(640, 1280)
    for place in range(200):
        draw(photo, 32 + 56 * (place % 20), 32 + 56 * (place // 20), 8)
    made = Pass("a")
    made.seeking.begin(MANIFEST.replace("sides = [64, 128]", "sides = [1280]").encode())
    assert made.look(("a", photo)) == 200


def test_faces_that_the_border_cuts_have_boxes_within_the_photo() -> None:
    made = Pass("a").begin()
    photo = blank(150, 200)
    draw(photo, 0, 0, 10)
    draw(photo, 190, 140, 10)
    made.look(("a", photo))
    found = made.gallery.of(number("a"))
    assert found is not None
    low, high = found.boxes[:, :2], found.boxes[:, :2] + found.boxes[:, 2:]
    assert (low >= 0).all()
    assert (high <= [400, 300]).all()


def test_what_cannot_be_decoded_is_not_asked_for_again() -> None:
    made = Pass("a", "b").begin()
    assert made.look(missed=("a",)) == 0
    described = [{"id": id_text(number("b")), "width": 10, "height": 10}]
    made.seeking.settle(run(made.seeking.look(described, [b"short"]))["batch"], True)
    assert made.todo() == set()


def test_a_photo_that_left_meanwhile_is_passed_over() -> None:
    made = Pass("a").begin()
    assert made.look(("gone", with_face())) == 0
    assert len(made.gallery) == 0


def test_when_a_network_fails_nothing_is_staged() -> None:
    made = Pass("a").begin()
    run(made.sessions.open("face-detector")).spoilt = True
    with pytest.raises(SessionError):
        made.look(("a", with_face()))
    assert made.todo() == {id_text(number("a"))}


def test_a_photo_that_a_network_cannot_bear_does_not_stop_the_others() -> None:
    made = Pass("a", "b", "c").begin()
    session = run(made.sessions.open("face-recogniser"))
    good = session.run

    async def fussy(inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        (pixels,) = inputs.values()
        if (pixels[..., 2] > 200).any():
            raise SessionError("Too blue.")
        return await good(inputs)

    session.run = fussy  # type: ignore[method-assign]
    blue = with_face()
    blue[48:64, 96:112, 2] = 255
    assert made.look(("a", with_face()), ("b", blue), ("c", with_face())) == 2 * made.faces_of("a")
    assert made.faces_of("b") == 0
    assert made.faces_of("c") == made.faces_of("a") > 0
    assert made.todo() == set()


def test_only_the_very_file_is_taken_for_the_photo() -> None:
    data = io.BytesIO()
    Image.new("L", (40, 30), 90).save(data, "PNG")
    digest = hashlib.sha256(data.getvalue()).digest()
    made = Pass()
    photo = rows([("a", [("a.png", 0.0)])])
    photo.columns["hash"][0] = np.frombuffer(digest, np.uint8)
    made.library.apply(Change(rows=photo))
    told = made.seeking.order(digest[:8].hex(), digest.hex(), data.getvalue(), True)
    assert (told["action"], told["width"], told["height"]) == ("decode", 40, 30)
    for other in (("0" * 16, digest.hex()), (digest[:8].hex(), "0" * 64), ("nonsense", digest.hex())):
        assert made.seeking.order(*other, data.getvalue(), True) == {"action": "other"}


def test_names_of_photos_are_told_and_of_strangers_none() -> None:
    made = Pass("a")
    assert made.seeking.names([id_text(number("a")), id_text(1), "nonsense"]) == [["a.png"], [], []]
