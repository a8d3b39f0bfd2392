"""The app's own Python package as a wheel, the same bytes for the same source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tooling.environment import EnvironmentProblem
from tooling.paths import PYPROJECT, PYTHON_SOURCE
from tooling.stamps import files_under, write_atomically

# 1980-01-01 and a day: the zip format knows nothing earlier, in any time zone.
EPOCH = "315619200"


def version() -> str:
    """Return the project's version, as ``pyproject.toml`` says."""
    return str(tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"])


def build_wheel(folder: Path, source: Path = PYTHON_SOURCE) -> Path:
    """Build ``shoebox-<version>-py3-none-any.whl`` into `folder` and return its path.

    The source is copied with fixed permissions first, since a wheel records them, and because the builder leaves
    folders of its own beside what it builds.

    Raises
    ------
    EnvironmentProblem
        If the builder fails, with its last words.
    """
    with tempfile.TemporaryDirectory() as text:
        place = Path(text)
        for path in files_under(source):
            copy = place / "py" / "shoebox" / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            copy.chmod(0o644)
        shutil.copyfile(PYPROJECT, place / "pyproject.toml")
        out = place / "out"
        out.mkdir()
        builder = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
        command = [sys.executable, "-c", builder, str(out)]
        environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
        answer = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=place, umask=0o022)
        if answer.returncode:
            raise EnvironmentProblem(f"The app's wheel could not be built:\n{(answer.stdout + answer.stderr)[-2000:]}")
        (made,) = out.glob("*.whl")
        target = folder / made.name
        write_atomically(target, made.read_bytes())
    return target
