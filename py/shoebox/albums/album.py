"""One album as a person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.albums.identity import EVENT, TRIP

Rows = NDArray[np.intp]

#: The kinds that are stretches of time.
STRETCHES: Final = (TRIP, EVENT)


@dataclass(slots=True, eq=False)
class Album:
    """One album.

    Attributes
    ----------
    id, kind : str
        As `identity` says.
    rows : (photos,) intp
        The newest first, once the album is described.
    title : str
    called : bool
        Whether a person gave it its title.
    place : str
        Where most of its photos were taken; empty where that is not known.
    first, last : float or None
        When the first and the last photo that tell it were taken, milliseconds since 1970.
    cover : int or None
        A row; None for empty albums.
    hidden, pinned : bool
    merged : list of str
        The albums that have become a part of it.
    """

    id: str
    kind: str
    rows: Rows
    title: str = ""
    called: bool = False
    place: str = ""
    first: float | None = None
    last: float | None = None
    cover: int | None = None
    hidden: bool = False
    pinned: bool = False
    merged: list[str] = field(default_factory=list)
