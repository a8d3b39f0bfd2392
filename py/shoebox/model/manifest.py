"""Manifests of model packs: TOML that is read with suspicion, and the files that it names with size and sha256."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError

MANIFEST: Final = "pack.toml"
# Characters of a value that is refused, of a text, and of the name of a file.
_LONGEST_SHOWN: Final = 80
_LONGEST_WORD: Final = 1000
_LONGEST_NAME: Final = 100
# What may stand beside any file or pack, for people and for who fetches it (docs/packs.md); the app does without.
_NOTES: Final = frozenset({"url", "urls", "licence", "home", "terms", "title"})


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack.

    Attributes
    ----------
    name : str
    size : int
        Bytes.
    sha256 : str
        In hexadecimal digits.
    """

    name: str
    size: int
    sha256: str

    def check(self, data: bytes) -> None:
        """Raise `PackError` unless `data` is this file."""
        if len(data) != self.size:
            raise PackError(f"The file {self.name} of the model pack has {len(data):,} bytes, not {self.size:,}.")
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise PackError(f"The file {self.name} of the model pack is not the one that its list of files names.")


class Section:
    """A table of a pack's manifest that refuses what is missing or of the wrong type."""

    def __init__(self, values: Mapping[str, Any], name: str = "") -> None:
        self._values, self._name = values, name
        self._asked: set[str] = set()
        self._sections: list[Section] = []

    @classmethod
    def parse(cls, manifest: bytes) -> Section:
        """The whole manifest.

        Raises
        ------
        PackError
            If it is not TOML.
        """
        try:
            return cls(tomllib.loads(manifest.decode()))
        except (ValueError, RecursionError) as error:
            raise PackError(f"The pack.toml of the model pack cannot be read: {error}.") from error

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def close(self) -> None:
        """Refuse what nobody has asked for: a misspelt word would be passed over, and the network run wrongly."""
        unknown = sorted(set(self._values) - self._asked - _NOTES)
        if unknown:
            place = f"[{self._name}] {unknown[0]}" if self._name else unknown[0]
            raise PackError(f"In the pack.toml of the model pack, {place} is not known here.")
        for section in self._sections:
            section.close()

    def section(self, key: str) -> Section:
        """A table inside this one."""
        found = Section(self._get(key, dict, "a table"), f"{self._name}.{key}" if self._name else key)
        self._sections.append(found)
        return found

    def word(self, key: str) -> str:
        """A text that is not empty."""
        value = str(self._get(key, str, "text"))
        if len(value) > _LONGEST_WORD:
            self._refuse(key, f"at most {_LONGEST_WORD} characters")
        return value if value else self._refuse(key, "text that is not empty")

    def words(self, key: str, count: int) -> list[str]:
        """A list of texts."""
        value = self._get(key, list, f"a list of {count} names")
        if len(value) != count or not all(isinstance(word, str) and word for word in value):
            self._refuse(key, f"a list of {count} names")
        return list(value)

    def some_words(self, key: str, most: int) -> list[str]:
        """A list of one to `most` texts."""
        value = self._get(key, list, f"a list of 1 to {most} texts")
        return self.words(key, len(value)) if 0 < len(value) <= most else self._refuse(key, f"a list of 1 to {most} texts")

    def yes(self, key: str) -> bool:
        """True or false; false where it is not there."""
        self._asked.add(key)
        value = self._values.get(key, False)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of some words."""
        value = self.word(key)
        return value if value in choices else self._refuse(key, " or ".join(choices))

    def whole(self, key: str, lowest: int, highest: int) -> int:
        """A whole number between two."""
        value = int(self._get(key, int, f"a whole number from {lowest} to {highest}"))
        return value if lowest <= value <= highest else self._refuse(key, f"from {lowest} to {highest}")

    def number(self, key: str, lowest: float, highest: float) -> float:
        """A number between two."""
        value = self._get(key, (int, float), "a number")
        # Compared as it is: a whole number of any length may be larger than any float.
        return float(value) if lowest <= value <= highest else self._refuse(key, f"from {lowest} to {highest}")

    def array(self, key: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Finite numbers in nested lists, as an array; -1 in `shape` stands for any length."""
        value = self._get(key, list, "a list of numbers")
        try:
            made = np.array(value, np.float32)
        except (ValueError, TypeError, OverflowError):
            return self._refuse(key, f"numbers of the shape {shape}")  # type: ignore[no-any-return]
        fits = made.ndim == len(shape) and all(want in (-1, have) for want, have in zip(shape, made.shape, strict=True))
        if not fits or not np.isfinite(made).all():
            self._refuse(key, f"numbers of the shape {shape}")
        return made

    def file(self) -> PackFile:
        """The file that this table describes: `file`, `bytes`, `sha256`."""
        name, sha256 = self.word("file"), self.word("sha256")
        if len(name) > _LONGEST_NAME:
            self._refuse("file", f"a name of at most {_LONGEST_NAME} characters")
        if "/" in name or "\\" in name or name.startswith("."):
            raise PackError(f"In the pack.toml of the model pack, {name!r} is not the name of a file beside it.")
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise PackError(f"In the pack.toml of the model pack, the sha256 of {name} is not one.")
        return PackFile(name, self.whole("bytes", 1, 2**40), sha256)

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        return value if isinstance(value, kind) and not isinstance(value, bool) else self._refuse(key, what)

    def _refuse(self, key: str, what: str) -> Any:
        place = f"[{self._name}] {key}" if self._name else key
        found = repr(self._values.get(key))
        shown = found if len(found) <= _LONGEST_SHOWN else f"{found[:_LONGEST_SHOWN]}…"
        raise PackError(f"In the pack.toml of the model pack, {place} should be {what}, not {shown}.")


def check_file(file: PackFile, files: Mapping[str, bytes]) -> bytes:
    """The bytes of a file, checked.

    Raises
    ------
    PackError
        If the file is missing, or not the one that the manifest names.
    """
    if file.name not in files:
        raise PackError(f"The model pack lacks its file {file.name}.")
    file.check(files[file.name])
    return files[file.name]
