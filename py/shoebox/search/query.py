"""The language of the search box.

==========================  ========================================================================================
``two dogs in snow``        free words: what the photo shows
``"red car"``               a phrase: shown as well, weighed by itself
``-word -"a phrase"``       not shown
``may 2019``                dates in plain words, where nothing else can be meant: ``last summer``, ``in may``,
                            ``yesterday``, ``on sundays``, ``christmas 2019``, ``since 2015``; see `spoken`
``"may 2019"``              in quotation marks they are plain words again
``in:2019-05``              taken in that year, month or day, or a date in words: ``in:"last summer"``
``after:2019-05``           taken at the beginning of that year, month or day or later
``before:2019-05``          taken earlier than that
``camera:pixel``            by a camera with that in its name; with blanks: ``camera:"pixel 3"``
``type:png``                of that format; ``type:raw``; ``type:screenshot``
``near:48.85,2.35,5``       within 5 km of that latitude and longitude; 10 km if left out
``near:paris``              within 10 km of that town, or all of it where it is larger; ``near:paris,25``
``within:48.8,2.2,48.9,2``  between these: south, west, north, east
``person:Anna``             of that person
``place:paris``             taken there
``album:holiday``           in that album
``tag:dog``                 with that tag
``text:exit``               in which that is written; ``text:"no parking"``
``is:favourite``            favourites
``like:ID``                 like that photo
``-type:screenshot``        any field can be turned round
``camera:pixel|iphone``     any of several; between fields ``or`` does the same: ``in:2019 or camera:pixel``
``like:ID + snow - hills``  more of this and less of that: plus and minus with blanks around add and subtract photos and words
==========================  ========================================================================================

All that is given must hold. Words with a colon in which the part before it is no plain word ('10:30') are free words. A minus
with blanks around it is a dash unless the query has a ``like:`` or a plus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shoebox import requests
from shoebox.search import spoken
from shoebox.search.fields import Context, condition
from shoebox.search.filters import Filter, Not
from shoebox.search.syntax import Either, Field, MisreadQuery, Part, Sign, Span, Word, read, without

__all__ = ["LONGEST_QUERY", "Chip", "Context", "Like", "MisreadQuery", "Query", "Term", "parse"]

# Beyond this a query is a mistake (a pasted file), and splitting it would only make the page wait.
LONGEST_QUERY = 2000
# Words about photos as such say nothing of what a photo shows: "photos from last week".
_ABOUT_PHOTOS = {"photo", "photos", "picture", "pictures", "pics", "image", "images"}
_SMALL_WORDS = {"all", "my", "our", "the", "of", "from", "taken", "show", "me", "find", "and", "in", "on", "with"}


@dataclass(frozen=True, slots=True)
class Like:
    """A photo to be like, by its id."""

    id: str


Source = str | Like


@dataclass(frozen=True, slots=True)
class Term:
    """A summand: words or a photo, to be added or subtracted."""

    source: Source
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition as it can be shown and taken back.

    Attributes
    ----------
    kind : str
        "date", or the key of a field.
    text : str
        The condition in a few words.
    span : Span
        The words of the query that say it.
    spoken : bool
        Was it read out of free words?
    remove : str
        The query without the condition; what was read out of free words stays in it as plain words.
    """

    kind: str
    text: str
    span: Span
    spoken: bool
    remove: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart.

    Attributes
    ----------
    words : str
        The free words, one blank between them; empty if there are none.
    phrases : tuple of str
    without : tuple of str or Like
        Words, phrases and photos that should not be shown.
    filters : tuple of Filter
    terms : tuple of Term
        What is added and subtracted; if there is anything, `words` and `phrases` are empty.
    chips : tuple of Chip
        One for each filter and each ``like:``, in the order of the query.
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    without: tuple[Source, ...] = ()
    filters: tuple[Filter, ...] = ()
    terms: tuple[Term, ...] = ()
    chips: tuple[Chip, ...] = field(default=(), compare=False)

    @property
    def wanted(self) -> tuple[str, ...]:
        """All words that should be shown, each to be weighed by itself."""
        return ((self.words,) if self.words else ()) + self.phrases

    @property
    def ranks(self) -> bool:
        """Is anything asked for by which photos can be put in order?"""
        return bool(self.wanted or self.without or self.terms)


def parse(text: str, context: Context | None = None) -> Query:
    """Take a query apart.

    Parameters
    ----------
    text : str
    context : Context, optional
        Without one, today is the day of this computer's clock and no names are known.

    Raises
    ------
    MisreadQuery
        With the position, and what to do.
    """
    if len(text) > LONGEST_QUERY:
        raise MisreadQuery(f"The search is longer than {LONGEST_QUERY:,} characters.", "Shorten it.", LONGEST_QUERY, len(text))
    context = context or Context(date.today())
    parts = read(text)
    sums = any(_is_like(part) or (isinstance(part, Sign) and not part.minus) for part in parts)
    if not sums:
        parts = tuple(Word("-", span=part.span) if isinstance(part, Sign) else part for part in parts)
    planner = _Planner(text, context)
    for place, part in enumerate(parts):
        planner.take(part, parts[place + 1] if place + 1 < len(parts) else None)
    return planner.query(sums)


