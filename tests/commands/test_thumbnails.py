from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.commands.thumbnails import Thumbnail, Thumbnails

IDS = st.text("0123456789abcdef", min_size=16, max_size=16)
SIDES = st.integers(1, 400)
STEPS = st.lists(st.tuples(IDS, st.none() | st.tuples(st.binary(max_size=300), SIDES, SIDES)), max_size=40)


@settings(deadline=None)
@given(steps=STEPS)
def test_it_is_the_dictionary_that_it_stands_for(steps: list[tuple[str, Thumbnail | None]]) -> None:
    kept = Thumbnails(Path(tempfile.gettempdir()))
    try:
        known: dict[str, Thumbnail] = {}
        for photo, thumbnail in steps:
            if thumbnail is None:
                assert kept.pop(photo, None) == known.pop(photo, None)
            else:
                kept[photo] = known[photo] = thumbnail
        assert dict(kept) == known
        assert len(kept) == len(known)
        assert all(photo in kept for photo in known)
    finally:
        kept.close()


def test_nothing_of_it_is_seen_in_the_folder_and_nothing_is_left(tmp_path: Path) -> None:
    kept = Thumbnails(tmp_path)
    kept["0" * 16] = b"jpeg", 4, 3
    kept.close()
    assert list(tmp_path.iterdir()) == []
