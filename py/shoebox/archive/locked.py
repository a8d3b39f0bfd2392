"""Archives behind a passphrase, on CPython: files of the age tool (https://age-encryption.org/v1) with one scrypt recipient.

The page writes and reads the same files with the package `age-encryption`. Here `pyrage` does, which needs the whole file in
memory, and chooses by the speed of the computer how much work a guess costs.
"""

from __future__ import annotations

import re
from typing import Any, Final

from shoebox.archive.frames import CHOOSE_ANOTHER
from shoebox.errors import ArchiveError, StoreError

MAGIC: Final = b"age-encryption.org/v1\n"
# 2 to the power of this, times 1 KiB, is the memory that opening takes: 1 GiB, and as much as `age-encryption` allows. Whoever
# makes a file chooses the number, so a larger one would let a file stop the device that opens it.
MOST_WORK: Final = 20
_TRIES: Final = 3
_STANZA: Final = re.compile(rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")
_HEAD: Final = 128

WRONG = "The passphrase does not open the file."
TYPE_AGAIN = "Nothing was changed. Type it again: capital letters count. Without it nobody can open the file."
OTHERWISE_LOCKED = "The file is locked with a key, not with a passphrase that Shoebox knows."
TOO_MUCH = "Opening the file would take more memory than Shoebox gives to a file."


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
    found = _STANZA.match(beginning[:_HEAD])
    if found is None:
        raise ArchiveError(OTHERWISE_LOCKED, CHOOSE_ANOTHER)
    if int(found[1]) > MOST_WORK:
        raise ArchiveError(TOO_MUCH)


def lock(data: bytes, passphrase: str) -> bytes:
    """The file behind a passphrase.

    Raises
    ------
    StoreError
        If the passphrase is empty, the package that does this is not installed, or it chose more work than browsers can do.
    """
    if not passphrase:
        raise StoreError("An empty passphrase protects nothing.", "Type one, or save without.")
    pyrage = _pyrage()
    for _ in range(_TRIES):
        locked: bytes = pyrage.passphrase.encrypt(data, passphrase)
        found = _STANZA.match(locked[:_HEAD])
        if found is not None and int(found[1]) <= MOST_WORK:
            return locked
    raise StoreError(
        "This computer would lock the file in a way that browsers cannot open.",
        "Save it without a passphrase, and lock it with: age -p",
    )


def unlock(locked: bytes, passphrase: str | None) -> bytes:
    """What is behind a passphrase.

    Raises
    ------
    ArchiveError
        If the passphrase is missing or wrong, the file asks for too much work, or it is damaged.
    StoreError
        If the package that does this is not installed.
    """
    if not passphrase:
        raise ArchiveError("The file is locked with a passphrase.", "Nothing was changed. Give the passphrase.")
    check_work(locked)
    pyrage = _pyrage()
    try:
        data: bytes = pyrage.passphrase.decrypt(locked, passphrase)
    except pyrage.DecryptError as error:
        if str(error) == "Decryption failed":
            raise ArchiveError(WRONG, TYPE_AGAIN) from error
        raise ArchiveError("The file is damaged or cut off.") from error
    return data


def _pyrage() -> Any:
    try:
        import pyrage
    except ImportError as error:
        raise StoreError("The package pyrage is not installed.", "Install it with: pip install pyrage") from error
    return pyrage
