"""What detectors' numbers mean: boxes of SSD and of YuNet, and numbers that cannot be true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shoebox.faces import ssd
from shoebox.faces.detectors import MOST_BOXES, Detections, NetworkDetector
from shoebox.faces.pack import FacePack
from shoebox.sessions.protocol import Arrays, Network, SessionError
from tests.unit.face_making import MANIFEST, DrawnSessions, blank, draw
from tests.unit.tiny_pack import run

SIZES = (((16.0, 16.0), (8.0, 32.0)),)
SSD = MANIFEST.replace('kind = "yunet"', 'kind = "ssd"').replace(
    "[recogniser]",
    '[detector.boxes]\nat8 = [[16, 16], [8, 32]]\n[landmarks]\nfile = "l.onnx"\nbytes = 1\nsha256 = "'
    + "0" * 64
    + '"\ninput = "pixels"\nside = 16\nsize = 1.0\n[recogniser]',
)


class Fixed:
    """Sessions that always give the same."""

    def __init__(self, outputs: Arrays) -> None:
        self.outputs = outputs

    async def open(self, network: Network) -> Fixed:
        return self

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        return self.outputs


def detect(manifest: str, outputs: Arrays, pictures: NDArray[np.uint8], least: float = 0.5) -> list[Detections]:
    detector = NetworkDetector(FacePack.from_manifest(manifest.encode()).detector, Fixed(outputs))
    return run(detector.detect(pictures, least))


def test_boxes_stand_in_the_middle_of_their_cells_row_by_row() -> None:
    standing = ssd.anchors(16, 24, (8,), SIZES)
    assert standing.shape == (2 * 3 * 2, 4)
    assert standing[:4].tolist() == [[4, 4, 16, 16], [4, 4, 8, 32], [4, 12, 16, 16], [4, 12, 8, 32]]


def test_a_grid_that_does_not_fit_divides_the_picture_evenly() -> None:
    standing = ssd.anchors(10, 8, (8,), (((4.0, 4.0),),))
    assert standing[:, 0].tolist() == [2.5, 7.5]


def test_offsets_of_nothing_leave_a_box_where_it_stands() -> None:
    standing = np.array([[4, 12, 8, 32]], np.float32)
    assert ssd.decode(np.zeros((1, 4), np.float32), standing).tolist() == [[-4, 0, 28, 8]]


def test_offsets_move_the_middle_by_tenths_and_the_size_by_powers() -> None:
    offsets = np.array([[1, -1, 5 * np.log(2), 0]], np.float32)
    (box,) = ssd.decode(offsets, np.array([[40, 40, 20, 10]], np.float32))
    np.testing.assert_allclose(box, [34, 22, 44, 62], atol=1e-4)


def test_offsets_beyond_reason_do_not_overflow() -> None:
    offsets = np.array([[0, 0, 1e9, -1e9]], np.float32)
    assert np.isfinite(ssd.decode(offsets, np.array([[4, 4, 8, 8]], np.float32))).all()


def test_only_what_is_likely_enough_is_a_face_of_ssd() -> None:
    scores = np.full((1, 8, 1), 0.1, np.float32).reshape(1, 8)
    scores[0, 2] = 0.8
    outputs = {"scores": scores, "offsets": np.zeros((1, 8, 4), np.float32)}
    (found,) = detect(SSD, outputs, np.zeros((1, 16, 16, 3), np.uint8))
    assert found.boxes.tolist() == [[4, -4, 20, 12]]
    assert found.scores.tolist() == [np.float32(0.8)]
    assert found.points is None


def test_of_large_pictures_a_detector_may_give_the_boxes_of_its_finest_grid_only() -> None:
    both = SSD.replace("strides = [8]", "strides = [8, 16]\ncoarse = 16")
    both = both.replace("[landmarks]", "at16 = [[32, 32]]\n[landmarks]")
    for side, boxes in ((16, 2 * 4 + 1), (24, 2 * 9)):
        scores = np.zeros((1, boxes), np.float32)
        scores[0, -1] = 0.8
        outputs = {"scores": scores, "offsets": np.zeros((1, boxes, 4), np.float32)}
        (found,) = detect(both, outputs, np.zeros((1, side, side, 3), np.uint8))
        assert len(found) == 1


def test_yunet_gives_boxes_and_points() -> None:
    photo = blank(32, 32)
    draw(photo, 8, 8, 8)
    detector = NetworkDetector(FacePack.from_manifest(MANIFEST.encode()).detector, DrawnSessions())
    (found,) = run(detector.detect(photo[None], 0.5))
    np.testing.assert_allclose(found.boxes, [[4, 4, 20, 20]], atol=1e-4)
    assert found.points is not None
    np.testing.assert_allclose(found.points[0, 2], [12, 12], atol=1e-4)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_numbers_that_cannot_be_true_are_an_error(wrong: float) -> None:
    outputs = {"scores": np.full((1, 8), wrong, np.float32), "offsets": np.zeros((1, 8, 4), np.float32)}
    with pytest.raises(SessionError, match="nothing usable"):
        detect(SSD, outputs, np.zeros((1, 16, 16, 3), np.uint8))


@pytest.mark.parametrize("manifest", [SSD, MANIFEST])
def test_a_network_of_another_kind_is_an_error(manifest: str) -> None:
    outputs = {"scores": np.zeros((1, 5), np.float32), "offsets": np.zeros((1, 5, 4), np.float32)}
    with pytest.raises(SessionError, match="not the one that its manifest describes"):
        detect(manifest, outputs, np.zeros((1, 16, 16, 3), np.uint8))


def test_a_network_that_sees_faces_everywhere_is_cut_short() -> None:
    side = 8 * 40
    count = 40 * 40 * 2
    scores = np.random.default_rng(0).uniform(0.5, 1, (1, count)).astype(np.float32)
    offsets = np.tile(np.array([0, 0, -9, -9], np.float32), (1, count, 1))
    (found,) = detect(SSD, {"scores": scores, "offsets": offsets}, np.zeros((1, side, side, 3), np.uint8))
    assert len(found) <= MOST_BOXES
