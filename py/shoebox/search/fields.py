"""The fields of a query: from `key:value` to a filter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shoebox.library.library import Library
from shoebox.photo.formats import IMAGES
from shoebox.search import dates
from shoebox.search.date_filters import Taken
from shoebox.search.dates import Period
from shoebox.search.filters import AnyOf, Camera, Favourite, Filter, FormatIs, Named, Near, Not, Screenshot, Within
from shoebox.search.names import Gazetteer, Names, Place, nearest
from shoebox.search.spoken import said_as_date
from shoebox.search.syntax import Either, Field, MisreadQuery, Span, quoted

NEAR_KILOMETRES = 10.0

_ALIASES = {
    "jpg": "jpeg",
    "tif": "tiff",
    "heif": "heic",
    "jp2": "jpeg 2000",
    "jxl": "jpeg xl",
    "psd": "photoshop",
    "screenshots": "screenshot",
}
_FAVOURITE = {"favourite", "favourites", "favorite", "favorites"}


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of a query depends on.

    Attributes
    ----------
    today : date
        What "yesterday" and "last summer" start from.
    library : Library or None
        Where names are looked up; None if there are none to look up.
    names : mapping of str to Names
        By the key of the field.
    gazetteer : Gazetteer or None
        Where towns are; None if nobody knows.
    """

    today: date
    library: Library | None = None
    names: Mapping[str, Names] = field(default_factory=dict)
    gazetteer: Gazetteer | None = None


def condition(part: Field | Either, context: Context) -> Filter:
    """The filter that fields stand for.

    Raises
    ------
    MisreadQuery
        If there is no such field or its value does not fit.
    """
    if isinstance(part, Either):
        return AnyOf(tuple(condition(each, context) for each in part.fields))
    make = _MAKERS.get(part.key)
    if make is None:
        raise _unknown(part)
    found: list[Filter] = []
    for value in part.values:
        try:
            found.append(make(value.text, context))
        except _Unfit as error:
            span = part.span if len(part.values) == 1 else value.span
            said = f"“{part.key}:{value.text}” at position {span.start + 1}"
            raise MisreadQuery(f"{said} {error.what}.", error.advice, span.start, span.end - span.start) from None
    whole = found[0] if len(found) == 1 else AnyOf(tuple(found))
    return Not(whole) if part.minus else whole


def _unknown(part: Field) -> MisreadQuery:
    span: Span = part.span
    close = nearest(part.key, FIELDS)
    meant = f"Did you mean {close}:? " if close else ""
    there = ", ".join(f"{key}:" for key in FIELDS)
    advice = f"{meant}There are {there}. To search for the word itself, put it in quotation marks."
    what = f"There is no “{part.key}:” at position {span.start + 1}."
    return MisreadQuery(what, advice, span.start, span.end - span.start)


class _Unfit(Exception):
    """The value of a field does not fit it."""

    def __init__(self, what: str, advice: str) -> None:
        self.what, self.advice = what, advice


def _period(value: str, context: Context) -> Period:
    """A single stretch of time."""
    found = dates.written(value) or said_as_date(value, context.today)
    if isinstance(found, Taken):
        found = found.period
    if not isinstance(found, Period):
        raise _Unfit("is not a date", "Write a year, a month or a day: 2019, 2019-05 or 2019-05-03.")
    return found


def _in(value: str, context: Context) -> Filter:
    found = dates.written(value)
    said = None if found else said_as_date(value, context.today)
    return said or Taken.within(found or _period(value, context))


def _after(value: str, context: Context) -> Filter:
    return Taken.since(_period(value, context))


def _before(value: str, context: Context) -> Filter:
    return Taken.before(_period(value, context))


def _camera(value: str, _: Context) -> Filter:
    if not value:
        raise _Unfit("names no camera", "Write a part of its name: camera:pixel.")
    return Camera(value)


def _type(value: str, _: Context) -> Filter:
    wanted = _ALIASES.get(value.lower(), value.lower())
    if wanted == "screenshot":
        return Screenshot()
    names = tuple(kind.name for kind in IMAGES if kind.name.lower() == wanted or (wanted == "raw" and kind.raw))
    if not names:
        common = "jpeg, png, webp, gif, heic, avif, tiff, raw or screenshot"
        raise _Unfit("is not a kind of photo", f"Write one such as {common}.")
    return FormatIs(names, "raw" if wanted == "raw" else names[0])


def _near(value: str, context: Context) -> Filter:
    numbers = _numbers(value)
    if not numbers and any(letter.isalpha() for letter in value):
        return _near_named(value, context)
    if len(numbers) == 2:
        numbers.append(NEAR_KILOMETRES)
    if len(numbers) != 3 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180 and 0 < numbers[2] < math.inf):
        advice = "Write latitude and longitude in degrees, and kilometres if you like: near:48.85,2.35,5."
        raise _Unfit("is not a place", advice)
    latitude, longitude, kilometres = numbers
    return Near(latitude, longitude, kilometres)


