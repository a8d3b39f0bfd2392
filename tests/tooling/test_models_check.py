import shutil
from pathlib import Path

import pytest

from models.check import problems_of
from tooling.paths import PACKS

DEFAULT = PACKS / "default"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT, tmp_path / "pack"))


def test_the_pack_that_ships_is_sound() -> None:
    assert problems_of(DEFAULT) == []


def test_a_file_with_other_bytes_is_named(pack: Path) -> None:
    names = (pack / "concepts.json").read_bytes()
    (pack / "concepts.json").write_bytes(names.replace(b"a", b"e", 1))
    assert any("concepts.json" in problem for problem in problems_of(pack))


@pytest.mark.parametrize("name", ["pack.toml", "image.onnx", "vocab.txt"])
def test_a_missing_file_is_told(pack: Path, name: str) -> None:
    (pack / name).unlink()
    assert problems_of(pack)


def test_a_network_that_is_too_large_is_told(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.check.LARGEST_NETWORK", 1000)
    assert len(problems_of(pack)) == 2
