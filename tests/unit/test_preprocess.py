"""Squares for the networks."""

import numpy as np
import pytest
from PIL import Image

from shoebox.model.preprocess import Fit, Shape, batch, photo_from_bytes, square, squash
from tests.unit.making import UPRIGHT, corners, picture, textured


@pytest.mark.parametrize("size", [(512, 384), (384, 512), (512, 51), (192, 192), (3, 2), (1, 1), (1, 700)])
def test_squashes_any_shape_to_a_square(size: tuple[int, int]) -> None:
    square = squash(np.asarray(textured(*size)), 192)
    assert square.shape == (192, 192, 3)
    assert square.dtype == np.uint8
    assert square.flags.c_contiguous and square.flags.owndata and square.flags.writeable


def test_nothing_is_cut_off() -> None:
    assert corners(squash(np.asarray(picture(600, 90)), 192)) == UPRIGHT


def test_array_and_image_give_the_same_square() -> None:
    image = textured(512, 341)
    assert np.array_equal(squash(image, 192), squash(np.asarray(image), 192))


def test_a_square_of_the_right_size_stays_as_it_is() -> None:
    image = np.asarray(textured(192, 192))
    assert np.array_equal(squash(image, 192), image)


def test_views_that_are_not_contiguous_are_squashed_too() -> None:
    image = np.asarray(textured(300, 200))
    assert np.array_equal(squash(image[:, ::-1], 64), squash(np.ascontiguousarray(image[:, ::-1]), 64))


def test_a_batch_holds_the_squares_in_order() -> None:
    photos = [textured(300, 200, seed) for seed in range(3)]
    stacked = batch([photos[0], np.asarray(photos[1]), photos[2]], Shape(96))
    assert stacked.shape == (3, 96, 96, 3)
    assert stacked.flags.c_contiguous
    assert all(np.array_equal(row, squash(photo, 96)) for row, photo in zip(stacked, photos, strict=True))
    assert batch([], Shape(96)).shape == (0, 96, 96, 3)


def test_bytes_become_a_photo_without_a_copy() -> None:
    data = bytearray(np.asarray(picture(8, 6)).tobytes())
    photo = photo_from_bytes(data, 8, 6)
    data[0] = 7
    assert photo.shape == (6, 8, 3)
    assert photo[0, 0, 0] == 7


@pytest.mark.parametrize(("width", "height"), [(8, 7), (0, 6), (-8, -6), (9, 6)])
def test_bytes_that_do_not_fit_the_size_are_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="pixels of 3 bytes"):
        photo_from_bytes(bytes(8 * 6 * 3), width, height)


@pytest.mark.parametrize(
    "photo",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        Image.new("L", (4, 4)),
        Image.new("RGBA", (4, 4)),
    ],
)
def test_other_shapes_and_types_are_refused(photo: object) -> None:
    with pytest.raises(ValueError, match=r"photo must be|not empty|tile cannot|cannot"):
        squash(photo, 16)  # type: ignore[arg-type]  # that is the point


def test_a_side_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        squash(picture(), 0)


def test_a_crop_is_the_middle_of_the_photo() -> None:
    photo = np.zeros((60, 100, 3), np.uint8)
    photo[:, 20:80] = 200
    # The filter reaches a little over the edges of the cut, as it does where the whole photo is resized first.
    assert (square(photo, Shape(30, "crop"))[:, 2:-2] == 200).all()
    assert (square(np.ascontiguousarray(photo.transpose(1, 0, 2)), Shape(30, "crop", "bilinear"))[2:-2] == 200).all()


def test_a_padded_photo_is_whole_and_stands_on_black() -> None:
    photo = np.full((50, 100, 3), 200, np.uint8)
    made = square(photo, Shape(40, "pad"))
    assert (made[10:30] == 200).all()
    assert not made[:10].any()
    assert not made[30:].any()


@pytest.mark.parametrize("fit", ["squash", "crop", "pad"])
@pytest.mark.parametrize("size", [(512, 384), (51, 512), (1, 1), (700, 1)])
def test_every_way_gives_a_square_of_the_right_size(fit: Fit, size: tuple[int, int]) -> None:
    made = square(np.asarray(textured(*size)), Shape(32, fit, "lanczos"))
    assert made.shape == (32, 32, 3)
    assert made.dtype == np.uint8
    assert made.flags.c_contiguous


def test_a_crop_is_what_torchvision_makes_of_a_photo_within_a_step_or_two() -> None:
    photo = textured(400, 300)
    whole = photo.resize((128, 96), Image.Resampling.BICUBIC)
    expected = np.asarray(whole.crop((16, 0, 112, 96)), np.float32)
    assert np.abs(square(photo, Shape(96, "crop")) - expected).mean() < 2


def test_vectors_of_squares_that_are_made_otherwise_have_another_id() -> None:
    ids = {Shape(8, fit, how).id for fit in ("squash", "crop", "pad") for how in ("bilinear", "bicubic")}
    assert len(ids) == 6
    assert Shape(8).id == "squash-bicubic-1"
