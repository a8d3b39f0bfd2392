"""Which photo lies under which path, against a plain dict."""

from __future__ import annotations

import numpy as np
import pytest

from shoebox.library import owners as module
from shoebox.library.owners import Owners
from shoebox.store.packed import Packed


def made(*names: str) -> tuple[Packed[str], Owners]:
    """Rows under these names, with ids from 100 and times from 0."""
    packed = Packed(str)
    packed.extend(names)
    owners = Owners(packed, lambda row: 100 + row)
    owners.enter(names, np.arange(len(names), dtype=float))
    return packed, owners


def test_names_and_copies_are_found_with_their_times() -> None:
    _, owners = made("a/1", "a/2")
    owners.copy("b/1", 100, 7.0)
    assert dict(owners) == {"a/1": 100, "a/2": 101, "b/1": 100}
    assert [owners.time(path) for path in owners] == [0.0, 1.0, 7.0]
    assert owners.file("a/2") == (101, 1.0)
    assert owners.file("b/1") == (100, 7.0)
    assert len(owners) == 3
    assert "b/1" in owners
    for path in ("a/3", 5):
        assert path not in owners
    assert owners.file("a/3") is None
    with pytest.raises(KeyError):
        owners["a/3"]


def test_what_is_lifted_is_gone_and_its_row_can_take_another_name() -> None:
    packed, owners = made("a/1", "a/2")
    owners.copy("b/1", 100, 7.0)
    assert [owners.lift(path) for path in ("a/1", "b/1", "a/1")] == [0.0, 7.0, None]
    packed[0] = "b/1"
    owners.lay(0, 8.0)
    owners.touch("a/2", 9.0)
    assert {path: owners.file(path) for path in owners} == {"b/1": (100, 8.0), "a/2": (101, 9.0)}
    assert owners.disjoint(["a/1", "c"])
    assert not owners.disjoint(["c", "b/1"])


def test_rows_that_are_kept_are_found_under_their_new_numbers() -> None:
    packed, owners = made(*(f"a/{number}" for number in range(10)))
    owners.lift("a/4")
    packed.keep([3, 4, 5])
    owners.keep(np.array([3, 4, 5]))
    assert dict(owners) == {"a/3": 100, "a/5": 102}
    assert owners.time("a/5") == 5.0


def test_room_that_was_made_before_is_filled() -> None:
    packed = Packed(str)
    owners = Owners(packed, lambda row: 100 + row)
    owners.reserve(500)
    for low in range(0, 900, 300):
        names = [f"a/{number}" for number in range(low, low + 300)]
        packed.extend(names)
        owners.enter(names, np.zeros(300))
    assert list(owners) == [f"a/{number}" for number in range(900)]
    assert len(owners) == 900


def test_paths_of_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_hash", lambda path: 5)
    _, owners = made("a/1", "a/2", "a/3")
    assert [owners[path] for path in ("a/1", "a/2", "a/3")] == [100, 101, 102]
    assert owners.lift("a/2") == 1.0
    assert list(owners) == ["a/1", "a/3"]
    assert "a/4" not in owners
