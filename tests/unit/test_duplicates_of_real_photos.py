"""The check on real photos, where the shared collections lie beside the repository: copies people made, and one tree."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from shoebox.duplicates.groups import groups
from shoebox.duplicates.matching import match
from shoebox.duplicates.moments import Moments, near_in_time
from shoebox.duplicates.prints import grey_of, print_of
from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import decode_photo
from shoebox.photo.inspection import inspect_head
from tests.unit.making import collection

pytestmark = pytest.mark.cpython_only


def same(files: list[Path]) -> tuple[list[Path], list[list[int]]]:
    """The files that are photos, and which of them are the same picture, by their places."""
    photos, prints, shapes = [], [], []
    for file in files:
        try:
            decoded = decode_photo(file.read_bytes(), file.name)
        except UnreadablePhoto:
            continue
        grey = grey_of(decoded.thumbnail)
        assert grey is not None
        photos.append(file)
        prints.append(print_of(grey))
        shapes.append(decoded.photo_width / decoded.photo_height)
    left, right = (np.array(side) for side in zip(*itertools.combinations(range(len(photos)), 2), strict=True))
    found = match(np.stack(prints), np.array(shapes), left, right)
    return photos, groups((int(left[place]), int(right[place])) for place in np.flatnonzero(found.same))


def test_copies_that_people_made_are_the_same_picture_and_their_originals_are_different_ones() -> None:
    photos, made = same(sorted(collection("duplicates/variants").rglob("*.*")))
    truth: dict[str, list[int]] = {}
    for place, photo in enumerate(photos):
        truth.setdefault(photo.stem.partition("_")[0], []).append(place)
    assert made == sorted(places for places in truth.values() if len(places) > 1)


def test_no_two_photos_of_one_tree_are_the_same_picture() -> None:
    photos, made = same(sorted(collection("duplicates/burst-monstree").iterdir()))
    assert len(photos) > 20
    assert made == []


def test_the_photos_of_the_tree_hang_together_in_time() -> None:
    facts, taken = [], []
    for file in sorted(collection("duplicates/burst-monstree").iterdir()):
        found = inspect_head(file.name, file.read_bytes(), True).facts
        assert found is not None and found.taken_ms is not None
        facts.append(f'{{"taken":"{found.taken}","takenFrom":"{found.taken_from}"}}'.encode())
        taken.append(found.taken_ms)
    left, right = near_in_time(Moments.of(facts, np.array(taken)), most=8)
    assert len(groups(zip(left.tolist(), right.tolist(), strict=True))) <= 3
