"""The table of places as bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import PlacesError
from shoebox.places.table import PlaceTable
from tests.unit.place_making import table

WHOLE = table()
DATA = WHOLE.to_bytes()


def test_comes_back_as_it_was() -> None:
    back = PlaceTable.from_bytes(DATA)
    for each in fields(PlaceTable):
        before, after = getattr(WHOLE, each.name), getattr(back, each.name)
        if isinstance(before, tuple):
            assert before == after
        elif before.dtype == np.float64:
            assert np.abs(before - after).max() < 1e-9
        else:
            assert before.dtype == after.dtype
            assert np.array_equal(before, after)


def test_the_same_table_has_the_same_bytes() -> None:
    assert table().to_bytes() == DATA


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_damage_is_told_and_never_a_crash(place: int, flip: int) -> None:
    damaged = bytearray(DATA)
    damaged[place] ^= flip
    try:
        PlaceTable.from_bytes(bytes(damaged))
    except PlacesError as error:
        assert "table of places" in str(error)


@given(st.integers(0, len(DATA) - 1))
def test_a_table_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(PlacesError):
        PlaceTable.from_bytes(DATA[:length])


def test_a_table_of_another_version_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, version=np.array([2]))
    with pytest.raises(PlacesError, match="another version"):
        PlaceTable.from_bytes(file.getvalue())


def test_a_table_that_would_fill_the_memory_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version.npy", bytes(101_000_000))
    with pytest.raises(PlacesError, match="too large"):
        PlaceTable.from_bytes(file.getvalue())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"latitude": np.full(len(WHOLE), 91.0)}, "nowhere on the globe"),
        ({"country": np.full(len(WHOLE), 99, np.int16)}, "points beyond"),
        ({"city": np.full(len(WHOLE), -1, np.int32)}, "points beyond"),
        ({"region": WHOLE.region[:3]}, "another form"),
        ({"population": WHOLE.population.astype(np.float32)}, "another form"),
        ({"land": np.full((4, 8), 200, np.uint8)}, "another length"),
        ({"land": np.zeros(8, np.uint8)}, "another form"),
        ({"codes": ("FR",)}, "another length"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(PlacesError, match=why):
        replace(WHOLE, **change)


def test_land_is_found_by_degrees() -> None:
    latitudes, longitudes = np.array([45.0, 45.0, 90.0, -90.0]), np.array([100.0, -100.0, 180.0, -180.0])
    assert WHOLE.land_at(latitudes, longitudes).tolist() == [WHOLE.codes.index("MN"), -1, -1, -1]
