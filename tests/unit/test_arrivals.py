"""What a file is to the library, and what whole folders tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoebox.errors import QueryError
from shoebox.library.arrivals import Arrivals, Folders, classify
from shoebox.library.library import Library
from shoebox.photo.facts import PhotoFacts
from shoebox.store.journal import Change
from tests.unit.library_making import DIMENSION, MODEL, OTHER_MODEL, file, number, rows

KNOWN = [f"a/{n}" for n in range(4)]
FACTS = PhotoFacts("JPEG", "image/jpeg")


def seen(*names: str, whole: bool = True, known: list[str] = KNOWN) -> Folders:
    folders = Folders()
    folders.see(1, names, whole, known)
    return folders


def test_a_path_that_a_whole_scan_did_not_find_is_gone() -> None:
    folders = seen("a/0", "a/1", "a/new")
    assert [name for name in KNOWN if folders.is_gone(name)] == ["a/2", "a/3"]
    folders.forget("a")
    assert not folders.is_gone("a/2")


def test_too_few_known_paths_may_mean_another_folder_of_the_same_name() -> None:
    assert not any(map(seen("a/0", "a/new").is_gone, KNOWN))


def test_a_part_of_a_scan_tells_nothing_until_the_rest_is_there() -> None:
    folders = seen("a/0", "a/1", whole=False)
    assert not folders.is_gone("a/2")
    folders.see(2, ["b/0"], True, KNOWN)
    assert not folders.is_gone("a/2"), "another addition"
    folders.see(1, ["a/2"], True, KNOWN)
    assert [name for name in KNOWN if folders.is_gone(name)] == ["a/3"]


def test_other_folders_and_loose_files_are_never_gone() -> None:
    folders = seen("a/0", "a/1", "loose", known=[*KNOWN, "b/0", "loose2", "ab/1"])
    assert not any(map(folders.is_gone, ["b/0", "loose", "loose2", "ab/1", "unknown"]))


@given(st.lists(st.sampled_from([*KNOWN, "a/new"]), min_size=1, unique=True), st.data())
def test_pieces_of_a_scan_tell_what_the_whole_tells(names: list[str], data: st.DataObject) -> None:
    folders = Folders()
    cut = data.draw(st.integers(0, len(names)))
    folders.see(7, names[:cut], False, KNOWN)
    folders.see(7, names[cut:], True, KNOWN)
    whole = seen(*names)
    assert [folders.is_gone(name) for name in KNOWN] == [whole.is_gone(name) for name in KNOWN]


@pytest.fixture
def library() -> Library:
    """Contents 0 to 3 under a/0 to a/3, and content 9, which another pack looked at, under a/9."""
    library = Library(MODEL, DIMENSION)
    library.apply(Change(rows=rows([(n, [(f"a/{n}", 1.0)]) for n in range(4)])))
    library.apply(Change(rows=rows([(9, [("a/9", 1.0)])], OTHER_MODEL)))
    return library


@pytest.mark.parametrize(
    ("name", "content", "mtime", "kind", "paths", "drop"),
    [
        ("new", 50, 1.0, "new", 0, []),
        ("a/0", 50, 1.0, "changed", 0, []),
        ("a/0", 0, 1.0, "unchanged", 0, []),
        ("a/0", 0, 2.0, "unchanged", 1, []),
        ("b/0", 0, 1.0, "duplicate", 1, []),
        ("a/1", 0, 1.0, "duplicate", 1, []),
        ("a/new", 3, 1.0, "renamed", 1, ["a/3"]),
        ("a/9", 9, 1.0, "changed", 0, []),
        ("b/9", 9, 1.0, "new", 0, []),
    ],
)
def test_a_file_is_known_by_its_bytes_first_and_its_path_second(
    library: Library, name: str, content: int, mtime: float, kind: str, paths: int, drop: list[str]
) -> None:
    folders = seen("a/0", "a/1", "a/2", "a/9", "a/new")
    found, change = classify(library, folders, file(name, content, mtime))
    assert found == kind
    assert (len(change.paths), change.drop) == (paths, drop)
    assert all(path == (name, number(content), mtime) for path in change.paths)


def test_tickets_are_found_by_photo_until_they_are_done() -> None:
    arrivals = Arrivals()
    arrival = arrivals.add(file("a/1", 1), FACTS)
    assert arrivals.get(arrival.ticket) is arrivals.find(number(1)) is arrival
    assert arrival.paths == [("a/1", 0.0)]
    arrivals.remove(arrival)
    arrivals.remove(arrival)
    assert arrivals.find(number(1)) is None
    assert len(arrivals) == 0
    with pytest.raises(QueryError, match="ticket"):
        arrivals.get(arrival.ticket)
