"""What may be a face is looked at again, alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.faces.boxes import overlaps
from shoebox.faces.detectors import Detections
from shoebox.faces.doubts import SIDE, believed, close_up, expected
from shoebox.faces.pack import FacePack
from tests.unit.face_making import MANIFEST, blank, draw
from tests.unit.tiny_pack import run

MODEL = replace(FacePack.from_manifest(MANIFEST.encode()).detector, doubt=0.9, again=0.5, doubted=20)


class Memory:
    """A detector that sees a face where it is told to; remembers how often it was asked."""

    def __init__(self, seen: list[bool]) -> None:
        self.seen = seen
        self.asked = 0

    async def detect(self, pictures: NDArray[np.uint8], least: float) -> list[Detections]:
        assert least == MODEL.again
        found = []
        for _ in pictures:
            sees = self.seen[self.asked]
            self.asked += 1
            middle = expected(np.array([0, 0, 30, 40], np.float32))
            found.append(Detections(middle, np.array([0.8], np.float32)) if sees else Detections.none())
        return found


def faces(*scored: tuple[float, float]) -> Detections:
    """Faces of these (side, score), the sides 3 to 4."""
    boxes = [[10, 20, 10 + 0.75 * side, 20 + side] for side, _ in scored]
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), np.array([score for _, score in scored], np.float32))


def test_only_what_is_in_doubt_and_large_enough_is_looked_at_again() -> None:
    memory = Memory([False])
    found = run(believed([blank(200, 200)], [faces((80, 0.95), (80, 0.6), (15, 0.6))], memory, MODEL))
    assert memory.asked == 1
    np.testing.assert_allclose(found[0].scores, [0.95, 0.6])
    assert found[0].boxes[1, 3] - found[0].boxes[1, 1] == 15


def test_what_is_seen_again_is_believed_of_each_photo_its_own() -> None:
    memory = Memory([True, False, True, False, True, True])
    photos = [blank(200, 200) for _ in range(4)]
    found = run(
        believed(
            photos,
            [faces((80, 0.6), (60, 0.5)), faces(), faces((90, 0.7)), faces((50, 0.4), (51, 0.4), (52, 0.4))],
            memory,
            MODEL,
        )
    )
    assert memory.asked == 6
    assert [len(each) for each in found] == [1, 0, 1, 2]
    np.testing.assert_allclose(found[0].scores, [0.6])


def test_a_face_elsewhere_in_the_picture_does_not_count() -> None:
    class Aside(Memory):
        async def detect(self, pictures: NDArray[np.uint8], least: float) -> list[Detections]:
            return [Detections(np.array([[0, 0, 40, 50]], np.float32), np.array([0.99], np.float32)) for _ in pictures]

    assert len(run(believed([blank(99, 99)], [faces((60, 0.5))], Aside([]), MODEL))[0]) == 0


def test_without_doubt_nobody_is_asked() -> None:
    memory = Memory([])
    found = run(believed([blank(99, 99)], [faces((60, 0.5))], memory, replace(MODEL, doubt=0.0)))
    assert (len(found[0]), memory.asked) == (1, 0)


@pytest.mark.parametrize("side", [20, 60, 180])
@pytest.mark.parametrize("place", [(0, 0), (100, 60), (180, 190)])
def test_a_close_up_shows_the_face_where_it_is_expected_also_at_the_border(side: int, place: tuple[int, int]) -> None:
    photo = blank(200, 200)
    draw(photo, *place, side)
    box = np.array([place[0], place[1], place[0] + side, place[1] + side], np.float32)
    picture = close_up(photo, box)
    assert picture.shape == (SIDE, SIDE, 3)
    rows, columns = np.nonzero((picture[..., 0] > 128) & (picture[..., 1] < 40))
    seen = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    visible = expected(box)
    visible[0, 2:] = np.minimum(visible[0, 2:], visible[0, :2] + (200 - np.array(place)) * SIDE / 2.2 / side)
    assert overlaps(seen, visible)[0, 0] > 0.85
