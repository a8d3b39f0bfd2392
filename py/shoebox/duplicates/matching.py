"""Are two prints the same picture? One is laid on the other as well as it goes, and what is left over is looked at.

For many pairs at once, from coarse to fine, and pairs that agree too little are given up on the way:

1. at 8 x 8 pixels, of some poses (as it is, cropped, mirrored, turned) the two in which the pictures agree best;
2. at 16, 32, 64 and 128 pixels, refining by Gauss-Newton on the six numbers of an affine map, brightness and contrast free
   (Baker and Matthews, "Lucas-Kanade 20 years on", 2004; Evangelidis and Psarakis, "Parametric image alignment using enhanced
   correlation coefficient maximization", 2008);
3. how alike the two are then, in all and in their worst part.

A copy agrees everywhere once it is laid right. Another photo of the same scene does not: things have moved against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates import poses
from shoebox.duplicates.calibration import AGREES_8, AGREES_16, AGREES_32, AGREES_64, SAME_DETAIL, SAME_WHOLE, SAME_WORST
from shoebox.duplicates.poses import Doubles, Floats
from shoebox.duplicates.prints import LEAST_CONTRAST, SIDE

# Sides of the pyramid above the coarsest, how many steps of refining are done there, and how well pairs must agree then.
_LEVELS: Final = ((16, 5, AGREES_16), (32, 4, AGREES_32), (64, 4, AGREES_64), (SIDE, 3, AGREES_64))
_COARSEST: Final = 8
_KEPT: Final = 2
# Less of either picture in common than this is no longer the same picture with a little cut off.
LEAST_OVERLAP: Final = 0.5
# Pairs at once: refined at 128 pixels one takes 1.5 MB of work.
_AT_ONCE: Final = 64
# Shapes of photos whose views are kept: 0.4 MB each.
_SHAPES: Final = 48
_DAMPING: Final = 1e-3
# Agreement that no better pose would make a difference to.
_SETTLED: Final = 0.995
# A step never moves a picture by more than this part of half its side: beyond it the slopes say nothing.
_LONGEST_STEP: Final = 0.3
# A curve of tones is fitted to one pixel in so many: a number that does not divide the side, so that all columns have a say.
_SAMPLED: Final = 5
# Parts in which agreement is judged, along each side.
_PARTS: Final = 4
# Pixels along each side of the patches in which detail is judged.
_PATCH: Final = 8
# Deviation within a patch, in units of the picture's own: below the first it is noise, above the second there is enough.
_NO_DETAIL: Final = 0.02
_DETAIL: Final = 0.1


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


def match(prints: NDArray[np.uint8], shapes: Doubles, left: NDArray[np.integer], right: NDArray[np.integer]) -> Matches:
    """Lay prints on each other in pairs.

    Parameters
    ----------
    prints : (n, 128, 128) uint8
    shapes : (n,) float64
        Width over height of the photos.
    left, right : (p,) int
        Of each pair, its places in `prints`.
    """
    matches = Matches.none(len(left))
    step = SIDE // _COARSEST
    coarse = prints.reshape(len(prints), _COARSEST, step, _COARSEST, step).mean(axis=(2, 4), dtype=np.float32)
    agreement = _beginnings(coarse, shapes, left, right)
    best = np.argsort(-agreement, axis=1, kind="stable")[:, :_KEPT]
    hopeful = np.flatnonzero(agreement.max(axis=1, initial=-1) >= AGREES_8)
    for low in range(0, len(hopeful), _AT_ONCE):
        part = hopeful[low : low + _AT_ONCE]
        photos, place = np.unique(np.concatenate([left[part], right[part]]), return_inverse=True)
        one, other = place.reshape(2, -1)
        turns = poses.placed(poses.beginnings(), np.round(shapes[photos], 2))
        hopes = agreement[part[:, None], best[part]] >= AGREES_8
        matches.put(part, _fine(_pyramid(prints[photos]), one, other, turns[one[:, None], best[part]], hopes))
    return matches


def _beginnings(pictures: Floats, shapes: Doubles, left: NDArray[np.integer], right: NDArray[np.integer]) -> Floats:
    """How well pairs agree in each pose to begin with, (p, poses), at the coarsest.

    Every picture is seen in every pose once, so that a pair costs no more than the products of these.
    """
    count, size = len(pictures), _COARSEST**2
    flat = pictures.reshape(count, size)
    poses_count = len(poses.beginnings())
    mine = np.empty((count, poses_count, size), np.float32)
    theirs = np.empty_like(mine)
    rounded = np.round(shapes, 2)
    for shape in np.unique(rounded).tolist():
        rows = np.flatnonzero(rounded == shape)
        views, inside = _views(shape)
        share = np.maximum(inside.mean(axis=1), LEAST_OVERLAP)[None, :, None]
        for place in range(poses_count):
            weights = np.broadcast_to(inside[place], (len(rows), size))
            mine[rows, place] = _normal(flat[rows] @ views[place], weights)[0] * weights
            theirs[rows, place] = _normal(flat[rows], weights)[0] * weights
        mine[rows] /= share
    answers = np.empty((len(left), poses_count), np.float32)
    for low in range(0, len(left), _AT_ONCE):
        part = slice(low, low + _AT_ONCE)
        answers[part] = np.einsum("pkm,pkm->pk", mine[left[part]], theirs[right[part]]) / size
    return answers


@lru_cache(maxsize=_SHAPES)
def _views(shape: float) -> tuple[Floats, Floats]:
    """What becomes of the coarsest picture in each pose to begin with: matrices (poses, 64, 64) to multiply it with, and masks.

    Parameters
    ----------
    shape : float
        Width over height of the photos.
    """
    turns = poses.placed(poses.beginnings(), np.array([shape]))[0]
    size = _COARSEST**2
    single = np.eye(size, dtype=np.float32).reshape(size, _COARSEST, _COARSEST)
    places = poses.grid(_COARSEST)
    seen = [poses.seen(single, np.broadcast_to(turn, (size, 2, 3)), places) for turn in turns]
    return np.stack([values for values, _ in seen]), np.stack([inside[0] for _, inside in seen])


def _fine(
    pyramid: dict[int, Floats],
    left: NDArray[np.integer],
    right: NDArray[np.integer],
    starts: Floats,
    hopes: NDArray[np.bool_],
) -> Matches:
    """Pairs from 16 pixels on, each from its best poses (p, k, 2, 3), if these have hopes (p, k)."""
    count = len(left)
    # One row for each pair and pose; of a pair's poses only the best goes on after 16 pixels.
    pairs, place = np.nonzero(hopes)
    pose = starts[pairs, place]
    matches = Matches.none(count)
    settled = np.zeros(len(pairs), bool)
    for side, steps, least in _LEVELS:
        rows = np.flatnonzero(~settled)
        agreement = np.ones(len(pairs), np.float32)
        if len(rows):
            one, other = (pyramid[side][photos[pairs[rows]]] for photos in (left, right))
            pose[rows], agreement[rows] = _refine(one, other, pose[rows], poses.grid(side), steps)
        order = np.lexsort((-agreement, pairs))
        _, first = np.unique(pairs[order], return_index=True)
        going = order[first]
        going = going[agreement[going] >= least]
        pairs, pose, settled = pairs[going], pose[going], agreement[going] >= _SETTLED
        if not len(pairs):
            return matches
    matches.put(pairs, _judge(pyramid[SIDE][left[pairs]], pyramid[SIDE][right[pairs]], pose))
    return matches


def _pyramid(pictures: NDArray[np.uint8]) -> dict[int, Floats]:
    """Pictures by their side, down to the coarsest that is refined."""
    side = SIDE
    levels = {side: pictures.astype(np.float32)}
    while side > _LEVELS[0][0]:
        wide = levels[side]
        side //= 2
        four = wide[:, ::2, ::2] + wide[:, 1::2, ::2] + wide[:, ::2, 1::2] + wide[:, 1::2, 1::2]
        levels[side] = np.asarray(four / 4, np.float32)
    return levels


def _normal(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Values with mean 0 and deviation 1 under weights, and the deviation that they had, (p, 1)."""
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
    centred = values - (values * weights).sum(axis=1, keepdims=True) / total
    deviation = np.maximum(np.sqrt((centred**2 * weights).sum(axis=1, keepdims=True) / total), LEAST_CONTRAST)
    return np.asarray(centred / deviation), deviation


