from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from shoebox.commands.problems import CommandError
from shoebox.commands.scanning import scan


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"photo")
    return folder


def names(*given: Path) -> list[str]:
    return [file.name for file in scan(given).files]


def test_a_name_begins_with_the_folder_that_was_given(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2019", "b.jpg", "a/c.jpg")
    assert names(folder) == ["2019/b.jpg", "2019/a/c.jpg"]
    assert scan([folder]).roots == ["2019"]


def test_a_folder_may_be_given_as_the_one_somebody_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(fill(tmp_path / "2019", "a.jpg"))
    assert names(Path(".")) == ["2019/a.jpg"]


def test_a_single_file_has_no_folder(tmp_path: Path) -> None:
    found = scan([fill(tmp_path, "a.jpg") / "a.jpg"])
    assert [file.name for file in found.files] == ["a.jpg"]
    assert found.roots == []


def test_what_is_hidden_or_the_systems_own_or_set_aside_is_passed_over(tmp_path: Path) -> None:
    hidden = (".a.jpg", ".git/a.jpg", "Thumbs.db", "@eaDir/a.jpg", "__MACOSX/a.jpg", "Set aside by Shoebox/a.jpg")
    assert names(fill(tmp_path / "photos", "a.jpg", *hidden)) == ["photos/a.jpg"]


def test_times_are_whole_milliseconds_as_browsers_tell_them(tmp_path: Path) -> None:
    path = fill(tmp_path, "a.jpg") / "a.jpg"
    os.utime(path, ns=(1, 1_600_000_000_123_999_999))
    assert [file.mtime for file in scan([path]).files] == [1_600_000_000_123.0]


def test_two_folders_of_one_name_are_refused_and_one_given_twice_is_not(tmp_path: Path) -> None:
    one, other = fill(tmp_path / "a" / "photos", "1.jpg"), fill(tmp_path / "b" / "photos", "2.jpg")
    assert names(one, one) == ["photos/1.jpg"]
    with pytest.raises(CommandError, match="the same name"):
        scan([one, other])


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file or folder"):
        scan([tmp_path / "nowhere"])


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_text_is_told_and_stops_nobody(tmp_path: Path) -> None:
    folder = fill(tmp_path / "photos", "a.jpg")
    (folder / os.fsdecode(b"\xff.jpg")).write_bytes(b"photo")
    found = scan([folder])
    assert [file.name for file in found.files] == ["photos/a.jpg"]
    assert [name for name, reason in found.unopened if "Rename" in reason] == ["photos/?.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
def test_pipes_and_broken_links_do_not_hold_it_up(tmp_path: Path) -> None:
    folder = fill(tmp_path / "photos", "a.jpg")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = scan([folder])
    assert [file.name for file in found.files] == ["photos/a.jpg"]
    assert [name for name, _ in found.unopened] == ["photos/gone.jpg"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may read everything")
def test_a_folder_that_cannot_be_read_is_told_and_its_photos_are_not_gone(tmp_path: Path) -> None:
    folder = fill(tmp_path / "photos", "a.jpg", "secret/b.jpg")
    (folder / "secret").chmod(0)
    try:
        found = scan([folder])
    finally:
        (folder / "secret").chmod(stat.S_IRWXU)
    assert found.partial
    assert [name for name, _ in found.unopened] == ["photos/secret"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    folder = fill(tmp_path / "photos", "a.jpg")
    (folder / "again").symlink_to(folder)
    assert names(folder) == ["photos/a.jpg"]
