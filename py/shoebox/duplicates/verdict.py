"""What is left over of two pictures, once one has been laid on the other: are they the same?

Pictures are blurred slightly first, since a crop lies between the pixels, and whatever a curve of tones explains does not
count: light, contrast and filters are edited, and white is cut off. A pair costs about 60 passes over its pixels, 1 ms in a
browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates import poses
from shoebox.duplicates.beginnings import LEAST_OVERLAP
from shoebox.duplicates.calibration import SAME_DETAIL, SAME_WHOLE, SAME_WORST
from shoebox.duplicates.poses import Floats
from shoebox.duplicates.prints import LEAST_CONTRAST, SIDE

# A curve of tones is fitted to one pixel in so many: a number that does not divide the side, so that all columns have a say.
_SAMPLED: Final = 5
# Parts in which agreement is judged, along each side.
_PARTS: Final = 4
# Pixels along each side of the patches in which detail is judged, and how many patches there are.
_PATCH: Final = 8
_PATCHES: Final = SIDE // _PATCH
# Deviation within a patch, in units of the picture's own: below the first it is noise, above the second there is enough.
_NO_DETAIL: Final = 0.02
_DETAIL: Final = 0.1
# A binomial of five pixels: each with its neighbour added up so many times, its weights 16 together.
_BLURS: Final = 4
_WEIGHT: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """How well pairs agree.

    Attributes
    ----------
    whole : (p,) float32
        Correlation of the grey values where both pictures are, in the tones of one of them; -1 where it was given up, or too
        little of them overlaps.
    worst : (p,) float32
        1 less the mean square by which the second worst of 16 parts differs, in units of the picture's own contrast.
    detail : (p,) float32
        Correlation within patches of 8 x 8 pixels, on average: against a bright sky everything below it is alike, and only
        detail tells two shots apart.
    """

    whole: Floats
    worst: Floats
    detail: Floats

    @property
    def same(self) -> NDArray[np.bool_]:
        """(p,) whether pairs are the same picture."""
        return (self.whole >= SAME_WHOLE) & (self.worst >= SAME_WORST) & (self.detail >= SAME_DETAIL)

    @classmethod
    def none(cls, count: int) -> Matches:
        """Pairs that do not agree."""
        return cls(*(np.full(count, -1, np.float32) for _ in range(3)))

    def put(self, rows: NDArray[np.integer], found: Matches) -> None:
        """What was found of some pairs."""
        self.whole[rows], self.worst[rows], self.detail[rows] = found.whole, found.worst, found.detail


def judge(one: NDArray[np.uint16], other: NDArray[np.uint16], pose: Floats) -> Matches:
    """How well pictures agree, in all, in the worst part and in detail.

    Parameters
    ----------
    one, other : (p, 128, 128) uint16
        Grey values up to 255.
    pose : (p, 2, 3) float32
        From places of `other` to places of `one`.
    """
    count = len(one)
    values, inside = poses.seen(_blurred(one), pose)
    mine, theirs = normal(values, inside)[0], normal(_blurred(other).reshape(count, -1), inside)[0]
    covered = _by_patch(inside)
    size = covered.mean(axis=(1, 2)) / _PATCH**2
    # How much of each picture the two have in common.
    common = size * np.minimum(1, np.abs(np.linalg.det(pose[:, :, :2])))
    mine = _toned(mine, theirs, inside)
    # What of the one the other does not explain, as the correlation that would leave so much.
    rest = theirs - mine
    rest *= rest
    rest *= inside
    unexplained = _by_patch(rest)
    whole = np.sqrt(np.maximum(1 - unexplained.mean(axis=(1, 2)) / _PATCH**2 / np.maximum(size, LEAST_OVERLAP), 0))
    shares, left_over = _by_part(covered), _by_part(unexplained)
    width = SIDE // _PARTS
    left_over = np.where(shares < width, 0, left_over / np.maximum(shares, width))
    worst = 1 - np.sort(left_over, axis=1)[:, -2]
    whole = np.where(common < LEAST_OVERLAP, np.float32(-1), whole)
    return Matches(whole, worst.astype(np.float32), _detail(mine, theirs, inside, covered))


def normal(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Values with mean 0 and deviation 1 under weights, (p, m), and the deviation that they had, (p, 1)."""
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
    centred = values - (values * weights).sum(axis=1, keepdims=True) / total
    deviation = np.maximum(np.sqrt((centred**2 * weights).sum(axis=1, keepdims=True) / total), LEAST_CONTRAST)
    return np.asarray(centred / deviation), deviation


def _detail(mine: Floats, theirs: Floats, inside: Floats, covered: Floats) -> Floats:
    """Correlation within patches, where there is any detail, on average; a strong edge counts no more than fine texture."""
    one, other = mine * inside, theirs * inside
    count, ones, others = np.maximum(covered, 1), _by_patch(one), _by_patch(other)
    product = _by_patch(one * other) - ones * others / count
    one *= one
    other *= other
    own, their = _by_patch(one) - ones**2 / count, _by_patch(other) - others**2 / count
    contrast = np.maximum(own, their) / _PATCH**2
    weight = np.where(contrast < _NO_DETAIL**2, 0, np.minimum(contrast, _DETAIL**2))
    alike = product / np.sqrt(np.maximum(own * their, 1e-9)) * weight
    return np.asarray(alike.sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1e-9), np.float32)


def _by_patch(field: Floats) -> Floats:
    """Sums (p, 16, 16) of a field (p, 128 * 128) over patches of 8 x 8 pixels."""
    rows = field.reshape(len(field), _PATCHES, _PATCH, SIDE).sum(axis=2)
    return np.asarray(rows.reshape(len(field), _PATCHES, _PATCHES, _PATCH).sum(axis=3))


def _by_part(patches: Floats) -> Floats:
    """Sums (p, 16) over parts of 4 x 4 patches."""
    shape = len(patches), _PARTS, _PATCHES // _PARTS, _PARTS, _PATCHES // _PARTS
    return np.asarray(patches.reshape(shape).sum(axis=(2, 4)).reshape(len(patches), -1))


def _toned(mine: Floats, theirs: Floats, inside: Floats) -> Floats:
    """One picture in the tones of the other: through the cubic curve that fits best, as light and contrast are edited."""
    some, weights = mine[:, ::_SAMPLED], inside[:, ::_SAMPLED]
    powers = np.stack([np.ones_like(some), some, some**2, some**3], axis=1) * weights[:, None]
    system = np.matmul(powers, powers.transpose(0, 2, 1)) + 1e-3 * np.eye(4, dtype=np.float32)
    curve = np.linalg.solve(system, np.matmul(powers, (theirs[:, ::_SAMPLED] * weights)[:, :, None]))
    level, slope, bend, twist = (np.asarray(curve[:, power], np.float32) for power in range(4))
    toned = mine * twist
    for part in (bend, slope):
        toned += part
        toned *= mine
    toned += level
    return np.asarray(toned)


def _blurred(pictures: NDArray[np.uint16]) -> Floats:
    """Through a binomial of five pixels either way, edges repeated; exact until the last division."""
    edge = _BLURS // 2
    wide = np.pad(pictures, ((0, 0), (edge, edge), (edge, edge)), mode="edge")
    # 255 * 16 * 16 still fits.
    for _ in range(_BLURS):
        wide = wide[:, 1:] + wide[:, :-1]
    for _ in range(_BLURS):
        wide = wide[:, :, 1:] + wide[:, :, :-1]
    return wide * np.float32(1 / _WEIGHT**2)
