"""``build.py test``: static checks of both languages, then all tests on the built app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tooling.browser import ENGINES, ensure_chromium, ensure_engines
from tooling.paths import ROOT, WEB, node_program
from tooling.site import build


def run(pytest_arguments: list[str]) -> int:
    """Run every check, then pytest (with these arguments, or on all tests); return 0 only if all passed.

    A failing check does not keep the tests from running: one run tells all.
    """
    build()
    ensure_chromium()
    failed = [name for name, command, folder in _checks() if not _passes(name, command, folder)]
    if failed:
        print(f"\nFailed before the tests: {', '.join(failed)} (see above).", flush=True)
    if pytest_arguments:
        statuses = [_pytest(*pytest_arguments)]
    else:
        # A browser uses several cores now and then, and waits for most of the time: a few at once take two thirds as long.
        apart = ("--dist", "loadfile", "-n")
        statuses = [_pytest("--ignore=tests/browser", *apart, "auto"), _pytest("tests/browser", *apart, "3")]
    return next((status for status in statuses if status), 1 if failed else 0)


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT).returncode


def run_engines(engines: str, pytest_arguments: list[str]) -> int:
    """Run the main job in one of the `ENGINES` or in "all" of them, on the built app; return 0 only if all passed."""
    wanted = ENGINES if engines == "all" else (engines,)
    build()
    ensure_engines(wanted)
    command = [sys.executable, "-m", "pytest", "tests/engines", "--engines", ",".join(wanted), *pytest_arguments]
    return subprocess.run(command, cwd=ROOT).returncode


def _checks() -> list[tuple[str, list[str], Path]]:
    tsc = str(node_program("tsc"))
    return [
        ("ruff", [sys.executable, "-m", "ruff", "check", "."], ROOT),
        ("mypy", [sys.executable, "-m", "mypy"], ROOT),
        ("tsc, the page", [tsc, "-p", "tsconfig.json"], WEB),
        ("tsc, the workers", [tsc, "-p", "tsconfig.workers.json"], WEB),
        ("unit tests of the page", ["node", "test/run.mjs"], WEB),
    ]


def _passes(name: str, command: list[str], folder: Path) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=folder).returncode == 0
