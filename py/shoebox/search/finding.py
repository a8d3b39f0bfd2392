"""Searches: from a query to results, and the sentence that explains them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.model.concepts import Concepts, Instead
from shoebox.search import wishes
from shoebox.search.algebra import combine
from shoebox.search.background import Background
from shoebox.search.candidates import Candidates
from shoebox.search.completion import Suggestion, suggestions
from shoebox.search.names import Gazetteer, Names
from shoebox.search.query import Chip, Context, Like, Query, Source, capital, parse
from shoebox.search.ranking import newest, order
from shoebox.search.relevance import Vector, Wish, judge
from shoebox.store.rows import id_text
from shoebox.store.vectors import top_k
from shoebox.tasks.text import TextEmbedding
from shoebox.timings import Timings

Answer = dict[str, Any]


class Finder:
    """Searches in one library.

    Parameters
    ----------
    library : Library
    background : Background
        What scores are measured against.
    concepts : Concepts
        What the tags of photos mean, and what words compete with.
    text : TextEmbedding
    timings : Timings
        Gets 'text' (words to vector) and 'ranking' (all the rest).
    names : mapping of str to Names
        Who knows what the fields "person", "place", "album", "tag" and "text" ask for; fields without one say so.
    gazetteer : callable
        Who knows where towns are, asked anew by each query; None while nobody does.
    """

    def __init__(
        self,
        library: Library,
        background: Background,
        concepts: Concepts,
        text: TextEmbedding,
        timings: Timings,
        names: Mapping[str, Names],
        gazetteer: Callable[[], Gazetteer | None] = lambda: None,
    ) -> None:
        self._library, self._background, self._concepts = library, background, concepts
        self._text, self._timings, self._names = text, timings, names
        self._gazetteer = gazetteer
        self._candidates = Candidates()
        self._rivals = wishes.rivals(concepts)

    async def search(self, text: str, limit: int, offset: int, by_date: bool, today: date) -> Answer:
        """Find photos: `{total, relevant, results, explanation, chips}`.

        Raises
        ------
        QueryError
            If the query cannot be understood.
        SessionError
            If the text network fails.
        """
        library = self._library
        query = parse(text, self._context(today))
        if not query.ranks:
            return self._list(query, limit, offset)
        with self._timings.measure("text"):
            without = [await self._vector(source) for source in query.without]
            wish = await self._wish(query)
        with self._timings.measure("ranking"):
            mask = self._filtered(query) & library.comparable
            vectors = library.vectors
            judgement = judge(vectors.scores, vectors.vectors, self._background.measure(), self._rivals, wish, without, mask)
            rows, relevant = order(judgement, mask, library.table["taken"], by_date, offset, limit)
            instead = wish.instead if wish else None
            return self._answer(query, self._hits(rows, judgement.scores(rows)), int(mask.sum()), relevant, instead)

    def complete(self, text: str, cursor: int, today: date) -> list[Suggestion]:
        """How the word at a place of a query may go on; see `completion.suggestions`."""
        return suggestions(text, cursor, self._context(today), self._candidates)

    def _context(self, today: date) -> Context:
        return Context(today, self._library, self._names, self._gazetteer())

    def like_photo(self, id: str, limit: int) -> Answer:
        """Photos like one of the library, without it: `{results}`."""
        row = requests.row(self._library, id)
        return {"results": self.nearest(self._vector_at(row), limit, without=row)}

    def nearest(self, vector: NDArray[np.float32], limit: int, without: int | None = None) -> list[Answer]:
        """The photos nearest to a vector, best first."""
        library = self._library
        mask = library.comparable.copy()
        if without is not None:
            mask[without] = False
        scores = library.vectors.scores(vector)
        rows = top_k(scores, limit, mask, library.table["taken"])
        return self._hits(rows, scores[rows])

    def _list(self, query: Query, limit: int, offset: int) -> Answer:
        """What passes the filters, newest first, where there are no words."""
        mask = self._filtered(query)
        rows = newest(mask, self._library.table["taken"])
        total = len(rows)
        rows = rows[offset : offset + limit]
        hits = [{"id": id, "name": name, "score": 1.0} for id, name in self._named(rows)]
        return self._answer(query, hits, total, total)

    def _answer(self, query: Query, hits: list[Answer], total: int, relevant: int, instead: Instead | None = None) -> Answer:
        return {
            "total": total,
            "relevant": relevant,
            "results": hits,
            "explanation": explain(query, total, relevant, self._said, instead),
            "chips": [_plain(chip) for chip in query.chips],
        }

    async def _wish(self, query: Query) -> Wish | None:
        """What is wanted, if anything is."""
        if query.terms:
            terms = [(await self._vector(term.source), term.minus) for term in query.terms]
            return Wish(combine(terms, self._background.measure()))
        if not query.wanted:
            return None
        vectors = [await self._words(words) for words in query.wanted]
        if len(vectors) > 1:
            return Wish(wishes.middle(np.stack(vectors)))
        table = self._library.table
        return wishes.wish(query.wanted[0], vectors[0], self._concepts, table["tags"], table["tag_scores"])

    async def _words(self, words: str) -> Vector:
        return wishes.middle(np.stack(await self._text.vectors(wishes.texts(words, self._text.prompts))))

    async def _vector(self, source: Source) -> Vector:
        if isinstance(source, Like):
            return self._vector_at(requests.row(self._library, source.id))
        return await self._text.vector(source)

    def _vector_at(self, row: int) -> Vector:
        """The vector of a photo.

        Raises
        ------
        QueryError
            If another pack made it.
        """
        if not self._library.comparable[row]:
            raise QueryError(
                "This photo has not been looked at with the present model pack yet.", "Add its folder again first."
            )
        vector: Vector = self._library.vectors.vectors(np.array([row]))[0]
        return vector

    def _filtered(self, query: Query) -> NDArray[np.bool_]:
        """The rows that pass the filters, without the photos that the others should be like."""
        library = self._library
        mask = library.vectors.alive.copy()
        for condition in query.filters:
            mask &= condition.mask(library)
        mask[[requests.row(library, term.source.id) for term in query.terms if isinstance(term.source, Like)]] = False
        return mask

    def _said(self, source: Source) -> str:
        """Words or a photo, for a sentence."""
        if isinstance(source, Like):
            return self._library.names[requests.row(self._library, source.id)].rpartition("/")[2]
        return f"“{source}”"

    def _hits(self, rows: NDArray[np.intp], scores: NDArray[np.floating]) -> list[Answer]:
        pairs = zip(self._named(rows), scores.tolist(), strict=True)
        return [{"id": id, "name": name, "score": score} for (id, name), score in pairs]

    def _named(self, rows: NDArray[np.intp]) -> list[tuple[str, str]]:
        library = self._library
        return [(id_text(library.number_at(row)), library.names[row]) for row in rows.tolist()]


def explain(query: Query, total: int, relevant: int, said: Callable[[Source], str], instead: Instead | None = None) -> str:
    """What was searched for and what came of it, in one sentence.

    Parameters
    ----------
    query : Query
    total : int
        Photos that pass the filters.
    relevant : int
        Those of them that are believed to show what is wanted.
    said : callable
        Names words or a photo.
    instead : Instead, optional
        The concept that was looked for in place of the words.
    """
    if instead is not None:
        sentence = explain(query, total, relevant, lambda source: "it" if source in query.wanted else said(source))
        return f"{capital(instead.explanation)}: {sentence[0].lower()}{sentence[1:]}" if total else sentence
    conditions = [condition.said for condition in query.filters]
    where = f" {' and '.join(conditions)}" if conditions else ""
    if not total:
        return f"There are no photos{where}." if where else "There are no photos here yet."
    photos = f"{total:,} photo{'s' if total != 1 else ''}{where}"
    if not query.ranks:
        return f"{photos}, newest first." if total != 1 else f"{photos}."
    verb, shows = _wish(query, said)
    if not relevant:
        return f"None of {photos} seems to {verb} {shows}; what comes nearest stands first."
    return f"{relevant:,} of {photos} {'seems' if relevant == 1 else 'seem'} to {verb} {shows}."


def _wish(query: Query, said: Callable[[Source], str]) -> tuple[str, str]:
    """A verb, and what is wanted: ("show", "“dog” without “people”"), ("be like", "IMG_1.jpg with more “snow”")."""
    without = " or ".join(said(source) for source in query.without)
    ending = f"without {without}" if without else ""
    if not query.terms:
        parts = (" and ".join(said(words) for words in query.wanted), ending)
        return "show", " ".join(part for part in parts if part)
    likes = [said(term.source) for term in query.terms if isinstance(term.source, Like) and not term.minus]
    plus = [said(term.source) for term in query.terms if isinstance(term.source, str) and not term.minus]
    less = [said(term.source) for term in query.terms if term.minus]
    first = " and ".join(likes or plus)
    more = f"with {' and '.join(plus)}" if likes and plus else ""
    fewer = f"with less of {' and '.join(less)}" if less else ""
    return "be like" if likes else "show", " ".join(part for part in (first, more, fewer, ending) if part)


def _plain(chip: Chip) -> Answer:
    return {
        "kind": chip.kind,
        "text": chip.text,
        "from": chip.span.start,
        "to": chip.span.end,
        "spoken": chip.spoken,
        "remove": chip.remove,
    }
