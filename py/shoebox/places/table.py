"""The places of the world as columns: towns with their inhabitants, regions, countries, and which land is whose.

The table is made when the app is built (`tooling/place_table.py`) from the data of GeoNames (geonames.org, CC BY 4.0) and the
outlines of Natural Earth (public domain), as one NumPy archive.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PlacesError

VERSION = 1
# In columns of numbers: there is none.
NOWHERE = -1
# Coordinates are stored in thousandths of a degree (about 100 m), which is finer than the middle of a town is known.
_STEPS = 1000
# The bytes of a damaged file could say anything; a table is about 2 MB, and 12 MB unpacked.
_MOST_BYTES = 100_000_000
# What reading damaged archives and arrays raises.
_DAMAGE = (ValueError, KeyError, TypeError, OSError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Towns, regions and countries.

    Attributes
    ----------
    latitude, longitude : (towns,) float64
        In degrees, of the middle of each town.
    population : (towns,) uint32
        Inhabitants; 0 where nobody says.
    country : (towns,) int16
        Number of the country.
    region : (towns,) int16
        Number of the region (state, province), or `NOWHERE`.
    city : (towns,) int32
        The city that a quarter or suburb is a part of; a town itself if it is part of none.
    names : tuple of str
    countries, codes : tuple of str
        Names of the countries, and their ISO 3166 codes of two letters.
    regions : tuple of str
        Names of the regions.
    aliases : tuple of str
        Other names of towns: "München".
    alias_of : (aliases,) int32
        The town that each is another name of.
    land : (rows, columns) uint8
        Number of the country plus one for cells of equal height and width in degrees, from the North Pole and the date line; 0
        for the sea.
    """

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    population: NDArray[np.uint32]
    country: NDArray[np.int16]
    region: NDArray[np.int16]
    city: NDArray[np.int32]
    names: tuple[str, ...]
    countries: tuple[str, ...]
    codes: tuple[str, ...]
    regions: tuple[str, ...]
    aliases: tuple[str, ...]
    alias_of: NDArray[np.int32]
    land: NDArray[np.uint8]

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise PlacesError(f"The table of places is damaged: {problem}.")

    def __len__(self) -> int:
        return len(self.names)

    def land_at(self, latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.int32]:
        """(points,) int32: the numbers of the countries that points in degrees lie in; `NOWHERE` at sea."""
        rows, columns = self.land.shape
        row = np.clip(((90 - latitudes) * rows / 180).astype(np.intp), 0, rows - 1)
        column = ((longitudes + 180) * columns / 360).astype(np.intp) % columns
        found: NDArray[np.int32] = self.land[row, column].astype(np.int32) - 1
        return found

    def to_bytes(self) -> bytes:
        """The table as a NumPy archive; the same bytes for the same table."""
        packed: dict[str, NDArray[Any]] = {"version": np.array([VERSION])}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name in {"latitude", "longitude"}:
                # Towns stand in an order in which neighbours follow each other: differences are small and pack well.
                value = _planes(np.diff(np.round(value * _STEPS).astype(np.int32), prepend=np.int32(0)))
            elif each.name == "population":
                value = _planes(value)
            elif isinstance(value, tuple):
                value = np.frombuffer("\n".join(value).encode(), np.uint8)
            packed[each.name] = value
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, array in packed.items():
                member = io.BytesIO()
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED, 9)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> PlaceTable:
        """Read what `to_bytes` made.

        Raises
        ------
        PlacesError
            If it is damaged, or made for another version.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                    raise PlacesError("The table of places is damaged: it is far too large.")
                stored = {
                    member.filename.removesuffix(".npy"): np.lib.format.read_array(
                        io.BytesIO(archive.read(member)), allow_pickle=False
                    )
                    for member in archive.infolist()
                }
            if stored["version"].tolist() != [VERSION]:
                raise PlacesError("The table of places is of another version of Shoebox.")
            return cls(
                latitude=np.cumsum(_whole(stored["latitude"], np.int32), dtype=np.int64) / _STEPS,
                longitude=np.cumsum(_whole(stored["longitude"], np.int32), dtype=np.int64) / _STEPS,
                population=_whole(stored["population"], np.uint32),
                country=stored["country"],
                region=stored["region"],
                city=stored["city"],
                names=_lines(stored["names"]),
                countries=_lines(stored["countries"]),
                codes=_lines(stored["codes"]),
                regions=_lines(stored["regions"]),
                aliases=_lines(stored["aliases"]),
                alias_of=stored["alias_of"],
                land=stored["land"],
            )
        except _DAMAGE as error:
            raise PlacesError(f"The table of places is damaged: {error}.") from error


def _planes(column: NDArray[Any]) -> NDArray[np.uint8]:
    """The bytes of whole numbers, all lowest ones first: the higher ones are mostly alike, and pack to nothing."""
    little = column.astype(column.dtype.newbyteorder("<"))
    return little.view(np.uint8).reshape(len(column), -1).T.copy()


def _whole(planes: NDArray[np.uint8], kind: Any) -> NDArray[Any]:
    """The inverse of `_planes`."""
    wide = np.dtype(kind).newbyteorder("<")
    if planes.dtype != np.uint8 or planes.ndim != 2 or planes.shape[0] != wide.itemsize:
        raise ValueError("a column has another form")
    whole: NDArray[Any] = np.ascontiguousarray(planes.T).view(wide).reshape(-1).astype(kind)
    return whole


def _lines(text: NDArray[np.uint8]) -> tuple[str, ...]:
    if text.dtype != np.uint8 or text.ndim != 1:
        raise ValueError("a list of names is no text")
    decoded = text.tobytes().decode()
    return tuple(decoded.split("\n")) if decoded else ()


def _problem(table: PlaceTable) -> str:
    """What is wrong with a table; empty if nothing is."""
    towns = len(table.names)
    kinds: dict[str, tuple[type, int]] = {
        "latitude": (np.float64, towns),
        "longitude": (np.float64, towns),
        "population": (np.uint32, towns),
        "country": (np.int16, towns),
        "region": (np.int16, towns),
        "city": (np.int32, towns),
        "alias_of": (np.int32, len(table.aliases)),
    }
    for name, (kind, length) in kinds.items():
        column = getattr(table, name)
        if column.dtype != kind or column.shape != (length,):
            return f"the column “{name}” has another form"
    if not (np.abs(table.latitude) <= 90).all() or not (np.abs(table.longitude) <= 180).all():
        return "a town lies nowhere on the globe"
    bounds = {
        "country": (0, len(table.countries)),
        "region": (NOWHERE, len(table.regions)),
        "city": (0, towns),
        "alias_of": (0, towns),
    }
    for name, (lower, upper) in bounds.items():
        column = getattr(table, name)
        if len(column) and not (lower <= int(column.min()) and int(column.max()) < upper):
            return f"the column “{name}” points beyond its list"
    if table.land.dtype != np.uint8 or table.land.ndim != 2 or not table.land.size:
        return "the map of countries has another form"
    if len(table.codes) != len(table.countries) or int(table.land.max()) > len(table.countries):
        return "the list of countries has another length"
    return ""
