from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shoebox.commands.index import STOPPED
from tests.commands.shell import Shell
from tests.photos import LIBRARY, Photo, many, png_bomb

COUNTS = ("added", "unchanged", "renamed", "duplicates", "removed")


def counts(answer: dict[str, int]) -> dict[str, int]:
    """What of it is not nought."""
    return {name: answer[name] for name in COUNTS if answer[name]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four photos."""
    folder = tmp_path / "photos"
    for name, scene in (("cat.jpg", "cat"), ("coffee.jpg", "coffee"), ("rocket.png", "rocket"), ("old/coins.jpg", "coins")):
        Photo(name, scene).write(folder)
    return folder


@pytest.fixture
def shell(tmp_path: Path, folder: Path) -> Shell:
    """The command line with these photos indexed."""
    shell = Shell(tmp_path / "photos.shoebox")
    assert counts(shell.ask("index", folder)) == {"added": 4}
    return shell


def test_the_second_time_nothing_is_opened_and_nothing_written(shell: Shell, folder: Path) -> None:
    before = shell.library.stat()
    for path in folder.rglob("*.*"):
        path.chmod(0)
    assert counts(shell.ask("index", folder)) == {"unchanged": 4}
    assert os.path.samestat(before, shell.library.stat())


def test_changes_in_a_folder_are_followed(shell: Shell, folder: Path) -> None:
    (folder / "cat.jpg").rename(folder / "old" / "tomcat.jpg")
    (folder / "rocket.png").unlink()
    shutil.copy(folder / "coffee.jpg", folder / "coffee again.jpg")
    Photo("old/coins.jpg", "moon").write(folder)
    assert counts(shell.ask("index", folder)) == {"added": 1, "unchanged": 2, "renamed": 1, "duplicates": 1, "removed": 1}
    names = {hit["name"] for hit in shell.ask("search", "")["results"]}
    assert names == {"photos/old/tomcat.jpg", "photos/coffee.jpg", "photos/old/coins.jpg"}
    assert shell.ask("info", "coffee.jpg")["copies"] == ["photos/coffee again.jpg"]
    assert shell.ask("verify")["ok"]


def test_most_of_a_folder_leaves_only_when_that_is_said(shell: Shell, folder: Path) -> None:
    for name in ("cat.jpg", "coffee.jpg", "rocket.png"):
        (folder / name).unlink()
    said = shell("index", folder)
    assert "--forget-missing" in said.out
    assert shell.ask("info")["photos"] == 4
    assert counts(shell.ask("index", folder, "--forget-missing")) == {"unchanged": 1, "removed": 3}
    assert shell.ask("info")["photos"] == 1


def test_a_folder_that_is_not_given_is_left_alone(shell: Shell, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "others"
    Photo("moon.jpg", "moon").write(other)
    assert counts(shell.ask("index", other)) == {"added": 1}
    assert shell.ask("info")["photos"] == 5


def test_what_cannot_be_read_is_listed_with_its_reason_and_stops_nobody(tmp_path: Path, folder: Path) -> None:
    png_bomb(folder / "bomb.png")
    (folder / "notes.txt").write_text("dear diary")
    (folder / "cut.jpg").write_bytes((folder / "cat.jpg").read_bytes()[:2000])
    shell = Shell(tmp_path / "photos.shoebox")
    answer = shell.ask("index", folder)
    assert counts(answer) == {"added": 4}
    reasons = {each["name"]: each["reason"] for each in answer["failed"]}
    assert reasons.keys() == {"photos/bomb.png", "photos/notes.txt", "photos/cut.jpg"}
    assert all(reasons.values())
    said = shell("index", folder)
    assert said.status == 0
    assert all(name in said.out for name in reasons)


def test_copies_of_what_cannot_be_read_fail_each_by_its_name(tmp_path: Path, folder: Path) -> None:
    (folder / "cut.jpg").write_bytes((folder / "cat.jpg").read_bytes()[:2000])
    shutil.copy(folder / "cut.jpg", folder / "cut again.jpg")
    answer = Shell(tmp_path / "photos.shoebox").ask("index", folder)
    assert {each["name"] for each in answer["failed"]} == {"photos/cut.jpg", "photos/cut again.jpg"}
    assert counts(answer) == {"added": 4}


def test_no_tags_are_kept_where_none_are_wanted(tmp_path: Path, folder: Path) -> None:
    shell = Shell(tmp_path / "photos.shoebox")
    shell.ask("index", folder, "--no-tags")
    assert shell.ask("tags") == []
    assert shell.ask("search", "a cat")["results"][0]["name"] == "photos/cat.jpg"


def test_a_damaged_library_is_refused_and_left_alone(shell: Shell, folder: Path) -> None:
    data = bytearray(shell.library.read_bytes())
    data[len(data) // 2] ^= 0xFF
    shell.library.write_bytes(data)
    Photo("moon.jpg", "moon").write(folder)
    said = shell("index", folder)
    assert said.status == 1
    assert said.err.startswith("shoebox: ")
    assert shell.library.read_bytes() == data


def test_what_is_no_library_is_refused_and_left_alone(tmp_path: Path, folder: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear diary")
    assert Shell(letter)("index", folder).status == 1
    assert letter.read_text() == "dear diary"


def test_a_folder_that_is_not_there_leaves_no_library_behind(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "photos.shoebox")
    said = shell("index", tmp_path / "nowhere")
    assert said.status == 1
    assert "There is no file or folder" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches all processes of a console there")
def test_ctrl_c_leaves_a_whole_library_or_none_and_the_next_time_goes_on(tmp_path: Path) -> None:
    folder, library = tmp_path / "photos", tmp_path / "photos.shoebox"
    many(folder, 60)
    command = [sys.executable, "-m", "shoebox", "index", str(folder), "--library", str(library), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / ".photos.shoebox.lock").exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended with {process.wait(0.05)}")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == STOPPED, err
    shell = Shell(library)
    done = shell.ask("info")["photos"] if library.exists() else 0
    answer = shell.ask("index", folder)
    assert (answer["added"], answer["unchanged"]) == (60 - done, done)
    assert shell.ask("verify")["ok"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "photos.shoebox"]


def test_every_format_is_taken_in(library: Shell) -> None:
    assert library.ask("info")["photos"] == len(LIBRARY)
