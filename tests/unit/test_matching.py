"""Whether two prints are the same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shoebox.duplicates import poses
from shoebox.duplicates.matching import match
from shoebox.duplicates.prints import SIDE, grey_from, grey_of, print_of, sharpness_of
from shoebox.errors import QueryError
from tests.unit.duplicate_making import COPIES, SIZE, cropped, scene, thumbnail
from tests.unit.making import textured


def grey(data: bytes) -> Image.Image:
    image = grey_of(data)
    assert image is not None
    return image


def is_same(*thumbnails: bytes, shapes: tuple[float, float]) -> bool:
    prints = np.stack([print_of(grey(data)) for data in thumbnails])
    found = match(prints, np.array(shapes), np.array([0]), np.array([1]))
    return bool(found.same[0])


@pytest.mark.parametrize("change", COPIES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_copy_is_the_same_picture_either_way_round(change: str, seed: int) -> None:
    photo = scene(seed)
    copy = COPIES[change](photo)
    one, other = thumbnail(photo), thumbnail(copy, 60)
    ratio, copied = photo.width / photo.height, copy.width / copy.height
    assert is_same(one, other, shapes=(ratio, copied))
    assert is_same(other, one, shapes=(copied, ratio))


@given(first=st.integers(0, 10_000), second=st.integers(10_001, 20_000))
@settings(max_examples=40, deadline=None)
def test_different_pictures_are_never_the_same(first: int, second: int) -> None:
    shape = SIZE[0] / SIZE[1]
    assert not is_same(thumbnail(scene(first)), thumbnail(scene(second)), shapes=(shape, shape))


def test_a_scene_in_which_something_large_has_moved_is_not_the_same_picture() -> None:
    before, after = scene(5), scene(5)
    visitor = scene(6, (90, 120))
    before.paste(visitor, (30, 80))
    after.paste(visitor, (190, 80))
    shape = SIZE[0] / SIZE[1]
    assert not is_same(thumbnail(before), thumbnail(after), shapes=(shape, shape))


def test_two_shots_against_a_bright_sky_are_not_the_same_picture() -> None:
    sky = Image.new("RGB", SIZE, (235, 240, 250))
    shots = []
    for seed in (8, 9):
        shot = sky.copy()
        # Dark ground with other things on it, seen against the light.
        shot.paste(Image.blend(scene(seed, (SIZE[0], 120)), Image.new("RGB", (SIZE[0], 120), "black"), 0.5), (0, 120))
        shots.append(thumbnail(shot))
    assert not is_same(*shots, shapes=(4 / 3, 4 / 3))


def test_half_of_a_picture_is_another_picture() -> None:
    photo = scene(7)
    half = cropped(photo, 0.6)
    assert not is_same(thumbnail(photo), thumbnail(half), shapes=(4 / 3, 4 / 3))


def test_blank_pictures_are_not_the_same_as_anything() -> None:
    blank = np.full((SIDE, SIDE), 128, np.uint8)
    speckled = blank.copy()
    speckled[20, 30] = 131
    found = match(np.stack([blank, blank, speckled]), np.ones(3), np.array([0, 0]), np.array([1, 2]))
    assert not found.same.any()


def test_many_pairs_are_judged_as_each_by_itself() -> None:
    prints = np.stack([print_of(grey(thumbnail(scene(seed % 5)))) for seed in range(12)])
    left, right = np.triu_indices(len(prints), 1)
    together = match(prints, np.full(12, 4 / 3), left, right)
    for place in (0, 20, 40, 65):
        alone = match(prints, np.full(12, 4 / 3), left[place : place + 1], right[place : place + 1])
        assert alone.whole[0] == pytest.approx(together.whole[place], abs=1e-4)


def test_no_pairs_are_no_trouble() -> None:
    none = np.zeros(0, np.intp)
    assert match(np.zeros((1, SIDE, SIDE), np.uint8), np.ones(1), none, none).whole.shape == (0,)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"not a picture at all", thumbnail(scene(1))[:300]])
def test_what_is_no_picture_is_not_there(data: bytes) -> None:
    assert grey_of(data) is None


def test_a_thumbnail_may_come_decoded() -> None:
    image = grey(thumbnail(scene(1)))
    same = grey_from(image.tobytes(), *image.size)
    assert np.array_equal(print_of(same), print_of(image))
    assert sharpness_of(same) == sharpness_of(image)


@pytest.mark.parametrize("size", [(0, 0), (3, 3), (-2, -3), (6, 2), (10**9, 10**9)])
def test_a_thumbnail_of_another_size_than_it_says_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(QueryError):
        grey_from(bytes(6), *size)


def test_the_least_picture_has_no_sharpness() -> None:
    assert sharpness_of(grey_from(bytes(4), 2, 2)) == 0


def test_a_blurred_photo_is_less_sharp() -> None:
    photo = textured(320, 240)
    blurred = photo.resize((10, 8)).resize(photo.size, Image.Resampling.BICUBIC)
    assert sharpness_of(grey(thumbnail(blurred))) < 0.5 * sharpness_of(grey(thumbnail(photo)))


def test_a_picture_seen_as_it_is_stays_as_it_is() -> None:
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 16, 16)).astype(np.float32)
    still = np.tile(np.eye(2, 3, dtype=np.float32), (2, 1, 1))
    values, inside = poses.seen(pixels, still)
    assert np.allclose(values.reshape(2, 16, 16), pixels, atol=1e-2)
    assert inside.all()


def test_quarter_turns_lay_a_tall_picture_on_a_wide_one() -> None:
    turns = poses.beginnings()
    on_side = np.abs(turns[:, 0, 0]) < 1e-9
    placed = poses.placed(turns[on_side], np.array([16 / 9]))
    # Between the squares that both are squashed to, nothing is left of the shape.
    assert np.allclose(np.abs(placed[0, :, :, :2]), np.array([[0, 1], [1, 0]]), atol=1e-6)
