"""Calibration: curves and thresholds from photos whose truth is known, and how truth is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.evaluation.truth import Photo
from models.training.calibration import LEAST_THRESHOLD, SLOPE, Curve, fit, threshold
from models.training.drawn import draw_all
from models.training.taxonomy import read_taxonomy
from models.training.truth import Witnesses

rows = st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), max_size=40)


@pytest.fixture(scope="module")
def witnesses() -> Witnesses:
    return Witnesses(read_taxonomy())


def told(witnesses: Witnesses, name: str, *photos: Photo) -> list[str]:
    """What is known of photos: "true", "false" or "unknown"."""
    number = {entry.concept.name: entry.concept.number for entry in read_taxonomy()}[name]
    truth = witnesses.truth(number, photos)
    assert not (truth.true & truth.false).any()
    return ["true" if yes else "false" if no else "unknown" for yes, no in zip(truth.true, truth.false, strict=True)]


def captioned(*captions: str) -> Photo:
    return Photo(Path("x.jpg"), "dev", captions=captions)


def measured(chances: list[tuple[float, bool]]) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    chance = np.array([each for each, _ in chances], np.float32)
    return chance, np.array([each for _, each in chances], bool), np.ones(len(chances))


def test_a_curve_is_found_again_from_what_it_made() -> None:
    random = np.random.default_rng(3)
    made = Curve(2.0, -3.0)
    z = random.normal(0, 2, 20_000)
    found = fit(z, random.random(len(z)) < made.of(z), np.ones(len(z)), SLOPE)
    assert found.slope == pytest.approx(2.0, abs=0.15)
    assert found.offset == pytest.approx(-3.0, abs=0.2)


def test_without_photos_what_was_assumed_stands() -> None:
    found = fit(np.zeros(0), np.zeros(0, bool), np.zeros(0), (1.2, 0.5), (-4.0, 1.0))
    assert (found.slope, found.offset) == (1.2, -4.0)


@given(rows)
def test_what_a_threshold_shows_is_right_often_enough(chances: list[tuple[float, bool]]) -> None:
    chance, true, weights = measured(chances)
    least = threshold(chance, true, weights, 0.8)
    if least is not None:
        shown = chance >= least
        assert least >= LEAST_THRESHOLD
        assert true[shown].sum() / (shown.sum() + 1) >= 0.8


def test_a_threshold_shows_as_many_as_it_may() -> None:
    chances = [(0.9, True)] * 8 + [(0.8, False), (0.7, True), (0.6, False), (0.5, False)]
    assert threshold(*measured(chances), precision=0.8) == pytest.approx(0.65)


@pytest.mark.parametrize("chances", [[], [(0.9, False)] * 9, [(0.9, True)] * 3, [(0.2, True)] * 9])
def test_wrong_few_or_unlikely_ones_are_not_shown(chances: list[tuple[float, bool]]) -> None:
    assert threshold(*measured(chances), precision=0.8) is None


def test_captions_tell_where_enough_of_them_say_so(witnesses: Witnesses) -> None:
    other = "a man in a room"
    photos = (
        captioned("dogs on a beach", "the beach at noon", other, other, other),
        captioned("a dog on a beach", other, other, other, other),
        captioned("a dog in the sand", other, other, other, other),
        captioned(other, other, other, other, other),
        captioned("a sandy beach"),
        captioned(other),
    )
    assert told(witnesses, "beach", *photos) == ["true", "unknown", "unknown", "false", "true", "unknown"]


def test_classes_and_folders_tell_what_they_are_of(witnesses: Witnesses) -> None:
    beagle, sandbar, table = (Photo(Path("x.jpg"), "imagenet", label) for label in (162, 977, 532))
    kitchen, sunrise = Photo(Path("x.jpg"), "rooms/kitchen"), Photo(Path("x.jpg"), "weather/sunrise")
    drawn = Photo(Path("x.png"), "drawn/window")
    assert told(witnesses, "dog", beagle, sandbar, kitchen) == ["true", "false", "unknown"]
    assert told(witnesses, "beach", sandbar, beagle, table, kitchen, drawn) == ["true", "unknown", "false", "false", "false"]
    assert told(witnesses, "sunrise or sunset", sunrise, kitchen) == ["true", "false"]
    assert told(witnesses, "screenshot", drawn, sunrise) == ["true", "unknown"]
    assert told(witnesses, "text", drawn) == ["true"]


def test_what_is_drawn_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (draw_all(tmp_path / name, ("dog", "kitchen sink"), each=2) for name in "ab")
    assert [kind for _, kind in first] == [kind for _, kind in second]
    assert len({path.read_bytes() for path, _ in first}) == len(first)
    assert [path.read_bytes() for path, _ in first] == [path.read_bytes() for path, _ in second]
