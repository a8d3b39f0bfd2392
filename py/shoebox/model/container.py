"""`.pack` files: a whole model pack as one file, a zip archive in which nothing is compressed.

Nothing compressed means that no file can unpack to more than it is, and that every file of the pack is a stretch of the
archive: whoever reads one only has to know where the stretches lie. Any zip program makes one (`zip -0 -j`), and
`python build.py models pack` does. docs/packs.md says what belongs in it.

Only the directory of the archive is believed, and each entry must agree with what stands before its bytes. `pack.toml` holds a
sha256 for every other file; for itself there is the sum of the zip archive.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from shoebox.errors import PackError
from shoebox.faces.pack import FacePack
from shoebox.model.manifest import MANIFEST, PackFile, Section
from shoebox.model.pack import Pack

#: More files than any pack needs.
MOST_FILES: Final = 32
#: Without zip64 an archive ends here.
MOST_BYTES: Final = 2**32 - 1
#: Of one file that Python reads whole: Gemma's tokenizer has 4 MB.
MOST_SMALL: Final = 64_000_000
MOST_MANIFEST: Final = 1_000_000

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_CHUNK: Final = 1 << 20
# APPNOTE.TXT of PKWARE: the records at the end, of the directory, and before each file.
_END: Final = struct.Struct("<4sHHHHIIH")
_ENTRY: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 1
# So that the same files make the same archive.
_DATE: Final = (2026, 1, 1, 0, 0, 0)


class Source(Protocol):
    """Bytes that can be read anywhere: an open file, or a file of the page."""

    def read_at(self, start: int, length: int) -> bytes:
        """The bytes from a place on; fewer at the end."""
        ...

    @property
    def size(self) -> int:
        """Bytes in all."""
        ...


class FileSource:
    """A file on the disk.

    Raises
    ------
    PackError
        If it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
            self._size = path.stat().st_size
        except OSError as error:
            raise PackError(f"{path} cannot be read: {error.strerror}.") from error

    @property
    def size(self) -> int:
        """Bytes in all."""
        return self._size

    def read_at(self, start: int, length: int) -> bytes:
        """The bytes from a place on; fewer at the end."""
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a file of the pack lies in the archive, and its CRC-32."""

    name: str
    start: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Container:
    """A `.pack` file whose directory has been read and checked; the files themselves have not."""

    source: Source
    files: Mapping[str, Stretch]

    @classmethod
    def read(cls, source: Source) -> Container:
        """Read the directory.

        Raises
        ------
        PackError
            If it is no zip archive, or one that is no pack: with compressed, encrypted, overlapping or too many files, or with
            names that are more than plain names.
        """
        directory, count = _directory(source)
        files: dict[str, Stretch] = {}
        place = 0
        for _ in range(count):
            stretch, place = _entry(source, directory, place)
            if stretch.name in files:
                raise PackError(f"The file of the model pack holds {stretch.name} twice.")
            files[stretch.name] = stretch
        if place != len(directory):
            raise PackError(_damaged("its list of files is longer than it says"))
        ordered = sorted(files.values(), key=lambda each: each.start)
        for one, other in pairwise(ordered):
            if one.start + one.size > other.start:
                raise PackError(_damaged("its files overlap"))
        if MANIFEST not in files:
            raise PackError("The file of the model pack has no pack.toml in it, so it is no model pack.")
        return cls(source, files)

    def bytes_of(self, name: str, most: int = MOST_SMALL) -> bytes:
        """A whole file of the pack.

        Raises
        ------
        PackError
            If it is not there, larger than it may be, or cut off.
        """
        if name not in self.files:
            raise PackError(f"The model pack lacks its file {name}.")
        stretch = self.files[name]
        if stretch.size > most:
            raise PackError(f"The file {name} of the model pack has {stretch.size:,} bytes; it may have {most:,}.")
        data = self.source.read_at(stretch.start, stretch.size)
        if len(data) != stretch.size:
            raise PackError(_damaged(f"{name} is cut off"))
        return data

    def small_files(self) -> dict[str, bytes]:
        """All files but the networks, which Python never needs whole.

        Raises
        ------
        PackError
            As `bytes_of`, or if the manifest does not have its sum.
        """
        manifest = self.bytes_of(MANIFEST, MOST_MANIFEST)
        if zlib.crc32(manifest) != self.files[MANIFEST].crc:
            raise PackError(_damaged(f"{MANIFEST} is not what was put into it"))
        others = [name for name in self.files if name != MANIFEST and not name.endswith(".onnx")]
        return {MANIFEST: manifest} | {name: self.bytes_of(name) for name in others}

    def check_file(self, file: PackFile) -> None:
        """Raise `PackError` unless the file of the pack is the one that its manifest names, read a piece at a time."""
        stretch = self.files.get(file.name)
        if stretch is None:
            raise PackError(f"The model pack lacks its file {file.name}.")
        if stretch.size != file.size:
            raise PackError(f"The file {file.name} of the model pack has {stretch.size:,} bytes, not {file.size:,}.")
        sum256 = hashlib.sha256()
        for start in range(stretch.start, stretch.start + stretch.size, _CHUNK):
            sum256.update(self.source.read_at(start, min(_CHUNK, stretch.start + stretch.size - start)))
        if sum256.hexdigest() != file.sha256:
            raise PackError(f"The file {file.name} of the model pack is not the one that its list of files names.")


def checked_pack(container: Container) -> Pack | FacePack:
    """The pack in a container, of whichever kind, every byte of it checked.

    Raises
    ------
    PackError
        If anything in it is not as it must be.
    """
    small = container.small_files()
    if "detector" in Section.parse(small[MANIFEST]):
        faces = FacePack.from_manifest(small[MANIFEST])
        for file in faces.files():
            container.check_file(file)
        return faces
    pack = Pack.from_files(small)
    for model in (pack.image, pack.text):
        container.check_file(model.file)
    return pack


def write_container(files: Mapping[str, Path], target: Path) -> None:
    """Write a `.pack` file from files by name, `pack.toml` among them; the same files give the same bytes.

    Raises
    ------
    PackError
        If the files are no pack: a name that is more than a name, too many of them, too large, or none of them `pack.toml`.
    """
    for name in files:
        _plain(name)
    total = sum(path.stat().st_size for path in files.values())
    if MANIFEST not in files or len(files) > MOST_FILES or total > MOST_BYTES - _CHUNK:
        raise PackError(f"A .pack file holds pack.toml and at most {MOST_FILES - 1} further files, below 4 GB together.")
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files, key=lambda each: (each != MANIFEST, each)):
            info = zipfile.ZipInfo(name, _DATE)
            info.file_size = files[name].stat().st_size
            with archive.open(info, "w") as written, files[name].open("rb") as read:
                while chunk := read.read(_CHUNK):
                    written.write(chunk)
    partial.replace(target)


def _directory(source: Source) -> tuple[bytes, int]:
    """The directory of a zip archive, and how many entries it has."""
    tail_start = max(0, source.size - _END.size - _LONGEST_COMMENT)
    tail = source.read_at(tail_start, source.size - tail_start)
    place = tail.rfind(b"PK\x05\x06")
    if source.size > MOST_BYTES or place < 0 or len(tail) - place < _END.size:
        raise PackError("This is no .pack file: a .pack file is a zip archive in which nothing is compressed, below 4 GB.")
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(tail, place)
    if disk or first_disk or here != count or place + _END.size + comment != len(tail):
        raise PackError(_damaged("its end is not whole"))
    if count > MOST_FILES or start + length != tail_start + place:
        raise PackError(
            f"The file of the model pack should hold at most {MOST_FILES} files, and nothing behind its list of them."
        )
    directory = source.read_at(start, length)
    if len(directory) != length:
        raise PackError(_damaged("its list of files is cut off"))
    return directory, count


def _entry(source: Source, directory: bytes, place: int) -> tuple[Stretch, int]:
    """One entry of the directory and where the next one begins."""
    if len(directory) - place < _ENTRY.size or directory[place : place + 4] != b"PK\x01\x02":
        raise PackError(_damaged("its list of files cannot be read"))
    fields = _ENTRY.unpack_from(directory, place)
    flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    name_length, extra_length, comment_length, local = fields[10], fields[11], fields[12], fields[16]
    raw = directory[place + _ENTRY.size : place + _ENTRY.size + name_length]
    name = _plain(raw.decode("utf-8", "replace"))
    if method != zipfile.ZIP_STORED or packed != size or flags & _ENCRYPTED:
        raise PackError(
            f"The file {name} of the model pack is compressed or encrypted. Make the archive without either (zip -0)."
        )
    head = source.read_at(local, _LOCAL.size + name_length)
    if len(head) < _LOCAL.size + name_length or head[:4] != b"PK\x03\x04" or head[_LOCAL.size :] != raw:
        raise PackError(_damaged(f"{name} is not where its list of files says"))
    local_name, local_extra = _LOCAL.unpack_from(head)[-2:]
    start = local + _LOCAL.size + local_name + local_extra
    if local_name != name_length or start + size > source.size:
        raise PackError(_damaged(f"{name} is cut off"))
    return Stretch(name, start, size, crc), place + _ENTRY.size + name_length + extra_length + comment_length


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name:
        raise PackError(
            f"{name[:100]!r} is not the name of a file of a model pack: letters, digits, dots, - and _ only, no folders."
        )
    return name


def _damaged(how: str) -> str:
    return f"The file of the model pack is damaged: {how}."
