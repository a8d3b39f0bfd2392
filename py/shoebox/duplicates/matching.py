"""Are two prints the same picture? One is laid on the other as well as it goes, and what is left over is looked at.

For many pairs at once, from coarse to fine, and pairs that agree too little are given up on the way:

1. at 8 x 8 pixels, of some poses (as it is, cropped, mirrored, turned) the two in which the pictures agree best (`beginnings`);
2. at 16, 32, 64 and 128 pixels, refining by Gauss-Newton on the six numbers of an affine map, brightness and contrast free
   (Baker and Matthews, "Lucas-Kanade 20 years on", 2004; Evangelidis and Psarakis, "Parametric image alignment using enhanced
   correlation coefficient maximization", 2008);
3. how alike the two are then, in all and in their worst part (`verdict`).

A copy agrees everywhere once it is laid right. Another photo of the same scene does not: things have moved against each other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoebox.duplicates import poses
from shoebox.duplicates.beginnings import COARSEST, LEAST_OVERLAP, Places, agreements
from shoebox.duplicates.calibration import AGREES_8, AGREES_16, AGREES_32, AGREES_64
from shoebox.duplicates.poses import Doubles, Floats
from shoebox.duplicates.prints import SIDE
from shoebox.duplicates.verdict import Matches, judge, normal

# Sides of the pyramid above the coarsest, how many steps of refining are done there, and how well pairs must agree then.
_LEVELS: Final = ((16, 5, AGREES_16), (32, 4, AGREES_32), (64, 4, AGREES_64), (SIDE, 3, AGREES_64))
_KEPT: Final = 2
# Pairs at once: refined at 128 pixels one takes 1.5 MB of work.
_AT_ONCE: Final = 32
_DAMPING: Final = 1e-3
# Agreement that no better pose would make a difference to.
_SETTLED: Final = 0.995
# A step never moves a picture by more than this part of half its side: beyond it the slopes say nothing.
_LONGEST_STEP: Final = 0.3


def match(prints: NDArray[np.uint8], shapes: Doubles, left: Places, right: Places) -> Matches:
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
    agreement = agreements(_shrunk(prints, COARSEST), shapes, left, right)
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


def _fine(
    pyramid: dict[int, NDArray[np.uint16]], left: Places, right: Places, starts: Floats, hopes: NDArray[np.bool_]
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
            share = np.float32(1 / (SIDE // side) ** 2)
            one, other = (pyramid[side][photos[pairs[rows]]] * share for photos in (left, right))
            pose[rows], agreement[rows] = _refine(one, other, pose[rows], steps)
        order = np.lexsort((-agreement, pairs))
        _, first = np.unique(pairs[order], return_index=True)
        going = order[first]
        going = going[agreement[going] >= least]
        pairs, pose, settled = pairs[going], pose[going], agreement[going] >= _SETTLED
        if not len(pairs):
            return matches
    matches.put(pairs, judge(pyramid[SIDE][left[pairs]], pyramid[SIDE][right[pairs]], pose))
    return matches


def _shrunk(pictures: NDArray[np.uint8], side: int) -> Floats:
    """Pictures at a smaller side, each pixel the mean of a square."""
    count, step = len(pictures), SIDE // side
    rows = pictures.reshape(count, side, step, SIDE).sum(axis=2, dtype=np.uint16)
    return np.asarray(rows.reshape(count, side, side, step).sum(axis=3, dtype=np.float32) / step**2, np.float32)


def _pyramid(pictures: NDArray[np.uint8]) -> dict[int, NDArray[np.uint16]]:
    """Pictures by their side, down to the coarsest that is refined: sums of the pixels, of which no level has too many."""
    side = SIDE
    levels = {side: pictures.astype(np.uint16)}
    while side > _LEVELS[0][0]:
        wide = levels[side]
        side //= 2
        high = wide[:, ::2] + wide[:, 1::2]
        levels[side] = high[:, :, ::2] + high[:, :, 1::2]
    return levels


def _refine(one: Floats, other: Floats, start: Floats, steps: int) -> tuple[Floats, Floats]:
    """Better poses by Gauss-Newton, and the agreement in them: the best of all steps."""
    count, side = one.shape[:2]
    places = poses.grid(side)
    target = other.reshape(count, -1)
    slopes: list[Floats] = list(np.gradient(one, axis=(2, 1)))
    pose, kept, best = start.copy(), start.copy(), np.full(count, -2, np.float32)
    going = np.arange(count)
    for step in range(steps):
        values, inside = poses.seen(one[going], pose[going])
        mine, deviation = normal(values, inside)
        theirs, _ = normal(target[going], inside)
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
        rise = [poses.seen(slope[going], pose[going])[0] * (side / 2) / deviation * inside for slope in slopes]
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
