"""How alike two faces must be, for each recogniser: the only place where these numbers stand.

They are cosine distances in the recogniser's own space, which is not centred. `python -m models.evaluation.people` measures
them anew and says which it would choose. The packs of others bring theirs in `[people]` of their manifest, since nothing here
could know them; they are stored with the vectors, so that these can be put together wherever they come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

from shoebox.errors import PackError
from shoebox.model.manifest import Section

# Of `same`, where a pack does not say it itself: half of it, as measured for the default pack, and as far beyond as there.
_TIGHT_SHARE, _ASK_SHARE = 0.5, 1.4
_FOUNDING = 0.3
# Between vectors that point in opposite directions.
_FURTHEST = 2.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Distances of one recogniser, 1 - cosine.

    Attributes
    ----------
    same : float
        Groups nearer than this on average are one person.
    tight : float
        Faces nearer than this are brought together first, and then count as one: it keeps the graph small.
    ask : float
        Groups nearer than this may be one person, and the person is asked.
    founding : float
        Faces of less quality than this join people but found none.
    """

    same: float
    tight: float
    ask: float
    founding: float

    @classmethod
    def read(cls, section: Section) -> Calibration:
        """What `[people]` of a manifest says: `same`, and, where they are there, the others.

        Raises
        ------
        PackError
            If a number is missing or cannot be.
        """

        def number(name: str, otherwise: float, highest: float) -> float:
            return section.number(name, 0, highest) if name in section else otherwise

        same = section.number("same", 0, _FURTHEST)
        made = cls(
            same=same,
            tight=number("tight", same * _TIGHT_SHARE, _FURTHEST),
            ask=number("ask", min(same * _ASK_SHARE, _FURTHEST), _FURTHEST),
            founding=number("founding", _FOUNDING, 1),
        )
        if not 0 < made.tight <= made.same <= made.ask:
            raise PackError("In the pack.toml of the face pack, [people] should have tight, same and ask in rising order.")
        return made

    @property
    def numbers(self) -> list[float]:
        """As they are stored."""
        return list(astuple(self))

    @classmethod
    def of_numbers(cls, numbers: Sequence[Any]) -> Calibration | None:
        """Of stored numbers; None if they cannot be."""
        if len(numbers) != 4 or not all(type(each) in (int, float) and 0 <= each <= _FURTHEST for each in numbers):
            return None
        made = cls(*map(float, numbers))
        return made if made.tight <= made.same <= made.ask else None


# Chosen on half of 457 people of LFW (2,028 photos, in which the pack's own detector finds 2,026 faces; aligned by all points,
# averaged with the mirrored face, all grouped together) as the threshold with the best recall at a BCubed precision of 0.98:
# there 0.984 / 0.920, on the other half 0.991 / 0.931, on both 0.988 / 0.926. The worst slices are the darkest quarter of the
# faces and the quarter with the darkest skin, 0.992 / 0.896 each; crops made brighter (by gamma or gain, to the mean of the
# others) give the same, so the network itself knows such faces less well. Of the pairs of one person half are nearer than
# 0.041 and 95 % nearer than 0.071; of those of two, one in 1,000 is nearer than 0.069. `tight` is half of `same`: leaving that
# stage out changed nothing on these faces. `ask` and `founding` are set, not measured.
FACE_API = Calibration(same=0.061, tight=0.0305, ask=0.09, founding=0.3)

#: Of the packs that need not say theirs.
KNOWN: Final = {"face-api": FACE_API}
