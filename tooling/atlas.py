"""The countries of Natural Earth, out of the npm package ``world-atlas``: TopoJSON read into arcs and rings.

TopoJSON keeps every border once, as an arc that both neighbours name; a ring of a polygon is a run of arcs, where ``~n`` means
the arc n backwards. See the TopoJSON format specification (github.com/topojson/topojson-specification), 2.1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ring = list[int]
Polygon = list[Ring]


@dataclass(frozen=True)
class Country:
    """A country's land.

    Attributes
    ----------
    number : int or None
        By ISO 3166; None for land that has none.
    name : str
    polygons : list of list of list of int
        Each is an outer ring and perhaps holes; a ring is a run of arcs.
    """

    number: int | None
    name: str
    polygons: list[Polygon]


@dataclass(frozen=True)
class Atlas:
    """Countries and the arcs that they are made of.

    Attributes
    ----------
    arcs : list of (points, 2) float64
        Longitude and latitude in degrees.
    countries : list of Country
    """

    arcs: list[NDArray[np.float64]]
    countries: list[Country]

    def ring(self, arcs: Ring) -> NDArray[np.float64]:
        """(points, 2) float64: the points of a ring; the last is the first again."""
        parts = [self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1] for arc in arcs]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def read_atlas(path: Path) -> Atlas:
    """Read a ``countries-*.json`` of ``world-atlas``."""
    topology = json.loads(path.read_text("utf-8"))
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    # Quantised arcs are stored as steps from point to point.
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        found = geometry.get("arcs", [])
        polygons = [found] if geometry["type"] == "Polygon" else found
        number = geometry.get("id")
        countries.append(Country(None if number is None else int(number), geometry["properties"]["name"], polygons))
    return Atlas(arcs, countries)
