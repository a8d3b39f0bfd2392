"""The verb `decode`: Pillow where the browser cannot open a photo, in a worker of its own that may be ended at any moment."""

from __future__ import annotations

import time
from typing import Any

from shoebox.photo.decode import MIN_SIDE, THUMBNAIL_SIDE, decode_photo


def decode(
    data: bytes | memoryview,
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
