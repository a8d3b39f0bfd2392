"""The library against a plain dict: whatever happens, both hold the same photos under the same paths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shoebox.errors import QueryError, StoreError
from shoebox.library.ledger import Ledger
from shoebox.library.library import Library
from shoebox.library.verification import problems
from shoebox.store.blocks import Block, write_block
from shoebox.store.journal import Change, write_entry
from shoebox.store.rows import ELSEWHERE, Path
from shoebox.store.sealed import BLOCK, seal, unseal
from tests.unit.library_making import DIMENSION, MODEL, OTHER_MODEL, number, rows, vector

Model = dict[int, list[Path]]

CONTENTS = st.integers(0, 9)
NAMES = st.sampled_from([f"{folder}/{name}" for folder in ("a", "b") for name in range(5)] + ["loose"])
TIMES = st.integers(0, 3).map(float)


class Database:
    """What a browser would have stored: bytes by key."""

    def __init__(self) -> None:
        self.blocks: dict[int, bytes] = {}
        self.journal: dict[int, bytes] = {}

    def repack(self, put: list[tuple[int, bytes]], delete: list[int], through: int) -> None:
        for key in delete:
            self.blocks.pop(key, None)
        self.blocks.update(put)
        self.journal = {key: data for key, data in self.journal.items() if key > through}


def drop(model: Model, name: str) -> None:
    for content in [content for content, paths in model.items() if name in dict(paths)]:
        model[content] = [path for path in model[content] if path[0] != name]
        if not model[content]:
            del model[content]


def lay(model: Model, content: int, name: str, mtime: float) -> None:
    """A photo of the model now (also) lies there."""
    if content in model and name in dict(model[content]):
        model[content] = [(other, mtime if other == name else time) for other, time in model[content]]
        return
    drop(model, name)
    model.setdefault(content, []).append((name, mtime))


class Life(RuleBasedStateMachine):
    """Everything that can happen to a library, in any order, with reloads and failed transactions in between."""

    def __init__(self) -> None:
        super().__init__()
        self.library = Library(MODEL, DIMENSION)
        self.ledger = Ledger(self.library)
        self.database = Database()
        self.model: Model = {}
        self.away: Model = {}

    def do(self, change: Change) -> None:
        key, data = self.ledger.stage(change)
        self.database.journal[key] = data
        self.ledger.accept(key)

    @rule(content=CONTENTS, name=NAMES, mtime=TIMES)
    def add(self, content: int, name: str, mtime: float) -> None:
        former = self.model.pop(content, [])
        self.away.pop(content, None)
        drop(self.model, name)
        self.model[content] = [(name, mtime), *(path for path in former if path[0] != name)]
        self.do(Change(rows=rows([(content, [(name, mtime)])])))

    @rule(contents=st.lists(CONTENTS, max_size=4, unique=True), mtime=TIMES)
    def add_several_at_once(self, contents: list[int], mtime: float) -> None:
        photos = [(content, [(f"c/{content}", mtime)]) for content in contents]
        for content, paths in photos:
            former = self.model.pop(content, [])
            self.away.pop(content, None)
            self.model[content] = [*paths, *(path for path in former if path[0] != paths[0][0])]
        self.do(Change(rows=rows(photos)))

    @rule(content=CONTENTS, names=st.lists(NAMES, max_size=2, unique=True))
    def come_from_elsewhere(self, content: int, names: list[str]) -> None:
        paths = [(name, 7.0) for name in names]
        if content not in self.model:
            self.away[content] = paths
        made = rows([(content, paths)])
        made.columns["flags"][:] = ELSEWHERE
        self.do(Change(rows=made))

    @precondition(lambda self: self.away)
    @rule(data=st.data(), name=NAMES, mtime=TIMES)
    def find_the_file(self, data: st.DataObject, name: str, mtime: float) -> None:
        content = data.draw(st.sampled_from(sorted(self.away)))
        del self.away[content]
        lay(self.model, content, name, mtime)
        self.do(Change(paths=[(name, number(content), mtime)]))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=NAMES, mtime=TIMES)
    def copy(self, data: st.DataObject, name: str, mtime: float) -> None:
        content = data.draw(st.sampled_from(sorted(self.model)))
        lay(self.model, content, name, mtime)
        self.do(Change(paths=[(name, number(content), mtime)]))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=NAMES, mtime=TIMES)
    def rename(self, data: st.DataObject, name: str, mtime: float) -> None:
        content = data.draw(st.sampled_from(sorted(self.model)))
        gone = [other for other, _ in self.model[content] if other != name]
        lay(self.model, content, name, mtime)
        for other in gone:
            drop(self.model, other)
        self.do(Change(paths=[(name, number(content), mtime)], drop=gone))

    @rule(contents=st.lists(CONTENTS, max_size=3))
    def remove(self, contents: list[int]) -> None:
        for content in contents:
            self.model.pop(content, None)
            self.away.pop(content, None)
        self.do(Change(remove=[number(content) for content in contents]))

    @rule(seen=st.sets(NAMES), sure=st.booleans())
    def sweep(self, seen: set[str], sure: bool) -> None:
        known = [name for paths in self.model.values() for name, _ in paths if name.startswith("a/")]
        gone = [name for name in known if name not in seen]
        if sure or 2 * (len(known) - len(gone)) >= len(known):
            for name in gone:
                drop(self.model, name)
        self.do(self.library.sweep("a", seen, sure))

    @rule(content=CONTENTS, name=NAMES)
    def lose_a_batch_that_could_not_be_stored(self, content: int, name: str) -> None:
        key, _ = self.ledger.stage(Change(rows=rows([(content, [(name, 0.0)])])))
        self.ledger.reject(key)

    @rule(content=CONTENTS, name=NAMES)
    def crash_between_stage_and_accept(self, content: int, name: str) -> None:
        self.ledger.stage(Change(rows=rows([(content, [(name, 0.0)])]), drop=[name]))
        self.reload()

    @rule(stored=st.booleans(), change=st.tuples(CONTENTS, NAMES) | st.none())
    def compact(self, stored: bool, change: tuple[int, str] | None) -> None:
        plan = self.ledger.compact(force=True)
        if change is not None:
            # The person goes on while the blocks are being stored.
            self.add(change[0], change[1], 1.0)
        if plan is None:
            return
        key, put, delete, through = plan
        if stored:
            self.database.repack(put, delete, through)
            self.ledger.accept(key)
        else:
            self.ledger.reject(key)

    @rule()
    def crash_while_compacting(self) -> None:
        plan = self.ledger.compact(force=True)
        if plan is not None:
            self.database.repack(*plan[1:])
        self.reload()

    @rule()
    def reload(self) -> None:
        found = self.ledger.load(list(self.database.blocks.values()), list(self.database.journal.values()))
        assert found == []

    @invariant()
    def it_is_the_same_as_the_model(self) -> None:
        assert len(self.library) == len(self.model) + len(self.away)
        assert self.library.elsewhere == {number(content): paths for content, paths in self.away.items()}
        for content, paths in [*self.model.items(), *((content, []) for content in self.away)]:
            row = self.library.row_of(number(content))
            assert row is not None
            assert self.library.paths_of(number(content)) == paths
            np.testing.assert_array_equal(self.library.vectors.vectors(np.array([row]))[0], vector(content))
        assert problems(self.library) == []


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def ledger(*photos: tuple[int | str, list[Path]], model: Any = MODEL) -> tuple[Library, Ledger, Database]:
    """A library of these photos, stored."""
    library = Library(MODEL, DIMENSION)
    books, database = Ledger(library), Database()
    key, data = books.stage(Change(rows=rows(photos, model)))
    database.journal[key] = data
    books.accept(key)
    return library, books, database


def test_nothing_is_changed_before_it_is_accepted() -> None:
    library, books, _ = ledger((1, [("a/1", 0.0)]))
    key, _ = books.stage(Change(remove=[number(1)]))
    assert len(library) == 1
    books.accept(key)
    assert len(library) == 0


def test_changes_are_done_in_their_order_even_if_stored_in_another() -> None:
    library, books, _ = ledger()
    first, _ = books.stage(Change(rows=rows([(1, [("a/1", 0.0)])])))
    second, _ = books.stage(Change(paths=[("b/1", number(1), 0.0)]))
    assert books.is_arriving(number(1))
    books.accept(second)
    assert len(library) == 0
    books.accept(first)
    assert library.paths_of(number(1)) == [("a/1", 0.0), ("b/1", 0.0)]
    assert not books.is_arriving(number(1))


def test_a_rejected_change_lets_those_after_it_go_on() -> None:
    library, books, _ = ledger()
    first, _ = books.stage(Change(rows=rows([(1, [("a/1", 0.0)])])))
    second, _ = books.stage(Change(rows=rows([(2, [("a/2", 0.0)])])))
    books.accept(second)
    books.reject(first)
    assert list(library.owners) == ["a/2"]


def test_accepting_what_is_not_staged_is_an_error_that_changes_nothing() -> None:
    library, books, _ = ledger((1, [("a/1", 0.0)]))
    for act in (books.accept, books.reject):
        with pytest.raises(QueryError, match="no staged change"):
            act(99)
    assert len(library) == 1


def test_plan_leaves_out_only_files_that_are_as_they_were_and_indexed_by_this_pack() -> None:
    library, books, _ = ledger((1, [("a/1", 5.0), ("b/1", 6.0)]))
    books.accept(books.stage(Change(rows=rows([(2, [("a/2", 5.0)])], OTHER_MODEL)))[0])
    entries = [("a/1", 100, 5.0), ("b/1", 100, 6.0), ("a/1", 101, 5.0), ("a/1", 100, 5.5), ("a/2", 100, 5.0), ("new", 1, 1.0)]
    assert library.plan(entries) == ([2, 3, 4, 5], 2)


def test_photos_of_another_pack_stay_but_are_not_compared() -> None:
    library, books, database = ledger((1, [("a/1", 0.0)]), model=OTHER_MODEL)
    assert len(library) == 1
    assert not library.comparable.any()
    plan = books.compact(force=True)
    assert plan is not None
    database.repack(*plan[1:])
    books.load(list(database.blocks.values()), list(database.journal.values()))
    assert library.models[int(library.table["model"][0])] == OTHER_MODEL
    assert not library.comparable.any()
    books.accept(books.stage(Change(rows=rows([(1, [("a/1", 0.0)])])))[0])
    assert library.comparable.sum() == 1
    assert problems(library) == []


def test_a_folder_that_is_perhaps_another_one_is_swept_only_if_half_of_it_was_seen() -> None:
    library, _, _ = ledger(*[(n, [(f"a/{n}", 0.0)]) for n in range(4)], (9, [("loose", 0.0)]), (8, [("ab/8", 0.0)]))
    assert library.sweep("a", ["a/0"], sure=False).drop == []
    assert sorted(library.sweep("a", ["a/0", "a/1"], sure=False).drop) == ["a/2", "a/3"]
    assert sorted(library.sweep("a", [], sure=True).drop) == ["a/0", "a/1", "a/2", "a/3"]
    assert library.sweep("", [], sure=True).drop == []


def test_what_a_sweep_takes_away_is_known_before_it_happens() -> None:
    library, _, _ = ledger((1, [("a/1", 0.0)]), (2, [("a/2", 0.0), ("b/2", 0.0)]))
    assert library.leaving(library.sweep("a", [], sure=True)) == [number(1)]


def test_damaged_blocks_and_entries_are_told_and_the_rest_is_loaded() -> None:
    library, books, database = ledger((1, [("a/1", 0.0)]))
    damaged = bytearray(write_block(Block(5, 0, rows([(2, [("a/2", 0.0)])]))))
    damaged[-9] ^= 1
    good = write_block(Block(6, 0, rows([(3, [("a/3", 0.0)])])))
    entry = write_entry(7, Change(remove=[number(3)]))[:-1]
    found = books.load([bytes(damaged), good], [*database.journal.values(), entry], keys=[5, 6])
    assert len(found) == 2
    assert all(sentence.endswith(".") for sentence in found)
    assert sorted(library.owners) == ["a/1", "a/3"]
    plan = books.compact(force=True)
    assert plan is not None
    assert 5 in plan[2]


def test_a_newer_block_is_told_but_never_deleted() -> None:
    _, books, _ = ledger()
    newer = bytearray(write_block(Block(5, 0, rows([(2, [("a/2", 0.0)])]))))
    newer[8] = 2
    assert "newer" in books.load([bytes(newer)], [], keys=[5])[0]
    assert books.compact(force=True) is None


def test_a_block_that_contradicts_itself_is_damage() -> None:
    fields, sections = unseal(BLOCK, write_block(Block(1, 0, rows([(1, [("a", 0.0)]), (2, [("b", 0.0)])]))))
    twice = bytes(sections["hash"][:32]) * 2
    books = Ledger(Library(MODEL, DIMENSION))
    assert "twice" in books.load([seal(BLOCK, fields, {**sections, "hash": twice})], [])[0]
    short = write_block(Block(1, 0, rows([(1, [("a", 0.0)])], dimension=4)))
    assert "length" in books.load([short], [])[0]


def test_entries_that_a_block_holds_already_are_not_done_again() -> None:
    library, books, database = ledger((1, [("a/1", 0.0)]))
    old = dict(database.journal)
    key, data = books.stage(Change(remove=[number(1)]))
    books.accept(key)
    books.accept(books.stage(Change(rows=rows([(2, [("a/2", 0.0)])])))[0])
    plan = books.compact(force=True)
    assert plan is not None
    database.repack(*plan[1:])
    books.load(list(database.blocks.values()), [*old.values(), data])
    assert list(library.owners) == ["a/2"]


def test_the_journal_is_folded_into_blocks_of_1024_when_it_has_grown() -> None:
    library, books, database = ledger(*[(n, [(f"a/{n}", 0.0)]) for n in range(1000)])
    assert books.compact() is None
    key, data = books.stage(Change(rows=rows([(n, [(f"a/{n}", 0.0)]) for n in range(1000, 2100)])))
    database.journal[key] = data
    books.accept(key)
    plan = books.compact()
    assert plan is not None
    assert books.compact(force=True) is None, "one at a time"
    database.repack(*plan[1:])
    books.accept(plan[0])
    assert database.journal == {}
    assert [len(list(unseal(BLOCK, block)[1]["hash"])) // 32 for block in database.blocks.values()] == [1024, 1024, 52]
    assert books.compact(force=True) is None, "nothing has changed"
    books.accept(books.stage(Change(remove=[number(0)]))[0])
    plan = books.compact(force=True)
    assert plan is not None
    assert plan[2] == [1, 3], "the block that lost a photo, and the small one"
    assert len(library) == 2099


def test_removing_many_clears_memory_and_keeps_the_rest_in_order() -> None:
    library, books, _ = ledger(*[(n, [(f"a/{n}", 0.0)]) for n in range(3000)])
    books.accept(books.stage(Change(remove=[number(n) for n in range(3000) if n % 2]))[0])
    assert library.vectors.count == len(library) == 1500
    assert [library.names[row] for row in range(3)] == ["a/0", "a/2", "a/4"]
    assert problems(library) == []


def test_verification_tells_each_broken_invariant_in_a_sentence() -> None:
    def broken(change: Any) -> list[str]:
        library, _, _ = ledger((1, [("a/1", 0.0), ("b/1", 0.0)]), (2, [("a/2", 0.0)]))
        change(library)
        found = problems(library)
        assert all(sentence.endswith(".") for sentence in found)
        return found

    def scale(library: Library) -> None:
        library.vectors._chunks[0].write(0, 2 * library.vectors.vectors(np.arange(1)))

    def swap(library: Library) -> None:
        library.table["hash"][[0, 1]] = library.table["hash"][[1, 0]]

    assert broken(lambda library: None) == []
    assert any("length one" in sentence for sentence in broken(scale))
    assert any("is not found" in sentence for sentence in broken(swap))
    assert any("facts" in sentence for sentence in broken(lambda library: library.facts.keep([0])))
    assert any("other photos" in sentence for sentence in broken(lambda library: library.owners.copy("x", 1, 0.0)))
    assert any("no time" in sentence for sentence in broken(lambda library: library.owners.touch("a/1", np.nan)))
    assert any("two photos" in sentence for sentence in broken(lambda library: library.names.__setitem__(1, "a/1")))
    assert any("width" in sentence for sentence in broken(lambda library: library.table["width"].__setitem__(0, 0)))


def test_a_camera_keeps_its_name_wherever_its_photo_goes() -> None:
    library, books, database = ledger()
    for content, camera in ((1, "Pixel 3"), (2, "Nikon D5300"), (3, ""), (4, "Pixel 3")):
        key, data = books.stage(Change(rows=rows([(content, [(str(content), 0.0)])], camera=camera)))
        database.journal[key] = data
        books.accept(key)
    plan = books.compact(force=True)
    assert plan is not None
    database.repack(*plan[1:])
    books.load(list(database.blocks.values()), [])
    codes = {library.names[row]: int(library.table["camera"][row]) for row in range(4)}
    words = library.table.cameras.words
    assert {name: words[code] for name, code in codes.items() if code < len(words)} == {
        "1": "Pixel 3",
        "2": "Nikon D5300",
        "4": "Pixel 3",
    }
    assert sorted(words) == ["Nikon D5300", "Pixel 3"]


def test_a_row_that_cannot_be_put_in_changes_nothing() -> None:
    library, _, _ = ledger((1, [("a/1", 0.0)]))
    with pytest.raises(StoreError):
        library.apply(Change(rows=rows([(2, [("a/2", 0.0)])], dimension=3)))
    assert list(library.owners) == ["a/1"]
    assert problems(library) == []
