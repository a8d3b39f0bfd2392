"""What the text pack is made of: PP-OCRv6's networks out of the wheel of ``rapidocr`` on the Python package index.

The package itself is not installed: it brings OpenCV and more with it, and only two networks and their licences are wanted.
Each counts only if its sha256 is the one that stands here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import remotezip
import requests

from tooling.environment import EnvironmentProblem
from tooling.paths import CACHE
from tooling.stamps import digest_bytes, digest_file, write_atomically
from tooling.wheels import FETCH_PROBLEMS, MIRROR_SECONDS, MirrorProblem, find_wheel, pip_configuration

PROJECT, VERSION = "rapidocr", "3.10.0"
# Name here -> place in the wheel, sha256.
FILES = {
    "PP-OCRv6_det_small.onnx": (
        "rapidocr/models/PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    "PP-OCRv6_rec_small.onnx": (
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
    "LICENSE": (
        "rapidocr-3.10.0.dist-info/licenses/LICENSE",
        "3e0af25fdd06aa9586ae97adb00ea927ebe5a3805ac77d2d3a81ce5f55693333",
    ),
    "MODEL_LICENSES.md": (
        "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
        "c5fd0e8603d3df743355b546121e6fe0f4ef8ff455c5a85c1681fd3ae520e153",
    ),
}


def fetch_text_weights(folder: Path = CACHE / "text-weights") -> dict[str, Path]:
    """Bring the files into `folder`, each checked against its sha256; those already there stay.

    Returns
    -------
    dict of str to Path
        By their names in `FILES`.

    Raises
    ------
    EnvironmentProblem
        If they cannot be had, with what was tried.
    """
    missing = [name for name in FILES if not _is_there(folder / name, FILES[name][1])]
    said: list[str] = []
    ways: list[Callable[[list[str]], dict[str, bytes]]] = [_by_parts, _whole]
    for way in ways:
        if not missing:
            break
        try:
            found = way(missing)
        except FETCH_PROBLEMS as problem:
            said.append(str(problem))
            continue
        for name in missing:
            if digest_bytes(found[name]) == FILES[name][1]:
                write_atomically(folder / name, found[name])
            else:
                said.append(f"{name} has other bytes than it should have")
        missing = [name for name in missing if not _is_there(folder / name, FILES[name][1])]
    if missing:
        reasons = "\n  ".join(said)
        raise EnvironmentProblem(
            f"Could not fetch {', '.join(missing)} out of {PROJECT} {VERSION}.\n  {reasons}\n"
            "Connect to the network and run this again."
        )
    return {name: folder / name for name in FILES}


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and digest_file(path) == sha256


def _by_parts(names: list[str]) -> dict[str, bytes]:
    """Only what is wanted, by HTTP range requests."""
    configuration = pip_configuration()
    with requests.Session() as session:
        if configuration.certificates:
            session.verify = configuration.certificates
        address = find_wheel(configuration.index, PROJECT, VERSION, session)
        with remotezip.RemoteZip(address, session=session, timeout=MIRROR_SECONDS) as archive:
            return {name: archive.read(FILES[name][0]) for name in names}


def _whole(names: list[str]) -> dict[str, bytes]:
    """All of the wheel, by pip, for indexes that do not answer range requests."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder]
        answer = subprocess.run([*command, f"{PROJECT}=={VERSION}"], capture_output=True, text=True)
        files = list(Path(folder).glob("*.whl"))
        if answer.returncode or not files:
            raise MirrorProblem(answer.stderr.strip() or "pip found no such wheel")
        with zipfile.ZipFile(files[0]) as archive:
            return {name: archive.read(FILES[name][0]) for name in names}
