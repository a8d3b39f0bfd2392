"""Files from the network: tried again where it stalls or breaks off, resumed where it can, taken only if they are right."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.model_recipes import Known

ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 1.0
#: Without a byte for so long a connection counts as dead.
SILENCE_SECONDS = 30.0
#: Of a file of which the size is not known before.
MOST_BYTES = 4 * 2**30
CHUNK = 1 << 20
_USER_AGENT = "shoebox-build"
# What a large file stored by Git looks like where its content is missing.
_POINTER = b"version https://git-lfs.github.com/spec/"


class DownloadProblem(Exception):
    """A file could be had from nowhere; the message says what each place answered."""


class _Wrong(Exception):
    """It is not the file; asking the same place again is no use."""


class _Broken(Exception):
    """The transfer broke; asking again may help."""


@dataclass(frozen=True)
class Patience:
    """How often and how long to try.

    Attributes
    ----------
    attempts : int
        At each address.
    pause : float
        Seconds before the second attempt; twice as long before each further one.
    silence : float
        Seconds without a byte after which a connection counts as dead.
    sleep : callable
    """

    attempts: int = ATTEMPTS
    pause: float = FIRST_PAUSE_SECONDS
    silence: float = SILENCE_SECONDS
    sleep: Callable[[float], None] = time.sleep


def download(urls: Sequence[str], target: Path, known: Known, patience: Patience | None = None) -> tuple[Known, str]:
    """Bring a file to its place, unless it is there; it appears there only whole.

    Parameters
    ----------
    urls : sequence of str
        Asked one after the other.
    target : Path
    known : Known
        What the file must be, as far as anybody has said.
    patience : Patience, optional

    Returns
    -------
    (Known, str)
        What the file is, and the address that gave it (empty if it was there).

    Raises
    ------
    DownloadProblem
        If no address gives the file. What has arrived stays beside the target and is gone on with next time.
    """
    patience = patience or Patience()
    if known.sha256 is not None and target.is_file():
        found = measure(target)
        if found.sha256 == known.sha256:
            return found, ""
    target.parent.mkdir(parents=True, exist_ok=True)
    said = []
    for url in urls:
        try:
            return _from(url, target, known, patience), url
        except (_Wrong, _Broken) as problem:
            said.append(f"  {url}: {problem}")
    raise DownloadProblem(f"{target.name} could not be had:\n" + "\n".join(said))


def measure(path: Path) -> Known:
    """What a file on the disk is."""
    with path.open("rb") as file:
        return Known(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _from(url: str, target: Path, known: Known, patience: Patience) -> Known:
    """The file from one address.

    What an earlier run left is gone on with only where the sha256 is known: otherwise nobody would see that it was of another
    file.
    """
    partial = target.with_name(target.name + ".part")
    if known.sha256 is None:
        partial.unlink(missing_ok=True)
    for attempt in range(patience.attempts):
        if attempt:
            patience.sleep(patience.pause * 2 ** (attempt - 1))
        begun = partial.stat().st_size if partial.exists() else 0
        try:
            _fetch(url, partial, known, patience.silence)
            found = measure(partial)
            _check(partial, found, known)
        except _Wrong:
            partial.unlink(missing_ok=True)
            # A wrong sum may be the fault of what an earlier attempt left.
            if not begun or attempt == patience.attempts - 1:
                raise
        except _Broken:
            if attempt == patience.attempts - 1:
                raise
        else:
            partial.replace(target)
            return found
    raise _Broken("nothing was tried")


def _fetch(url: str, partial: Path, known: Known, silence: float) -> None:
    """Add to the partial file what it lacks."""
    begun = partial.stat().st_size if partial.exists() else 0
    if known.bytes is not None and begun == known.bytes:
        return
    request = urllib.request.Request(url, headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"})
    if begun:
        request.add_header("Range", f"bytes={begun}-")
    try:
        with urllib.request.urlopen(request, timeout=silence) as answer:
            resumed = answer.status == http.client.PARTIAL_CONTENT and _starts_at(answer, begun)
            if answer.headers.get_content_type() == "text/html":
                raise _Wrong("it gave a web page, not the file")
            _receive(answer, partial, begun if resumed else 0, known.bytes or MOST_BYTES)
    except urllib.error.HTTPError as error:
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            partial.unlink(missing_ok=True)
            raise _Broken("it could not go on where the last attempt ended") from error
        again = error.code >= 500 or error.code in (http.client.REQUEST_TIMEOUT, http.client.TOO_MANY_REQUESTS)
        raise (_Broken if again else _Wrong)(f"it answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _Broken(str(error) or type(error).__name__) from error


def _starts_at(answer: http.client.HTTPResponse, place: int) -> bool:
    return (answer.headers.get("Content-Range") or "").startswith(f"bytes {place}-")


def _receive(answer: http.client.HTTPResponse, partial: Path, begun: int, most: int) -> None:
    promised = answer.headers.get("Content-Length")
    size = begun
    with partial.open("r+b" if begun else "wb") as file:
        file.seek(begun)
        while chunk := answer.read1(CHUNK):
            size += len(chunk)
            if size > most:
                raise _Wrong(f"it gives more than the {most:,} bytes that the file has")
            file.write(chunk)
    if promised is not None and size - begun != int(promised):
        raise _Broken(f"it broke off after {size:,} bytes")


def _check(partial: Path, found: Known, known: Known) -> None:
    if known.bytes is not None and found.bytes is not None and found.bytes < known.bytes:
        raise _Broken(f"it broke off after {found.bytes:,} of {known.bytes:,} bytes")
    if known.sha256 is not None and found.sha256 != known.sha256:
        raise _Wrong(f"it gave another file: its sha256 is {found.sha256}, not {known.sha256}")
    with partial.open("rb") as file:
        head = file.read(len(_POINTER))
    if not head or head == _POINTER:
        raise _Wrong("it gave a pointer to the file, or nothing, and not the file")