def _refine(one: Floats, other: Floats, start: Floats, places: Floats, steps: int) -> tuple[Floats, Floats]:
    """Better poses by Gauss-Newton, and the agreement in them: the best of all steps."""
    count, side = one.shape[:2]
    target = other.reshape(count, -1)
    slopes: list[Floats] = list(np.gradient(one, axis=(2, 1)))
    pose, kept, best = start.copy(), start.copy(), np.full(count, -2, np.float32)
    going = np.arange(count)
    for step in range(steps):
        values, inside = poses.seen(one[going], pose[going], places)
        mine, deviation = _normal(values, inside)
        theirs, _ = _normal(target[going], inside)
        size = inside.mean(axis=1)
        agreement = np.where(size < LEAST_OVERLAP, -1, (mine * theirs * inside).mean(axis=1) / np.maximum(size, LEAST_OVERLAP))
        better = agreement > best[going]
        kept[going[better]], best[going[better]] = pose[going[better]], agreement[better]
        # Most copies lie on their original from the start.
        unsettled = agreement < _SETTLED
        if step == steps - 1 or not unsettled.any():
            break
        mine, theirs, inside, deviation = mine[unsettled], theirs[unsettled], inside[unsettled], deviation[unsettled]
        going = going[unsettled]
        rise = [poses.seen(slope[going], pose[going], places)[0] * (side / 2) / deviation * inside for slope in slopes]
        change = _change(rise, mine * inside, theirs * inside, inside, places)
        pose[going] += np.clip(change, -_LONGEST_STEP, _LONGEST_STEP).reshape(-1, 2, 3)
    return kept, best


