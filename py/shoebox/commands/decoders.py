"""Processes that read and decode files, one for each core.

Each has a thread here that waits for it, so it is always known which file a process is at: one that takes too long, or takes
the process down, fails alone, and another process takes the place of the lost one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.commands.decoding import Failure, Job, Read, read

# Longer than the page waits, since here all cores may be busy with other photos at once.
_LIMIT_SECONDS: Final = 60.0
# Once more, since whoever else was large at the same time may have taken the memory.
_MOST_ATTEMPTS: Final = 2
_END_SECONDS: Final = 2.0

_TOO_SLOW: Final = Failure("Opening this photo took longer than a minute, so it was left out.", False)
_FELL: Final = Failure("The decoder stopped working on this photo, so it was left out.", False)


class Lost(Exception):
    """The process is gone."""


class TooSlow(Exception):
    """The process does not answer."""


class _Worker:
    """One process, started when it is first needed.

    Parameters
    ----------
    known : (n,) uint64
        Sorted ids of the photos that need not be decoded.
    """

    def __init__(self, known: NDArray[np.uint64]) -> None:
        self._known = known
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def run(self, job: Job) -> Read:
        """Do a job; raises `Lost` or `TooSlow`, and begins anew the next time."""
        line = self._line or self._start()
        try:
            line.send(job)
            if not line.poll(_LIMIT_SECONDS):
                raise TooSlow
            answer = line.recv()
        except TooSlow:
            self.end(at_once=True)
            raise
        except (EOFError, OSError) as error:
            self.end(at_once=True)
            raise Lost from error
        assert isinstance(answer, Read)
        return answer

    def _start(self) -> Connection:
        # "spawn", since a process that runs networks in threads cannot be forked safely.
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._known), name="shoebox decoder", daemon=True)
        self._process.start()
        theirs.close()
        return self._line

    def kill(self) -> None:
        """Take the process down; whoever waits for it hears of that."""
        if self._process is not None:
            self._process.kill()

    def end(self, at_once: bool = False) -> None:
        """End the process: when it is done, or at once."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            if not at_once:
                self._process.join(_END_SECONDS)
            if self._process.is_alive():
                self._process.kill()
            self._process.join()
            self._process.close()
        self._line = self._process = None


def _work(line: Connection, known: NDArray[np.uint64]) -> None:
    """The life of a process: a job in, what was read out, until the line is closed."""
    # Ctrl-C goes to all processes of a terminal; when to stop is for the first one to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def is_known(number: int) -> bool:
        place = int(np.searchsorted(known, np.uint64(number)))
        return place < len(known) and int(known[place]) == number

    while True:
        try:
            job = line.recv()
            line.send(read(job, is_known))
        except (EOFError, OSError):
            return


class Decoders:
    """Several processes; use it in a `with` statement.

    Parameters
    ----------
    count : int
        How many.
    known : (n,) uint64
        Ids of the photos that need not be decoded.
    """

    def __init__(self, count: int, known: NDArray[np.uint64]) -> None:
        self.count = count
        self._workers = [_Worker(np.sort(known)) for _ in range(count)]
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._ended = False
        self._threads = ThreadPoolExecutor(count, "shoebox decoder")

    def __enter__(self) -> Decoders:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._ended = True
        if error is not None:
            # Nobody waits for what is under way any more.
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    async def read(self, job: Job) -> Read:
        """Do a job as soon as a process is free; what goes wrong with the process is told as a failure of the file."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, job)

    def _read(self, job: Job) -> Read:
        worker = self._free.get()
        try:
            for _ in range(_MOST_ATTEMPTS):
                try:
                    return worker.run(job)
                except Lost:
                    if self._ended:
                        break
            return Read(failure=_FELL)
        except TooSlow:
            return Read(failure=_TOO_SLOW)
        finally:
            self._free.put(worker)
