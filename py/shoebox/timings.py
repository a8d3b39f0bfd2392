"""How long things take: the last measurements of each, in milliseconds."""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# Enough for a steady median, few enough to follow a change of engine.
KEPT = 50


class Timings:
    """Durations by name, the last 50 of each."""

    def __init__(self) -> None:
        self._last: dict[str, deque[float]] = {}

    @contextmanager
    def measure(self, name: str, parts: int = 1) -> Iterator[None]:
        """Measure what happens inside, divided by the number of things it is done for. What fails is not counted."""
        start = time.perf_counter()
        yield
        if parts > 0:
            self.note(name, (time.perf_counter() - start) / parts)

    def note(self, name: str, seconds: float) -> None:
        """Add a duration that was measured elsewhere."""
        self._last.setdefault(name, deque(maxlen=KEPT)).append(seconds * 1000)

    def medians(self) -> dict[str, float]:
        """The median of each, in milliseconds."""
        return {name: round(statistics.median(last), 3) for name, last in self._last.items()}