def _change(rise: list[Floats], mine: Floats, theirs: Floats, inside: Floats, places: Floats) -> Floats:
    """The step of Gauss-Newton, (p, 6, 1), from the slopes along x and y in units of the pictures' own contrast."""
    jacobian = np.stack([each * places[:, axis] for each in rise for axis in range(3)], axis=1)
    # Brightness and contrast are free: what they can explain is taken out of the slopes.
    total = np.maximum(inside.sum(axis=1), 1)[:, None, None]
    jacobian -= jacobian.sum(axis=2, keepdims=True) / total * inside[:, None]
    jacobian -= np.matmul(jacobian, mine[:, :, None]) / total * mine[:, None]
    residual = theirs - mine
    # What differs for good (a mark, somebody who moved) should not pull.
    weighed = jacobian * (1 / (1 + (2 * residual) ** 2))[:, None]
    normal = np.matmul(weighed, jacobian.transpose(0, 2, 1))
    damping = _DAMPING * np.trace(normal, axis1=1, axis2=2) / 6 + 1e-6
    normal += damping[:, None, None] * np.eye(6, dtype=np.float32)
    return np.asarray(np.linalg.solve(normal, np.matmul(weighed, residual[:, :, None])), np.float32)


def _judge(one: Floats, other: Floats, pose: Floats) -> Matches:
    """Agreement in all and in the worst part, of pictures that are slightly blurred: a crop lies between the pixels.

    Whatever a curve of tones explains does not count: light, contrast and filters are edited, and white is cut off.
    """
    count = len(one)
    places = poses.grid(SIDE)
    one, other = _blurred(one), _blurred(other)
    values, inside = poses.seen(one, pose, places)
    mine, theirs = _normal(values, inside)[0], _normal(other.reshape(count, -1), inside)[0]
    size = inside.mean(axis=1)
    # How much of each picture the two have in common.
    common = size * np.minimum(1, np.abs(np.linalg.det(pose[:, :, :2])))
    mine = _toned(mine, theirs, inside)
    # What of the one the other does not explain, as the correlation that would leave so much.
    rest = ((theirs - mine) ** 2 * inside).mean(axis=1) / np.maximum(size, LEAST_OVERLAP)
    whole = np.sqrt(np.maximum(1 - rest, 0))
    width = SIDE // _PARTS

    def parts(field: Floats) -> Floats:
        return np.asarray(field.reshape(count, _PARTS, width, _PARTS, width).mean(axis=(2, 4)).reshape(count, -1))

    covered = parts(inside)
    left_over = np.where(covered < 1 / width, 0, parts((theirs - mine) ** 2 * inside) / np.maximum(covered, 1 / width))
    worst = 1 - np.sort(left_over, axis=1)[:, -2]
    whole = np.where(common < LEAST_OVERLAP, np.float32(-1), whole)
    return Matches(whole, worst.astype(np.float32), _detail(mine, theirs, inside))


