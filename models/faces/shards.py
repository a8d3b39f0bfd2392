"""Weights as TensorFlow.js stores them: one binary file, and a manifest that says what lies where in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class ShardProblem(Exception):
    """The weights are not what the rebuilt networks need; the message says what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """A tensor, in one byte a number where it is stored so.

    Attributes
    ----------
    values : uint8 or float32 array
    scale, minimum : float
        The tensor is ``values * scale + minimum``; 1 and 0 where it is stored as float32.
    """

    values: NDArray[Any]
    scale: float = 1.0
    minimum: float = 0.0

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The tensor itself."""
        return self.values.astype(np.float64) * self.scale + self.minimum


def read_weights(folder: Path, name: str) -> dict[str, Weight]:
    """The weights of a model by name.

    Parameters
    ----------
    folder : Path
    name : str
        The files are ``<name>-weights_manifest.json`` and the ones that it names.

    Raises
    ------
    ShardProblem
        If a file is missing, or the two do not fit each other.
    """
    try:
        groups = json.loads((folder / f"{name}-weights_manifest.json").read_text("utf-8"))
        return {key: weight for group in groups for key, weight in _group(folder, group).items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ShardProblem(f"The weights {name} in {folder} cannot be read: {error}") from error


def _group(folder: Path, group: dict[str, Any]) -> dict[str, Weight]:
    data = b"".join((folder / path).read_bytes() for path in group["paths"])
    found, place = {}, 0
    for entry in group["weights"]:
        quantised = entry.get("quantization")
        kind = np.dtype(quantised["dtype"] if quantised else entry["dtype"]).newbyteorder("<")
        shape = tuple(entry["shape"])
        count = int(np.prod(shape, dtype=np.int64))
        values = np.frombuffer(data, kind, count, place).reshape(shape)
        place += count * kind.itemsize
        scale, minimum = (quantised["scale"], quantised["min"]) if quantised else (1.0, 0.0)
        found[entry["name"]] = Weight(values, float(scale), float(minimum))
    if place != len(data):
        raise ValueError(f"{len(data)} bytes where the manifest describes {place}")
    return found
