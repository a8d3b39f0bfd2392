"""The verbs about one file, which need no library: what it is, its pixels, and a picture of it that every screen shows.

The last two run in a worker of their own that may be ended at any moment.
"""

from __future__ import annotations

import time
from typing import Any

from shoebox.photo.decode import MIN_SIDE, THUMBNAIL_SIDE, decode_photo, full_photo
from shoebox.photo.inspection import inspect_head

Buffer = bytes | memoryview


def judge(name: str, head: Buffer, whole: bool = False) -> dict[str, Any]:
    """How to decode a file that need not be in the library: `{action: "fail" | "whole" | "decode", ...}` as `inspect`."""
    found = inspect_head(name, memoryview(head).tobytes(), bool(whole))
    if found.action == "decode":
        return found.order()
    return {"action": found.action, **({"reason": found.reason} if found.action == "fail" else {})}


def decode(
    data: Buffer,
    name: str = "",
    orientation: int | None = None,
    minSide: int = MIN_SIDE,
    thumbSide: int = THUMBNAIL_SIDE,
) -> dict[str, Any]:
    """Decode a file as the page's decode workers do with the browser; the arguments have the names of their messages.

    Raises
    ------
    UnreadablePhoto
        With a plain sentence.
    """
    start = time.perf_counter()
    photo = decode_photo(memoryview(data).tobytes(), name, orientation=orientation, min_side=minSide, thumbnail_side=thumbSide)
    return {
        "pixels": photo.pixels.reshape(-1),
        "width": photo.pixels.shape[1],
        "height": photo.pixels.shape[0],
        "photoWidth": photo.photo_width,
        "photoHeight": photo.photo_height,
        "thumb": photo.thumbnail,
        "thumbWidth": photo.thumbnail_width,
        "thumbHeight": photo.thumbnail_height,
        "complete": photo.complete,
        "ms": {"decode": (time.perf_counter() - start) * 1000, "thumb": 0.0},
    }


def show(data: Buffer, name: str = "") -> dict[str, Any]:
    """A photo for the screen: `{jpeg, width, height}`.

    Raises
    ------
    UnreadablePhoto
        With a plain sentence.
    """
    jpeg, width, height = full_photo(memoryview(data).tobytes(), name)
    return {"jpeg": jpeg, "width": width, "height": height}
