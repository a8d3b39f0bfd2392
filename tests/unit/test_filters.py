"""Conditions on the columns: which rows they let through."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.library.library import Library
from shoebox.search.filters import distances
from shoebox.search.query import parse
from shoebox.store.journal import Change
from shoebox.store.rows import SCREENSHOT
from tests.unit.library_making import DIMENSION, MODEL, rows

DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.fixture
def library() -> Library:
    """Five photos: 0 in Paris by a Pixel in 2019, 1 in London by a Nikon in 2020, 2 a screenshot, 3 a PNG, 4 without facts."""
    library = Library(MODEL, DIMENSION)
    for content, camera in enumerate(("Google Pixel 3", "Nikon D5300", "", "", "")):
        made = rows([(content, [(str(content), 0.0)])], camera=camera)
        made.columns["taken"][:] = (1_556_712_000_000.0, 1_588_334_400_000.0, 1_556_712_000_000.0, np.nan, np.nan)[content]
        made.columns["latitude"][:] = (48.8566, 51.5074, np.nan, np.nan, np.nan)[content]
        made.columns["longitude"][:] = (2.3522, -0.1278, np.nan, np.nan, np.nan)[content]
        made.columns["flags"][:] = SCREENSHOT if content == 2 else 0
        made.formats = ["PNG" if content in (2, 3) else "JPEG"]
        library.apply(Change(rows=made))
    return library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in:2019", [0, 2]),
        ("in:2019-05", [0, 2]),
        ("in:2019-05-01", [0, 2]),
        ("in:2019-05-02", []),
        ("after:2020", [1]),
        ("before:2020", [0, 2]),
        ("-in:2019", [1, 3, 4]),
        ("camera:pixel", [0]),
        ("camera:D5300", [1]),
        ("-camera:nikon", [0, 2, 3, 4]),
        ('camera:"pixel 3"', [0]),
        ("camera:canon", []),
        ("type:png", [2, 3]),
        ("type:jpg", [0, 1, 4]),
        ("type:raw", []),
        ("type:screenshot", [2]),
        ("-type:screenshot", [0, 1, 3, 4]),
        ("near:48.85,2.35", [0]),
        ("near:48.85,2.35,400", [0, 1]),
        ("near:0,0", []),
        ("in:2019 type:png", [2]),
    ],
)
def test_a_field_lets_through_what_it_says(library: Library, text: str, expected: list[int]) -> None:
    mask = np.logical_and.reduce([condition.mask(library) for condition in parse(text).filters])
    assert np.flatnonzero(mask).tolist() == expected


def test_conditions_work_on_an_empty_library() -> None:
    empty = Library(MODEL, DIMENSION)
    for text in ("in:2019", "camera:x", "type:png", "type:screenshot", "near:1,2", "-type:png"):
        assert parse(text).filters[0].mask(empty).shape == (0,)


@pytest.mark.parametrize(
    "text", ["in:2019", "after:2019-05", "before:2019", "camera:pixel", "type:png", "type:screenshot", "near:1,2", "-in:2019"]
)
def test_every_condition_can_be_said(text: str) -> None:
    said = parse(text).filters[0].said
    assert said
    assert not said.endswith(".")


@given(DEGREES, DEGREES)
def test_distances_are_those_on_a_sphere(one: tuple[float, float], other: tuple[float, float]) -> None:
    def point(latitude: float, longitude: float) -> np.ndarray:
        a, b = np.radians(latitude), np.radians(longitude)
        return np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])

    chord = np.linalg.norm(point(*one) - point(*other))
    expected = 2 * 6371.0088 * np.arcsin(min(float(chord) / 2, 1.0))
    found = distances(np.array([one[0]]), np.array([one[1]]), *other)[0]
    assert found == pytest.approx(expected, abs=0.5)


def test_known_distances_are_right() -> None:
    paris_to = distances(np.array([51.5074, 40.7128, np.nan]), np.array([-0.1278, -74.0060, np.nan]), 48.8566, 2.3522)
    assert paris_to[0] == pytest.approx(343.6, abs=1)
    assert paris_to[1] == pytest.approx(5837, abs=5)
    assert np.isnan(paris_to[2])
