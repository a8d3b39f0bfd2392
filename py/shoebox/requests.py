"""What the page sends, checked: each value from outside becomes a Python value of the right type, or a `QueryError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shoebox.errors import QueryError
from shoebox.library.arrivals import File
from shoebox.library.library import Library
from shoebox.store.rows import HASH_BYTES, LAST_MOMENT

# More results at once than any page can show only cost time.
MOST_RESULTS = 100_000
# The year 2200: no clock is that far ahead.
LATEST_NOW = 7.26e12


def name(entry: Mapping[str, Any]) -> str:
    """The path of a file."""
    value = entry.get("name")
    if not isinstance(value, str) or not value or "\0" in value:
        raise QueryError(f"{value!r} is not the name of a file.")
    return value


def size(entry: Mapping[str, Any]) -> int:
    """The size of a file in bytes."""
    return whole(entry, "size")


def mtime(entry: Mapping[str, Any]) -> float:
    """When a file was last modified, milliseconds since 1970."""
    value = entry.get("mtime")
    if not isinstance(value, int | float) or not abs(value) <= LAST_MOMENT:
        raise QueryError(f"{value!r} is not the time of a file.")
    return float(value)


def file(entry: Mapping[str, Any]) -> File:
    """A file with the hash of its bytes."""
    try:
        digest = bytes.fromhex(str(entry.get("hash")))
    except ValueError:
        digest = b""
    if len(digest) != HASH_BYTES:
        raise QueryError(f"{entry.get('hash')!r} is not a sha256.")
    return File(name(entry), size(entry), mtime(entry), digest)


def whole(item: Mapping[str, Any], key: str) -> int:
    """A whole number that is not negative."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53 or value != int(value):
        raise QueryError(f"{key} should be a whole number, not {value!r}.")
    return int(value)


def page(limit: float, offset: float) -> tuple[int, int]:
    """How many results, and from which on."""
    numbers = {"limit": limit, "offset": offset}
    return min(whole(numbers, "limit"), MOST_RESULTS), whole(numbers, "offset")


def today(now: float | None) -> date:
    """The day on the clock of who asks.

    Parameters
    ----------
    now : float or None
        That clock, milliseconds since 1970 as if it were UTC; None for the clock of this computer.
    """
    if now is None:
        return datetime.now().date()  # the clock on the wall, as cameras have it
    if not isinstance(now, int | float) or not LATEST_NOW > now >= 0:
        raise QueryError(f"now should be a time in milliseconds since 1970, not {now!r}.")
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now)).date()


def choice(value: str, options: Sequence[str]) -> str:
    """One of some words."""
    if value not in options:
        raise QueryError(f"{value!r} is not one of {', '.join(options)}.")
    return value


def id_number(text: str) -> int | None:
    """The id of a photo as a number; None if it is not the form of an id."""
    if not isinstance(text, str) or len(text) != 16 or set(text) - set("0123456789abcdef"):
        return None
    return int(text, 16)


def row(library: Library, text: str) -> int:
    """The row of a photo by its id."""
    number = id_number(text)
    found = None if number is None else library.row_of(number)
    if found is None:
        raise QueryError(f"There is no photo {text!r} in the library.", "It may have been removed; reload the list of photos.")
    return found
