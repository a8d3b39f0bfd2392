"""Where things lie in the repository. Standard library only: ``build.py`` imports this before anything is installed."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
STAMPS = CACHE / "stamps"
DIST = ROOT / "dist"

PYTHON_SOURCE = ROOT / "py" / "shoebox"
WEB = ROOT / "web"
NODE_MODULES = WEB / "node_modules"
PACKS = ROOT / "models"
TESTS = ROOT / "tests"
PYPROJECT = ROOT / "pyproject.toml"


def node_program(name: str) -> Path:
    """Return the command of an installed Node package."""
    return NODE_MODULES / ".bin" / (f"{name}.cmd" if os.name == "nt" else name)
