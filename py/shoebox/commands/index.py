"""`index`: take in folders, look for faces, and read text."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any, Final

from shoebox.api import Shoebox
from shoebox.commands import printing, resources
from shoebox.commands.context import Context
from shoebox.commands.decoders import Decoders
from shoebox.commands.indexing import Added, Indexing
from shoebox.commands.libraryfile import LibraryFile, changing
from shoebox.commands.lookingagain import FacePass, Looked, TextPass
from shoebox.commands.progress import bar
from shoebox.commands.saving import Saving
from shoebox.commands.scanning import Scan, scan
from shoebox.commands.stopping import stopping
from shoebox.faces.pack import FacePack
from shoebox.model.manifest import MANIFEST
from shoebox.reading.pack import TextPack
from shoebox.sessions.native import NativeSessions, face_networks, text_networks
from shoebox.store.rows import id_numbers

#: What shells expect of a command that Ctrl-C has ended.
STOPPED: Final = 130


def index(context: Context) -> int:
    """Do it; answers the exit status."""
    typed = context.typed
    jobs = typed.jobs or os.cpu_count() or 1
    found = scan(typed.folders)
    faces = resources.face_pack(typed.face_pack) if typed.faces else None
    texts = resources.text_pack(typed.text_pack) if typed.text else None
    # A thread for each run, and a run for each core at a time: no core waits for another in the middle of a network.
    box, sessions = context.box(threads=1)
    if faces is not None:
        _begin_faces(box, sessions, faces)
    if texts is not None:
        _begin_texts(box, sessions, texts)
    with changing(box, context.library, context.passphrases, may_begin=True) as file:
        started = time.monotonic()
        added, sought, read = asyncio.run(_index(context, file, found, jobs))
    answer = _answer(added, sought, read, time.monotonic() - started)
    context.answer(answer, printing.added(answer))
    return STOPPED if answer["stopped"] else 0


def _begin_faces(box: Shoebox, sessions: NativeSessions, folder: Path) -> None:
    sessions.add(face_networks(folder, FacePack.from_folder(folder)))
    box.seeking.begin((folder / MANIFEST).read_bytes())


def _begin_texts(box: Shoebox, sessions: NativeSessions, folder: Path) -> None:
    pack = TextPack.from_folder(folder)
    sessions.add(text_networks(folder, pack))
    box.reader.begin((folder / MANIFEST).read_bytes(), (folder / pack.characters.name).read_bytes())


async def _index(context: Context, file: LibraryFile, found: Scan, jobs: int) -> tuple[Added, Looked | None, Looked | None]:
    """Take in what was found, and write the library whatever happens."""
    box, library = file.box, file.box.library
    assert file.thumbnails is not None
    saving = Saving(file)
    shown = not context.json
    known = id_numbers(library.table["hash"][library.comparable])
    sought, read = None, None
    try:
        with stopping() as stop, Decoders(jobs, known) as decoders:
            with bar("Adding photos", len(found.files) + len(found.unopened), shown) as adding:

                def tell(answer: Added) -> None:
                    adding.tell(answer.done)
                    saving.now_and_then()

                indexing = Indexing(box, file.thumbnails, decoders, stop, tell, tags=not context.typed.no_tags)
                added = await indexing.add(found, context.typed.forget_missing)
            if context.typed.faces and not stop.is_set():
                with bar("Looking for faces", 0, shown) as looking:

                    def tell_faces(answer: Looked) -> None:
                        looking.tell(answer.photos, answer.total - answer.waiting)
                        if answer.photos or answer.regrouped:
                            saving.faces = answer.photos, answer.regrouped
                        saving.now_and_then()

                    sought = await FacePass(box, decoders, stop, tell_faces).look(found.files)
            if context.typed.text and not stop.is_set():
                with bar("Reading text", 0, shown) as reading:

                    def tell_texts(answer: Looked) -> None:
                        reading.tell(answer.photos, answer.total - answer.waiting)
                        saving.texts = answer.photos or None
                        saving.now_and_then()

                    read = await TextPass(box, decoders, stop, tell_texts).look(found.files)
            added.stopped = stop.is_set()
    finally:
        saving.at_last()
    return added, sought, read


def _answer(added: Added, sought: Looked | None, read: Looked | None, seconds: float) -> dict[str, Any]:
    """What `--json` prints: `add` of the page's contract, and what only this command knows."""
    return {
        "added": added.added,
        "unchanged": added.unchanged,
        "renamed": added.renamed,
        "duplicates": added.duplicates,
        "removed": added.removed,
        "failed": sorted(added.failed, key=lambda each: each["name"]),
        "missing": added.missing,
        "faces": None if sought is None else {"photos": sought.photos, "faces": sought.found, "waiting": sought.waiting},
        "text": None if read is None else {"photos": read.photos, "lines": read.found, "waiting": read.waiting},
        "stopped": added.stopped,
        "photosPerSecond": round(added.added / added.seconds, 1) if added.seconds else 0.0,
        "seconds": round(seconds, 3),
    }
