"""`.pack` files: what goes in comes out, and nothing hostile is taken."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoebox.errors import PackError
from shoebox.model.container import MOST_FILES, Container, FileSource, checked_pack, write_container
from tests.unit import clip_pack, tiny_pack


class Held:
    """Bytes in memory as a source."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        return len(self.data)

    def read_at(self, start: int, length: int) -> bytes:
        return self.data[start : start + length]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


WHOLE = zipped(clip_pack.files())


def test_any_zip_archive_without_compression_is_read() -> None:
    files = tiny_pack.files()
    container = Container.read(Held(zipped(files)))
    assert {name: container.bytes_of(name) for name in container.files} == files
    assert checked_pack(container).id == "colours"


def test_what_is_written_is_read_again_and_is_the_same_every_time(tmp_path: Path) -> None:
    files = clip_pack.files()
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    paths = {name: tmp_path / name for name in files}
    for target in ("one.pack", "two.pack"):
        write_container(paths, tmp_path / target)
    assert (tmp_path / "one.pack").read_bytes() == (tmp_path / "two.pack").read_bytes()
    source = FileSource(tmp_path / "one.pack")
    assert checked_pack(Container.read(source)).id == "clip-colours"
    source.close()
    with zipfile.ZipFile(tmp_path / "one.pack") as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "pack.toml"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no .pack file"),
        (b"PK\x05\x06", "no .pack file"),
        (b"x" * 1000, "no .pack file"),
        (zipped(clip_pack.files(), zipfile.ZIP_DEFLATED), "compressed"),
        (zipped({"readme.txt": b"hello"}), "no pack.toml"),
        (zipped({}), "no pack.toml"),
        (zipped({**clip_pack.files(), "../../evil.txt": b""}), "not the name"),
        (zipped({**clip_pack.files(), "/etc/passwd": b""}), "not the name"),
        (zipped({**clip_pack.files(), "C:evil": b""}), "not the name"),
        (zipped({**clip_pack.files(), "folder/": b""}), "not the name"),
        (zipped({**clip_pack.files(), "a\\b": b""}), "not the name"),
        (zipped({**clip_pack.files(), ".hidden": b""}), "not the name"),
        (zipped({**clip_pack.files(), "a..b": b""}), "not the name"),
        (zipped(clip_pack.files() | {f"{number}.txt": b"" for number in range(MOST_FILES)}), "at most"),
        (WHOLE[:-30], "no .pack file"),
        (WHOLE + b"more", "damaged"),
        (b"more" + WHOLE, "nothing behind"),
    ],
)
def test_what_is_no_pack_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(PackError, match=said) as caught:
        Container.read(Held(data))
    assert caught.value.what.endswith((".", ")."))


def test_two_files_of_one_name_are_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("pack.toml", b"one")
        archive.writestr("pack.toml", b"two")
    with pytest.raises(PackError, match="twice"):
        Container.read(Held(written.getvalue()))


def test_files_that_overlap_are_refused() -> None:
    data = bytearray(zipped({"pack.toml": b"a" * 200, "other.txt": b"b" * 200}))
    first = data.find(b"PK\x01\x02")
    # The first entry of the directory now claims to reach into the second file.
    data[first + 20 : first + 28] = struct.pack("<II", 260, 260)
    with pytest.raises(PackError, match="overlap"):
        Container.read(Held(bytes(data)))


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(WHOLE)
    data[data.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PackError, match="encrypted"):
        Container.read(Held(bytes(data)))


@pytest.mark.parametrize("name", ["visual.onnx", "textual.onnx", "merges.txt"])
def test_a_file_that_is_not_the_one_its_manifest_names_is_refused(name: str) -> None:
    files = clip_pack.files()
    with pytest.raises(PackError, match=name):
        checked_pack(Container.read(Held(zipped({**files, name: bytes([files[name][0] ^ 1]) + files[name][1:]}))))
    del files[name]
    with pytest.raises(PackError, match=name):
        checked_pack(Container.read(Held(zipped(files))))


def test_a_manifest_that_was_changed_is_refused() -> None:
    assert b"embedding = 16\n" in WHOLE
    with pytest.raises(PackError, match=r"pack\.toml"):
        checked_pack(Container.read(Held(WHOLE.replace(b"embedding = 16\n", b"embedding = 1\r\n"))))


@given(place=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=400, deadline=None)
def test_whatever_is_damaged_the_pack_is_whole_or_refused(place: int, byte: int, cut: bool) -> None:
    data = WHOLE[:place] if cut else WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :]
    try:
        container = Container.read(Held(data))
        checked_pack(container)
    except PackError as error:
        assert error.what.endswith((".", ")."))
        return
    # A changed date in the archive, or the sum of a file that has a better one in the manifest, says nothing about the files.
    assert {name: container.bytes_of(name) for name in container.files} == clip_pack.files()


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(PackError):
        Container.read(Held(data))


@pytest.mark.parametrize("files", [{}, {"readme": b""}, {"pack.toml": b"", "a/b": b""}])
def test_what_is_no_pack_is_not_written(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PackError):
        write_container(dict.fromkeys(files, tmp_path / "file"), tmp_path / "x.pack")
    assert not (tmp_path / "x.pack").exists()
