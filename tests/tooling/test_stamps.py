import os
from pathlib import Path

import pytest

from tooling.stamps import Stamps, digest_inputs, files_under, write_atomically


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.py").write_text("a")
    (folder / "inner" / "b.py").write_text("b")
    return folder


class Work:
    """A step that counts how often it runs."""

    def __init__(self, source: Path, output: Path) -> None:
        self.stamps = Stamps(output.parent / "stamps")
        self.source = source
        self.output = output
        self.runs = 0

    def make(self) -> list[Path]:
        self.runs += 1
        self.output.write_text(f"made {self.runs}")
        return [self.output]

    def run(self, *more: str) -> list[Path]:
        return self.stamps.step("work", [self.source, *more], self.make)


@pytest.fixture
def work(source: Path, tmp_path: Path) -> Work:
    return Work(source, tmp_path / "output")


def test_a_step_runs_once_for_the_same_inputs(work: Work) -> None:
    assert work.run() == work.run() == [work.output]
    assert work.runs == 1


def test_a_changed_file_runs_it_again(work: Work) -> None:
    work.run()
    (work.source / "inner" / "b.py").write_text("c")
    work.run()
    assert work.runs == 2


def test_a_file_written_anew_with_the_same_bytes_does_not(work: Work) -> None:
    work.run()
    (work.source / "a.py").write_text("a")
    os.utime(work.source / "a.py", (1, 1))
    work.run()
    assert work.runs == 1


@pytest.mark.parametrize("change", ["add", "remove", "rename"])
def test_files_that_come_and_go_count(work: Work, change: str) -> None:
    work.run()
    if change == "add":
        (work.source / "c.py").write_text("")
    elif change == "remove":
        (work.source / "a.py").unlink()
    else:
        (work.source / "a.py").rename(work.source / "z.py")
    work.run()
    assert work.runs == 2


def test_an_option_counts(work: Work) -> None:
    work.run("version 1")
    work.run("version 2")
    assert work.runs == 2


def test_a_missing_output_is_made_again(work: Work) -> None:
    work.run()
    work.output.unlink()
    work.run()
    assert work.runs == 2


def test_an_output_that_someone_edited_is_made_again(work: Work) -> None:
    work.run()
    work.output.write_text("xxxx 1")
    work.run()
    assert work.output.read_text() == "made 2"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"inputs": 3}'])
def test_a_damaged_stamp_counts_as_none(work: Work, damage: str) -> None:
    work.run()
    (work.stamps.folder / "work.json").write_text(damage)
    work.run()
    assert work.runs == 2


def test_a_step_that_fails_leaves_no_stamp(work: Work) -> None:
    def fail() -> list[Path]:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        work.stamps.step("work", [work.source], fail)
    work.run()
    assert work.runs == 1


def test_caches_are_no_source(source: Path) -> None:
    before = digest_inputs([source])
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    assert digest_inputs([source]) == before
    assert [path.name for path in files_under(source)] == ["a.py", "b.py"]


def test_an_input_that_does_not_exist_yet_may_arrive(tmp_path: Path) -> None:
    path = tmp_path / "later"
    before = digest_inputs([path])
    path.write_text("now")
    assert digest_inputs([path]) != before


def test_writing_leaves_no_leavings_and_spares_equal_files(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    write_atomically(path, b"one")
    os.utime(path, (5, 5))
    write_atomically(path, b"one")
    assert path.stat().st_mtime == 5
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in path.parent.iterdir()] == ["file"]
