"""One small library, indexed once for all tests that only look."""

from __future__ import annotations

from pathlib import Path

import pytest

from shoebox.commands import variables
from tests.commands.shell import Shell
from tests.photos import LIBRARY, write_library


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that whoever runs the tests has said for themselves."""
    for variable in (variables.LIBRARY, variables.PASSPHRASE, variables.DATA):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small library of `tests.photos`."""
    folder = tmp_path_factory.mktemp("photos") / "holidays"
    write_library(folder, LIBRARY)
    return folder


@pytest.fixture(scope="session")
def library(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The command line with these photos indexed; for tests that change nothing."""
    shell = Shell(tmp_path_factory.mktemp("library") / "photos.shoebox")
    answer = shell.ask("index", photos)
    assert (answer["added"], answer["failed"]) == (len(LIBRARY), [])
    return shell
