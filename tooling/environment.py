"""The Python environment in ``.venv`` and the Node packages in ``web/node_modules``. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tooling.paths import NODE_MODULES, ROOT, STAMPS, VENV, WEB
from tooling.stamps import Stamps, digest_inputs
from tooling.turns import one_at_a_time

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20


class EnvironmentProblem(Exception):
    """Something that this machine lacks; the message says what to do about it."""


def ensure_environment(group: str) -> Path:
    """Make ``.venv`` hold exactly what ``requirements-<group>.lock`` says.

    Parameters
    ----------
    group : {'dev', 'training'}
        ``training`` comes on top of ``dev``.

    Returns
    -------
    Path
        The Python interpreter of the environment.

    Raises
    ------
    EnvironmentProblem
        If Python is too old, or the environment cannot be made or filled.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise EnvironmentProblem(
            f"Python {sys.version_info.major}.{sys.version_info.minor} is too old; install Python 3.11 or newer "
            "and run this with it."
        )
    lock = ROOT / f"requirements-{group}.lock"
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    marker = VENV / f".{group}-is-installed"
    stamps = Stamps(STAMPS)
    name = f"environment-{group}"
    if stamps.outputs(name, _digest(lock, python)) is not None:
        return python
    with one_at_a_time():
        if stamps.outputs(name, _digest(lock, python)) is not None:
            return python
        if not _is_usable(python):
            print("Making the Python environment in .venv …", flush=True)
            _make(python)
        print(f"Installing the Python packages of {lock.name} …", flush=True)
        _install(python, lock)
        if group == "dev":
            _link_source(python)
        marker.write_text("made by build.py\n")
        stamps.record(name, _digest(lock, python), [marker])
    return python


def ensure_node_packages() -> None:
    """Make ``web/node_modules`` hold exactly what ``web/package-lock.json`` says.

    Raises
    ------
    EnvironmentProblem
        If Node is missing or older than 20, or ``npm ci`` fails.
    """
    npm = shutil.which("npm")
    node = shutil.which("node")
    if not node or not npm:
        raise EnvironmentProblem("Node was not found. Install Node 20 or newer (it brings npm) and run this again.")
    marker = NODE_MODULES / ".package-lock.json"  # npm writes it last
    stamps = Stamps(STAMPS)
    digest = digest_inputs([WEB / "package.json", WEB / "package-lock.json"])
    if stamps.outputs("node-packages", digest) is not None:
        return
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < OLDEST_NODE:
        raise EnvironmentProblem(f"Node {version} is too old. Install Node {OLDEST_NODE} or newer and run this again.")
    print("Installing the Node packages (npm ci) …", flush=True)
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=WEB, stdout=subprocess.DEVNULL).returncode:
        raise EnvironmentProblem("npm ci failed; what it printed above says why. Is the npm registry reachable?")
    stamps.record("node-packages", digest, [marker])


def _digest(lock: Path, python: Path) -> str:
    """Cover the interpreter behind the environment too: a system that moves on to another Python leaves it empty."""
    return digest_inputs([lock, str(python.resolve())])


def _is_usable(python: Path) -> bool:
    """Tell whether an environment is there, new enough, and has pip."""
    if not python.exists():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0


def _make(python: Path) -> None:
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise EnvironmentProblem("The environment in .venv is broken. Delete .venv and run build.py with the system's Python.")
    answer = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if answer.returncode or not _is_usable(python):
        raise EnvironmentProblem(
            "A virtual environment could not be made in .venv.\n"
            f"{(answer.stdout + answer.stderr).strip()}\n"
            "On Debian and Ubuntu, `apt install python3-venv` brings what is missing."
        )


def _install(python: Path, lock: Path) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(lock)]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise EnvironmentProblem("pip could not install the packages; what it printed above says why.")


def _link_source(python: Path) -> None:
    """Make ``import shoebox`` find ``py/`` itself, so that edits count at once and nothing is copied."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    Path(folder, "shoebox-source.pth").write_text(f"{ROOT / 'py'}\n", encoding="utf-8")
