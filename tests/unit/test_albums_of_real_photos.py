"""Albums of what real cameras wrote: photos of many strangers, taken all over the world in thirty years."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shoebox.albums import events, home, trips
from shoebox.api import Shoebox
from shoebox.photo.inspection import inspect_head
from tests.unit.album_making import NOWHERE, Life, Photo, photo, put_in, whole_life
from tests.unit.making import collection
from tests.unit.place_making import table
from tests.unit.tiny_pack import tiny_box

pytestmark = pytest.mark.cpython_only

HEAD = 256 * 1024


def facts_of(folder: Path) -> list[Photo]:
    """What the photos of a folder say of themselves, where they say when they were taken."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        head = path.read_bytes()
        facts = inspect_head(path.name, head[:HEAD], len(head) <= HEAD).facts
        if facts is not None and facts.taken_ms is not None:
            spot = NOWHERE if facts.latitude is None or facts.longitude is None else (facts.latitude, facts.longitude)
            found.append(Photo(str(path.relative_to(folder)), facts.taken_ms, spot))
    return sorted(found, key=lambda each: each.taken)


def test_strangers_have_no_home_in_common_and_went_on_no_trip_together() -> None:
    photos = facts_of(collection("formats"))
    taken = np.array([each.taken for each in photos])
    latitude, longitude = np.array([each.spot for each in photos]).T
    assert np.isfinite(latitude).sum() > 30
    far = home.find(latitude, longitude, taken).kilometres(latitude, longitude, taken)
    assert np.isnan(far).all()
    assert trips.find(taken, far) == []
    assert events.find(taken) == []


def test_a_real_burst_is_no_event() -> None:
    taken = [each.taken for each in facts_of(collection("duplicates") / "burst-monstree")]
    assert len(taken) > 20
    assert events.find(np.array(taken)) == []


def test_photos_of_strangers_leave_the_albums_of_a_life_as_they_are() -> None:
    def albums(life: Life) -> list[tuple[str, set[str]]]:
        box: Shoebox = tiny_box()[0]
        put_in(box, life)
        box.places.begin(table().to_bytes())
        return [(each["title"], set(each["photos"])) for each in box.albums.albums()]

    life, _ = whole_life()
    before = albums(life)
    strangers = facts_of(collection("formats"))
    life.photos += strangers
    ids = {photo(each.name) for each in strangers}
    after = [(title, photos - ids) for title, photos in albums(life)]
    # What strangers took on one journey makes an album beside them.
    assert [album for album in after if album[1]] == before
