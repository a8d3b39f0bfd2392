"""`eval`: how well searches find what somebody says that they should find, in a library of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from shoebox.api import Shoebox
from shoebox.commands import printing
from shoebox.commands.context import Context
from shoebox.commands.finding import find_photo
from shoebox.commands.problems import CommandError
from shoebox.requests import MOST_RESULTS

#: Among so many first results a photo is looked for; the same as in models/evaluation.
DEPTHS: Final = (1, 5, 10)


def evaluate(context: Context) -> int:
    """Ask all questions of a file."""
    questions = read_questions(context.typed.file)
    with context.reading() as file:
        wanted = {query: {find_photo(file.box.library, photo) for photo in photos} for query, photos in questions.items()}
        ranks = asyncio.run(_ranks(file.box, wanted))
    answer = judge(ranks)
    context.answer(answer, lines(answer))
    return 0


def read_questions(path: Path) -> dict[str, list[str]]:
    """Queries with the photos that they should find: a line for each, a tab between the query and the photo.

    Raises
    ------
    CommandError
        If the file cannot be read, or is of another form.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The questions cannot be read from {path}.", "They should be a text file in UTF-8.") from error
    questions: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        query, tab, photo = line.partition("\t")
        if not (query.strip() and tab and photo.strip()):
            raise CommandError(
                f"Line {number} of {path} is no question.", "Write a query, a tab, and a photo that it should find."
            )
        questions.setdefault(query.strip(), []).append(photo.strip())
    if not questions:
        raise CommandError(f"There is no question in {path}.", "Write a query, a tab, and a photo that it should find.")
    return questions


async def _ranks(box: Shoebox, wanted: Mapping[str, set[str]]) -> dict[str, int | None]:
    """At which place, from 1, each query has the first of its photos; None where a filter has left all of them out."""
    ranks: dict[str, int | None] = {}
    for query, photos in wanted.items():
        found = (await box.search(query, limit=MOST_RESULTS))["results"]
        ranks[query] = next((place for place, hit in enumerate(found, 1) if hit["id"] in photos), None)
    return ranks


def judge(ranks: Mapping[str, int | None]) -> dict[str, Any]:
    """The share of queries whose photo is among the first: `{queries, recall: {depth: share}, ranks: [{query, rank}]}`."""
    found: Sequence[int] = [rank for rank in ranks.values() if rank is not None]
    return {
        "queries": len(ranks),
        "recall": {str(depth): round(sum(rank <= depth for rank in found) / len(ranks), 4) for depth in DEPTHS},
        "ranks": [{"query": query, "rank": rank} for query, rank in ranks.items()],
    }


def lines(answer: Mapping[str, Any]) -> list[str]:
    """As people read it: the hardest queries first, then the shares."""
    rows = sorted(answer["ranks"], key=lambda each: -(each["rank"] or MOST_RESULTS))
    told = printing.columns([("never" if each["rank"] is None else str(each["rank"]), each["query"]) for each in rows])
    shares = ", ".join(f"{share:.0%} among the first {depth}" for depth, share in answer["recall"].items())
    return [*told, f"Of {printing.counted(answer['queries'], 'query', 'queries')}: {shares}."]
