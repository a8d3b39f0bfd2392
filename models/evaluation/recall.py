"""Text-to-image recall at k."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CUTS = (1, 5, 10)


def text_to_image_recall(
    texts: NDArray[np.floating], images: NDArray[np.floating], owner: NDArray[np.integer], cuts: Sequence[int] = CUTS
) -> dict[int, float]:
    """Share of captions whose own photo is among the k best of the gallery.

    Parameters
    ----------
    texts : (t, d) unit rows.
    images : (n, d) unit rows, the gallery.
    owner : (t,) row of the photo that each caption describes.
    """
    scores = texts.astype(np.float32) @ images.astype(np.float32).T
    own = scores[np.arange(len(owner)), owner]
    rank = (scores > own[:, None]).sum(1)
    return {k: float((rank < k).mean()) for k in cuts}
