"""Finding the files, as the page does (web/src/indexing/scan.ts): the same names, and the same files passed over."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shoebox.commands.problems import CommandError
from shoebox.duplicates.leaving import FOLDER as SET_ASIDE

# What operating systems and photo programs leave in folders; nobody thinks of them as files.
_SYSTEM_FILES: Final = frozenset(
    ("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "folder.htt", "albumartsmall.jpg")
)
_SYSTEM_FOLDERS: Final = frozenset(
    ("__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found", "#recycle")
)

_GONE: Final = "The file could not be opened: it was moved, or may not be read."
_NAMELESS: Final = "The name of this file is no text that other systems could read. Rename it."


@dataclass(frozen=True, slots=True)
class Found:
    """A file.

    Attributes
    ----------
    name : str
        Its name in the library: the folder that was given, and the way down from there, with slashes ('2019/IMG_1.jpg').
    path : str
        Where it is.
    size : int
        Bytes.
    mtime : float
        When it was last modified, whole milliseconds since 1970, as browsers tell it.
    """

    name: str
    path: str
    size: int
    mtime: float

    @property
    def entry(self) -> dict[str, object]:
        """What `Shoebox.plan` takes."""
        return {"name": self.name, "size": self.size, "mtime": self.mtime}


@dataclass(slots=True)
class Scan:
    """What was found.

    Attributes
    ----------
    files : list of Found
    roots : list of str
        The folders that were looked through whole, by the first part of their names.
    unopened : list of (name, reason)
        Files that are there but cannot even be looked at.
    partial : bool
        Whether some folder below could not be read, so that what was not found there may still be there.
    """

    files: list[Found] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    unopened: list[tuple[str, str]] = field(default_factory=list)
    partial: bool = False

    @property
    def seen(self) -> list[str]:
        """The names of all files, also of those that cannot be looked at."""
        return [file.name for file in self.files] + [name for name, _ in self.unopened]


def is_hidden(name: str) -> bool:
    """Whether the last part of a path is hidden or the system's own, as a file or as a folder."""
    small = name.lower()
    return small.startswith(".") or small in _SYSTEM_FILES


def is_hidden_folder(name: str) -> bool:
    """Whether a folder is hidden, the system's own, or holds what was set aside as a duplicate."""
    small = name.lower()
    return small.startswith(".") or small == SET_ASIDE.lower() or small in _SYSTEM_FOLDERS


def scan(given: Sequence[Path]) -> Scan:
    """All files in folders, and single files.

    Links to folders are not followed: photos would come twice, or for ever.

    Raises
    ------
    CommandError
        If one of them is not there, or two folders would have the same name in the library.
    """
    scan = Scan()
    origins: dict[str, Path] = {}
    for path in given:
        whole = Path(os.path.abspath(path))  # "." has a name too; links stay what they are called
        if whole.is_dir():
            root = whole.name
            if not root:
                raise CommandError(f"{path} is a whole disk.", "Choose folders on it.")
            if origins.setdefault(root, whole) != whole:
                raise CommandError(
                    f"{origins[root]} and {whole} have the same name, by which the library would tell them apart.",
                    "Rename one of them, or keep it in a library of its own.",
                )
            if root in scan.roots:
                continue
            scan.roots.append(root)
            _walk(scan, whole, root)
        elif whole.exists():
            _look(scan, whole.name, str(whole))
        else:
            raise CommandError(f"There is no file or folder {path}.")
    return scan


def _walk(scan: Scan, folder: Path, root: str) -> None:
    def name_of(path: str) -> str:
        below = os.path.relpath(path, folder).replace(os.sep, "/")
        return root if below == "." else f"{root}/{below}"

    def pass_over(error: OSError) -> None:
        scan.partial = True
        scan.unopened.append((_readable(name_of(str(error.filename))), f"The folder cannot be read: {error.strerror}."))

    for here, folders, files in os.walk(folder, onerror=pass_over):
        folders[:] = sorted(each for each in folders if not is_hidden_folder(each))
        start = name_of(here)
        for file in sorted(files):
            if not is_hidden(file):
                _look(scan, f"{start}/{file}", os.path.join(here, file))


def _look(scan: Scan, name: str, path: str) -> None:
    if not _is_text(name):
        scan.unopened.append((_readable(name), _NAMELESS))
        return
    try:
        facts = os.stat(path)
    except OSError:
        scan.unopened.append((name, _GONE))
        return
    # Pipes, sockets and devices are nobody's photos, and opening one may never end.
    if stat.S_ISREG(facts.st_mode):
        scan.files.append(Found(name, path, facts.st_size, milliseconds(facts)))


def milliseconds(facts: os.stat_result) -> float:
    """When a file was last modified, whole milliseconds since 1970: what a browser calls `lastModified`."""
    return float(facts.st_mtime_ns // 1_000_000)


def _readable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
