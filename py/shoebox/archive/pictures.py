"""Thumbnails as an archive has them: some of one group of photos, a `sealed` run of kind 7.

Field: `count`. Sections: `ids` uint64, of the photos; `sizes` (count, 2) uint16, width and height; `lengths` uint32;
`pictures`, the JPEG files one after another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from shoebox.errors import StoreError
from shoebox.photo.jpeg import read_jpeg
from shoebox.store.sealed import PICTURES, Buffer, column, seal, unseal, whole

# Thumbnails are about 20 kB and 400 pixels wide.
MOST_BYTES = 1 << 20
LONGEST_SIDE = 2048
# About as much is written into one run.
_ENOUGH = 8 << 20


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail.

    Attributes
    ----------
    jpeg : bytes
    width, height : int
    """

    jpeg: bytes
    width: int
    height: int

    def is_sound(self) -> bool:
        """Whether it is a small JPEG of the size that it says."""
        if not 0 < len(self.jpeg) <= MOST_BYTES or not self.jpeg.startswith(b"\xff\xd8\xff"):
            return False
        header = read_jpeg(self.jpeg)
        same = (header.width, header.height) == (self.width, self.height)
        return same and header.showable and min(self.width, self.height) > 0 and max(self.width, self.height) <= LONGEST_SIDE


def write_pictures(pictures: Mapping[int, Picture]) -> Iterator[bytes]:
    """Runs of bytes, each of a bounded size, that hold the thumbnails of some photos; those that are not sound are left out."""
    part: dict[int, Picture] = {}
    size = 0
    for number, picture in pictures.items():
        if not picture.is_sound():
            continue
        if part and size + len(picture.jpeg) > _ENOUGH:
            yield _run(part)
            part, size = {}, 0
        part[number] = picture
        size += len(picture.jpeg)
    if part:
        yield _run(part)


def _run(part: Mapping[int, Picture]) -> bytes:
    pictures = list(part.values())
    sections = {
        "ids": np.array(list(part), "<u8").tobytes(),
        "sizes": np.array([(each.width, each.height) for each in pictures], "<u2").tobytes(),
        "lengths": np.array([len(each.jpeg) for each in pictures], "<u4").tobytes(),
        "pictures": b"".join(each.jpeg for each in pictures),
    }
    return seal(PICTURES, {"count": len(part)}, sections)


def read_pictures(run: Buffer) -> dict[int, Picture]:
    """The thumbnails of a run, by photo.

    Raises
    ------
    StoreError
        If anything in it is not as `write_pictures` would have written it.
    """
    fields, sections = unseal(PICTURES, run)
    if set(sections) != {"ids", "sizes", "lengths", "pictures"}:
        raise StoreError("A list of thumbnails does not have the columns that it should have.")
    count = whole(fields, "count", PICTURES)
    ids = column(sections, "ids", "<u8", (count,), PICTURES).tolist()
    sizes = column(sections, "sizes", "<u2", (count, 2), PICTURES).tolist()
    ends = np.cumsum(column(sections, "lengths", "<u4", (count,), PICTURES), dtype=np.int64).tolist()
    data = bytes(sections["pictures"])
    if len(data) != (ends[-1] if ends else 0) or len(set(ids)) != count:
        raise StoreError("A list of thumbnails is not as long as it says.")
    starts = [0, *ends[:-1]]
    found = {number: Picture(data[start:end], *size) for number, start, end, size in zip(ids, starts, ends, sizes, strict=True)}
    if not all(picture.is_sound() for picture in found.values()):
        raise StoreError("A thumbnail is not what it should be.")
    return found