def _near_named(value: str, context: Context) -> Filter:
    """Near a town by name, with kilometres behind a last comma if they are given."""
    if context.gazetteer is None:
        advice = "They come with the first photo that says where it was taken. Until then write near:48.85,2.35."
        raise _Unfit("cannot be looked up: the names of places are not here yet", advice)
    name, _, last = value.rpartition(",")
    kilometres = (_numbers(last) if name else []) or [0.0]
    town = context.gazetteer.find(name if kilometres[0] else value)
    if town is None or not 0 <= kilometres[0] < math.inf:
        advice = 'Write a town such as near:paris or near:"Paris, Texas", or latitude and longitude: near:48.85,2.35.'
        raise _Unfit("is not a town that is known here", advice)
    return near_town(town, kilometres[0])


def near_town(town: Place, kilometres: float = 0.0) -> Near:
    """Near a town: so many kilometres, or, where none are given, ten, or all of a larger one."""
    # Ten kilometres from the middle of a large city are still in it.
    reach = kilometres or max(NEAR_KILOMETRES, float(round(town.kilometres)))
    return Near(town.latitude, town.longitude, reach, town.name)


def _within(value: str, _: Context) -> Filter:
    numbers = _numbers(value)
    south, west, north, east = numbers if len(numbers) == 4 else (91.0, 0.0, 0.0, 0.0)
    if not (-90 <= south <= north <= 90 and abs(west) <= 180 and abs(east) <= 180):
        advice = (
            "Write south, west, north and east in degrees: within:48.8,2.2,48.9,2.5. Drawing a box on the map does it for you."
        )
        raise _Unfit("is not a part of the map", advice)
    return Within(south, west, north, east)


def _numbers(value: str) -> list[float]:
    """The numbers between commas; none if anything else stands there."""
    try:
        return [float(part) for part in value.split(",")]
    except ValueError:
        return []


def _is(value: str, context: Context) -> Filter:
    if value.lower() in _FAVOURITE:
        return Favourite()
    if value.lower() in {"screenshot", "screenshots"}:
        return Screenshot()
    names, library = context.names.get("is"), context.library
    found = tuple(names.find(library, value)) if names and library else ()
    if names and found:
        return Named("is", found[0], f"among the {found[0]}", found, names)
    raise _Unfit("is nothing that a photo can be", "Write is:favourite, is:best or is:screenshot.")


@dataclass(frozen=True, slots=True)
class _Naming:
    """How people, places, albums and tags are spoken of."""

    one: str
    said: str
    example: str
    absent: str


_NAMINGS = {
    "person": _Naming("person called", "of {}", "person:Anna", "People are not looked for in these photos"),
    "place": _Naming(
        "place called",
        "taken in {}",
        "place:Paris",
        "Names of places come with the first photo that says where it was taken",
    ),
    "album": _Naming("album called", "in the album {}", "album:Holiday", "There are no albums here"),
    "tag": _Naming("photo with the tag", "with the tag {}", "tag:dog", "Photos have no tags here"),
}


def _named(key: str) -> Callable[[str, Context], Filter]:
    """The maker of filters by name."""

    def make(value: str, context: Context) -> Filter:
        naming, names, library = _NAMINGS[key], context.names.get(key), context.library
        if not value:
            raise _Unfit("names nothing", f"Write a name after it: {naming.example}.")
        if names is None or library is None:
            raise _Unfit("cannot be looked up", f"{naming.absent}. Leave it out, or search for it in plain words.")
        full = tuple(names.find(library, value))
        if not full:
            known = [name for name, _ in names.counts(library)]
            # "Pariss" is close to "Paris" and not to "Paris, France".
            close = nearest(value, known) or nearest(value, [name.partition(",")[0] for name in known])
            advice = f"Did you mean {key}:{quoted(close)}?" if close else "Leave it out, or search for it in plain words."
            raise _Unfit(f"finds nothing: there is no {naming.one} “{value}”", advice)
        said = naming.said.format(" or ".join(f"“{name}”" for name in full) if len(full) <= 2 else f"“{value}”")
        return Named(key, full[0] if len(full) == 1 else value, said, full, names)

    return make


def _text(value: str, context: Context) -> Filter:
    names, library = context.names.get("text"), context.library
    if not value:
        raise _Unfit("names no words", 'Write what stands in the photo: text:exit, text:"no parking".')
    if names is None or library is None or not names.counts(library):
        advice = "Turn on “Text in photos” in the settings; it takes a while."
        raise _Unfit("cannot be looked up: no text has been read in these photos yet", advice)
    found = tuple(names.find(library, value))
    if not found:
        raise _Unfit("has no letter or digit", 'Write what stands in the photo: text:exit, text:"no parking".')
    return Named("text", value, f"with the text “{value}”", found, names)


_MAKERS: dict[str, Callable[[str, Context], Filter]] = {
    **{key: _named(key) for key in ("person", "place", "album", "tag")},
    "text": _text,
    "in": _in,
    "after": _after,
    "before": _before,
    "camera": _camera,
    "type": _type,
    "near": _near,
    "within": _within,
    "is": _is,
}
# In the order in which they are offered. "like:" is no filter: see `query`.
FIELDS: tuple[str, ...] = (*_MAKERS, "like")
