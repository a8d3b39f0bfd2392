"""What albums are known by: 16 hexadecimal digits, the first of which tells the kind.

Albums are worked out anew whenever photos come and go, so their numbers cannot be given out one by one. That of a trip or an
event holds the stretch of time that it covered when it was last looked at, and finds the stretch again that covers most of
that time now (`follow`). That of a thing holds what it is. Only a person's own albums are drawn by chance.

=====  =========  =============================================================
digit  kind       the other 15
=====  =========  =============================================================
1, 2   trip,      8: its first minute, counted from the year 0;
       event      6: how many minutes to the last; 1: always 0
3, 4   thing,     of the sha256 of what is shown, by its name in the taxonomy
       utility
5      own        drawn by chance
=====  =========  =============================================================
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

TRIP, EVENT, THING, UTILITY, OWN = "trip", "event", "thing", "utility", "own"
_DIGITS: Final = {TRIP: "1", EVENT: "2", THING: "3", UTILITY: "4", OWN: "5"}
_KINDS: Final = {digit: kind for kind, digit in _DIGITS.items()}
_FORM = re.compile(r"[12][0-9a-f]{14}0|[345][0-9a-f]{15}")

MINUTE_MS: Final = 60_000
# Minutes from the first of January of the year 0 to that of 1970.
_YEAR_0: Final = 719_528 * 24 * 60
_LAST_MINUTE: Final = 16**8 - 1
_LONGEST: Final = 16**6 - 1
# A stretch is another one if less than this part of both together is common to both: then photos left or came in such numbers
# that the old name would mislead.
_LEAST_COMMON: Final = 0.2


class Span(NamedTuple):
    """A stretch of time: first and last minute since 1970, both in it."""

    first: int
    last: int

    @classmethod
    def of(cls, first: float, last: float) -> Span:
        """From milliseconds since 1970."""
        return cls(int(first // MINUTE_MS), int(last // MINUTE_MS))

    def common(self, other: Span) -> float:
        """The part of both stretches together that is in both, 0 to 1."""
        both = min(self.last, other.last) - max(self.first, other.first) + 1
        whole = max(self.last, other.last) - min(self.first, other.first) + 1
        return max(both, 0) / whole


def of_stretch(kind: str, span: Span) -> str:
    """The number of a trip or an event."""
    first = min(max(span.first + _YEAR_0, 0), _LAST_MINUTE)
    return f"{_DIGITS[kind]}{first:08x}{min(span.last - span.first, _LONGEST):06x}0"


def of_thing(kind: str, name: str) -> str:
    """The number of the album of what a concept names."""
    return _DIGITS[kind] + hashlib.sha256(name.encode()).hexdigest()[:15]


def new() -> str:
    """A number for an album of a person's own."""
    return _DIGITS[OWN] + secrets.token_hex(8)[:15]


def kind_of(album: str) -> str | None:
    """The kind that a number tells; None if it is no number of an album."""
    return _KINDS[album[0]] if isinstance(album, str) and _FORM.fullmatch(album) else None


def span_of(album: str) -> Span:
    """The stretch in the number of a trip or an event."""
    first = int(album[1:9], 16) - _YEAR_0
    return Span(first, first + int(album[9:15], 16))


def follow(known: Sequence[str], spans: Sequence[Span]) -> dict[str, int]:
    """Which of the stretches that there are now are those of known numbers.

    Parameters
    ----------
    known : sequence of str
        Numbers of trips and events.
    spans : sequence of Span

    Returns
    -------
    dict of str to int
        Places in `spans`, each once; those with the most in common first. Numbers that nothing follows are left out.
    """
    if not known or not spans:
        return {}
    firsts, lasts = (np.array(each, np.int64) for each in zip(*spans, strict=True))
    pairs: list[tuple[float, str, int]] = []
    for album in known:
        own = span_of(album)
        for place in np.flatnonzero((firsts <= own.last) & (lasts >= own.first)).tolist():
            common = own.common(spans[place])
            if common >= _LEAST_COMMON:
                pairs.append((-common, album, place))
    found: dict[str, int] = {}
    taken: set[int] = set()
    for _, album, place in sorted(pairs):
        if album not in found and place not in taken:
            found[album] = place
            taken.add(place)
    return found
