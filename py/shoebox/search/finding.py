"""Searches: from a query to results, and the sentence that explains them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox import requests
from shoebox.errors import QueryError
from shoebox.library.library import Library
from shoebox.model.pack import Space
from shoebox.search.query import Query, parse
from shoebox.search.ranking import judge, newest, order
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
    space : Space
        The background of the pack's vectors, which says where relevance ends.
    text : TextEmbedding
    timings : Timings
        Gets 'text' (words to vector) and 'ranking' (all the rest).
    """

    def __init__(self, library: Library, space: Space, text: TextEmbedding, timings: Timings) -> None:
        self._library, self._space, self._text, self._timings = library, space, text, timings

    async def search(self, text: str, limit: int, offset: int, by_date: bool) -> Answer:
        """Find photos: `{total, relevant, results, explanation}`.

        Raises
        ------
        QueryError
            If the query cannot be understood.
        SessionError
            If the text network fails.
        """
        query = parse(text)
        if not (query.wanted or query.without):
            return self._list(query, limit, offset)
        with self._timings.measure("text"):
            wanted = [await self._text.vector(part) for part in query.wanted]
            without = [await self._text.vector(part) for part in query.without]
        with self._timings.measure("ranking"):
            library = self._library
            mask = self._filtered(query) & library.comparable
            judgement = judge(library.vectors.scores, self._space, wanted, without)
            rows, relevant = order(judgement, mask, library.table["taken"], by_date, offset, limit)
            total = int(mask.sum())
            return {
                "total": total,
                "relevant": relevant,
                "results": self._hits(rows, judgement.scores),
                "explanation": explain(query, total, relevant),
            }

    def like_photo(self, id: str, limit: int) -> Answer:
        """Photos like one of the library, without it: `{results}`."""
        library = self._library
        row = requests.row(library, id)
        if not library.comparable[row]:
            raise QueryError(
                "This photo has not been looked at with the present model pack yet.", "Add its folder again first."
            )
        vector = library.vectors.vectors(np.array([row]))[0]
        return {"results": self.nearest(vector, limit, without=row)}

    def nearest(self, vector: NDArray[np.float32], limit: int, without: int | None = None) -> list[Answer]:
        """The photos nearest to a vector, best first."""
        library = self._library
        mask = library.comparable.copy()
        if without is not None:
            mask[without] = False
        scores = library.vectors.scores(vector)
        return self._hits(top_k(scores, limit, mask, library.table["taken"]), scores)

    def _list(self, query: Query, limit: int, offset: int) -> Answer:
        """What passes the filters, newest first, where there are no words."""
        mask = self._filtered(query)
        rows = newest(mask, self._library.table["taken"])
        total = len(rows)
        rows = rows[offset : offset + limit]
        hits = [{"id": id, "name": name, "score": 1.0} for id, name in self._named(rows)]
        return {"total": total, "relevant": total, "results": hits, "explanation": explain(query, total, total)}

    def _filtered(self, query: Query) -> NDArray[np.bool_]:
        mask = self._library.vectors.alive.copy()
        for condition in query.filters:
            mask &= condition.mask(self._library)
        return mask

    def _hits(self, rows: NDArray[np.intp], scores: NDArray[np.float32]) -> list[Answer]:
        values = scores[rows].tolist()
        return [{"id": id, "name": name, "score": score} for (id, name), score in zip(self._named(rows), values, strict=True)]

    def _named(self, rows: NDArray[np.intp]) -> list[tuple[str, str]]:
        library = self._library
        return [(id_text(library.number_at(row)), library.names[row]) for row in rows.tolist()]


def explain(query: Query, total: int, relevant: int) -> str:
    """What was searched for and what came of it, in one sentence.

    Parameters
    ----------
    query : Query
    total : int
        Photos that pass the filters.
    relevant : int
        Those of them that are believed to show what is wanted.
    """
    said = [condition.said for condition in query.filters]
    where = f" {' and '.join(said)}" if said else ""
    if not total:
        return f"There are no photos{where}." if where else "There are no photos here yet."
    photos = f"{total:,} photo{'s' if total != 1 else ''}{where}"
    if not (query.wanted or query.without):
        return f"{photos}, newest first." if total != 1 else f"{photos}."
    wanted = " and ".join(f"“{part}”" for part in query.wanted)
    without = " or ".join(f"“{part}”" for part in query.without)
    shows = " ".join(part for part in (wanted, f"without {without}" if without else "") if part)
    if not relevant:
        return f"None of {photos} seems to show {shows}; what comes nearest stands first."
    return f"{relevant:,} of {photos} {'seems' if relevant == 1 else 'seem'} to show {shows}."
