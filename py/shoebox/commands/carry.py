"""`export` and `import`: the library, or a part of it, from device to device."""

from __future__ import annotations

from shoebox import archive
from shoebox.commands import printing
from shoebox.commands.context import Context
from shoebox.commands.problems import CommandError


def export(context: Context) -> int:
    """Write another file."""
    typed = context.typed
    if typed.file.exists() and not typed.replace:
        raise CommandError(f"There is a file {typed.file} already.", "Choose another name, or say --replace.")
    if typed.file.exists() and typed.file.resolve() == context.library.resolve():
        raise CommandError("That is the library itself.", "Choose another name.")
    if not typed.file.absolute().parent.is_dir():
        raise CommandError(f"There is no folder {typed.file.parent}.", "Make it, or choose another.")
    with context.reading(with_thumbnails=not typed.no_thumbnails) as file:
        passphrase = context.passphrases.to_seal(typed.file) if typed.encrypt else None
        archive.save(file.box, typed.file, thumbnails=file.thumbnails, paths=not typed.no_paths, passphrase=passphrase)
        photos = len(file.box.library)
    size = typed.file.stat().st_size
    lines = [f"{printing.counted(photos, 'photo')} written to {typed.file}, {printing.amount(size)}."]
    context.answer({"photos": photos, "bytes": size}, lines)
    return 0


def import_(context: Context) -> int:
    """Merge another file into the library."""
    typed = context.typed
    if not typed.file.is_file():
        raise CommandError(f"There is no file {typed.file}.")
    passphrase = context.passphrases.to_open(typed.file)
    with context.changing(may_begin=True) as file:
        answer = archive.load(file.box, typed.file, thumbnails=file.thumbnails, passphrase=passphrase, own=False)
    photos, people = printing.counted(answer["photos"], "photo"), printing.counted(answer["people"], "person", "people")
    context.answer(answer, [f"{photos} read, {answer['added']:,} of them new; {people}."])
    return 0
