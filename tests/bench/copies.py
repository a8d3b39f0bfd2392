"""A large library from device to device, by the command line: how long a copy takes to write and to take in; memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from shoebox import archive
from shoebox.store.blocks import Block, write_block
from shoebox.store.rows import id_numbers, id_text
from tests import synthetic
from tests.bench import native
from tests.bench.place import Place
from tests.bench.row import Row
from tests.photos import REPOSITORY, Photo

# Seconds; a command takes many.
ASK_EVERY = 0.05


def write_library(path: Path, count: int, work: Path) -> None:
    """A library of `count` made-up photos as the command line keeps it, all with a thumbnail of usual size."""
    box = native.shoebox(1)
    rows = list(synthetic.rows(count, synthetic.default_pack()))
    box.load([write_block(Block(key, 0, part)) for key, part in enumerate(rows, start=1)], [])
    thumbnail = (Photo("thumb.jpg", "cat", (400, 300), options={"quality": 80}).write(work).read_bytes(), 400, 300)
    ids = [id_text(number) for part in rows for number in id_numbers(part.columns["hash"]).tolist()]
    archive.save(box, path, thumbnails=dict.fromkeys(ids, thumbnail))


def typed(library: Path, *words: str | Path) -> tuple[float, float]:
    """Type a command: seconds, and the most memory meanwhile in MB.

    The kernel is asked while the command runs: what it tells of a process that has ended is never less than what the one that
    started it had.
    """
    command = [sys.executable, "-m", "shoebox", *map(str, words), "--library", str(library), "--json"]
    begun = time.perf_counter()
    most = 0.0
    with subprocess.Popen(command, cwd=REPOSITORY / "py", stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            most = max(most, most_resident(running.pid))
            time.sleep(ASK_EVERY)
    if running.returncode != 0:
        raise subprocess.CalledProcessError(running.returncode, command)
    return time.perf_counter() - begun, most


def most_resident(process: int) -> float:
    """The most memory that a process has held so far, in MB; 0 where it has just ended."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def rows(place: Place) -> Iterator[Row]:
    """Writing a copy, taking it in on another device, and taking it in once more, which changes nothing."""
    if not sys.platform.startswith("linux"):
        return
    count = place.sizes.library
    here, copy, there = (place.work / name for name in ("here.shoebox", "copy.shoebox", "there.shoebox"))
    write_library(here, count, place.work)
    for what, library, words in (
        ("written", here, ("export", copy)),
        ("taken in", there, ("import", copy)),
        ("taken in once more", there, ("import", copy)),
    ):
        seconds, megabytes = typed(library, *words)
        yield Row(f"a copy of {count:,} photos with thumbnails, {what} by the command line", seconds, "s")
        yield Row(f"a copy of {count:,} photos, {what}: the most memory", megabytes, "MB")
    yield Row(f"a copy of {count:,} photos with thumbnails", copy.stat().st_size / 1e6, "MB")
    for path in (here, copy, there):
        path.unlink()
