"""The files behind photos that are in the library already, for passes that look at them again, larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.api import Shoebox
from shoebox.commands.decoders import Decoders
from shoebox.commands.decoding import Job
from shoebox.commands.scanning import Found

# Pillow always makes a thumbnail; nobody looks at this one.
_LEAST_THUMBNAIL: Final = 16
_ID_LENGTH: Final = 16
# Names in the library, with the paths of their files.
Places = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The pixels of a photo; None where nobody can decode it."""

    id: str
    pixels: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Some photos as the verbs of a pass take them: `photos`, their `pixels`, and the ids of those that were `missed`."""

    photos: list[dict[str, Any]]
    pixels: list[bytes]
    missed: list[str]

    @classmethod
    def of(cls, batch: Sequence[Seen]) -> Given:
        """A batch of photos."""
        photos, pixels = [], []
        for seen in batch:
            if seen.pixels is not None:
                height, width = seen.pixels.shape[:2]
                photos.append({"id": seen.id, "width": width, "height": height})
                pixels.append(seen.pixels.tobytes())
        return cls(photos, pixels, [seen.id for seen in batch if seen.pixels is None])


class Originals:
    """The files of photos, as far as they are among those that were found.

    Parameters
    ----------
    box : Shoebox
    decoders : Decoders
    files : sequence of Found
    min_side : int
        What the shorter side of the pixels should be at least.
    """

    def __init__(self, box: Shoebox, decoders: Decoders, files: Sequence[Found], min_side: int) -> None:
        self._box, self._decoders, self._min_side = box, decoders, min_side
        self._paths = {file.name: file.path for file in files}

    def at_hand(self, joined: str) -> tuple[list[tuple[str, Places]], int]:
        """Those of some photos, given as one text of their ids, whose files are there; and how many they are in all."""
        ids = [joined[low : low + _ID_LENGTH] for low in range(0, len(joined), _ID_LENGTH)]
        found = []
        for photo, names in zip(ids, self._box.seeking.names(ids), strict=True):
            here = [(name, self._paths[name]) for name in names if name in self._paths]
            if here:
                found.append((photo, here))
        return found, len(ids)

    async def open(self, photo: str, here: Places) -> Seen | None:
        """The pixels of a photo from one of its files; None where none of them is that photo (any more)."""
        library = self._box.library
        row = library.row_of(int(photo, 16))
        wanted = "" if row is None else str(library.table["hash"][row].tobytes().hex())
        for name, path in here:
            read = await self._decoders.read(Job(name, path, self._min_side, _LEAST_THUMBNAIL, only=wanted, known=True))
            order: dict[str, Any] = {"action": "other"}
            if read.hash:
                order = self._box.seeking.order(photo, read.hash, read.head, read.whole)
            if order["action"] == "decode":
                return Seen(photo, None if read.photo is None else read.photo.pixels)
        return None
