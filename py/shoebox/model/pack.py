"""Model packs: which networks, their words and concepts, and how to read their vectors.

A pack is a folder (or, in the browser, a handful of files): `pack.toml` and what it names. `pack.toml` is the registry
entry: every file stands in it with its size and sha256, so that nothing else can take its place.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError
from shoebox.model.concepts import Concepts, read_concepts
from shoebox.model.manifest import PackFile, Section, check_file
from shoebox.model.preprocess import PREPROCESSING
from shoebox.store.rows import NONE, ModelId


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
        top = Section.parse(files["pack.toml"])
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


def _lines(file: PackFile, files: Mapping[str, bytes]) -> tuple[str, ...]:
    try:
        return tuple(check_file(file, files).decode().removesuffix("\n").split("\n"))
    except UnicodeDecodeError as error:
        raise PackError(f"The file {file.name} of the model pack is not text.") from error


def _concepts(section: Section, files: Mapping[str, bytes], dimension: int) -> Concepts:
    names, numbers = (check_file(part.file(), files) for part in (section, section.section("numbers")))
    return read_concepts(names, numbers, section.whole("classes", 1, NONE), dimension)


def _space(section: Section, files: Mapping[str, bytes], dimension: int) -> Space:
    file = section.file()
    try:
        with np.load(io.BytesIO(check_file(file, files)), allow_pickle=False) as arrays:
            mean, factor, rest = (np.asarray(arrays[name], np.float32) for name in ("mean", "factor", "rest"))
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise PackError(f"The file {file.name} of the model pack cannot be read: {error}.") from error
    fits = mean.shape == (dimension,) and factor.ndim == 2 and factor.shape[0] == dimension and rest.ndim == 0
    if not fits or not all(np.isfinite(array).all() for array in (mean, factor, rest)):
        raise PackError(f"The file {file.name} of the model pack does not describe vectors of {dimension} numbers.")
    return Space(mean, factor, float(rest), section.number("z", 0, 100))
