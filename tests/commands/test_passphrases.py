from __future__ import annotations

from pathlib import Path

import pytest

from shoebox.commands.passphrases import Passphrases, is_encrypted
from shoebox.commands.problems import CommandError
from shoebox.commands.variables import PASSPHRASE


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that needs a passphrase, and nobody at the terminal."""
    monkeypatch.delenv(PASSPHRASE, raising=False)
    path = tmp_path / "sealed"
    path.write_bytes(b"age-encryption.org/v1\n-> scrypt ...")
    return path


def test_a_file_without_a_passphrase_asks_for_none(tmp_path: Path, sealed: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"anything else")
    assert not is_encrypted(plain)
    assert not is_encrypted(tmp_path / "nowhere")
    assert Passphrases().to_open(plain) is None
    assert is_encrypted(sealed)


def test_the_first_line_of_a_file_comes_before_the_environment(
    tmp_path: Path, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "from the environment")
    assert Passphrases().to_open(sealed) == "from the environment"
    file = tmp_path / "passphrase"
    file.write_text("from a file \nand a note\n")
    assert Passphrases(file).to_open(sealed) == "from a file "
    assert Passphrases(file).to_seal(sealed) == "from a file "


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_file_that_holds_no_passphrase_is_refused(tmp_path: Path, sealed: Path, content: bytes) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        Passphrases(file).to_open(sealed)


def test_without_anybody_at_the_terminal_it_is_said_where_a_passphrase_could_come_from(sealed: Path) -> None:
    with pytest.raises(CommandError, match=PASSPHRASE):
        Passphrases().to_open(sealed)


def test_a_new_passphrase_is_typed_twice_alike(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["one", "other", "", "same", "same"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    with pytest.raises(CommandError, match="not the same"):
        Passphrases().to_seal(sealed)
    with pytest.raises(CommandError, match="empty"):
        Passphrases().to_seal(sealed)
    assert Passphrases().to_seal(sealed) == "same"
