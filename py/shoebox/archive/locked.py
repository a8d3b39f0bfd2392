"""Archives behind a passphrase, on CPython: files of the age tool (https://age-encryption.org/v1) with one scrypt recipient.

The page writes and reads the same files with the package `age-encryption`. For Python there is `pyrage`, but it holds files in
memory as a whole, and takes or refuses them by how busy the computer is; so this writes the format down, on the primitives of
`hashlib` and `cryptography`. Everything is done piece by piece.

A file, after the specification: a header of lines (version; one stanza with salt, work and the wrapped file key; an HMAC over
what stands before), 16 bytes of nonce, and the content in chunks of 64 KiB, each with ChaCha20-Poly1305 under a counter and a
mark for the last one. So no byte can be changed, and no chunk left out, doubled or moved, without being noticed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from shoebox.archive.frames import CHOOSE_ANOTHER
from shoebox.errors import ArchiveError, StoreError

MAGIC: Final = b"age-encryption.org/v1\n"
# scrypt's work as a power of two: what the age tool takes by default, 256 MiB and a second or two.
WORK: Final = 18
# 1 GiB, and as much as `age-encryption` allows. Whoever makes a file chooses the number, so a larger one would let a file stop
# the device that opens it.
MOST_WORK: Final = 20

_LABEL: Final = b"age-encryption.org/v1/scrypt"
_STANZA: Final = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)
_BEGINNING: Final = re.compile(rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")
_HEAD: Final = 256
_CHUNK: Final = 64 << 10
_TAG: Final = 16
# Salt, nonce and file key.
_SIXTEEN: Final = 16

WRONG = "The passphrase does not open the file."
TYPE_AGAIN = "Nothing was changed. Type it again: capital letters count. Without it nobody can open the file."
OTHERWISE_LOCKED = "The file is locked with a key, not with a passphrase that Shoebox knows."
TOO_MUCH = "Opening the file would take more memory than Shoebox gives to a file."
DAMAGED = "The file is damaged or cut off."


def is_locked(beginning: bytes) -> bool:
    """Whether a file that begins so is one of the age tool."""
    return beginning.startswith(MAGIC)


def check_work(beginning: bytes) -> None:
    """Look at what opening a file would cost, before anything is spent.

    Raises
    ------
    ArchiveError
        If it is locked in another way than with a passphrase, or asks for too much work.
    """
    found = _BEGINNING.match(beginning)
    if found is None:
        raise ArchiveError(OTHERWISE_LOCKED, CHOOSE_ANOTHER)
    if int(found[1]) > MOST_WORK:
        raise ArchiveError(TOO_MUCH)


def lock(pieces: Iterable[bytes], passphrase: str, work: int = WORK) -> Iterator[bytes]:
    """A file behind a passphrase.

    Raises
    ------
    StoreError
        If the passphrase is empty, or the package `cryptography` is not installed.
    """
    if not passphrase:
        raise StoreError("An empty passphrase protects nothing.", "Type one, or save without.")
    salt, key, nonce = (os.urandom(_SIXTEEN) for _ in range(3))
    wrapped = _cipher(_stretched(passphrase, salt, work)).encrypt(bytes(12), key, None)
    header = MAGIC + b"-> scrypt %s %d\n%s\n---" % (_text(salt), work, _text(wrapped))
    yield header + b" " + _text(_sum(key, header)) + b"\n" + nonce
    cipher = _cipher(_derived(key, nonce, b"payload"))
    waiting, number = bytearray(), 0
    for piece in pieces:
        waiting += piece
        # One chunk always stays: the last is marked, and is only empty where all is.
        while len(waiting) > _CHUNK:
            yield cipher.encrypt(_counter(number, last=False), bytes(waiting[:_CHUNK]), None)
            del waiting[:_CHUNK]
            number += 1
    yield cipher.encrypt(_counter(number, last=True), bytes(waiting), None)


class Unlocked:
    """What is behind a passphrase.

    Parameters
    ----------
    file : BinaryIO
        May be read as often as `pieces` is asked for.
    passphrase : str or None

    Raises
    ------
    ArchiveError
        If the passphrase is missing or wrong, the file asks for too much work, or its header is damaged.
    StoreError
        If the package `cryptography` is not installed.
    """

    def __init__(self, file: BinaryIO, passphrase: str | None) -> None:
        if not passphrase:
            raise ArchiveError("The file is locked with a passphrase.", "Nothing was changed. Give the passphrase.")
        file.seek(0)
        head = file.read(_HEAD)
        check_work(head)
        found = _STANZA.match(head)
        if found is None:
            raise ArchiveError(DAMAGED)
        salt, wrapped, told = (_data(found[place]) for place in (1, 3, 4))
        key = _opened(_cipher(_stretched(passphrase, salt, int(found[2]))), bytes(12), wrapped)
        if key is None:
            raise ArchiveError(WRONG, TYPE_AGAIN)
        if not hmac.compare_digest(_sum(key, head[: found.start(4) - 1]), told):
            raise ArchiveError(DAMAGED)
        self._file, self._start, self._key = file, found.end(), key

    def pieces(self) -> Iterator[bytes]:
        """The content from its beginning.

        Raises
        ------
        ArchiveError
            Where it turns out to be damaged or cut off.
        """
        self._file.seek(self._start)
        nonce = self._file.read(_SIXTEEN)
        cipher = _cipher(_derived(self._key, nonce, b"payload"))
        chunk, number = self._file.read(_CHUNK + _TAG), 0
        while True:
            after = self._file.read(_CHUNK + _TAG)
            content = _opened(cipher, _counter(number, last=not after), chunk)
            if content is None or (number and not content):
                raise ArchiveError(DAMAGED)
            yield content
            if not after:
                return
            chunk, number = after, number + 1


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    # 128 bytes times the block size of 8 times N, and a little.
    room = (1 << work + 10) + (1 << 20)
    return hashlib.scrypt(passphrase.encode(), salt=_LABEL + salt, n=1 << work, r=8, p=1, maxmem=room, dklen=32)


def _derived(key: bytes, salt: bytes, label: bytes) -> bytes:
    """HKDF with SHA-256, one block (RFC 5869)."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), label + b"\x01", "sha256")


def _sum(key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(key, b"", b"header"), header, "sha256")


def _counter(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _text(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _data(text: bytes) -> bytes:
    data = base64.b64decode(text + b"=" * (-len(text) % 4))
    # The last letter may hold bits that mean nothing, and age wants them zero: else a file could be changed unnoticed.
    if _text(data) != text:
        raise ArchiveError(DAMAGED)
    return data


def _opened(cipher: Any, nonce: bytes, data: bytes) -> bytes | None:
    """What was encrypted, or None where key or data are not those."""
    from cryptography.exceptions import InvalidTag

    if len(data) < _TAG:
        return None
    try:
        content: bytes = cipher.decrypt(nonce, data, None)
    except InvalidTag:
        return None
    return content


def _cipher(key: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    except ImportError as error:
        raise StoreError("The package cryptography is not installed.", "Install it with: pip install cryptography") from error
    return ChaCha20Poly1305(key)
