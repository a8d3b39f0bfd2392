"""What places are called in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shoebox.places.folding import folded
from shoebox.places.table import NOWHERE, PlaceTable

# What people call countries beside the names that GeoNames has.
_COUNTRY_NAMES: Mapping[str, tuple[str, ...]] = {
    "AE": ("uae", "emirates"),
    "BA": ("bosnia",),
    "CZ": ("czech republic", "czechia"),
    "GB": ("uk", "britain", "great britain"),
    "KR": ("korea", "south korea"),
    "MM": ("burma",),
    "NL": ("netherlands", "holland"),
    "RU": ("russian federation",),
    "TR": ("turkey", "turkiye"),
    "US": ("usa", "america", "united states of america"),
    "VA": ("vatican city",),
}


def country_names(table: PlaceTable, country: int) -> set[str]:
    """All that a country may be called, folded."""
    code = table.codes[country]
    return {called_so(table.countries[country]), code.casefold(), *_COUNTRY_NAMES.get(code, ())}


def region_of(table: PlaceTable, town: int) -> str:
    """The name of a town's region; empty if it has none, or one of its own name."""
    region = int(table.region[town])
    name = "" if region == NOWHERE else table.regions[region]
    return "" if folded(name) == folded(table.names[town]) else name


def place_words(table: PlaceTable | None, town: int, country: int) -> dict[str, str]:
    """A place as `photo` tells it: `{town, region, country}`, each empty where there is none."""
    if table is None:
        return {"town": "", "region": "", "country": ""}
    return {
        "town": "" if town == NOWHERE else table.names[town],
        "region": "" if town == NOWHERE else region_of(table, town),
        "country": "" if country == NOWHERE else table.countries[country],
    }


def parts(name: str) -> list[str]:
    """What someone wrote for a place, cut at commas and folded: "Paris, Texas" is "paris" and "texas"."""
    return [" ".join(folded(part).split()) for part in name.split(",") if part.strip()]


def called_so(name: str) -> str:
    """A name as `parts` would have it, in one piece."""
    return ", ".join(parts(name))


def lies_in(table: PlaceTable, country: int, region: int, wanted: Sequence[str]) -> bool:
    """Is each of these (folded) names one of the region or the country?"""
    known = country_names(table, country)
    if region != NOWHERE:
        # "Washington, D.C." comes in two parts.
        known = known | {called_so(table.regions[region]), *parts(table.regions[region])}
    return all(part in known for part in wanted)


def listed(names: Sequence[str]) -> str:
    """Names in a row: "Paris, Rome and Vienna"."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
