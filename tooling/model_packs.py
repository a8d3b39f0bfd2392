"""``python build.py models list | add NAME | from FILE | pack FOLDER``: model packs on this machine.

Packs that were added lie in ``models/added/``, which git leaves alone; the build puts them into ``dist/models/``, where the
page finds them by name.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shoebox.errors import PackError
from shoebox.faces.pack import FacePack
from shoebox.model.container import MOST_BYTES, Container, FileSource, write_container
from shoebox.model.manifest import MANIFEST
from shoebox.model.pack import Pack
from tooling.environment import EnvironmentProblem
from tooling.model_download import DownloadProblem, Patience, download
from tooling.model_recipes import RECIPES, Known, Recipe, RecipeProblem, recipes, write_lock
from tooling.paths import PACKS

ADDED = PACKS / "added"
DEFAULT = PACKS / "default"
#: What belongs to the app itself; a pack of this name would hide it.
TAKEN = ("default", "faces", "text", "face-api")

Say = Callable[[str], None]


def read_pack(folder: Path) -> Pack | FacePack:
    """The pack in a folder, of whichever kind, every file checked.

    Raises
    ------
    PackError
        If it is not sound.
    """
    manifest = folder / MANIFEST
    try:
        faces = "detector" in tomllib.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{manifest} cannot be read: {error}.") from error
    return FacePack.from_folder(folder) if faces else Pack.from_folder(folder)


def files_of(pack: Pack | FacePack, folder: Path) -> dict[str, Path]:
    """The files that belong to a pack in a folder, by name."""
    top = tomllib.loads((folder / MANIFEST).read_text("utf-8"))

    def names(table: dict[str, object]) -> Iterator[str]:
        for key, value in table.items():
            if key == "file" and isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                yield from names(value)

    return {name: folder / name for name in (MANIFEST, *sorted(set(names(top))))}


def list_packs(say: Say = print, added: Path = ADDED, described: Path = RECIPES) -> None:
    """Say what is there: the default packs, those that were added, and those that can be; which of them find faces."""
    rows = [
        ("default", "built in", _size(_bytes_in(DEFAULT)), Pack.from_folder(DEFAULT).licence, ""),
        ("face-api", "built in, faces", "", "MIT", ""),
    ]
    known = {recipe.name: recipe for recipe in recipes(described)}
    for folder in sorted(added.glob("[!.]*/")):
        try:
            pack = read_pack(folder)
            terms = known[folder.name].terms if folder.name in known else getattr(pack, "terms", "")
            state = "added, faces" if isinstance(pack, FacePack) else "added"
            rows.append((folder.name, state, _size(_bytes_in(folder)), pack.licence, terms))
        except PackError as error:
            rows.append((folder.name, "damaged", "", "", error.what))
    there = {name for name, *_ in rows}
    rows += [
        (
            recipe.name,
            "can be added, faces" if recipe.faces else "can be added",
            _size(recipe.size),
            recipe.licence,
            recipe.terms,
        )
        for recipe in known.values()
        if recipe.name not in there
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, state, size, licence, terms in rows:
        say(f"{name:<{widths[0]}}  {state:<{widths[1]}}  {size:>{widths[2]}}  {licence}")
        if terms:
            say(f"{'':<{widths[0]}}  {terms}")


def add_pack(
    name: str, say: Say = print, added: Path = ADDED, described: Path = RECIPES, patience: Patience | None = None
) -> Path:
    """Fetch the files of a pack that is described, check all, and put it in its place in one step.

    Raises
    ------
    EnvironmentProblem
        If there is no such recipe, a file cannot be had, or the pack does not work. Nothing is left half-done; what has arrived
        is kept for the next attempt.
    """
    path = described / f"{name}.toml"
    if not path.is_file():
        names = ", ".join(recipe.name for recipe in recipes(described))
        raise EnvironmentProblem(f"There is no pack {name}. There are: {names}. A .pack file comes in with: models from FILE")
    try:
        recipe = Recipe.read(path)
        say(f"{recipe.title}. Licence: {recipe.licence}.")
        if recipe.terms:
            say(recipe.terms)
        partial = added / f".{name}"
        found: dict[str, Known] = {}
        for file in recipe.files:
            found[file.name], _ = download(file.urls, partial / file.name, file.known, patience)
            vouched = "as described" if file.known.sha256 else "taken on trust, and held to from now on"
            say(f"  {file.name}: {_size(found[file.name].bytes)}, sha256 {found[file.name].sha256}, {vouched}")
        (partial / MANIFEST).write_text(recipe.manifest(found), "utf-8")
        _settle(partial, added / name)
    except (RecipeProblem, DownloadProblem, PackError) as problem:
        raise EnvironmentProblem(str(problem)) from problem
    lock = write_lock(recipe, found)
    if lock is not None:
        say(f"What these files are stands in {lock.name} now. Commit it, so that everybody gets the same.")
    return added / name


def take_pack(file: Path, say: Say = print, added: Path = ADDED) -> Path:
    """Unpack a `.pack` file, check all, and put it in its place in one step.

    Raises
    ------
    EnvironmentProblem
        If it is not one, or is damaged; nothing is changed then.
    """
    added.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=added, prefix=".from-") as work:
        partial = Path(work, "pack")
        partial.mkdir()
        try:
            with _opened(file) as container:
                for stretch in container.files.values():
                    with (partial / stretch.name).open("wb") as written:
                        for start in range(stretch.start, stretch.start + stretch.size, 1 << 20):
                            end = min(start + (1 << 20), stretch.start + stretch.size)
                            written.write(container.source.read_at(start, end - start))
            pack = read_pack(partial)
            name = pack.id
            say(f"{name} {pack.version}. Licence: {pack.licence}.")
            if getattr(pack, "terms", ""):
                say(getattr(pack, "terms", ""))
            _settle(partial, added / _safe(name))
        except PackError as problem:
            raise EnvironmentProblem(str(problem)) from problem
    return added / name


def make_file(folder: Path, target: Path | None = None) -> Path:
    """Make a `.pack` file of the pack in a folder.

    Raises
    ------
    EnvironmentProblem
        If the folder is not a sound pack.
    """
    try:
        pack = read_pack(folder)
        target = target or Path(f"{_safe(pack.id)}.pack")
        files = files_of(pack, folder)
        if sum(path.stat().st_size for path in files.values()) > MOST_BYTES:
            raise PackError("This pack is larger than 4 GB, which no .pack file can be.")
        write_container(files, target)
    except PackError as problem:
        raise EnvironmentProblem(str(problem)) from problem
    return target


def main(words: list[str]) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(prog="build.py models", description="Model packs on this machine.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    commands.add_parser("list", help="what is there and what can be added, with sizes and licences")
    commands.add_parser("add", help="fetch a pack that is described in models/packs/").add_argument("name")
    commands.add_parser("from", help="take a pack from a .pack file").add_argument("file", type=Path)
    command = commands.add_parser("pack", help="make a .pack file of a folder with a pack.toml")
    command.add_argument("folder", type=Path)
    command.add_argument("file", type=Path, nargs="?")
    arguments = parser.parse_args(words)
    if arguments.command == "list":
        list_packs()
    elif arguments.command == "pack":
        made = make_file(arguments.folder, arguments.file)
        print(f"{made}: {_size(made.stat().st_size)}. To take it in: python build.py models from {made}")
    else:
        folder = add_pack(arguments.name) if arguments.command == "add" else take_pack(arguments.file)
        print(f"It lies in {folder}. To put it into the app: python build.py build")
        print(f"To make one file of it, for the settings of the page: python build.py models pack {folder}")
    return 0


@contextmanager
def _opened(file: Path) -> Iterator[Container]:
    source = FileSource(file)
    try:
        yield Container.read(source)
    finally:
        source.close()


def _settle(partial: Path, target: Path) -> None:
    """Check the pack in a folder, leave only what belongs to it, and let it take the place of an earlier one."""
    pack = read_pack(partial)
    _safe(pack.id)
    belonging = files_of(pack, partial)
    for path in partial.iterdir():
        if path.name not in belonging:
            path.unlink()
    old = target.with_name(f".{target.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _safe(name: str) -> str:
    """The name of a pack as the name of its folder."""
    if name in TAKEN or not all(character.isalnum() or character in "-_." for character in name) or name.startswith("."):
        raise PackError(
            f"{name!r} is no name for a pack: small letters, digits, dots and -, and neither of {', '.join(TAKEN)}."
        )
    return name


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _size(count: int | None) -> str:
    return "size not known yet" if count is None else f"{count / 1e6:.1f} MB"
