"""Outlines are packed so that the page can draw them as they were."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shoebox.places.clusters import project
from tooling.atlas import Atlas, Country, cut_at_date_line, read_atlas
from tooling.outlines import COARSE_BITS, FINE_BITS, pack_outlines
from tooling.site import ATLAS


def unpack(data: bytes) -> tuple[list[NDArray[np.float64]], list[list[int]], list[int]]:
    """Arcs from 0 to 1 over the map, rings, and which arcs are borders; as web/src/ui/map/outlines.ts reads them."""
    arcs, rings, members, bits = struct.unpack_from("<4I", data)
    place = 16

    def column(kind: str, count: int) -> NDArray[np.int64]:
        nonlocal place
        found = np.frombuffer(data, kind, count, place)
        place += found.nbytes
        return found.astype(np.int64)

    sizes, of_ring, inside = column("<u4", arcs), column("<u4", rings), column("<i4", members)
    starts = column("<i4", 2 * arcs).reshape(-1, 2)
    steps = column("<i2", 2 * int(sizes.sum())).reshape(-1, 2)
    borders = column("u1", arcs)
    assert place == len(data)
    ends = np.cumsum(sizes)
    points = [
        (start + np.cumsum(steps[end - size : end], axis=0)) / 2**bits
        for start, size, end in zip(starts, sizes.tolist(), ends.tolist(), strict=True)
    ]
    cuts = np.cumsum(of_ring)[:-1]
    return points, [part.tolist() for part in np.split(inside, cuts)], borders.tolist()


def squares() -> Atlas:
    """Two countries side by side: 0 is the border, 1 and 2 are the coasts around them."""
    border = np.array([[10.0, 0.0], [10.0, 10.0]])
    west = np.array([[10.0, 10.0], [0.0, 10.0], [0.0, 0.0], [10.0, 0.0]])
    east = np.array([[10.0, 0.0], [20.0, 0.0], [20.0, 10.0], [10.0, 10.0]])
    return Atlas([border, west, east], [Country(1, "West", [[[0, 1]]]), Country(2, "East", [[[~0, 2]]])])


def test_arcs_rings_and_borders_come_back() -> None:
    points, rings, borders = unpack(pack_outlines(squares(), FINE_BITS))
    assert rings == [[0, 1], [-1, 2]]
    assert borders == [1, 0, 0]
    for found, arc in zip(points, squares().arcs, strict=True):
        x, y = project(arc[:, 1], arc[:, 0])
        assert np.abs(found - np.stack([x, y], axis=1)).max() <= 2.0**-FINE_BITS


def fiji() -> Atlas:
    """An island that the date line cuts in two, and land around the South Pole."""
    island = np.array([[179.0, -17.0], [179.0, -16.0], [-179.0, -16.0], [-179.0, -17.0], [179.0, -17.0]])
    ice = np.array([[-170.0, -70.0], [-60.0, -72.0], [60.0, -68.0], [170.0, -70.0], [-170.0, -70.0]])
    return Atlas([island, ice], [Country(242, "Fiji", [[[0]]]), Country(10, "Antarctica", [[[1]]])])


def test_what_the_date_line_cuts_is_whole_on_both_sides_of_the_map() -> None:
    cut = cut_at_date_line(fiji())
    for polygon in (polygon for country in cut.countries for polygon in country.polygons):
        for ring in polygon:
            points = cut.ring(ring)
            assert np.array_equal(points[0], points[-1])
    island, pole = (country.polygons for country in cut.countries)
    spans = sorted((float(points[:, 0].min()), float(points[:, 0].max())) for (ring,) in island for points in [cut.ring(ring)])
    assert spans == [(-181.0, -179.0), (179.0, 181.0)]
    assert [sorted(set(cut.ring(ring)[:, 1].tolist())) for (ring,) in island] == [[-17.0, -16.0]] * 2
    assert all(cut.ring(ring)[:, 1].min() == -90 for (ring,) in pole)
    # What is drawn as a coast never runs across the map.
    seen = [arc for number, arc in enumerate(cut.arcs) if number not in cut.unseen]
    assert all(np.abs(np.diff(arc[:, 0])).max() < 180 for arc in seen if len(arc) > 1)


def test_land_without_a_jump_stays_as_it_is() -> None:
    cut = cut_at_date_line(squares())
    assert [country.polygons for country in cut.countries] == [country.polygons for country in squares().countries]
    assert not cut.unseen


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=30))
def test_an_arc_ends_where_it_should_however_long_its_steps(spots: list[tuple[float, float]]) -> None:
    atlas = Atlas([np.array(spots)], [Country(1, "Land", [[[0]]])])
    ((points,), _, _) = unpack(pack_outlines(atlas, FINE_BITS))
    for end, spot in ((0, spots[0]), (-1, spots[-1])):
        x, y = project(np.array([spot[1]]), np.array([spot[0]]))
        assert points[end].tolist() == pytest.approx([float(x[0]), float(y[0])], abs=2.0**-FINE_BITS)


@pytest.mark.skipif(not ATLAS.is_dir(), reason="needs web/node_modules; run: python build.py build")
@pytest.mark.parametrize(("scale", "bits"), [("50m", COARSE_BITS), ("10m", FINE_BITS)])
def test_every_ring_of_the_world_is_closed(scale: str, bits: int) -> None:
    points, rings, _ = unpack(pack_outlines(read_atlas(ATLAS / f"countries-{scale}.json"), bits))
    assert len(rings) > 1000
    for ring in rings:
        arcs = [points[arc] if arc >= 0 else points[~arc][::-1] for arc in ring]
        for before, after in zip(arcs, [*arcs[1:], arcs[0]], strict=True):
            assert np.array_equal(before[-1], after[0])
