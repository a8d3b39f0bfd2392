"""How networks want their pixels: bytes as they are, or planes of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from shoebox.model.manifest import Section


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """How a network wants its pixels.

    Attributes
    ----------
    layout : {'bytes', 'planes'}
        uint8 (n, height, width, 3), or float32 (n, 3, height, width).
    order : {'rgb', 'bgr'}
    mean, scale : (3,) float32
        A plane is ``(pixel - mean) * scale``, pixels from 0 to 255; in the order of `order`. For bytes they mean nothing.
    """

    layout: Literal["bytes", "planes"] = "bytes"
    order: Literal["rgb", "bgr"] = "rgb"
    mean: NDArray[np.float32] = field(default_factory=lambda: np.zeros(3, np.float32))
    scale: NDArray[np.float32] = field(default_factory=lambda: np.ones(3, np.float32))

    def feed(self, pixels: NDArray[np.uint8]) -> NDArray[Any]:
        """What the network is given for pixels, uint8 (n, height, width, 3), red first."""
        ordered = pixels if self.order == "rgb" else pixels[..., ::-1]
        if self.layout == "bytes":
            return np.ascontiguousarray(ordered)
        return np.ascontiguousarray(((ordered - self.mean) * self.scale).transpose(0, 3, 1, 2), dtype=np.float32)


def read_pixels(network: Section) -> Pixels:
    """What the table `pixels` of a network says: `order`, `mean` and `scale`; bytes where there is none.

    Raises
    ------
    PackError
        If it says what cannot be.
    """
    if "pixels" not in network:
        return Pixels()
    wanted = network.section("pixels")
    order = cast(Literal["rgb", "bgr"], wanted.choice("order", ("rgb", "bgr")))
    return Pixels("planes", order, wanted.array("mean", (3,)), wanted.array("scale", (3,)))