def _detail(mine: Floats, theirs: Floats, inside: Floats) -> Floats:
    """Correlation within patches, where there is any detail, on average; a strong edge counts no more than fine texture."""
    count, rows = len(mine), SIDE // _PATCH

    def fine(field: Floats) -> Floats:
        patches = field.reshape(count, rows, _PATCH, rows, _PATCH)
        mean = (patches * weights).sum(axis=(2, 4), keepdims=True) / total
        return np.asarray((patches - mean) * weights)

    weights = inside.reshape(count, rows, _PATCH, rows, _PATCH)
    total = np.maximum(weights.sum(axis=(2, 4), keepdims=True), 1)
    one, other = fine(mine), fine(theirs)
    product, own, others = ((a * b).mean(axis=(2, 4)) for a, b in ((one, other), (one, one), (other, other)))
    contrast = np.maximum(own, others)
    weight = np.where(contrast < _NO_DETAIL**2, 0, np.minimum(contrast, _DETAIL**2))
    alike = product / np.sqrt(np.maximum(own * others, 1e-12)) * weight
    return np.asarray(alike.sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1e-9), np.float32)


def _toned(mine: Floats, theirs: Floats, inside: Floats) -> Floats:
    """One picture in the tones of the other: through the cubic curve that fits best, as light and contrast are edited."""
    some, weights = mine[:, ::_SAMPLED], inside[:, ::_SAMPLED]
    powers = np.stack([np.ones_like(some), some, some**2, some**3], axis=1) * weights[:, None]
    normal = np.matmul(powers, powers.transpose(0, 2, 1)) + 1e-3 * np.eye(4, dtype=np.float32)
    curve = np.linalg.solve(normal, np.matmul(powers, (theirs[:, ::_SAMPLED] * weights)[:, :, None]))
    level, slope, bend, twist = (curve[:, power] for power in range(4))
    return np.asarray(level + mine * (slope + mine * (bend + mine * twist)), np.float32)


def _blurred(pictures: Floats) -> Floats:
    """Through a binomial of five pixels either way, edges repeated."""
    wide = np.pad(pictures, ((0, 0), (0, 0), (2, 2)), mode="edge")
    across = _binomial([wide[:, :, shift : shift + pictures.shape[2]] for shift in range(5)])
    high = np.pad(across, ((0, 0), (2, 2), (0, 0)), mode="edge")
    return _binomial([high[:, shift : shift + pictures.shape[1]] for shift in range(5)])


def _binomial(shifted: list[Floats]) -> Floats:
    """The sum of five, weighted 1, 4, 6, 4, 1 sixteenths."""
    total = shifted[1] + shifted[3]
    total *= 4
    total += shifted[0]
    total += shifted[4]
    total += 6 * shifted[2]
    total /= 16
    return total
