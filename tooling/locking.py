"""The ``requirements-*.lock`` files: every package, with all it pulls in, at its exact version."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tooling.environment import EnvironmentProblem
from tooling.paths import PYPROJECT, ROOT
from tooling.stamps import write_atomically

HEADER = "# The {group} packages with all they pull in, at exact versions. Written by: python build.py lock\n"


def groups() -> dict[str, list[str]]:
    """Return the dependency groups of ``pyproject.toml``."""
    found: dict[str, list[str]] = tomllib.loads(PYPROJECT.read_text("utf-8"))["dependency-groups"]
    return found


def resolve(requirements: list[str]) -> list[str]:
    """Let pip resolve `requirements` as on an empty machine; return ``name==version`` lines, sorted.

    Raises
    ------
    EnvironmentProblem
        If pip finds no set of versions, with its last words.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed",
                   "--report", str(report), *requirements]  # fmt: skip
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode:
            raise EnvironmentProblem(f"pip could not resolve the packages:\n{answer.stderr.strip()[-2000:]}")
        items = [item["metadata"] for item in json.loads(report.read_text("utf-8"))["install"]]
    # A local part (+cpu) names one machine's build of the same version.
    return sorted((f"{item['name']}=={item['version'].partition('+')[0]}" for item in items), key=str.lower)


def write_locks() -> None:
    """Write both lock files; the training one agrees with the other on every package they share."""
    found = groups()
    dev = resolve(found["dev"])
    training = [line for line in resolve([*dev, *found["training"]]) if line not in dev]
    for group, lines in {"dev": dev, "training": training}.items():
        text = HEADER.format(group=group) + "\n".join(lines) + "\n"
        write_atomically(ROOT / f"requirements-{group}.lock", text.encode())
        print(f"requirements-{group}.lock: {len(lines)} packages")
