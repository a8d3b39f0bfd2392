from __future__ import annotations

from pathlib import Path

import pytest

from shoebox.commands.passphrases import is_encrypted
from shoebox.commands.variables import PASSPHRASE
from tests.commands.shell import Shell
from tests.photos import LIBRARY, Photo


def test_another_device_finds_the_same(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "for-the-laptop.shoebox"
    assert library.ask("export", file)["photos"] == len(LIBRARY)
    other = Shell(tmp_path / "laptop.shoebox")
    assert other.ask("import", file)["added"] == len(LIBRARY)
    assert other.ask("search", "a cup of coffee") == library.ask("search", "a cup of coffee")
    assert other.ask("info")["elsewhere"] == len(LIBRARY)


def test_taking_in_twice_changes_nothing(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "again.shoebox"
    library.ask("export", file)
    other = Shell(tmp_path / "laptop.shoebox")
    other.ask("import", file)
    assert other.ask("import", file)["added"] == 0
    assert other.ask("verify")["ok"]


def test_both_sides_are_kept(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "file.shoebox"
    library.ask("export", file)
    Photo("own.jpg", "cat", (300, 300)).write(tmp_path / "laptop")
    other = Shell(tmp_path / "laptop.shoebox")
    other.ask("index", tmp_path / "laptop")
    other.ask("import", file)
    assert other.ask("info")["photos"] == len(LIBRARY) + 1


def test_names_stay_behind_where_that_is_wanted(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "nameless.shoebox"
    library.ask("export", file, "--no-paths", "--no-thumbnails")
    assert b"holidays" not in file.read_bytes()
    other = Shell(tmp_path / "laptop.shoebox")
    other.ask("import", file)
    assert {hit["name"] for hit in other.ask("search", "a cat")["results"]} == {""}


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(library: Shell, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("dear diary")
    assert library("export", file).status == 1
    assert file.read_text() == "dear diary"
    assert library("export", file, "--replace").status == 0
    assert library("export", library.library, "--replace").status == 1
    assert library.ask("verify")["ok"]


def test_a_damaged_file_is_refused_and_the_library_left_alone(library: Shell, tmp_path: Path) -> None:
    file, other = tmp_path / "file.shoebox", Shell(tmp_path / "laptop.shoebox")
    library.ask("export", file)
    file.write_bytes(file.read_bytes()[:-40])
    said = other("import", file)
    assert said.status == 1
    assert said.err.startswith("shoebox: ")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert other("import", tmp_path / "nowhere").status == 1


def test_a_passphrase_opens_what_it_has_locked_and_nothing_else_does(
    library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, wrong = tmp_path / "secret", tmp_path / "wrong"
    secret.write_text("correct horse\n")
    wrong.write_text("battery staple\n")
    file, other = tmp_path / "locked.shoebox", Shell(tmp_path / "laptop.shoebox")
    assert library.ask("export", file, "--encrypt", "--passphrase-file", secret)["photos"] == len(LIBRARY)
    assert is_encrypted(file)
    assert other("import", file).status == 1
    assert other("import", file, "--passphrase-file", wrong).status == 1
    assert not other.library.exists()
    monkeypatch.setenv(PASSPHRASE, "correct horse")
    assert other.ask("import", file)["added"] == len(LIBRARY)
    assert not is_encrypted(other.library)


def test_a_library_behind_a_passphrase_stays_behind_it(library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "correct horse")
    locked = Shell(tmp_path / "locked.shoebox")
    library.ask("export", locked.library, "--encrypt")
    Photo("own.jpg", "cat", (300, 300)).write(tmp_path / "more")
    assert locked.ask("index", tmp_path / "more")["added"] == 1
    assert is_encrypted(locked.library)
    assert locked.ask("info")["photos"] == len(LIBRARY) + 1
