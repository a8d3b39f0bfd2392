"""Whether the eyes of a face are open, from the 68 points: of photos taken in one moment the one without blinks is kept.

The measure is the eye aspect ratio of Soukupová and Čech ("Real-time eye blink detection using facial landmarks", 2016): the
mean height of an eye over its width. The default pack's points never close wholly. Of 1,092 faces of Labeled Faces in the Wild
the ratio is 0.216 for one in a hundred, which are shut, screwed up with laughing or behind dark glasses, 0.25 for one in twenty
and 0.29 in the middle. So it says little about one photo, and something about two of the same people.
"""

from __future__ import annotations

import numpy as np

from shoebox.faces.alignment import LEFT_EYE, RIGHT_EYE, Floats

# Ratios at which eyes count as shut, and as wide open.
SHUT, OPEN = 0.215, 0.295


def openness(marks: Floats) -> Floats:
    """How open the eyes are, 0 (shut) to 1, (n,) float32; NaN where only five points are known, (n, 5, 2) of (n, 68, 2).

    Both eyes together: who winks has not blinked.
    """
    if marks.shape[1] == 5:
        return np.full(len(marks), np.nan, np.float32)
    ratio = (_ratio(marks[:, LEFT_EYE]) + _ratio(marks[:, RIGHT_EYE])) / 2
    return np.asarray(np.clip((ratio - SHUT) / (OPEN - SHUT), 0, 1), np.float32)


def _ratio(eye: Floats) -> Floats:
    """Height over width of eyes (n, 6, 2): one corner, two points above, the other corner, two below."""
    height = _apart(eye[:, 1], eye[:, 5]) + _apart(eye[:, 2], eye[:, 4])
    return np.asarray(height / (2 * np.maximum(_apart(eye[:, 0], eye[:, 3]), 1e-6)), np.float32)


def _apart(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.hypot(*(one - other).T), np.float32)
