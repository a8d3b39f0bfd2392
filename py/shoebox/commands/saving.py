"""Writing the library while it is being filled: the power may fail, and days of work should not be lost."""

from __future__ import annotations

import time
from typing import Any, Final

from shoebox.commands.libraryfile import LibraryFile

# Not sooner than this, and so seldom that writing takes a twentieth of the time.
_SECONDS: Final = 60.0
_SHARE: Final = 20.0


class Saving:
    """Writes a library now and then, and at last, where anything has changed.

    Parameters
    ----------
    file : LibraryFile

    Attributes
    ----------
    faces : object
        Is to be another whenever faces, or who is who, are.
    texts : object
        Likewise of what is written in photos.
    """

    def __init__(self, file: LibraryFile) -> None:
        self._file = file
        self.faces: object = None
        self.texts: object = None
        self._saved = self._state()
        self._next = time.monotonic() + _SECONDS

    def _state(self) -> tuple[Any, ...]:
        library = self._file.box.library
        return library.edits, library.statements.edits, self.faces, self.texts

    def now_and_then(self) -> None:
        """Write, if it is time."""
        begun = time.monotonic()
        if begun < self._next:
            return
        self.at_last()
        ended = time.monotonic()
        self._next = ended + max(_SECONDS, _SHARE * (ended - begun))

    def at_last(self) -> None:
        """Write, if anything has changed since."""
        state = self._state()
        if state != self._saved:
            self._file.save()
            self._saved = state
