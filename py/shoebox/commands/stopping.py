"""Ctrl-C, and being told to end: what is under way is finished, and what is done is kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any


@contextlib.contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """An event that Ctrl-C sets; the second Ctrl-C ends at once, as ever."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def heard(_: int, __: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop.set)

    before: list[tuple[signal.Signals, Any]] = []
    with contextlib.suppress(ValueError):  # only the main thread may listen
        before = [(each, signal.signal(each, heard)) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield stop
    finally:
        for each, handler in before:
            signal.signal(each, handler)
