"""Gzip of served files, made once per content and kept outside ``dist/``."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tooling.paths import CACHE
from tooling.stamps import digest_file, write_atomically

# Wheels, zips, pictures and npz files are compressed already; network weights gain a few per cent, as on most hosts.
ENDINGS = {".css", ".html", ".js", ".json", ".md", ".mjs", ".onnx", ".svg", ".toml", ".txt", ".wasm", ".webmanifest"}
LEVEL = 9
WORTHWHILE = 0.97


class Gzip:
    """Compressed copies by content hash, so that an unchanged file is never compressed again."""

    def __init__(self, folder: Path = CACHE / "gzip") -> None:
        self.folder = folder
        self._all = threading.Lock()
        self._of_one: dict[str, threading.Lock] = {}

    def compressed(self, path: Path, digest: str | None = None) -> Path | None:
        """Return the file that holds `path` gzipped, or None where that saves nothing worth having.

        Parameters
        ----------
        path : Path
            The file to serve.
        digest : str, optional
            Its sha256, where the caller knows it already.
        """
        if path.suffix not in ENDINGS:
            return None
        kept = self.folder / f"{digest or digest_file(path)}.gz"
        with self._lock_of(kept.name):
            if not kept.is_file():
                content = path.read_bytes()
                small = gzip.compress(content, LEVEL, mtime=0)
                # An empty file remembers that compressing is of no use here.
                write_atomically(kept, small if len(small) < WORTHWHILE * len(content) else b"")
        return kept if kept.stat().st_size else None

    def wire_bytes(self, path: Path) -> int:
        """Return how many bytes of body travel when `path` is fetched by a browser."""
        return (self.compressed(path) or path).stat().st_size

    def prepare(self, paths: Iterable[Path]) -> None:
        """Compress all of `paths` ahead of the first request, and forget copies of files that are gone."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # zlib lets go of the interpreter's lock
            used = {kept.name for kept in pool.map(self.compressed, paths) if kept}
        for kept in self.folder.glob("*.gz"):
            if kept.name not in used and kept.stat().st_size:
                kept.unlink()

    def _lock_of(self, name: str) -> threading.Lock:
        """One lock per content, so that requests for one file wait for its copy and those for others do not."""
        with self._all:
            return self._of_one.setdefault(name, threading.Lock())
