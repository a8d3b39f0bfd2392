"""What comparing has found, kept so that no photo is compared twice: as bytes in the browser's database, known by photos' ids.

All of it can be made anew from the library and its thumbnails, so it needs no journal, and of two tabs the later one's stays.
One `sealed` run of kind 6. Fields: `pack`, `preprocessing` (whose vectors found the neighbours), `method` (`METHOD`),
`compared`, `pairs`, `weighed` (how many). Sections: `compared` (n,) uint64; `left`, `right` (p,) uint64 and `agreement` (p,)
float32 of the pairs that are the same picture; `weighed` (m,) uint64 and `sharpness` (m,) float32.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from shoebox.errors import StoreError
from shoebox.store.rows import ModelId
from shoebox.store.sealed import DUPLICATES, Buffer, column, seal, unseal, whole, word

# Goes up when photos should be compared anew: other candidates, another check, other thresholds.
METHOD: Final = 1


@dataclass(slots=True)
class Compared:
    """What is known of the photos of one library.

    Attributes
    ----------
    model : ModelId
        What made the vectors by which neighbours were found.
    photos : set of int
        Ids of the photos that were compared with all others in this set.
    same : dict of (int, int) to float
        How well the pairs that are the same picture agree, the lesser id first.
    sharpness : dict of int to float
        Of photos in bursts that were indexed before `curation.looks` was measured.
    """

    model: ModelId
    photos: set[int] = field(default_factory=set)
    same: dict[tuple[int, int], float] = field(default_factory=dict)
    sharpness: dict[int, float] = field(default_factory=dict)

    def forget(self, gone: set[int]) -> None:
        """Let go of all about photos that have left."""
        self.photos -= gone
        self.same = {pair: agreement for pair, agreement in self.same.items() if gone.isdisjoint(pair)}
        self.sharpness = {photo: value for photo, value in self.sharpness.items() if photo not in gone}


def write_compared(compared: Compared) -> bytes:
    """The bytes of what is known."""
    pairs = np.array(list(compared.same), "<u8").reshape(-1, 2)
    sections = {
        "compared": np.array(sorted(compared.photos), "<u8"),
        "left": pairs[:, 0],
        "right": pairs[:, 1],
        "agreement": np.array(list(compared.same.values()), "<f4"),
        "weighed": np.array(list(compared.sharpness), "<u8"),
        "sharpness": np.array(list(compared.sharpness.values()), "<f4"),
    }
    fields = {
        "pack": compared.model.pack,
        "preprocessing": compared.model.preprocessing,
        "method": METHOD,
        "compared": len(compared.photos),
        "pairs": len(compared.same),
        "weighed": len(compared.sharpness),
    }
    return seal(DUPLICATES, fields, {name: np.ascontiguousarray(each).tobytes() for name, each in sections.items()})


def read_compared(data: Buffer, model: ModelId) -> Compared:
    """What `write_compared` wrote; nothing of it where it was made by another pack or an older method.

    Raises
    ------
    StoreError
        If anything in it is not as it must be.
    """
    fields, sections = unseal(DUPLICATES, data)
    if set(sections) != {"compared", "left", "right", "agreement", "weighed", "sharpness"}:
        raise StoreError("The stored list of duplicates does not have the columns that it should have.")
    photos, pairs, weighed = (whole(fields, name, DUPLICATES) for name in ("compared", "pairs", "weighed"))
    made_by = ModelId(word(fields, "pack", DUPLICATES), word(fields, "preprocessing", DUPLICATES))
    if made_by != model or whole(fields, "method", DUPLICATES) != METHOD:
        return Compared(model)

    def numbers(name: str, dtype: str, count: int) -> list[int]:
        found: list[int] = column(sections, name, dtype, (count,), DUPLICATES).tolist()
        return found

    agreement = column(sections, "agreement", "<f4", (pairs,), DUPLICATES).tolist()
    sharpness = column(sections, "sharpness", "<f4", (weighed,), DUPLICATES).tolist()
    left, right = numbers("left", "<u8", pairs), numbers("right", "<u8", pairs)
    if any(one >= other for one, other in zip(left, right, strict=True)) or not np.isfinite([*agreement, *sharpness]).all():
        raise StoreError("The stored list of duplicates names what cannot be.")
    return Compared(
        model,
        set(numbers("compared", "<u8", photos)),
        dict(zip(zip(left, right, strict=True), agreement, strict=True)),
        dict(zip(numbers("weighed", "<u8", weighed), sharpness, strict=True)),
    )
