"""The form of a query: from text to its parts and back, with the place of every part in the text.

The grammar, where blanks separate parts::

    query    = { part }
    part     = either | field | word | phrase | sign
    either   = field "or" field { "or" field }
    field    = ["-"] letters ":" value { "|" value }
    word     = ["-"] characters without blanks
    phrase   = ["-"] '"' anything else '"'
    value    = characters without blanks and "|"  or  '"' anything else '"'
    sign     = "+" or "-" by itself, or "+" before a letter or a quotation mark

What parts mean is not known here; see `query`. Positions count characters (code points) from 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shoebox.errors import QueryError

# "http://" and the like are no fields, and neither is "10:30".
_FIELD = re.compile(r"([A-Za-z]+):(?!//)")
_BARE = re.compile(r"\S+")
_BARE_VALUE = re.compile(r"[^\s|]*")


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
class Span:
    """From the character `start` up to but without `end`."""

    start: int
    end: int


_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several in quotation marks with one blank between them; never empty."""

    text: str
    quoted: bool = False
    minus: bool = False
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values of a field; empty only where the field has no other."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its alternatives; the key in small letters."""

    key: str
    values: tuple[Value, ...]
    minus: bool = False
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Either:
    """Two or more fields of which one must hold."""

    fields: tuple[Field, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Sign:
    """A plus or a minus that stands by itself."""

    minus: bool
    span: Span = field(default=_NOWHERE, compare=False)


Part = Word | Field | Either | Sign


def read(text: str) -> tuple[Part, ...]:
    """Take a text apart.

    Raises
    ------
    MisreadQuery
        If a quotation mark is not closed.
    """
    parts: list[Part] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        part, position = _part(text, position)
        if part is not None:
            parts.append(part)
    return _alternatives(parts)


def render(parts: Sequence[Part]) -> str:
    """A text that reads as these parts."""
    return " ".join(map(_rendered, parts))


def without(text: str, span: Span, instead: str = "") -> str:
    """The text with something else, or nothing, in place of a span that stands between blanks."""
    kept = (text[: span.start].rstrip(), instead, text[span.end :].lstrip())
    return " ".join(part for part in kept if part)


def quoted(text: str) -> str:
    """The text in quotation marks if it could not stand as a value without them."""
    return f'"{text}"' if not text or any(c.isspace() or c == "|" for c in text) else text


def _part(text: str, start: int) -> tuple[Part | None, int]:
    """The part that begins at `start`, None for an empty pair of quotation marks, and the position after it."""
    after = text[start + 1 : start + 2]
    if text[start] in "+-" and (not after or after.isspace()):
        return Sign(text[start] == "-", Span(start, start + 1)), start + 1
    if text[start] == "+" and (after.isalpha() or after == '"'):
        return Sign(False, Span(start, start + 1)), start + 1
    # A minus before something; several dashes are text.
    minus = text[start] == "-" and after != "-"
    position = start + minus
    found = _FIELD.match(text, position)
    if found:
        values, position = _values(text, found.end())
        return Field(found[1].lower(), values, minus, Span(start, position)), position
    if text[position] == '"':
        inside, position = _quotation(text, position)
        return (Word(inside, True, minus, Span(start, position)) if inside else None), position
    bare = _BARE.match(text, position)
    assert bare
    return Word(bare[0], False, minus, Span(start, bare.end())), bare.end()


def _values(text: str, position: int) -> tuple[tuple[Value, ...], int]:
    """The alternatives from a position on, and the position after them; empty ones count only where there are no others."""
    values: list[Value] = []
    while True:
        start = position
        if text[position : position + 1] == '"':
            inside, position = _quotation(text, position)
        else:
            bare = _BARE_VALUE.match(text, position)
            assert bare
            inside, position = bare[0], bare.end()
        values.append(Value(inside, Span(start, position)))
        if text[position : position + 1] != "|":
            break
        position += 1
    return tuple(value for value in values if value.text) or (values[0],), position


def _quotation(text: str, position: int) -> tuple[str, int]:
    """What stands between the mark at a position and the next, and the position after that."""
    end = text.find('"', position + 1)
    if end < 0:
        what = f"The quotation mark at position {position + 1} is not closed."
        raise MisreadQuery(what, 'Put a second " at the end of the phrase.', position, len(text) - position)
    return " ".join(text[position + 1 : end].split()), end + 1


def _alternatives(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with fields that an "or" joins made one."""
    made: list[Part] = []
    for part in parts:
        if isinstance(part, Field) and len(made) >= 2 and _is_or(made[-1]) and isinstance(made[-2], Field | Either):
            made.pop()
            before = made.pop()
            assert isinstance(before, Field | Either)
            fields = (*(before.fields if isinstance(before, Either) else (before,)), part)
            made.append(Either(fields, Span(before.span.start, part.span.end)))
        else:
            made.append(part)
    return tuple(made)


def _is_or(part: Part) -> bool:
    return isinstance(part, Word) and part.text.lower() == "or" and not part.quoted and not part.minus


def _rendered(part: Part) -> str:
    if isinstance(part, Sign):
        return "-" if part.minus else "+"
    if isinstance(part, Either):
        return " or ".join(map(_rendered, part.fields))
    minus = "-" if part.minus else ""
    if isinstance(part, Word):
        return f'{minus}"{part.text}"' if part.quoted else minus + part.text
    values = "|".join(quoted(value.text) if value.text else "" for value in part.values)
    return f"{minus}{part.key}:{values}"