class _Planner:
    """Makes one query out of parts."""

    def __init__(self, text: str, context: Context) -> None:
        self._text, self._context = text, context
        self._run: list[Word] = []  # free words side by side
        self._minus = False  # the sign before what comes next
        self._wanted: list[tuple[Term, bool]] = []  # and whether it is a phrase
        self._without: list[Source] = []
        self._filters: list[tuple[Filter, Chip]] = []
        self._likes: list[Chip] = []

    def take(self, part: Part, following: Part | None) -> None:
        """Take the next part."""
        if isinstance(part, Word) and not part.minus and not (part.quoted and not self._plain(part)):
            self._run.append(part)
            return
        self._end_run()
        if isinstance(part, Sign):
            self._minus = part.minus
            if isinstance(following, Field | Either) and not _is_like(following):
                what = f"The “{'-' if part.minus else '+'}” at position {part.span.start + 1} stands before a filter."
                advice = "Only words and like: can be added and subtracted; a minus without a blank turns a filter round."
                raise MisreadQuery(what, advice, part.span.start, 1)
            return
        if isinstance(part, Word):
            if part.minus:
                self._without.append(part.text)
            else:
                self._add(part.text, phrase=True)
        elif _is_like(part):
            self._like(part)
        else:
            found = condition(part, self._context)
            chip = Chip(found.kind, capital(found.brief), part.span, False, without(self._text, part.span))
            self._filters.append((found, chip))
        self._minus = False

    def query(self, sums: bool) -> Query:
        """What has been taken."""
        self._end_run()
        found = Query(
            without=tuple(self._without),
            filters=tuple(each for each, _ in self._filters),
            chips=tuple(sorted((*self._likes, *(chip for _, chip in self._filters)), key=lambda chip: chip.span.start)),
        )
        if sums:
            return replace(found, terms=tuple(term for term, _ in self._wanted))
        words = [word for term, phrase in self._wanted if not phrase for word in str(term.source).split(" ")]
        phrases = tuple(str(term.source) for term, phrase in self._wanted if phrase)
        if found.filters and not phrases and not self._without and _only_about_photos(words):
            words = []
        return replace(found, words=" ".join(words), phrases=phrases)

    def _plain(self, part: Word) -> bool:
        """Is this a date that was put in quotation marks, so as not to be read as one?"""
        words = part.text.split(" ")
        readings = spoken.read(words, self._context.today)
        return bool(readings) and (readings[0].first, readings[0].end) == (0, len(words))

    def _end_run(self) -> None:
        """Read the dates in the words side by side; the others are wanted."""
        run, self._run = self._run, []
        left: list[str] = []
        for stretch in _unquoted(run):
            if isinstance(stretch, Word):
                left.append(stretch.text)
                continue
            place = 0
            for reading in spoken.read([word.text for word in stretch], self._context.today):
                left += [word.text for word in stretch[place : reading.first]]
                self._date(reading.condition, Span(stretch[reading.first].span.start, stretch[reading.end - 1].span.end))
                place = reading.end
            left += [word.text for word in stretch[place:]]
        if left:
            self._add(" ".join(left))
        if run:
            self._minus = False

    def _date(self, found: Filter, span: Span) -> None:
        found = Not(found) if self._minus else found
        words = " ".join(self._text[span.start : span.end].split())
        chip = Chip(found.kind, capital(found.brief), span, True, without(self._text, span, f'"{words}"'))
        self._filters.append((found, chip))

    def _like(self, part: Field | Either) -> None:
        if isinstance(part, Either) or len(part.values) > 1:
            advice = "To find photos that are like several, add them: like:… + like:…."
            what = f"The like: at position {part.span.start + 1} stands among alternatives."
            raise MisreadQuery(what, advice, part.span.start, part.span.end - part.span.start)
        like = Like(part.values[0].text.lower())
        name = self._name_of(like, part.span)
        minus = part.minus or self._minus
        text = f"{'Not like' if minus else 'Like'} {name}"
        self._likes.append(Chip("like", text, part.span, False, without(self._text, part.span)))
        if part.minus:
            self._without.append(like)
        else:
            self._add(like)

    def _name_of(self, like: Like, span: Span) -> str:
        """The file name of a photo."""
        library = self._context.library
        if library is None:
            return like.id
        number = requests.id_number(like.id)
        row = None if number is None else library.row_of(number)
        if row is None:
            what = f"There is no photo with the id “{like.id}”, which is asked for at position {span.start + 1}."
            advice = "An id is 16 letters and digits; it stands at the end of a photo's address."
            raise MisreadQuery(what, advice, span.start, span.end - span.start)
        return library.names[row].rpartition("/")[2]

    def _add(self, source: Source, phrase: bool = False) -> None:
        self._wanted.append((Term(source, self._minus), phrase))


def _is_like(part: Part) -> bool:
    if isinstance(part, Either):
        return any(field.key == "like" for field in part.fields)
    return isinstance(part, Field) and part.key == "like"


def _unquoted(run: Sequence[Word]) -> list[Word | list[Word]]:
    """The words, those side by side without quotation marks put together."""
    made: list[Word | list[Word]] = []
    for word in run:
        if word.quoted:
            made.append(word)
        elif made and isinstance(made[-1], list):
            made[-1].append(word)
        else:
            made.append([word])
    return made


def _only_about_photos(words: Sequence[str]) -> bool:
    """Do words say nothing but that photos are wanted?"""
    small = {word.lower() for word in words}
    return bool(small & _ABOUT_PHOTOS) and small <= _ABOUT_PHOTOS | _SMALL_WORDS


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
