"""Comparing all photos with each other, to its end; the page does it step by step (web/src/indexing/duplicate-pass.ts)."""

from __future__ import annotations

from collections.abc import Mapping

from shoebox.api import Shoebox
from shoebox.commands.progress import Bar
from shoebox.commands.thumbnails import Thumbnail

_LABELS = {
    "comparing": "Comparing photos",
    "looking": "Looking at pairs",
    "weighing": "Choosing the sharpest",
    "done": "Compared",
}


async def compare(box: Shoebox, thumbnails: Mapping[str, Thumbnail], bar: Bar) -> int:
    """Compare what has not been compared yet; answers of how many photos thumbnails were wanted that are not there.

    Raises
    ------
    SessionError
    """
    lacking: set[str] = set()
    while True:
        standing = await box.duplicates.step()
        bar.tell(standing["done"], standing["total"], _LABELS[standing["phase"]])
        if standing["phase"] == "done":
            return len(lacking)
        if standing["take"]:
            there = [photo for photo in standing["ids"] if photo in thumbnails]
            lacking.update(photo for photo in standing["ids"] if photo not in thumbnails)
            box.duplicates.take(there, [thumbnails[photo][0] for photo in there])
