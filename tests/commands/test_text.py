"""Text on the command line: read on request, once, found, told, and carried over in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from shoebox.commands import resources
from shoebox.commands.problems import CommandError
from tests.commands.shell import Shell
from tests.photos import Photo
from tests.written import sign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sign, and a cat."""
    try:
        resources.text_pack(None)
    except CommandError:
        pytest.skip("needs dist/models/text; run: python build.py build")
    folder = tmp_path / "signs"
    folder.mkdir()
    sign(["NO", "PARKING"], height=80).save(folder / "sign.jpg", quality=90)
    Photo("cat.jpg", "cat").write(folder)
    return folder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "photos.shoebox")


def test_text_is_read_once_found_and_told(shell: Shell, folder: Path, tmp_path: Path) -> None:
    assert shell.ask("index", folder)["text"] is None
    assert "no text has been read" in shell("search", "text:parking").err
    assert shell.ask("index", folder, "--text")["text"] == {"photos": 2, "lines": 2, "waiting": 0}
    assert shell.ask("index", folder, "--text")["text"] == {"photos": 0, "lines": 0, "waiting": 0}
    found = shell.ask("search", 'text:"no parking"')
    assert [hit["name"] for hit in found["results"]] == ["signs/sign.jpg"]
    assert "PARKING" in shell("info", "signs/sign.jpg").out
    copy = tmp_path / "copy.shoebox"
    shell("export", copy)
    other = Shell(tmp_path / "other.shoebox")
    other("import", copy)
    assert [hit["name"] for hit in other.ask("search", "text:parking")["results"]] == ["signs/sign.jpg"]


def test_nothing_is_read_where_the_pack_is_not_whole(shell: Shell, folder: Path, tmp_path: Path) -> None:
    said = shell("index", folder, "--text", "--text-pack", tmp_path)
    assert (said.status, "no pack.toml" in said.err) == (1, True)
