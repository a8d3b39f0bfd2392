"""Recipes of model packs: `models/packs/NAME.toml`, the manifest of a pack and where its files are.

A recipe is a `pack.toml` in which each file has `urls`, and need not have `bytes` and `sha256`: where nobody could vouch for a
file when the recipe was written, none is made up. What such a file was when it was first fetched is kept in `NAME.lock.toml`
beside the recipe, and nothing else is taken under its name from then on.
"""

from __future__ import annotations

import re
import tomllib
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling.paths import PACKS
from tooling.stamps import write_atomically

RECIPES = PACKS / "packs"
LOCK_HEADER = (
    "# What `python build.py models add {name}` was given first; nothing else is taken under these names from then on.\n"
)
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class RecipeProblem(Exception):
    """A recipe cannot be used; the message says why."""


@dataclass(frozen=True)
class Known:
    """What a file must be.

    Attributes
    ----------
    bytes : int or None
    sha256 : str or None
        None where nobody has said it.
    """

    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A file of a pack, and where it can be had."""

    name: str
    urls: tuple[str, ...]
    known: Known


@dataclass(frozen=True)
class Recipe:
    """A recipe, read and checked.

    Attributes
    ----------
    path : Path
    name, title, licence, terms : str
        `terms` may be empty.
    faces : bool
        Whether it is a face pack.
    files : tuple of Wanted
    text : str
    """

    path: Path
    name: str
    title: str
    licence: str
    terms: str
    faces: bool
    files: tuple[Wanted, ...]
    text: str

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """The recipe in a file, with what its lock file adds.

        Raises
        ------
        RecipeProblem
            If it is not one.
        """
        try:
            text = path.read_text("utf-8")
            top = tomllib.loads(text)
        except (OSError, ValueError) as error:
            raise RecipeProblem(f"{path} cannot be read: {error}.") from error
        words: dict[str, str] = {}
        for key in ("id", "title", "licence", "terms"):
            value = top.get(key, "" if key == "terms" else None)
            if not isinstance(value, str) or not (value or key == "terms"):
                raise RecipeProblem(f"{path}: {key} should be text, not {value!r}.")
            words[key] = value
        if words["id"] != path.stem or not _NAME.fullmatch(path.stem):
            raise RecipeProblem(f"{path}: its id should be {path.stem}, in small letters, digits, dots and -.")
        locked = read_lock(lock_of(path))
        files = tuple(_wanted(path, table, locked) for table in _tables(top))
        if not files or len({file.name for file in files}) != len(files):
            raise RecipeProblem(f"{path} should name some files, none of them twice.")
        return cls(path, words["id"], words["title"], words["licence"], words["terms"], "detector" in top, files, text)

    @property
    def size(self) -> int | None:
        """Bytes of all files, None where one is not known."""
        sizes = [file.known.bytes for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def manifest(self, found: Mapping[str, Known]) -> str:
        """The `pack.toml` of the pack: the recipe, with bytes and sha256 of every file.

        Parameters
        ----------
        found : mapping of str to Known
            What was fetched.
        """
        made = []
        for line in self.text.splitlines():
            named = re.fullmatch(r'\s*file\s*=\s*"([^"]+)".*', line)
            # Dropped here and written anew behind the file, where they agree.
            if re.match(r"\s*(bytes|sha256)\s*=", line):
                continue
            made.append(line)
            if named:
                known = found[named[1]]
                made += [f"bytes = {known.bytes}", f'sha256 = "{known.sha256}"']
        return "\n".join(made) + "\n"


def recipes(folder: Path = RECIPES) -> list[Recipe]:
    """All recipes of a folder, by name.

    Raises
    ------
    RecipeProblem
        If one cannot be used.
    """
    return [Recipe.read(path) for path in sorted(folder.glob("*.toml")) if not path.name.endswith(".lock.toml")]


def lock_of(path: Path) -> Path:
    """Where it is kept what the files of a recipe were when they were first fetched."""
    return path.with_name(f"{path.stem}.lock.toml")


def read_lock(path: Path) -> dict[str, Known]:
    """What a lock file says; nothing where there is none.

    Raises
    ------
    RecipeProblem
        If it cannot be read.
    """
    if not path.exists():
        return {}
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
        return {name: Known(int(entry["bytes"]), str(entry["sha256"])) for name, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeProblem(f"{path} cannot be read ({error}). Delete it if you trust the addresses in the recipe.") from error


def write_lock(recipe: Recipe, found: Mapping[str, Known]) -> Path | None:
    """Keep what the files were for which the recipe itself gives no sha256; None where there is nothing to keep."""
    top = tomllib.loads(recipe.text)
    open_ones = [table["file"] for table in _tables(top) if "sha256" not in table]
    if not open_ones:
        return None
    lines = [f'["{name}"]\nbytes = {found[name].bytes}\nsha256 = "{found[name].sha256}"\n' for name in sorted(open_ones)]
    path = lock_of(recipe.path)
    write_atomically(path, (LOCK_HEADER.format(name=recipe.name) + "\n".join(lines)).encode())
    return path


def _tables(top: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The tables that name a file, wherever they are."""
    if "file" in top:
        yield top
    for value in top.values():
        if isinstance(value, dict):
            yield from _tables(value)


def _wanted(path: Path, table: Mapping[str, Any], locked: Mapping[str, Known]) -> Wanted:
    name, urls = table["file"], table.get("urls")
    if not isinstance(name, str) or not _FILE_NAME.fullmatch(name) or ".." in name:
        raise RecipeProblem(f"{path}: {name!r} is not the name of a file.")
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) and _is_safe(url) for url in urls):
        raise RecipeProblem(f"{path}: {name} should have urls, a list of addresses that begin with https://.")
    size, sha256 = table.get("bytes"), table.get("sha256")
    if size is not None and (type(size) is not int or size < 1):
        raise RecipeProblem(f"{path}: the bytes of {name} should be a whole number.")
    if sha256 is not None and (not isinstance(sha256, str) or not _SHA256.fullmatch(sha256)):
        raise RecipeProblem(f"{path}: the sha256 of {name} should be 64 hexadecimal digits.")
    if sha256 is None and name in locked:
        return Wanted(name, tuple(urls), locked[name])
    return Wanted(name, tuple(urls), Known(size, sha256))


def _is_safe(url: str) -> bool:
    """Encrypted, or on this machine (a mirror of one's own, and the tests)."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
