import zipfile
from pathlib import Path

import pytest

from tooling.bytecode import compile_archives
from tooling.environment import EnvironmentProblem
from tooling.wheels import PYODIDE

MODULE = '"""What it is."""\n\n\ndef twice(x):\n    """Doubled."""\n    assert x\n    return 2 * x\n'


def archive(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_sources_become_bytecode_and_all_else_stays(tmp_path: Path) -> None:
    source = archive(tmp_path / "a.whl", {"a/__init__.py": MODULE, "a/data.json": "{}", "a-1.dist-info/METADATA": "Name: a\n"})
    (made,) = compile_archives([source], tmp_path / "out", PYODIDE)
    with zipfile.ZipFile(made) as file:
        assert file.namelist() == ["a/__init__.pyc", "a/data.json", "a-1.dist-info/METADATA"]
        assert file.read("a/data.json") == b"{}"
        bytecode = file.read("a/__init__.pyc")
    assert int.from_bytes(bytecode[4:8], "little") == 1, "made from a hash of the source, and never checked again"
    assert b"Doubled" not in bytecode


def test_equal_archives_become_equal_bytes_and_several_take_one_run(tmp_path: Path) -> None:
    sources = [archive(tmp_path / f"{name}.zip", {"a.py": MODULE}) for name in ("one", "two")]
    first, second = compile_archives(sources, tmp_path / "out", PYODIDE)
    assert first.read_bytes() == second.read_bytes()


def test_what_does_not_compile_says_where(tmp_path: Path) -> None:
    source = archive(tmp_path / "a.zip", {"wrong.py": "def"})
    with pytest.raises(EnvironmentProblem, match=r"(?s)a\.zip.*wrong\.py"):
        compile_archives([source], tmp_path / "out", PYODIDE)
    assert not (tmp_path / "out").exists()
