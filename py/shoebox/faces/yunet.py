"""What YuNet's numbers mean: at every cell of its grids a box, five points and two scores (Wu, Peng and Yu 2023)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shoebox.faces.boxes import Floats
from shoebox.sessions.protocol import Arrays, SessionError


def decode(
    outputs: Arrays, row: int, height: int, width: int, strides: Sequence[int], least: float
) -> tuple[Floats, Floats, Floats]:
    """Faces of one picture of a batch.

    Parameters
    ----------
    outputs : dict of str to array
        For each stride ``cls_S`` and ``obj_S`` (n, cells, 1), ``bbox_S`` (n, cells, 4), ``kps_S`` (n, cells, 10).
    row : int
        Which picture.
    height, width : int
        Of the pictures.
    strides : sequence of int
    least : float
        Least score: the geometric mean of "is a face" and "is worth a box".

    Returns
    -------
    boxes : (k, 4) float32
        Left, top, right, bottom.
    scores : (k,) float32
    points : (k, 5, 2) float32

    Raises
    ------
    SessionError
        If an output is missing or of another size.
    """
    found = []
    for stride in strides:
        rows, columns = height // stride, width // stride
        named = {name: outputs.get(f"{name}_{stride}") for name in ("cls", "obj", "bbox", "kps")}
        parts = {name: part[row] for name, part in named.items() if part is not None and part.shape[1] == rows * columns}
        if len(parts) != len(named):
            raise SessionError("The network that finds faces is not the one that its manifest describes.")
        scores = np.sqrt(np.clip(parts["cls"][:, 0], 0, 1) * np.clip(parts["obj"][:, 0], 0, 1))
        places = np.flatnonzero(scores >= least)
        corner = np.stack([places % columns, places // columns], axis=1) * stride
        middle = corner + parts["bbox"][places, :2] * stride
        half = np.exp(np.clip(parts["bbox"][places, 2:], -10, 10)) * stride / 2
        points = corner[:, None] + parts["kps"][places].reshape(-1, 5, 2) * stride
        found.append((np.concatenate([middle - half, middle + half], axis=1), scores[places], points))
    boxes, chances, points = (np.concatenate(part).astype(np.float32) for part in zip(*found, strict=True))
    return boxes, chances, points
