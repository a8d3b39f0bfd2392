"""One writer at a time: a file beside the library that is locked while somebody changes it.

The system lets go of the lock when the process ends, however it ends, so a lock never has to be removed by hand.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shoebox.commands.problems import CommandError


@contextlib.contextmanager
def only_writer(library: Path) -> Iterator[None]:
    """Be the only one who changes a library.

    Parameters
    ----------
    library : Path
        Its file, which need not be there yet.

    Raises
    ------
    CommandError
        If somebody else is changing it, or its folder cannot be written to.
    """
    path = library.with_name(f".{library.name}.lock")
    try:
        lock = _take(path)
    except BlockingIOError:
        raise CommandError(
            f"Another Shoebox is changing {library} right now.", "Wait until it is done, or end it, and try again."
        ) from None
    except OSError as error:
        raise CommandError(f"The library {library} cannot be written: {error.strerror}.") from error
    try:
        yield
    finally:
        # While the lock is held, so that nobody can have taken the file that is about to go; Windows does not allow it, and
        # then it stays, empty.
        with contextlib.suppress(OSError):
            path.unlink()
        lock.close()


def _take(path: Path) -> IO[bytes]:
    """The lock file, open and locked; raises `BlockingIOError` where somebody has it."""
    while True:
        lock = path.open("ab")
        try:
            _lock(lock)
            if _is_still_there(lock, path):
                return lock
        except BaseException:
            lock.close()
            raise
        lock.close()


def _is_still_there(lock: IO[bytes], path: Path) -> bool:
    """Whether the file that was locked is the one that others find; whoever had it before may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


if os.name == "nt":  # pragma: no cover

    def _lock(lock: IO[bytes]) -> None:
        import msvcrt

        try:
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError as error:
            raise BlockingIOError from error
else:

    def _lock(lock: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
