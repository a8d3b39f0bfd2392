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
    unseen : frozenset of int
        Arcs that only bound an area, and are no coast and no border: edges of the map.
    """

    arcs: list[NDArray[np.float64]]
    countries: list[Country]
    unseen: frozenset[int] = frozenset()

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
    return cut_at_date_line(Atlas(arcs, countries))


def cut_at_date_line(atlas: Atlas) -> Atlas:
    """An atlas in which no ring and no arc jumps from one edge of the map to the other.

    A ring that does, such as that of Russia, is laid out beyond the edge, twice: once for each side of the map. One that runs
    around a pole, as that of Antarctica does, is closed there.
    """
    arcs, unseen = list(atlas.arcs), set(atlas.unseen)
    countries = []
    for country in atlas.countries:
        polygons: list[Polygon] = []
        for polygon in country.polygons:
            jumping = [ring for ring in polygon if _jumps(atlas.ring(ring)).any()]
            kept = [ring for ring in polygon if ring not in jumping]
            if kept:
                polygons.append(kept)
            for ring in jumping:
                points = _laid_out(atlas.ring(ring))
                for shift in (0.0, -360.0 if points[:, 0].max() > 180 else 360.0):
                    polygons.append([[len(arcs)]])
                    unseen.add(len(arcs))
                    arcs.append(points + np.array([shift, 0.0]))
        countries.append(Country(country.number, country.name, polygons))
    for number, arc in enumerate(atlas.arcs):
        first, *others = np.split(arc, np.flatnonzero(_jumps(arc)) + 1)
        arcs[number] = first
        arcs += [part for part in others if len(part) > 1]
    return Atlas(arcs, countries, frozenset(unseen))


def _jumps(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(points - 1,) bool: the steps that go over the date line."""
    found: NDArray[np.bool_] = np.abs(np.diff(points[:, 0])) > 180
    return found


def _laid_out(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """A closed ring with longitudes that go on beyond 180 degrees; by way of the pole, where it runs around one."""
    longitudes = np.unwrap(ring[:, 0], period=360)
    points = np.stack([longitudes, ring[:, 1]], axis=1)
    if abs(longitudes[-1] - longitudes[0]) < 180:
        return points
    pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
    return np.concatenate([points, [[longitudes[-1], pole], [longitudes[0], pole], points[0]]])
