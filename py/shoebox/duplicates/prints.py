"""A photo in small: 128 x 128 grey values of its thumbnail.

Made from the stored thumbnail and not while a photo is indexed, so that every library has them, whichever version indexed it,
and pixels that a browser decoded and those that Pillow did have gone through the same JPEG. They are not stored: a print
costs 0.2 ms and 16 KB once its thumbnail is decoded, and is wanted only while its photo is compared with one that the networks
find like it (`looking`).
"""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.errors import QueryError
from shoebox.store.sealed import Buffer

SIDE: Final = 128
# libjpeg decodes to half the size at four fifths of the cost; 128 x 128 loses nothing by it.
_DRAFT: Final = 2
# Thumbnails are at most 400 px long; anything much larger is not one of ours.
_LARGEST: Final = 4096
# Standard deviation of grey values, of 255: with less contrast a picture is blank, and resembles every other blank one.
LEAST_CONTRAST: Final = 4.0


def grey_of(thumbnail: bytes) -> Image.Image | None:
    """A stored thumbnail in grey, at half its size ("L"); None where it is no picture that Pillow can open."""
    try:
        with Image.open(io.BytesIO(thumbnail)) as image:
            if max(image.size) > _LARGEST:
                return None
            image.draft("L", (max(1, image.width // _DRAFT), max(1, image.height // _DRAFT)))
            return image.convert("L")
    except (OSError, ValueError, SyntaxError):
        # Pillow's ways of saying that bytes are damaged.
        return None


def grey_from(values: Buffer, width: int, height: int) -> Image.Image:
    """The same, decoded already: one byte a pixel, rows from the top.

    Raises
    ------
    QueryError
        If there are not as many values as pixels.
    """
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST) or len(values) != width * height:
        raise QueryError(f"A thumbnail in grey of {width} × {height} cannot have {len(values)} values.")
    return Image.frombuffer("L", (width, height), bytes(values), "raw", "L", 0, 1)


def print_of(grey: Image.Image) -> NDArray[np.uint8]:
    """The print of a photo, (128, 128), squashed to a square, from its thumbnail in grey."""
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX))


def sharpness_of(image: Image.Image) -> float:
    """How sharp a photo is, of its thumbnail in grey: the deviation of the Laplacian over that of the grey values.

    To compare photos of one scene with each other, as Pech-Pacheco and others do ("Diatom autofocusing in brightfield
    microscopy", 2000); of different scenes it says more about the scene.
    """
    if min(image.size) < 3:
        return 0.0
    grey = np.asarray(image, np.float32)
    inner = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(laplacian.std() / max(float(inner.std()), LEAST_CONTRAST))
