"""Running coroutines where a loop runs already, as it does on every thread that drives Playwright."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Value = TypeVar("Value")


def finish(coroutine: Coroutine[Any, Any, Value]) -> Value:
    """What a coroutine returns, run to its end on a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
