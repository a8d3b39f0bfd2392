"""How what is being typed may go on: names, cameras, tags, dates and fields that this library has photos for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shoebox.library.library import Library
from shoebox.search.candidates import NAMED, Candidates
from shoebox.search.fields import FIELDS, Context
from shoebox.search.syntax import Span, quoted

MOST = 8
# Of one kind, where others fit as well.
MOST_OF_A_KIND = 3
# Fewer letters fit too much to be of help.
FEWEST_LETTERS = 2
# A name may have this many words.
MOST_WORDS = 4

# The field before the cursor, the alternatives that are complete, and the one that is being written.
_IN_FIELD = re.compile(r'(?:^|(?<=\s))-?([A-Za-z]+):(?!//)((?:(?:"[^"]*"|[^\s"|]+)\|)*)("[^"]*|[^\s"|]*)$')
_WORD = re.compile(r"\S+")
# What the values of a field are called, where not by the field.
_KIND_OF = {"in": "date", "after": "date", "before": "date", "near": "place"}
_KINDS = (*NAMED, "date", "camera", "type", "is", "field")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on.

    Attributes
    ----------
    text : str
        What takes the place of `replace`.
    kind : str
        "person", "place", "album", "tag", "text", "date", "camera", "type", "is" or "field".
    label : str
        What it is, in words.
    count : int or None
        Photos that it finds by itself; None for a field.
    replace : Span
    """

    text: str
    kind: str
    label: str
    count: int | None
    replace: Span


def suggestions(text: str, cursor: int, context: Context, candidates: Candidates) -> list[Suggestion]:
    """What may stand in place of the word, or the last few words, before the cursor.

    Parameters
    ----------
    text : str
    cursor : int
        In characters from the beginning; what lies beyond the end is the end.
    context : Context
    candidates : Candidates
        Kept from call to call, since counting takes longer than a keystroke should.

    Returns
    -------
    at most `MOST`, the likeliest first; only what finds photos
    """
    cursor = min(cursor, len(text))
    library = context.library
    if library is None:
        return []
    inside = _IN_FIELD.search(text[:cursor])
    if inside:
        return _values(text, cursor, inside, context, library, candidates)[:MOST]
    if text.count('"', 0, cursor) % 2:
        return []
    return _best(_words(text, cursor, context, library, candidates))


def _values(
    text: str, cursor: int, inside: re.Match[str], context: Context, library: Library, candidates: Candidates
) -> list[Suggestion]:
    """Values for the field that the cursor stands in, those that begin as written first."""
    key, written = inside[1].lower(), inside[3]
    span = Span(inside.start(3), _end(text, cursor, written.startswith('"')))
    typed = written.strip('"').casefold()
    fitting = [(fit, each) for each in candidates.of(key, context, library) if (fit := _fit(each.label, typed)) is not None]
    kind = _KIND_OF.get(key, key)
    found = [(fit, Suggestion(quoted(each.label), kind, each.label, each.count(), span)) for fit, each in fitting]
    found = [(fit, each) for fit, each in found if each.count and each.text != text[span.start : span.end]]
    if kind == "date":
        # These stand in an order of their own, and the later words of one are no help: "2019" of "may 2019".
        return [each for fit, each in found if fit == 0]
    found.sort(key=lambda pair: (pair[0], -(pair[1].count or 0), pair[1].label))
    return [each for _, each in found]


def _words(
    text: str, cursor: int, context: Context, library: Library, candidates: Candidates
) -> Iterator[tuple[int, int, Suggestion]]:
    """What free words may become, with how well it fits and how many words it is made of."""
    starts = [word.start() for word in _WORD.finditer(text, 0, cursor)]
    if not starts or text[cursor - 1].isspace():
        return
    end = _end(text, cursor, False)
    for words, start in enumerate(reversed(starts[-MOST_WORDS:]), 1):
        minus = text[start] == "-" and words == 1
        typed = " ".join(text[start + minus : cursor].casefold().split())
        if ":" in typed or '"' in typed:
            break
        if len(typed) < FEWEST_LETTERS:
            continue
        span = Span(start + minus, end)
        for key in (*NAMED, "camera", "type", "is"):
            for each in candidates.of(key, context, library):
                fit = _fit(each.label, typed)
                if fit is not None and (count := each.count()):
                    yield fit, words, Suggestion(f"{key}:{quoted(each.label)}", key, each.label, count, span)
        if not minus:
            for each in candidates.of("date", context, library):
                if each.label != typed and each.label.startswith(typed) and (count := each.count()):
                    yield 0, words, Suggestion(each.label, "date", each.label, count, span)
        if words == 1:
            known = (key for key in FIELDS if key not in NAMED or context.names.get(key))
            yield from (
                (0, words, Suggestion(f"{key}:", "field", f"{key}:", None, span)) for key in known if key.startswith(typed)
            )


def _best(found: Iterable[tuple[int, int, Suggestion]]) -> list[Suggestion]:
    """The likeliest: what explains most words, then what begins as written, then people before places and so on."""
    ordered = sorted(found, key=lambda item: (-item[1], item[0], _KINDS.index(item[2].kind), -(item[2].count or 0)))
    kept: list[Suggestion] = []
    left: list[Suggestion] = []
    for _, _, each in ordered:
        if any(each.text == other.text for other in kept):
            continue
        of_kind = sum(each.kind == other.kind for other in kept)
        (kept if of_kind < MOST_OF_A_KIND else left).append(each)
    return (kept + left)[:MOST]


def _fit(label: str, typed: str) -> int | None:
    """0 if a label begins as written, 1 if one of its later words does, None if none does."""
    folded = label.casefold()
    if folded.startswith(typed):
        return 0
    return 1 if f" {typed}" in folded else None


def _end(text: str, cursor: int, in_quotes: bool) -> int:
    """Where what is being written ends: with the word, or with the quotation mark that closes it."""
    if in_quotes:
        closing = text.find('"', cursor)
        return closing + 1 if closing >= 0 and text.count('"', cursor) % 2 else cursor
    end = cursor
    while end < len(text) and not text[end].isspace() and text[end] not in '|"':
        end += 1
    return end
