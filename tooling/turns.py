"""One build at a time in a working tree, however many terminals ask. Standard library only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from tooling.paths import CACHE

_held = threading.local()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process builds in this tree, and keep others waiting meanwhile. May be nested."""
    if getattr(_held, "depth", 0):
        yield
        return
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "turn").open("a+b") as file:
        _lock(file)
        _held.depth = 1
        try:
            yield
        finally:
            _held.depth = 0
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another build in this folder …", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
