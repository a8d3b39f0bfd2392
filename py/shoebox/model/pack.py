"""Model packs: which networks, their words and concepts, and how to read their vectors.

A pack is a folder (or, in the browser, a handful of files): `pack.toml` and what it names. `pack.toml` is the registry
entry: every file stands in it with its size and sha256, so that nothing else can take its place.
"""

from __future__ import annotations

import hashlib
import io
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError
from shoebox.model.concepts import Concepts, read_concepts
from shoebox.model.preprocess import PREPROCESSING
from shoebox.store.rows import NONE, ModelId


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


@dataclass(frozen=True, slots=True)
class ImageModel:
    """The image network: uint8 (n, side, side, 3) in, unit vectors (n, dimension) and logits (n, classes) out."""

    file: PackFile
    side: int
    batch: int
    input: str
    embedding: str
    logits: str


@dataclass(frozen=True, slots=True)
class TextModel:
    """The text network: int64 ids and mask (n, t) in, unit vectors (n, dimension) out."""

    file: PackFile
    ids: str
    mask: str
    embedding: str
    max_tokens: int


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """How the vectors of photos lie when nothing is known about them: the background of every search.

    The cosine of a query q with a photo that has nothing to do with it has the mean q·mean and the variance
    |q·factor|² + rest². A photo is relevant from `z` standard deviations above that mean.

    Attributes
    ----------
    mean : (d,) float32
    factor : (d, k) float32
    rest : float
        Standard deviation in each direction that `factor` leaves out.
    z : float
    """

    mean: NDArray[np.float32]
    factor: NDArray[np.float32]
    rest: float
    z: float

    def background(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the cosines of a query (d,) with photos that have nothing to do with it."""
        spread = query @ self.factor
        variance = float(spread @ spread) + self.rest**2 * float(query @ query)
        return float(query @ self.mean), max(math.sqrt(variance), 1e-6)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A model pack, read and checked.

    Attributes
    ----------
    id, version, licence : str
    dimension : int
        Length of the vectors.
    model : ModelId
        What is stored with every vector: pack with version, and the preparation of pixels (the pack's and the library's own).
    image, text : ImageModel, TextModel
    concepts : Concepts
        What photos can be said to show.
    space : Space
    vocabulary : tuple of str
        Word pieces, by id.
    """

    id: str
    version: str
    licence: str
    dimension: int
    model: ModelId
    image: ImageModel
    text: TextModel
    concepts: Concepts
    space: Space
    vocabulary: tuple[str, ...]

    @classmethod
    def from_folder(cls, folder: Path) -> Pack:
        """The pack in a folder, its networks checked too.

        Raises
        ------
        PackError
            If a file is missing or not the one that `pack.toml` names, or anything in it is not as it must be.
        """
        try:
            pack = cls.from_files({path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".onnx"})
            for model in (pack.image, pack.text):
                model.file.check((folder / model.file.name).read_bytes())
        except OSError as error:
            raise PackError(f"The model pack in {folder} cannot be read: {error.strerror}.") from error
        return pack

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Pack:
        """The pack in these files by name; the networks themselves need not be among them.

        Raises
        ------
        PackError
            As `from_folder`.
        """
        if "pack.toml" not in files:
            raise PackError("The model pack has no pack.toml.")
        try:
            top = _Section(tomllib.loads(files["pack.toml"].decode()), "")
        except ValueError as error:
            raise PackError(f"The pack.toml of the model pack cannot be read: {error}.") from error
        image, text, concepts, space = (top.section(name) for name in ("image", "text", "concepts", "space"))
        dimension = top.whole("embedding", 1, 4096)
        outputs = image.words("outputs", 2)
        inputs = text.words("inputs", 2)
        name, version = top.word("id"), top.word("version")
        return cls(
            id=name,
            version=version,
            licence=top.word("licence"),
            dimension=dimension,
            model=ModelId(f"{name} {version}", f"{top.word('preprocessing')}/{PREPROCESSING}"),
            image=ImageModel(
                image.file(),
                image.whole("side", 8, 4096),
                image.whole("batch", 1, 256),
                image.word("input"),
                outputs[0],
                outputs[1],
            ),
            text=TextModel(text.file(), inputs[0], inputs[1], text.word("output"), text.whole("max_tokens", 3, 4096)),
            concepts=_concepts(concepts, files, dimension),
            space=_space(space, files, dimension),
            vocabulary=_lines(top.section("vocab").file(), files),
        )


class _Section:
    """A table of pack.toml that refuses what is missing or of the wrong type."""

    def __init__(self, values: dict[str, Any], name: str) -> None:
        self._values, self._name = values, name

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        value = self._values.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            place = f"[{self._name}] {key}" if self._name else key
            raise PackError(f"In the pack.toml of the model pack, {place} should be {what}, not {value!r}.")
        return value

    def section(self, key: str) -> _Section:
        return _Section(self._get(key, dict, "a table"), key)

    def word(self, key: str) -> str:
        return str(self._get(key, str, "text")) or str(self._get("", str, f"a {key} that is not empty"))

    def words(self, key: str, count: int) -> list[str]:
        value = self._get(key, list, f"a list of {count} names")
        if len(value) != count or not all(isinstance(word, str) and word for word in value):
            raise PackError(f"In the pack.toml of the model pack, [{self._name}] {key} should be a list of {count} names.")
        return list(value)

    def whole(self, key: str, lowest: int, highest: int) -> int:
        value = int(self._get(key, int, f"a whole number from {lowest} to {highest}"))
        if not lowest <= value <= highest:
            raise PackError(f"In the pack.toml of the model pack, {key} should be from {lowest} to {highest}, not {value}.")
        return value

    def number(self, key: str, lowest: float, highest: float) -> float:
        value = float(self._get(key, (int, float), "a number"))
        if not lowest <= value <= highest:
            raise PackError(f"In the pack.toml of the model pack, {key} should be from {lowest} to {highest}, not {value}.")
        return value

    def file(self) -> PackFile:
        name, sha256 = self.word("file"), self.word("sha256")
        if "/" in name or "\\" in name or name.startswith("."):
            raise PackError(f"In the pack.toml of the model pack, {name!r} is not the name of a file beside it.")
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise PackError(f"In the pack.toml of the model pack, the sha256 of {name} is not one.")
        return PackFile(name, self.whole("bytes", 1, 2**40), sha256)


def _data(file: PackFile, files: Mapping[str, bytes]) -> bytes:
    if file.name not in files:
        raise PackError(f"The model pack lacks its file {file.name}.")
    file.check(files[file.name])
    return files[file.name]


def _lines(file: PackFile, files: Mapping[str, bytes]) -> tuple[str, ...]:
    try:
        return tuple(_data(file, files).decode().removesuffix("\n").split("\n"))
    except UnicodeDecodeError as error:
        raise PackError(f"The file {file.name} of the model pack is not text.") from error


def _concepts(section: _Section, files: Mapping[str, bytes], dimension: int) -> Concepts:
    names, numbers = (_data(part.file(), files) for part in (section, section.section("numbers")))
    return read_concepts(names, numbers, section.whole("classes", 1, NONE), dimension)


def _space(section: _Section, files: Mapping[str, bytes], dimension: int) -> Space:
    file = section.file()
    try:
        with np.load(io.BytesIO(_data(file, files)), allow_pickle=False) as arrays:
            mean, factor, rest = (np.asarray(arrays[name], np.float32) for name in ("mean", "factor", "rest"))
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise PackError(f"The file {file.name} of the model pack cannot be read: {error}.") from error
    fits = mean.shape == (dimension,) and factor.ndim == 2 and factor.shape[0] == dimension and rest.ndim == 0
    if not fits or not all(np.isfinite(array).all() for array in (mean, factor, rest)):
        raise PackError(f"The file {file.name} of the model pack does not describe vectors of {dimension} numbers.")
    return Space(mean, factor, float(rest), section.number("z", 0, 100))
