"""The commands that only look: `search`, `similar`, `info`, `tags`, `albums`, `duplicates`, `verify`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from shoebox.api import Shoebox
from shoebox.commands import finding, printing
from shoebox.commands.comparing import compare
from shoebox.commands.context import Context
from shoebox.commands.progress import bar
from shoebox.library import verification
from shoebox.photo.decode import decode_photo

#: What `verify` ends with where something is wrong, as `cmp` and `grep` do.
FOUND_WRONG: Final = 1


def search(context: Context) -> int:
    """Find photos by a query."""
    typed = context.typed
    with context.reading() as file:
        answer = asyncio.run(file.box.search(typed.query, limit=typed.limit, sort=typed.sort))
    shown = answer["results"][: answer["relevant"]]
    if typed.names and not context.json:
        context.answer(answer, [hit["name"] for hit in shown])
    else:
        context.answer(answer, printing.found(answer, shown))
    return 0


def similar(context: Context) -> int:
    """Find photos like another."""
    typed = context.typed
    with context.reading() as file:
        answer = asyncio.run(_similar(file.box, typed.photo, typed.limit))
    context.answer(answer, printing.hits(answer["results"]))
    return 0


async def _similar(box: Shoebox, said: str, limit: int) -> dict[str, Any]:
    path = Path(said)
    if path.is_file() and said not in box.library.owners and finding.photo_of_file(box.library, path) is None:
        photo = decode_photo(path.read_bytes(), path.name)
        height, width = photo.pixels.shape[:2]
        return await box.similar(pixels=photo.pixels.tobytes(), width=width, height=height, limit=limit)
    return await box.similar(id=finding.find_photo(box.library, said), limit=limit)


def info(context: Context) -> int:
    """Tell all about a photo, or about the library."""
    with context.reading() as file:
        if context.typed.photo is None:
            stats = file.box.stats()
            context.answer(stats, printing.numbers(stats))
        else:
            photo = file.box.photo(finding.find_photo(file.box.library, context.typed.photo))
            context.answer(photo, printing.photo(photo))
    return 0


def tags(context: Context) -> int:
    """Tell what the photos show."""
    with context.reading() as file:
        answer = file.box.tags()
    context.answer(answer, printing.tags(answer))
    return 0


def albums(context: Context) -> int:
    """List albums, or the photos of one."""
    with context.reading() as file:
        found = file.box.albums.albums()
        if context.typed.album is None:
            shown = [each for each in found if not each["hidden"]]
            context.answer(found, printing.albums(shown))
            return 0
        album = file.box.albums.album(finding.find_one(found, context.typed.album, "title", "album"))
        context.answer(album, names(file.box, album["photos"]))
    return 0


def names(box: Shoebox, photos: Sequence[str]) -> list[str]:
    """Photos by id and name, one a line."""
    library = box.library
    rows = [library.row_of(int(photo, 16)) for photo in photos]
    return printing.columns([(photo, library.names[row]) for photo, row in zip(photos, rows, strict=True) if row is not None])


def duplicates(context: Context) -> int:
    """Compare all photos, and list what is there more than once."""
    typed = context.typed
    with context.reading(with_thumbnails=True) as file:
        assert file.thumbnails is not None
        with bar("Comparing photos", 0, not context.json) as shown:
            lacking = asyncio.run(compare(file.box, file.thumbnails, shown))
        groups = file.box.duplicates.duplicates(typed.kind)
        if lacking:
            context.note(
                f"{printing.counted(lacking, 'photo')} without a thumbnail could not be compared closely: "
                "index their folders again, or export the library with thumbnails."
            )
        if typed.list or typed.script:
            _aside(context, file.box, groups)
        else:
            context.answer(groups, printing.duplicates(groups))
    return 0


def _aside(context: Context, box: Shoebox, groups: Sequence[dict[str, Any]]) -> None:
    """The files that could go: all of each group but the one to keep, unless another group keeps them."""
    kept = {group["files"][0]["name"] for group in groups}
    chosen = {each["name"] for group in groups for each in group["files"][1:]} - kept
    if not chosen:
        if context.json:
            context.answer({"files": [], "bytes": 0, "list": "", "script": ""}, [])
        return
    answer = box.duplicates.set_aside(sorted(chosen))
    context.answer(answer, answer["script" if context.typed.script else "list"].splitlines())


def verify(context: Context) -> int:
    """Check a library."""
    with context.reading() as file:
        # What was stored is what was read just now, whole; so only what it says can contradict itself.
        problems = verification.problems(file.box.library) + file.box.people.problems()
    answer = {"ok": not problems, "problems": problems}
    context.answer(answer, problems or [f"All is well: {printing.counted(len(file.box.library), 'photo')}."])
    return FOUND_WRONG if problems else 0
