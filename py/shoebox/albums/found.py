"""The albums that photos make by themselves, before anybody said anything about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.albums import events, home, identity, things, trips
from shoebox.albums.identity import EVENT, THING, TRIP, UTILITY, Span
from shoebox.albums.topics import title_of
from shoebox.curation.curator import Curator
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts
from shoebox.store.rows import SCREENSHOT

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

# Concepts of the utility albums and their titles; a photo is in the first that it fits.
_UTILITIES: Final = (("receipt", "Receipts"), ("document", "Documents"), ("screenshot", "Screenshots"))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One album.

    Attributes
    ----------
    id : str
        As `identity` says.
    kind : str
    name : str
        What a thing is called; empty for trips and events.
    rows : (photos,) intp
    """

    id: str
    kind: str
    name: str
    rows: Rows


class Seeker:
    """Finds the albums of one library, once for each of its states.

    Parameters
    ----------
    library : Library
    curator : Curator
        Knows what is a screenshot, a receipt or a document.
    concepts : Concepts
    """

    def __init__(self, library: Library, curator: Curator, concepts: Concepts) -> None:
        self._library, self._curator, self._concepts = library, curator, concepts
        self._known: tuple[Any, list[Found]] | None = None
        self.homes = home.find(np.zeros(0), np.zeros(0), np.zeros(0))

    @property
    def state(self) -> Any:
        """Is another whenever other albums may be found."""
        return self._curator.edits

    def found(self) -> list[Found]:
        """All albums; trips and events by time, things by size."""
        if self._known is None or self._known[0] != self.state:
            self._known = self.state, [*self._stretches(), *self._things(), *self._utilities()]
        return self._known[1]

    def lookable(self) -> Mask:
        """(count,) bool: photos that are there to be looked at, not to be used."""
        mask: Mask = self._library.vectors.alive & ~self._curator.utilities()
        return mask

    def dated(self) -> Rows:
        """Those of them that tell when they were taken, the oldest first."""
        taken = self._library.table["taken"]
        rows = np.flatnonzero(self.lookable() & np.isfinite(taken))
        return rows[np.argsort(taken[rows], kind="stable")]

    def _stretches(self) -> list[Found]:
        table, rows = self._library.table, self.dated()
        taken, latitude, longitude = (table[name][rows] for name in ("taken", "latitude", "longitude"))
        self.homes = home.find(latitude, longitude, taken)
        away = trips.find(taken, self.homes.kilometres(latitude, longitude, taken))
        left = np.ones(len(rows), bool)
        for places in away:
            left[places] = False
        rest = np.flatnonzero(left)
        found = [(TRIP, places) for places in away] + [(EVENT, rest[places]) for places in events.find(taken[rest])]
        found.sort(key=lambda each: int(each[1][0]))
        return [
            Found(identity.of_stretch(kind, Span.of(taken[places[0]], taken[places[-1]])), kind, "", rows[places])
            for kind, places in found
        ]

    def _things(self) -> list[Found]:
        table = self._library.table
        rows = np.flatnonzero(self.lookable() & self._library.comparable)
        shown = things.find(self._concepts, table["tags"], table["tag_scores"], rows, self._library.vectors)
        names = [self._concepts[thing.concept].name for thing in shown]
        return [
            Found(identity.of_thing(THING, name), THING, title_of(name), thing.rows)
            for name, thing in zip(names, shown, strict=True)
        ]

    def _utilities(self) -> list[Found]:
        table = self._library.table
        left = self._library.vectors.alive & self._curator.utilities()
        screens: Mask = (table["flags"] & SCREENSHOT) != 0
        found: list[Found] = []
        for name, title in _UTILITIES:
            concept = self._concepts.named(name)
            showing = np.zeros(len(left), bool)
            if concept is not None:
                showing = self._concepts.showing(concept, table["tags"], table["tag_scores"]) & self._library.comparable
            # What was found to be a screenshot by its name is one, whatever it shows.
            showing = (showing | screens) if name == "screenshot" else (showing & ~screens)
            rows = np.flatnonzero(left & showing)
            left[rows] = False
            if len(rows):
                found.append(Found(identity.of_thing(UTILITY, name), UTILITY, title, rows))
        return found
