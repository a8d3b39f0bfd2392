"""Waiting for something to become true in a page whose policy forbids `eval`.

Playwright's own `wait_for_function` evaluates its condition again and again inside the page, which a strict
Content-Security-Policy refuses from the second time on; so the asking is done from out here.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error, Page

PATIENCE_MS = 120_000
PAUSE_MS = 50


def wait_until(page: Page, condition: str, argument: Any = None, patience_ms: float = PATIENCE_MS) -> Any:
    """Wait until a script's value, or what its promise brings, is true; return that value.

    A navigation meanwhile, as when a page reloads itself, is waited through.

    Raises
    ------
    TimeoutError
        If it does not become true in `patience_ms`; the message names the condition and the last error.
    """
    ends = time.monotonic() + patience_ms / 1000
    last: Error | None = None
    while time.monotonic() < ends:
        try:
            value = page.evaluate(condition, argument)
            if value:
                return value
            last = None
        except Error as problem:
            if page.is_closed():
                raise
            last = problem
        page.wait_for_timeout(PAUSE_MS)
    raise TimeoutError(f"{condition!r} did not become true in {patience_ms / 1000:g} s. {last or ''}")
