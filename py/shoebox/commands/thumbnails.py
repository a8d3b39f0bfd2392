"""Thumbnails by photo, kept in a file without a name: 100,000 of them are 2 GB, more than memory should hold.

The file lies in the folder of the library, where there must be room for them anyway, and is gone with the process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path

#: JPEG, width, height.
Thumbnail = tuple[bytes, int, int]


class Thumbnails(MutableMapping[str, Thumbnail]):
    """A mapping of photo id to thumbnail.

    Parameters
    ----------
    folder : Path
        Where the file is to lie.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix=".shoebox-")  # noqa: SIM115  closed by `close`
        self._places: dict[str, tuple[int, int, int, int]] = {}
        self._end = 0
        self.edits = 0

    def close(self) -> None:
        """Let go of all."""
        self._file.close()

    def __setitem__(self, photo: str, thumbnail: Thumbnail) -> None:
        data, width, height = thumbnail
        self._file.seek(self._end)
        self._file.write(data)
        self._places[photo] = (self._end, len(data), int(width), int(height))
        self._end += len(data)
        self.edits += 1

    def __getitem__(self, photo: str) -> Thumbnail:
        start, length, width, height = self._places[photo]
        self._file.seek(start)
        return self._file.read(length), width, height

    def __delitem__(self, photo: str) -> None:
        del self._places[photo]
        self.edits += 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, photo: object) -> bool:
        return photo in self._places
