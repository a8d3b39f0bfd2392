"""Lines are cut out level, whatever way they lay."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from shoebox.reading.rectangles import Rectangles
from shoebox.reading.straighten import LONGEST, NOTHING, level, padded

HEIGHT = 48


def one(x: float, y: float, width: float, height: float, angle: float = 0.0) -> Rectangles:
    return Rectangles(
        np.array([[x, y]], np.float32),
        np.array([[width, height]], np.float32),
        np.array([angle], np.float32),
        np.ones(1, np.float32),
    )


def striped(angle: float) -> Image.Image:
    """A red line over a blue one, together 200 x 40 around the middle, turned."""
    photo = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(photo)
    draw.rectangle((100, 130, 300, 150), fill="red")
    draw.rectangle((100, 150, 300, 170), fill="blue")
    return photo.rotate(-np.degrees(angle), Image.Resampling.BICUBIC, fillcolor="white")


@pytest.mark.parametrize("angle", [0.0, 0.2, -0.4, 0.7])
def test_a_turned_line_lies_level(angle: float) -> None:
    (line,) = level(striped(angle), one(200, 150, 200, 40, angle), HEIGHT)
    assert line.shape == (HEIGHT, 240, 3)
    upper, lower = line[6:18, 10:-10].mean(axis=(0, 1)), line[30:42, 10:-10].mean(axis=(0, 1))
    assert upper == pytest.approx([255, 0, 0], abs=12)
    assert lower == pytest.approx([0, 0, 255], abs=12)


def test_a_line_that_runs_down_is_given_both_ways_round() -> None:
    both = level(striped(0).transpose(Image.Transpose.ROTATE_270), one(150, 200, 40, 200), HEIGHT)
    assert len(both) == 2
    assert both[0].shape == both[1].shape == (HEIGHT, 240, 3)
    tops = [tuple((line[10:14, 100:140].mean(axis=(0, 1)) > 128).tolist()) for line in both]
    assert set(tops) == {(True, False, False), (False, False, True)}


def test_large_letters_are_averaged_and_not_picked() -> None:
    checked = (np.indices((480, 960)).sum(axis=0) % 2 * 255).astype(np.uint8)
    photo = Image.fromarray(np.repeat(checked[:, :, None], 3, axis=2))
    (line,) = level(photo, one(480, 240, 960, 480), HEIGHT)
    assert line[4:-4, 4:-4].std() < 20


def test_a_line_over_the_edge_is_filled_up_and_one_outside_is_nothing() -> None:
    photo = Image.new("RGB", (100, 60), "white")
    (over,) = level(photo, one(0, 30, 80, 20), HEIGHT)
    assert (over[:, :40] == NOTHING).mean() > 0.8
    assert (over[:, -40:] == 255).all()
    (outside,) = level(photo, one(-300, 30, 80, 20), HEIGHT)
    assert (outside == NOTHING).all()


def test_endless_lines_are_squeezed_and_tiny_ones_have_room() -> None:
    photo = Image.new("RGB", (5000, 40), "white")
    assert level(photo, one(2500, 20, 5000, 10), HEIGHT)[0].shape[1] == HEIGHT * LONGEST
    assert level(photo, one(50, 20, 1, 1), HEIGHT)[0].shape[1] >= HEIGHT // 4


def test_lines_of_a_batch_are_filled_up_on_the_right() -> None:
    short, long = np.zeros((HEIGHT, 20, 3), np.uint8), np.zeros((HEIGHT, 50, 3), np.uint8)
    batch = padded([short, long])
    assert batch.shape == (2, HEIGHT, 50, 3)
    assert (batch[0, :, 20:] == NOTHING).all()
    assert (batch[0, :, :20] == 0).all() and (batch[1] == 0).all()
