from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shoebox.commands.locking import only_writer
from shoebox.commands.problems import CommandError

HOLD = """
import sys
from pathlib import Path
from shoebox.commands.locking import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(library: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(library)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_so_and_the_next_one_is_not(tmp_path: Path) -> None:
    library = tmp_path / "photos.shoebox"
    other = hold(library)
    with pytest.raises(CommandError, match="Another Shoebox is changing"), only_writer(library):
        pytest.fail("two writers at once")
    other.communicate("")
    with only_writer(library):
        pass


def test_a_writer_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    library = tmp_path / "photos.shoebox"
    other = hold(library)
    other.kill()
    other.wait()
    with only_writer(library):
        pass
    assert list(tmp_path.iterdir()) == []


def test_two_libraries_in_one_folder_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with only_writer(tmp_path / "one.shoebox"), only_writer(tmp_path / "other.shoebox"):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"), only_writer(tmp_path / "nowhere" / "photos.shoebox"):
        pytest.fail("there is nothing to lock")
