"""What the service worker needs to know of a release: every file with its hash, and the headers to add."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tooling.policy import HEADERS, media_type
from tooling.stamps import digest_bytes, digest_file, files_under

SCRIPT = "service-worker.js"
DIGITS = 16
# Variant of ONNX Runtime Web -> the stem of its two files; a device keeps one variant.
ORT_VARIANTS = {"wasm": "ort-wasm-simd-threaded", "webgpu": "ort-wasm-simd-threaded.asyncify"}


@dataclass(frozen=True)
class Entry:
    """One file of the release.

    Attributes
    ----------
    path : str
        Relative to the service worker's scope, with forward slashes.
    hash : str
        The first 16 hex digits of its sha256.
    bytes : int
        Its size, uncompressed.
    type : str
        Its media type.
    group : str
        ``shell``: kept before the first visit ends; ``common``: kept next; ``ort:<variant>``: kept where the page says
        that this device uses it; ``extra``: kept once it was asked for.
    """

    path: str
    hash: str
    bytes: int
    type: str
    group: str


def group_of(path: str) -> str:
    """Return the group of a file by its path; see :class:`Entry`."""
    folder, slash, rest = path.partition("/")
    if folder == "ort" and slash:
        for variant, stem in ORT_VARIANTS.items():
            if rest in (f"{stem}.mjs", f"{stem}.wasm"):
                return f"ort:{variant}"
        return "extra"
    if folder == "pyodide" and slash:
        return "common"
    if folder == "codecs" and slash:
        return "extra"
    if folder == "places" and slash:
        return "extra"
    if folder == "models" and slash:
        return "common" if rest.startswith("default/") and not rest.endswith(".md") else "extra"
    return "shell"


def entries(folder: Path) -> list[Entry]:
    """List the files of a built app, smallest first within each group, the service worker itself left out."""
    found = []
    for file in files_under(folder):
        path = file.relative_to(folder).as_posix()
        if path != SCRIPT:
            found.append(Entry(path, digest_file(file)[:DIGITS], file.stat().st_size, media_type(path), group_of(path)))
    return sorted(found, key=lambda entry: (entry.group, entry.bytes, entry.path))


def release(found: list[Entry]) -> dict[str, object]:
    """Return what the service worker reads as ``self.SHOEBOX``: version, headers and files.

    The version is a hash over all of it, so that it changes when anything does and only then.
    """
    files = [asdict(entry) for entry in found]
    content = {"headers": HEADERS, "files": files}
    return {"version": digest_bytes(json.dumps(content, sort_keys=True).encode())[:DIGITS], **content}


def service_worker(script: str, found: list[Entry]) -> str:
    """Return the finished script: the release, then the bundled code that reads it."""
    return f"self.SHOEBOX={json.dumps(release(found), separators=(',', ':'))};\n{script}"
