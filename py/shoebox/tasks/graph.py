"""Tasks that declare what they depend on, and the order in which to run them.

A request names any set of tasks; what they depend on runs too, each once. A photo is decoded once and shared, and its
squares of one size are made once, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import ShoeboxError
from shoebox.model import preprocess


class TaskError(ShoeboxError):
    """Tasks that cannot be run as they are declared."""

    advice_if_none = "This is a defect of Shoebox or of an addition to it."


class MissingTask(TaskError):
    """A task was asked for, or is depended on, that does not exist."""


class TaskCycle(TaskError):
    """Tasks depend on each other in a circle."""


class Batch:
    """Some decoded photos and what the tasks have found in them.

    Parameters
    ----------
    photos : sequence of n uint8 arrays (height, width, 3)
        Upright, each of its own size.
    sizes : sequence of n (width, height), optional
        The upright photos' own sizes, of which `photos` are smaller renditions; the renditions' if left out.

    Attributes
    ----------
    results : dict of str to what the task of that name returned
    """

    def __init__(self, photos: Sequence[NDArray[np.uint8]], sizes: Sequence[tuple[int, int]] | None = None) -> None:
        self.photos = photos
        self.sizes = [(photo.shape[1], photo.shape[0]) for photo in photos] if sizes is None else list(sizes)
        self.results: dict[str, Any] = {}
        self._squares: dict[preprocess.Shape, NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return len(self.photos)

    def squares(self, shape: preprocess.Shape) -> NDArray[np.uint8]:
        """All photos as squares, uint8 (n, side, side, 3)."""
        if shape not in self._squares:
            self._squares[shape] = preprocess.batch(self.photos, shape)
        return self._squares[shape]


class Task(Protocol):
    """One thing to do with photos.

    Attributes
    ----------
    name : str
    depends : tuple of str
        Names of the tasks whose results it reads.
    """

    name: str
    depends: tuple[str, ...]

    async def run(self, batch: Batch) -> Any:
        """The result for all photos of the batch, in their order."""
        ...


class TaskGraph:
    """Tasks by name.

    Parameters
    ----------
    tasks : iterable of Task

    Raises
    ------
    TaskError
        If two have the same name, one depends on what does not exist, or they depend on each other in a circle.
    """

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks: dict[str, Task] = {}
        for task in tasks:
            if task.name in self._tasks:
                raise TaskError(f"There are two tasks of the name {task.name}.")
            self._tasks[task.name] = task
        self.order(self._tasks)

    def order(self, names: Iterable[str]) -> list[str]:
        """The tasks and all that they depend on, each after what it depends on.

        Raises
        ------
        MissingTask, TaskCycle
        """
        done: list[str] = []
        for name in names:
            self._visit(name, (), done)
        return done

    async def run(self, names: Iterable[str], batch: Batch) -> dict[str, Any]:
        """Run the tasks on a batch, whose `results` are returned."""
        for name in self.order(names):
            if name not in batch.results:
                batch.results[name] = await self._tasks[name].run(batch)
        return batch.results

    def _visit(self, name: str, above: tuple[str, ...], done: list[str]) -> None:
        if name in done:
            return
        if name in above:
            raise TaskCycle(f"Tasks wait for each other: {' → '.join((*above[above.index(name) :], name))}.")
        if name not in self._tasks:
            asked = f", which {above[-1]} depends on" if above else ""
            raise MissingTask(f"There is no task {name}{asked}.", f"There are: {', '.join(sorted(self._tasks)) or 'none'}.")
        for needed in self._tasks[name].depends:
            self._visit(needed, (*above, name), done)
        done.append(name)
