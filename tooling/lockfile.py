"""The frozen ``pyodide-lock.json``: just what the app imports, so that start-up resolves nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tooling.stamps import digest_file
from tooling.wheels import Wheel

Lock = dict[str, Any]


def closure(lock: Lock, names: Iterable[str]) -> list[str]:
    """Return `names` and all they depend on, sorted; names as the lock file's keys.

    Raises
    ------
    KeyError
        If the lock file does not know a package.
    """
    found: set[str] = set()
    waiting = [name.lower() for name in names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(depends.lower() for depends in lock["packages"][name]["depends"])
    return sorted(found)


def wheels_of(lock: Lock, names: Iterable[str]) -> list[Wheel]:
    """Return the wheels behind `names` and all they depend on."""
    entries = [lock["packages"][name] for name in closure(lock, names)]
    return [Wheel(entry["file_name"], entry["sha256"]) for entry in entries]


def freeze(lock: Lock, names: Iterable[str], folder: Path, app_wheel: str, version: str) -> Lock:
    """Return a lock file of `names`, what they depend on, and the app's own package ``shoebox``.

    Parameters
    ----------
    lock : dict
        Pyodide's own lock file, as parsed.
    names : iterable of str
        The packages that the app imports.
    folder : Path
        Where all the wheels lie as they are served: compiled, so with other bytes than Pyodide's lock says.
    app_wheel : str
        The name of the app's wheel.
    version : str
        The app's version.
    """
    wanted = list(names)
    packages = {name: dict(lock["packages"][name]) for name in closure(lock, wanted)}
    packages["shoebox"] = {
        "name": "shoebox",
        "version": version,
        "file_name": app_wheel,
        "install_dir": "site",
        "package_type": "package",
        "imports": ["shoebox"],
        "depends": sorted(name.lower() for name in wanted),
        "unvendored_tests": False,
    }
    for package in packages.values():
        package["sha256"] = digest_file(folder / package["file_name"])
    return {"info": lock["info"], "packages": dict(sorted(packages.items()))}
