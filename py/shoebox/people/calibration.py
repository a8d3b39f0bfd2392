"""How alike two faces must be, for each recogniser: the only place where these numbers stand.

They are cosine distances in the recogniser's own space, which is not centred. `python -m models.evaluation.people` measures
them anew and says which it would choose.
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


# Chosen on half of 457 people of LFW (2,028 photos, in which the pack's own detector finds 2,026 faces; aligned by all points,
# averaged with the mirrored face, all grouped together) as the threshold with the best recall at a BCubed precision of 0.98:
# there 0.985 / 0.918, on the other half 0.992 / 0.932, on both 0.989 / 0.926. The worst slices are the darkest quarter of the
# faces and the quarter with the darkest skin, 0.992 / 0.896 each; crops made brighter (by gamma or gain, to the mean of the
# others) give the same, so the network itself knows such faces less well. Of the pairs of one person half are nearer than
# 0.041 and 95 % nearer than 0.071; of those of two, one in 1,000 is nearer than 0.069. `tight` is half of `same`: leaving that
# stage out changed nothing on these faces. `ask` and `founding` are set, not measured.
FACE_API = Calibration(same=0.061, tight=0.0305, ask=0.09, founding=0.3)
