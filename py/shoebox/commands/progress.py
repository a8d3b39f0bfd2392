"""How far a long command has come: a bar where a person looks on, silence where a program does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Bar(Protocol):
    """One thing that takes a while."""

    def tell(self, done: int, total: int | None = None, label: str | None = None) -> None:
        """How many are done, and of how many; None where that, or what it is called, is as before."""
        ...


class _Silence:
    def tell(self, done: int, total: int | None = None, label: str | None = None) -> None:
        pass


class _RichBar:
    def __init__(self, progress: Any, task: Any) -> None:
        self._progress, self._task = progress, task

    def tell(self, done: int, total: int | None = None, label: str | None = None) -> None:
        changes: dict[str, Any] = {"completed": done}
        if total is not None:
            changes["total"] = total
        if label is not None:
            changes["description"] = label
        self._progress.update(self._task, **changes)


@contextmanager
def bar(label: str, total: int, shown: bool) -> Iterator[Bar]:
    """A bar on stderr, if it is to be `shown`, stderr is a terminal, and the package rich is installed."""
    if not shown or not sys.stderr.isatty():
        yield _Silence()
        return
    try:
        from rich import progress as rich
        from rich.console import Console
    except ImportError:
        yield _Silence()
        return
    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TaskProgressColumn(show_speed=True),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _RichBar(progress, progress.add_task(label, total=total))
