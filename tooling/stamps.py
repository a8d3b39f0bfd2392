"""Do a step only when what it reads has changed. Standard library only.

A stamp remembers the digest of a step's inputs, and size and time of its outputs. A step runs again when an input has
other bytes, or an output is gone or was touched by someone else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

# Folders that hold leavings of other tools, never source.
IGNORED = {"__pycache__", "node_modules", ".DS_Store"}


def files_under(folder: Path) -> Iterator[Path]:
    """Yield the source files under `folder`, sorted by path, without caches."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and not IGNORED.intersection(path.relative_to(folder).parts):
            yield path


def digest_bytes(content: bytes) -> str:
    """Return the sha256 of `content` in hex."""
    return hashlib.sha256(content).hexdigest()


def digest_file(path: Path) -> str:
    """Return the sha256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_inputs(inputs: Iterable[Path | str]) -> str:
    """Return one sha256 over files, folders and plain strings.

    Parameters
    ----------
    inputs : iterable of Path or str
        A file counts by its path and bytes, a folder by all its files, a string by itself (a version, an option). What
        does not exist counts as absent, so that its arrival is a change.
    """
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            total.update(f"text {item}\n".encode())
            continue
        for path in files_under(item) if item.is_dir() else [item]:
            total.update(f"file {path} {digest_file(path) if path.is_file() else 'absent'}\n".encode())
    return total.hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that nobody, a running server for one, ever sees half of it. Equal bytes are left untouched."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.write_bytes(content)
    temporary.replace(path)


class Stamps:
    """The stamps of one working tree, kept as small JSON files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def outputs(self, name: str, digest: str) -> list[Path] | None:
        """Return the outputs of step `name` if it ran on these inputs and they are still as it left them, else None."""
        try:
            stamp = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
            if stamp["inputs"] != digest:
                return None
            paths = []
            for text, facts in stamp["outputs"].items():
                if _facts(Path(text)) != facts:
                    return None
                paths.append(Path(text))
            return paths
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def record(self, name: str, digest: str, outputs: Iterable[Path]) -> None:
        """Remember that step `name` made `outputs` from inputs of this digest."""
        stamp = {"inputs": digest, "outputs": {str(path): _facts(path) for path in outputs}}
        write_atomically(self.folder / f"{name}.json", json.dumps(stamp, indent=1).encode())

    def step(self, name: str, inputs: Iterable[Path | str], make: Callable[[], Iterable[Path]]) -> list[Path]:
        """Run `make` unless its outputs are fresh; return the output paths either way.

        Parameters
        ----------
        name : str
            The name of the step, unique in the tree; printed when the step has work to do.
        inputs : iterable of Path or str
            All that the result depends on; see :func:`digest_inputs`.
        make : callable
            Does the work and returns the files that it wrote.
        """
        digest = digest_inputs(inputs)
        known = self.outputs(name, digest)
        if known is not None:
            return known
        print(f"  {name} …", flush=True)
        made = list(make())
        self.record(name, digest, made)
        return made


def _facts(path: Path) -> list[int]:
    """Return size in bytes and time in ns; the time shows an output that was edited to the same size."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
