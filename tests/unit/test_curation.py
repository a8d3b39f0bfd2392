"""How good photos are, which are the best, and where squares are cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from shoebox.curation import best, looks, quality
from shoebox.curation.looks import FULL
from shoebox.curation.squares import across_and_down, square
from shoebox.store.rows import LOOKS, UNMEASURED
from tests.photos import picture as scene
from tests.unit.making import collection, textured

NO_FACE = np.array([np.nan], np.float32)


def photo(name: str) -> Image.Image:
    return scene(name).resize((512, 384), Image.Resampling.LANCZOS)


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.uint8)


def cosines(vectors: NDArray[np.float32]) -> best.Alike:
    return lambda row, others: vectors[list(others)] @ vectors[row]


class TestLooks:
    @pytest.mark.parametrize("name", ["cat", "coffee", "motorcycle"])
    def test_sharpness_falls_as_blur_grows(self, name: str) -> None:
        image = photo(name)
        blurred = [image.filter(ImageFilter.GaussianBlur(radius)) for radius in (0.01, 1, 1.5, 2, 3)]
        found = [looks.sharpness(pixels(each)) for each in blurred]
        assert found == sorted(found, reverse=True)
        assert found[0] > 0.9
        assert found[-1] < 0.1

    @pytest.mark.parametrize("axis", [0, 1])
    def test_a_camera_that_moved_is_noticed_in_either_direction(self, axis: int) -> None:
        whole = pixels(photo("motorcycle"))
        moved = np.mean([np.roll(whole, shift, axis=axis) for shift in range(9)], axis=0).astype(np.uint8)
        assert looks.sharpness(moved) < looks.sharpness(whole) - 0.3

    def test_a_sharp_subject_before_a_blurred_background_is_sharp(self) -> None:
        image = photo("cat").filter(ImageFilter.GaussianBlur(4))
        image.paste(photo("cat").crop((130, 90, 390, 300)), (130, 90))
        assert looks.sharpness(pixels(image)) > 0.8

    def test_where_there_is_nothing_to_judge_sharpness_is_in_the_middle(self) -> None:
        assert looks.sharpness(np.full((300, 400, 3), 90, np.uint8)) == 0.5

    @pytest.mark.parametrize("factor", [0.08, 4.0])
    def test_photos_too_dark_or_too_light_are_badly_exposed(self, factor: float) -> None:
        image = photo("cat")
        assert looks.exposure(pixels(image)) > 0.7
        assert looks.exposure(pixels(ImageEnhance.Brightness(image).enhance(factor))) < 0.35

    def test_fog_is_badly_exposed(self) -> None:
        assert looks.exposure(pixels(ImageEnhance.Contrast(photo("coffee")).enhance(0.1))) < 0.2

    @pytest.mark.parametrize("left", [0, 288, 576])
    def test_the_square_stands_where_something_is(self, left: int) -> None:
        image = Image.new("RGB", (768, 192), (120, 130, 125))
        image.paste(scene("coffee").resize((192, 192)), (left, 0))
        assert looks.window(pixels(image)) == pytest.approx(left / 576, abs=0.08)
        assert looks.window(pixels(image.transpose(Image.Transpose.TRANSPOSE))) == pytest.approx(left / 576, abs=0.08)

    @settings(deadline=None, max_examples=60)
    @given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70), st.just(3))))
    def test_any_picture_has_looks(self, picture: np.ndarray) -> None:
        found = looks.measure(picture)
        assert found.shape == (LOOKS,)
        assert found.dtype == np.uint8
        assert found.max() <= FULL

    @pytest.mark.parametrize("size", [(1, 1), (4096, 1), (1, 4096), (4096, 137), (512, 512)])
    def test_pictures_of_any_shape_have_looks(self, size: tuple[int, int]) -> None:
        assert looks.measure(pixels(textured(*size).resize(size))).max() <= FULL


class TestQuality:
    @staticmethod
    def of(
        look: tuple[int, int, int], size: tuple[int, int] = (4000, 3000), face: float = np.nan, utility: bool = False
    ) -> float:
        found = quality.parts(
            np.array([look], np.uint8), np.array([size[0]]), np.array([size[1]]), np.array([face], np.float32)
        )
        return float(quality.combined(found, np.array([utility]))[0])

    def test_a_photo_that_has_everything_is_nearly_perfect_and_one_that_has_nothing_is_not(self) -> None:
        assert self.of((FULL, FULL, 0), face=1.0) == pytest.approx(1)
        assert self.of((0, 0, 0), (200, 100), face=0.0) < 0.1

    def test_blur_costs_more_than_anything(self) -> None:
        assert self.of((0, FULL, 0)) < min(
            self.of((FULL, 60, 0)), self.of((FULL, FULL, 0), (640, 480)), self.of((FULL, FULL, 0), face=0.1)
        )

    def test_papers_and_screens_come_last(self) -> None:
        assert self.of((FULL, FULL, 0), utility=True) < self.of((30, 30, 0))

    def test_a_face_well_seen_is_better_than_none_and_none_better_than_one_badly_seen(self) -> None:
        well, none, badly = (self.of((200, 200, 0), face=face) for face in (0.9, np.nan, 0.1))
        assert well > none > badly

    def test_what_nobody_measured_is_neither_good_nor_bad(self) -> None:
        assert self.of((0, 0, 0)) < self.of((UNMEASURED, UNMEASURED, UNMEASURED)) < self.of((FULL, FULL, 0))

    @given(
        st.integers(0, 255),
        st.integers(0, 255),
        st.integers(1, 70_000),
        st.integers(1, 70_000),
        st.floats(0, 1) | st.just(np.nan),
    )
    def test_quality_is_from_0_to_1_and_grows_with_each_part(
        self, sharp: int, exposed: int, width: int, height: int, face: float
    ) -> None:
        found = self.of((sharp, exposed, 0), (width, height), face)
        assert 0 <= found <= 1
        if sharp < FULL:
            assert self.of((sharp + 1, exposed, 0), (width, height), face) >= found
        assert self.of((sharp, exposed, 0), (width + 1, height), face) >= found


class TestBest:
    @staticmethod
    def chosen(
        scores: list[float],
        taken: list[float] | None = None,
        vectors: np.ndarray | None = None,
        allowed: list[bool] | None = None,
    ) -> list[int]:
        count = len(scores)
        times = np.array(taken if taken else [day * 86_400_000.0 for day in range(count)], np.float64)
        found = vectors if vectors is not None else np.eye(count, dtype=np.float32)
        mask = np.array(allowed) if allowed else np.ones(count, bool)
        return np.flatnonzero(best.choose(np.array(scores, np.float32), times, cosines(found), mask)).tolist()

    def test_a_tenth_of_a_large_library(self) -> None:
        scores = np.linspace(0.6, 1, 300).tolist()
        assert self.chosen(scores) == list(range(270, 300))

    def test_a_small_library_shows_more_but_only_what_is_good(self) -> None:
        assert self.chosen([0.9, 0.2, 0.8, 0.5]) == [0, 2]
        assert len(self.chosen([0.9] * 40)) == best.FEWEST

    def test_of_one_moment_only_the_best(self) -> None:
        same = np.ones((3, 1), np.float32)
        assert self.chosen([0.7, 0.9, 0.8], [0, 60_000, 120_000], same) == [1]
        assert self.chosen([0.7, 0.9, 0.8], [0, 3_600_000, 7_200_000], same) == [0, 1, 2]

    def test_what_was_taken_at_once_but_shows_something_else_stays(self) -> None:
        assert self.chosen([0.7, 0.9, 0.8], [0, 1000, 2000]) == [0, 1, 2]

    def test_what_is_not_allowed_is_not_chosen(self) -> None:
        assert self.chosen([0.9, 0.8], allowed=[False, True]) == [1]

    def test_photos_without_a_date_can_be_the_best(self) -> None:
        assert self.chosen([0.9, 0.8], [np.nan, np.nan], np.ones((2, 1), np.float32)) == [0, 1]

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 5) | st.just(np.nan), st.booleans()), max_size=60))
    def test_the_chosen_are_allowed_and_good_and_none_left_out_is_better_without_a_better_one_beside_it(
        self, photos: list[tuple[float, float, bool]]
    ) -> None:
        scores = np.array([score for score, _, _ in photos], np.float32)
        taken = np.array([minute * 300_000 for _, minute, _ in photos], float)
        allowed = np.array([yes for _, _, yes in photos], bool)
        vectors = np.ones((len(photos), 1), np.float32)
        mask = best.choose(scores, taken, cosines(vectors), allowed)
        assert not (mask & ~allowed).any()
        assert (scores[mask] >= best.LEAST_QUALITY).all()
        dated = np.sort(taken[mask & ~np.isnan(taken)])
        assert (np.diff(dated) >= 600_000).all()
        if mask.sum() < best.FEWEST:
            for row in np.flatnonzero(allowed & ~mask & (scores >= best.LEAST_QUALITY)).tolist():
                near = mask & (np.abs(taken - taken[row]) <= 600_000)
                assert scores[near].max(initial=-1) >= scores[row]


class TestSquares:
    @staticmethod
    def at(size: tuple[int, int], boxes: list[list[float]], window: int = 0, weights: list[float] | None = None) -> float:
        weight = np.array(weights or [1.0] * len(boxes), np.float32)
        return square(*size, window, np.array(boxes, np.float32).reshape(-1, 4), weight)

    def test_without_faces_it_is_what_was_measured(self) -> None:
        assert self.at((300, 200), [], FULL) == 1
        assert self.at((300, 200), [], 0) == 0
        assert self.at((300, 200), [], UNMEASURED) == 0.5

    def test_a_square_photo_has_nothing_to_choose(self) -> None:
        assert self.at((200, 200), [[0, 0, 20, 20]]) == 0.5

    @pytest.mark.parametrize(("left", "expected"), [(0, 0.0), (380, 1.0), (190, 0.5)])
    def test_one_face_is_in_the_middle_or_at_the_edge(self, left: int, expected: float) -> None:
        assert self.at((400, 200), [[left, 50, 20, 20]]) == pytest.approx(expected, abs=0.01)
        assert self.at((200, 400), [[50, left, 20, 20]]) == pytest.approx(expected, abs=0.01)

    def test_faces_that_fit_together_are_all_in_it(self) -> None:
        start = self.at((600, 200), [[300, 50, 40, 40], [440, 50, 40, 40]]) * 400
        assert start <= 300
        assert start + 200 >= 480

    def test_of_faces_too_far_apart_the_larger_is_kept_whole(self) -> None:
        start = self.at((800, 200), [[20, 50, 30, 30], [600, 20, 120, 120]]) * 600
        assert start <= 600
        assert start + 200 >= 720

    def test_wide_boxes_cut_where_the_faces_are_not(self) -> None:
        def down(boxes: list[list[float]]) -> float:
            weights = np.ones(len(boxes), np.float32)
            return across_and_down(300, 200, 0, np.array(boxes, np.float32).reshape(-1, 4), weights)[1]

        assert down([[100, 10, 20, 20]]) == pytest.approx(0.1)
        assert down([[100, 170, 20, 20]]) == pytest.approx(0.9)
        assert down([]) < 0.5

    @given(
        st.integers(1, 5000),
        st.integers(1, 5000),
        st.lists(st.tuples(*[st.floats(-500, 5000, width=32)] * 2, *[st.floats(0, 3000, width=32)] * 2), max_size=6),
        st.integers(0, 255),
    )
    def test_the_square_is_always_inside(self, width: int, height: int, faces: list[tuple[float, ...]], window: int) -> None:
        assert 0 <= self.at((width, height), [list(box) for box in faces], window) <= 1


def test_photos_of_cameras_are_better_than_the_same_photos_spoilt() -> None:
    """On real photos: a blurred, dark or tiny copy never wins."""
    from shoebox.errors import UnreadablePhoto
    from shoebox.photo.decode import decode_photo

    compared = 0
    for path in sorted(collection("formats").glob("photoprism__assets*.jpg")):
        try:
            whole = decode_photo(path.read_bytes(), path.name).pixels
        except UnreadablePhoto:
            continue
        image = Image.fromarray(whole)
        spoilt = [image.filter(ImageFilter.GaussianBlur(1.5)), ImageEnhance.Brightness(image).enhance(0.1)]
        found = [looks.measure(pixels(each)) for each in (image, *spoilt)]
        sizes = np.full(3, 3000), np.full(3, 2000)
        scores = quality.combined(quality.parts(np.array(found), *sizes, np.repeat(NO_FACE, 3)), np.zeros(3, bool))
        assert scores.argmax() == 0, path.name
        compared += 1
    assert compared >= 5
