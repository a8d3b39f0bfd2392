"""The language of the search box.

======================  ================================================================================
``two dogs in snow``    free words: what the photo shows
``"red car"``           a phrase: shown as well, weighed by itself
``-word -"a phrase"``   not shown
``in:2019-05``          taken in that year, month or day
``after:2019-05``       taken at the beginning of that year, month or day or later
``before:2019-05``      taken earlier than that
``camera:pixel``        by a camera with that in its name; with blanks: ``camera:"pixel 3"``
``type:png``            of that format; ``type:raw``; ``type:screenshot``
``near:48.85,2.35,5``   within 5 km of that latitude and longitude; 10 km if left out
``-type:screenshot``    any field can be turned round
======================  ================================================================================

All that is given must hold. Words with a colon in which the part before it is no plain word ('10:30') are free words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from shoebox.errors import QueryError
from shoebox.photo.formats import IMAGES
from shoebox.search.filters import Camera, Filter, FormatIs, Near, Not, Screenshot, Taken, period

NEAR_KILOMETRES = 10.0
# Beyond this a query is a mistake (a pasted file), and splitting it would only make the page wait.
LONGEST_QUERY = 2000

_FIELD = re.compile(r"([A-Za-z]+):(?!//)")
_ALIASES = {
    "jpg": "jpeg",
    "tif": "tiff",
    "heif": "heic",
    "jp2": "jpeg 2000",
    "jxl": "jpeg xl",
    "psd": "photoshop",
    "screenshots": "screenshot",
}


class MisreadQuery(QueryError):
    """A query that cannot be understood, and where.

    Attributes
    ----------
    position, length : int
        The part of the query that is meant, in characters.
    """

    def __init__(self, what: str, advice: str, position: int, length: int) -> None:
        super().__init__(what, advice)
        self.position = position
        self.length = length


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart.

    Attributes
    ----------
    words : str
        The free words, one blank between them; empty if there are none.
    phrases : tuple of str
    without : tuple of str
        Words and phrases that should not be shown.
    filters : tuple of Filter
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """All that should be shown, each to be weighed by itself."""
        return ((self.words,) if self.words else ()) + self.phrases


def parse(text: str) -> Query:
    """Take a query apart.

    Raises
    ------
    MisreadQuery
        With the position, and what to do.
    """
    if len(text) > LONGEST_QUERY:
        raise MisreadQuery(f"The search is longer than {LONGEST_QUERY:,} characters.", "Shorten it.", LONGEST_QUERY, len(text))
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    filters: list[Filter] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        start = position
        # A minus before something; a dash by itself, or two, is part of the text.
        minus = text[position] == "-" and text[position + 1 : position + 2].strip("- \t\r\n") != ""
        position += minus
        field = _FIELD.match(text, position)
        value, position, quoted = _value(text, field.end() if field else position)
        if field:
            condition = _condition(field[1], value, start, position - start)
            filters.append(Not(condition) if minus else condition)
        elif value and minus:
            without.append(value)
        elif value:
            (phrases if quoted else words).append(value)
    return Query(" ".join(words), tuple(phrases), tuple(without), tuple(filters))


def _value(text: str, position: int) -> tuple[str, int, bool]:
    """A word, or what stands in quotation marks; the position after it; whether it was quoted."""
    if position < len(text) and text[position] == '"':
        end = text.find('"', position + 1)
        if end < 0:
            where = f"The quotation mark at position {position + 1} is not closed."
            raise MisreadQuery(where, 'Put a second " at the end of the phrase.', position, len(text) - position)
        return " ".join(text[position + 1 : end].split()), end + 1, True
    end = position
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[position:end], end, False


def _condition(key: str, value: str, position: int, length: int) -> Filter:
    """The filter of one field."""
    make = _FIELDS.get(key.lower())
    if make is None:
        what = f"There is no “{key}:” at position {position + 1}."
        known = ", ".join(f"{name}:" for name in _FIELDS)
        advice = f"There are {known}. To search for the word itself, put it in quotation marks."
        raise MisreadQuery(what, advice, position, length)
    try:
        return make(value)
    except _Unfit as error:
        said = f"“{key}:{value}”" if value else f"“{key}:”"
        raise MisreadQuery(f"{said} at position {position + 1} {error.what}.", error.advice, position, length) from None


class _Unfit(Exception):
    """The value of a field does not fit it."""

    def __init__(self, what: str, advice: str) -> None:
        self.what, self.advice = what, advice


def _dates(value: str) -> tuple[float, float]:
    found = period(value)
    if found is None:
        raise _Unfit("is not a date", "Write a year, a month or a day: 2019, 2019-05 or 2019-05-03.")
    return found


def _in(value: str) -> Filter:
    return Taken(*_dates(value), f"taken in {value}" if value.count("-") < 2 else f"taken on {value}")


def _after(value: str) -> Filter:
    return Taken(_dates(value)[0], math.inf, f"taken from {value} on")


def _before(value: str) -> Filter:
    return Taken(-math.inf, _dates(value)[0], f"taken before {value}")


def _camera(value: str) -> Filter:
    if not value:
        raise _Unfit("names no camera", "Write a part of its name: camera:pixel.")
    return Camera(value)


def _type(value: str) -> Filter:
    wanted = _ALIASES.get(value.lower(), value.lower())
    if wanted == "screenshot":
        return Screenshot()
    names = tuple(kind.name for kind in IMAGES if kind.name.lower() == wanted or (wanted == "raw" and kind.raw))
    if not names:
        common = "jpeg, png, webp, gif, heic, avif, tiff, raw or screenshot"
        raise _Unfit("is not a kind of photo", f"Write one such as {common}.")
    return FormatIs(names, f"of the type {'raw' if wanted == 'raw' else names[0]}")


def _near(value: str) -> Filter:
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 2:
        numbers.append(NEAR_KILOMETRES)
    if len(numbers) != 3 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180 and 0 < numbers[2] < math.inf):
        advice = "Write latitude and longitude in degrees, and kilometres if you like: near:48.85,2.35,5."
        raise _Unfit("is not a place", advice)
    return Near(*numbers)


_FIELDS: dict[str, Callable[[str], Filter]] = {
    "after": _after,
    "before": _before,
    "in": _in,
    "camera": _camera,
    "type": _type,
    "near": _near,
}
