"""What a decoding process does with one file: read it, hash it, judge it, make pixels and a thumbnail where they are wanted.

The counterpart of web/src/indexing/prepare.ts; nothing here knows the library.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shoebox.commands.scanning import milliseconds
from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import DecodedPhoto, decode_photo
from shoebox.photo.inspection import inspect_head

#: What is looked at to tell formats and facts; the same in web/src/workers/decode.ts.
HEAD_BYTES: Final = 256 * 1024
# Larger files are asked what they are by their first bytes, before all of them are read: most are videos.
_LOOK_FIRST_FROM: Final = 32 * 1024 * 1024
# A file must fit into memory whole, once in every process; the same in prepare.ts, so that both take the same files.
_LARGEST_FILE: Final = 1024 * 1024 * 1024

_UNREADABLE: Final = "The file could not be read: it was moved or changed, or may not be opened."
_TOO_BIG: Final = "The file is larger than 1 GB, more than Shoebox opens at once."


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read.

    Attributes
    ----------
    name : str
        Its name in the library, for formats that only a name tells.
    path : str
    min_side, thumbnail_side : int
        As `decode_photo` takes them.
    only : str
        sha256 that the file must have to be decoded, in hexadecimal; empty where any will do.
    known : bool
        Whether to decode it even if the library has its photo.
    """

    name: str
    path: str
    min_side: int
    thumbnail_side: int
    only: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file will not become a photo: a sentence, and whether it would be the same another time."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A file that was read.

    Attributes
    ----------
    size, mtime : float
        As they were when it was opened: bytes, and milliseconds since 1970.
    hash : str
        sha256 in hexadecimal; empty where the file was not read to its end.
    head : bytes
        What `inspect` is to be given, and `whole`, whether it is all.
    photo : DecodedPhoto or None
        None where it is not wanted, or failed.
    failure : Failure or None
        Why there is no photo, where one was wanted.
    """

    size: int = 0
    mtime: float = 0.0
    hash: str = ""
    head: bytes = b""
    whole: bool = False
    photo: DecodedPhoto | None = None
    failure: Failure | None = None


def read(job: Job, is_known: Callable[[int], bool]) -> Read:
    """Do a job.

    Parameters
    ----------
    job : Job
    is_known : callable
        Whether the library has a photo, by the number of its id. Such photos need not be decoded.
    """
    try:
        # Opening a pipe would wait for whoever writes into it.
        if not stat.S_ISREG(os.stat(job.path).st_mode):
            return Read(failure=Failure(_UNREADABLE, False))
        with open(job.path, "rb") as file:
            facts = os.fstat(file.fileno())
            size, mtime = facts.st_size, milliseconds(facts)
            if size > _LARGEST_FILE:
                return Read(size, mtime, failure=Failure(_TOO_BIG, True))
            data = file.read(HEAD_BYTES)
            if size >= _LOOK_FIRST_FROM:
                found = inspect_head(job.name, data, False)
                if found.action == "fail":
                    return Read(size, mtime, failure=Failure(found.reason, found.permanent))
            data += file.read()
    except OSError:
        return Read(failure=Failure(_UNREADABLE, False))
    size = len(data)  # it may be growing
    digest = hashlib.sha256(data)
    head, whole = data[:HEAD_BYTES], size <= HEAD_BYTES
    found = inspect_head(job.name, head, whole)
    if found.action == "whole":
        head, whole = data, True
        found = inspect_head(job.name, head, whole)
    answer = Read(size, mtime, digest.hexdigest(), head, whole)
    if found.action != "decode" or found.facts is None:
        return answer
    if job.only and job.only != answer.hash:
        return answer
    if not job.known and is_known(int(answer.hash[:16], 16)):
        return answer
    try:
        photo = decode_photo(
            data,
            job.name,
            orientation=found.facts.orientation,
            min_side=job.min_side,
            thumbnail_side=job.thumbnail_side,
        )
    except UnreadablePhoto as error:
        return Read(size, mtime, answer.hash, head, whole, failure=Failure(str(error), error.permanent))
    return Read(size, mtime, answer.hash, head, whole, photo)
