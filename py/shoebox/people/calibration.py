"""How alike two faces must be, for each recogniser: the only place where these numbers stand.

They are cosine distances in the recogniser's own space, which is not centred: unlike faces are about 0.13 apart with face-api's
network. `python -m models.evaluation.people` measures them anew and says which it would choose.
"""

from __future__ import annotations

from dataclasses import dataclass


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


FACE_API = Calibration(same=0.06, tight=0.03, ask=0.09, founding=0.3)
