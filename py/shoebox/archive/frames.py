"""The outer form of an archive: sealed runs of bytes one after another, each behind a few bytes that announce it.

Layout, little endian; `docs/format.md` has it with all that is inside::

    0    8 bytes   magic "SHOEBOX" 0x1A
    8    uint16    version of the layout: 1, or 2 where there is text that was read in photos
    10   uint16    8: this is an archive
    12   uint32    zero
    16   frames, each:
           uint32  length of the run that follows
           uint32  kind of that run, as in `shoebox.store.sealed`
           uint32  number of the frame, from 0
           uint32  crc32 of these 12 bytes
           run     sealed, with checksums of its own

The first frame is the beginning (kind 8), the last the end (kind 9), which holds the sha256 of everything before its frame. So
no frame can be missing, twice, or elsewhere, and a file that was cut off has no end. Nothing is compressed: a file cannot
unfold to more than its own size. Both directions work piece by piece, and never hold more than a frame.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from shoebox.errors import ArchiveError, StoreError
from shoebox.store.sealed import (
    ARCHIVE,
    BLOCK,
    END,
    FACES,
    MAGIC,
    PEOPLE,
    PICTURES,
    STATEMENTS,
    TEXTS,
    Buffer,
    NewerStore,
    seal,
    unseal,
)

# Files without text are still written as the first version, so that an older Shoebox can read them.
PLAIN, WITH_TEXT = 1, 2
# Longer than anything that is written (about 8 MB of thumbnails), short enough to be held in a browser.
LONGEST = 32 << 20
_KINDS = frozenset({ARCHIVE, BLOCK, PICTURES, FACES, PEOPLE, STATEMENTS, END})
KINDS = {PLAIN: _KINDS, WITH_TEXT: _KINDS | {TEXTS}}

_PREAMBLE = struct.Struct("<8sHHI")
_FRAME = struct.Struct("<III")
_CHECK = struct.Struct("<I")
_ANNOUNCED = _FRAME.size + _CHECK.size
# How files of the age tool begin, as they are and as text.
_LOCKED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")

NOT_OURS = "This is not a file that Shoebox made."
DAMAGED = "The file is damaged."
CUT_OFF = "The file is cut off: its end is missing."
NEWER = "The file was made by a newer Shoebox than this one."
GET_NEWER = "Nothing was changed. Reload the page to get the newest version, or update the program, and try again."
CHOOSE_ANOTHER = "Nothing was changed. Choose a file that was saved with “Save a copy” in the settings."


class FrameWriter:
    """Writes an archive piece by piece."""

    def __init__(self) -> None:
        self._number = 0
        self._digest = hashlib.sha256()

    def begin(self, fields: Mapping[str, Any], version: int = PLAIN) -> bytes:
        """The first bytes of a file of that version, with what the beginning says."""
        preamble = _PREAMBLE.pack(MAGIC, version, ARCHIVE, 0)
        self._digest.update(preamble)
        return preamble + self.frame(ARCHIVE, seal(ARCHIVE, fields, {}))

    def frame(self, kind: int, run: bytes) -> bytes:
        """One sealed run, announced.

        Raises
        ------
        StoreError
            If it is longer than a reader would take.
        """
        if len(run) > LONGEST:
            raise StoreError(f"A part of the library is too large to be saved: {len(run)} bytes.")
        announced = _FRAME.pack(len(run), kind, self._number)
        written = announced + _CHECK.pack(zlib.crc32(announced)) + run
        self._number += 1
        self._digest.update(written)
        return written

    def end(self, fields: Mapping[str, Any]) -> bytes:
        """The last bytes of the file."""
        return self.frame(END, seal(END, {**fields, "sha256": self._digest.hexdigest()}, {}))


class FrameReader:
    """Reads an archive in whatever pieces it comes.

    Attributes
    ----------
    version : int
        Of the layout; 0 before the first bytes have come.
    ended : bool
    """

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._number = 0
        self._digest = hashlib.sha256()
        self.version = 0
        self.ended = False

    def feed(self, data: Buffer) -> Iterator[tuple[int, bytes]]:
        """The frames that are whole by now: kind and sealed run of each.

        Raises
        ------
        ArchiveError
            If anything is not as `FrameWriter` would have written it.
        """
        self._waiting += data
        if not self.version:
            if len(self._waiting) < _PREAMBLE.size:
                return
            self._preamble(self._take(_PREAMBLE.size))
        while (frame := self._frame()) is not None:
            yield frame
        if self.ended and self._waiting:
            raise ArchiveError("The file goes on after its end.")

    def finish(self) -> None:
        """There is no more.

        Raises
        ------
        ArchiveError
            If there should be.
        """
        if not self.version:
            raise ArchiveError(_whose(bytes(self._waiting)), CHOOSE_ANOTHER)
        if not self.ended:
            raise ArchiveError(CUT_OFF)

    def _take(self, length: int) -> bytes:
        taken = bytes(memoryview(self._waiting)[:length])
        del self._waiting[:length]
        return taken

    def _preamble(self, data: bytes) -> None:
        magic, version, kind, zero = _PREAMBLE.unpack(data)
        if magic != MAGIC:
            raise ArchiveError(_whose(data), CHOOSE_ANOTHER)
        if kind != ARCHIVE:
            raise ArchiveError(NOT_OURS, CHOOSE_ANOTHER)
        if version > max(KINDS):
            raise ArchiveError(NEWER, GET_NEWER)
        if version not in KINDS or zero:
            raise ArchiveError(DAMAGED)
        self._digest.update(data)
        self.version = version

    def _frame(self) -> tuple[int, bytes] | None:
        if self.ended or len(self._waiting) < _ANNOUNCED:
            return None
        announced = bytes(self._waiting[: _FRAME.size])
        length, kind, number = _FRAME.unpack(announced)
        if _CHECK.unpack_from(self._waiting, _FRAME.size)[0] != zlib.crc32(announced) or number != self._number:
            raise ArchiveError(DAMAGED)
        if length > LONGEST or kind not in KINDS[self.version]:
            # Whole, but not as this version writes: a later one did.
            raise ArchiveError(NEWER, GET_NEWER)
        if len(self._waiting) < _ANNOUNCED + length:
            return None
        before = self._digest.hexdigest() if kind == END else ""
        whole = self._take(_ANNOUNCED + length)
        self._digest.update(whole)
        self._number += 1
        run = whole[_ANNOUNCED:]
        if kind == END:
            if read(END, run)[0].get("sha256") != before:
                raise ArchiveError(DAMAGED)
            self.ended = True
        return kind, run


def read(kind: int, run: bytes) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """The fields and sections of a sealed run.

    Raises
    ------
    ArchiveError
        If it is damaged, or newer than this version.
    """
    try:
        return unseal(kind, run)
    except StoreError as error:
        raise refusal(error) from error


def refusal(error: StoreError) -> ArchiveError:
    """What is wrong with a part of an archive, said of the file."""
    if isinstance(error, NewerStore):
        return ArchiveError(NEWER, GET_NEWER)
    return ArchiveError(f"{DAMAGED} ({error.what.rstrip('.')}.)")


def _whose(beginning: bytes) -> str:
    if any(beginning.startswith(each[: len(beginning)]) for each in _LOCKED) and beginning:
        return "The file is locked with a passphrase."
    return CUT_OFF if MAGIC.startswith(beginning) else NOT_OURS
