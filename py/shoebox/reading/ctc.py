"""From the likeliest character at each step to text: what is repeated counts once, and 0 is no character.

That is the decoding of connectionist temporal classification (Graves et al., 2006) along the single best path.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def decode(
    characters: NDArray[np.integer], probabilities: NDArray[np.floating], alphabet: Sequence[str]
) -> list[tuple[str, float]]:
    """The texts of some lines, each with how sure it is.

    Parameters
    ----------
    characters : (n, steps) int
        The likeliest character of each step.
    probabilities : (n, steps) float
        How likely it is.
    alphabet : sequence of str
        What the numbers stand for; the first is never asked for.

    Returns
    -------
    list of (str, float)
        Without blanks at the ends; how sure is the mean over the characters, 0 where there are none.
    """
    fresh = np.ones(characters.shape, bool)
    fresh[:, 1:] = characters[:, 1:] != characters[:, :-1]
    kept = fresh & (characters > 0) & (characters < len(alphabet))
    lines = []
    for row, likely, chosen in zip(characters, probabilities, kept, strict=True):
        text = "".join(alphabet[number] for number in row[chosen].tolist()).strip()
        lines.append((text, float(likely[chosen].mean()) if text else 0.0))
    return lines
