"""The unit tests, run once more where the library lives: inside Pyodide, with the very files that the page loads."""

from __future__ import annotations

import shutil
import site
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.photos import REPOSITORY

PYODIDE = REPOSITORY / "dist" / "pyodide"

# pytest and hypothesis with all they import (`py` is pytest's); none of it is compiled, so the files of this environment serve
# Pyodide too.
PACKAGES = {"_pytest", "pytest", "py", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis", "sortedcontainers"} | {
    "_hypothesis_ftz_detector",
    "_hypothesis_globals",
    "_hypothesis_pytestplugin",
}

# Fewer would mean that tests were skipped or not found rather than passed.
AT_LEAST = 600


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with copies of the test tools."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for source in [path for parent in site.getsitepackages() for path in Path(parent).iterdir()]:
        if source.stem.partition("-")[0] in PACKAGES:
            if source.is_dir():
                shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.so"))
            else:
                shutil.copy(source, folder)
    return folder


def test_the_unit_tests_pass_inside_pyodide(tmp_path: Path, packages: Path) -> None:
    node = shutil.which("node")
    assert node, "Node was not found; install Node 20 or newer."
    assert (PYODIDE / "pyodide.mjs").exists(), "There is no dist/pyodide; run: python build.py build"
    report = tmp_path / "report.xml"
    script = Path(__file__).with_name("run.mjs")
    arguments = ["tests/unit", "-q", "-m", "not cpython_only", "-p", "no:cacheprovider", "-o", "pythonpath=."]
    command = [node, str(script), str(PYODIDE), str(REPOSITORY), str(packages), str(report), *arguments]
    run = subprocess.run(command, text=True, capture_output=True)
    assert run.returncode == 0, f"{run.stdout[-6000:]}\n{run.stderr[-3000:]}"
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    passed = int(suite.get("tests", "0")) - int(suite.get("skipped", "0"))
    assert passed >= AT_LEAST, f"only {passed} unit tests ran inside Pyodide"
