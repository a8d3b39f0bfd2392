"""What face packs and text packs have in common: the manifest alone says everything, and their files are checked by it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from shoebox.errors import PackError
from shoebox.model.manifest import MANIFEST, PackFile, check_file


class LookPack(ABC):
    """A pack with which photos are looked at again.

    Attributes
    ----------
    kind : str
        As it is called in sentences.
    """

    __slots__ = ()
    kind: ClassVar[str]

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """The pack in a folder, its files checked.

        Raises
        ------
        PackError
            If a file is missing or not the one that `pack.toml` names, or anything in it is not as it must be.
        """
        try:
            pack = cls.from_manifest((folder / MANIFEST).read_bytes())
            pack.check({file.name: (folder / file.name).read_bytes() for file in pack.files()})
        except OSError as error:
            raise PackError(f"The {cls.kind} in {folder} cannot be read: {error}.") from error
        return pack

    @classmethod
    @abstractmethod
    def from_manifest(cls, manifest: bytes) -> Self:
        """The pack that a manifest describes; its files are not looked at.

        Raises
        ------
        PackError
            If anything in it is missing or not as it must be.
        """

    @abstractmethod
    def files(self) -> tuple[PackFile, ...]:
        """Everything but the manifest."""

    def check(self, files: Mapping[str, bytes]) -> None:
        """Raise `PackError` unless `files` holds every file of the pack, byte for byte."""
        for file in self.files():
            check_file(file, files)
