"""Photos that another pack has looked at are looked at again by today's, behind everything else.

They came with a library that was saved where another pack is in use, or today's pack is a newer one than that of their time.
Words do not find them until then. Unlike in `switching`, nothing waits for the end: what is seen in a few photos is an ordinary
change of the library, and they are found from then on. Photos without a thumbnail wait for their file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shoebox import requests
from shoebox.library.ledger import Ledger
from shoebox.library.relooking import AT_ONCE, look, rows_anew, thumbnails_given
from shoebox.store.journal import Change
from shoebox.store.rows import BARE, id_numbers, id_text
from shoebox.store.sealed import Buffer
from shoebox.tasks.graph import TaskGraph

Answer = dict[str, Any]


class Renewal:
    """The photos of one library that today's pack has not looked at.

    Parameters
    ----------
    ledger : Ledger
    graph : TaskGraph
        Today's pack: makes vectors and tags.
    """

    def __init__(self, ledger: Ledger, graph: TaskGraph) -> None:
        self._ledger, self._library, self._graph = ledger, ledger.library, graph
        self._missed: set[int] = set()

    def begin(self) -> Answer:
        """Photos whose thumbnail could not be read are asked for once more: perhaps it has come."""
        self._missed.clear()
        return {}

    def step(self) -> Answer:
        """The photos whose thumbnails are wanted next: `{ids, left, waiting}`; no ids where all have had their turn.

        `left` is how many can be looked at yet, `waiting` how many cannot, since they have no thumbnail that could be read.
        """
        library = self._library
        outdated = library.vectors.alive & (library.table["model"] != 0)
        bare = (library.table["flags"] & BARE) != 0
        numbers = id_numbers(library.table["hash"][outdated & ~bare])
        todo = numbers[~np.isin(numbers, np.fromiter(self._missed, np.uint64, len(self._missed)))]
        return {
            "ids": [id_text(number) for number in todo[:AT_ONCE].tolist()],
            "left": len(todo),
            "waiting": int(outdated.sum()) - len(todo),
        }

    async def take(self, wanted: Sequence[str], ids: Sequence[str], thumbnails: Sequence[Buffer], tags: bool = True) -> Answer:
        """Look at photos: `{batch, journal}`, staged; both None where none of them can be read.

        Parameters
        ----------
        wanted : sequence of str
            Those that `step` named.
        ids, thumbnails
            Which of them have thumbnails, and these: JPEG files.
        tags : bool
            Whether photos get tags.
        """
        given = thumbnails_given(ids, thumbnails)
        numbers = [number for number in map(requests.id_number, wanted) if number is not None]
        looks = await look(self._graph, numbers, given, bool(tags))
        seen = set() if looks is None else set(looks.numbers.tolist())
        self._missed.update(number for number in numbers if number not in seen)
        if looks is None:
            return self._ledger.answer(Change())
        # Somebody may have taken photos out, or added their files, while the network ran.
        still = np.array([self._is_outdated(number) for number in looks.numbers.tolist()], bool)
        return self._ledger.answer(Change(rows=rows_anew(self._library, self._library.model, looks.at(still))))

    def _is_outdated(self, number: int) -> bool:
        library = self._library
        return number in library.vectors and not library.is_comparable(number) and not self._ledger.is_leaving(number)
