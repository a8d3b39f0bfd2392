"""Model packs: which networks, their words and concepts, and how to read their vectors.

A pack is a folder (or, in the browser, a handful of files): `pack.toml` and what it names. `pack.toml` is the registry
entry: every file stands in it with its size and sha256, so that nothing else can take its place. docs/packs.md says what may
stand in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError
from shoebox.model.arrays import read_arrays
from shoebox.model.concepts import Concepts, read_concepts
from shoebox.model.manifest import MANIFEST, PackFile, Section, check_file
from shoebox.model.pixels import Pixels, read_pixels
from shoebox.model.preprocess import FITS, RESAMPLINGS, Fit, Resampling, Shape
from shoebox.model.tokenizing import read_tokenizer
from shoebox.model.tokens import Tokenising
from shoebox.store.rows import NONE, ModelId

#: A text network that was taught with captions knows a word by itself better in one.
PROMPTS: Final = ("{}", "a {}", "a photo of {}")
MOST_PROMPTS: Final = 16
#: Standard deviations above the background from which a photo counts as relevant, where the pack does not say.
USUAL_Z: Final = 2.25


@dataclass(frozen=True, slots=True, eq=False)
class ImageModel:
    """The image network: squares in, vectors (n, dimension) out, and where it has classes logits (n, classes).

    Attributes
    ----------
    file : PackFile
    shape : Shape
        What its squares are made like.
    pixels : Pixels
        How it wants them.
    batch : int
        How many photos it takes at once.
    input, embedding : str
    logits : str
        Empty for a network without classes.
    """

    file: PackFile
    shape: Shape
    pixels: Pixels
    batch: int
    input: str
    embedding: str
    logits: str

    @property
    def side(self) -> int:
        """Pixels of the side of its squares."""
        return self.shape.side


@dataclass(frozen=True, slots=True)
class TextModel:
    """The text network: ids (n, t) in, and perhaps their mask, vectors (n, dimension) out.

    Attributes
    ----------
    file : PackFile
    ids : str
    mask : str
        Empty for a network that takes none.
    embedding : str
    max_tokens : int
    numbers : {'int64', 'int32'}
        What ids and mask are given as.
    batch : int
        How many texts it takes at once; 0 for any number.
    prompts : tuple of str
        What a word or two are put into, "{}" for the words; the mean of the vectors stands for them.
    """

    file: PackFile
    ids: str
    mask: str
    embedding: str
    max_tokens: int
    numbers: str = "int64"
    batch: int = 0
    prompts: tuple[str, ...] = PROMPTS


class Measure(Protocol):
    """What a query's scores are compared with: how they lie with photos that have nothing to do with it."""

    @property
    def z(self) -> float:
        """How many standard deviations above that background a photo counts as relevant from."""
        ...

    def background(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation for a query (d,) of length one."""
        ...

    def backgrounds(self, queries: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same, (q,) each, for queries (q, d) of length one."""
        ...


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

    def backgrounds(self, queries: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Means and standard deviations (q,) of the cosines of queries (q, d) with photos that have nothing to do with them."""
        spreads = np.sqrt(((queries @ self.factor) ** 2).sum(axis=1) + self.rest**2)
        return queries @ self.mean, np.maximum(spreads, 1e-6)

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
        What photos can be said to show; none in a pack without concepts.
    space : Space or None
        None where the library itself has to serve as the background (`shoebox.search.background`).
    z : float
        As `Space.z`, also of that background.
    tokenizer : Tokenising
    unit : bool
        Whether the networks give vectors of length one.
    terms : str
        What else there is to know about the licence, such as "research only"; empty if nothing.
    """

    id: str
    version: str
    licence: str
    dimension: int
    model: ModelId
    image: ImageModel
    text: TextModel
    concepts: Concepts
    space: Space | None
    z: float
    tokenizer: Tokenising
    unit: bool
    terms: str

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
        if MANIFEST not in files:
            raise PackError("The model pack has no pack.toml.")
        top = Section.parse(files[MANIFEST])
        dimension = top.whole("embedding", 1, 4096)
        image, text = top.section("image"), top.section("text")
        concepts = _concepts(top.section("concepts"), files, dimension) if "concepts" in top else Concepts.none(dimension)
        name, version, model = top.word("id"), top.word("version"), _image(image, concepts.classes)
        space = top.section("space") if "space" in top else None
        z = USUAL_Z if space is None else space.number("z", 0, 100)
        max_tokens = text.whole("max_tokens", 3, 4096)
        pack = cls(
            id=name,
            version=version,
            licence=top.word("licence"),
            dimension=dimension,
            model=ModelId(f"{name} {version}", f"{top.word('preprocessing')}/{model.shape.id}"),
            image=model,
            text=_text(text, max_tokens),
            concepts=concepts,
            space=None if space is None or "file" not in space else _space(space, files, dimension, z),
            z=z,
            tokenizer=read_tokenizer(top.section("tokenizer"), files, max_tokens),
            unit=not top.yes("unscaled"),
            terms=top.word("terms") if "terms" in top else "",
        )
        top.close()
        return pack


def _image(section: Section, classes: int) -> ImageModel:
    names = section.words("outputs", 2 if classes else 1)
    fit = section.choice("fit", FITS) if "fit" in section else "squash"
    resampling = section.choice("resampling", RESAMPLINGS) if "resampling" in section else "bicubic"
    return ImageModel(
        file=section.file(),
        shape=Shape(section.whole("side", 8, 4096), cast(Fit, fit), cast(Resampling, resampling)),
        pixels=read_pixels(section),
        batch=section.whole("batch", 1, 256),
        input=section.word("input"),
        embedding=names[0],
        logits=names[1] if classes else "",
    )


def _text(section: Section, max_tokens: int) -> TextModel:
    inputs = section.some_words("inputs", 2)
    prompts = tuple(section.some_words("prompts", MOST_PROMPTS)) if "prompts" in section else PROMPTS
    if any(prompt.count("{}") != 1 or "{" in prompt.replace("{}", "") or "}" in prompt.replace("{}", "") for prompt in prompts):
        raise PackError("In the pack.toml of the model pack, each of [text] prompts should have one {} for the words.")
    return TextModel(
        file=section.file(),
        ids=inputs[0],
        mask=inputs[1] if len(inputs) == 2 else "",
        embedding=section.word("output"),
        max_tokens=max_tokens,
        numbers=section.choice("numbers", ("int64", "int32")) if "numbers" in section else "int64",
        batch=section.whole("batch", 0, 256) if "batch" in section else 0,
        prompts=prompts,
    )


def _concepts(section: Section, files: Mapping[str, bytes], dimension: int) -> Concepts:
    names, numbers = (check_file(part.file(), files) for part in (section, section.section("numbers")))
    return read_concepts(names, numbers, section.whole("classes", 0, NONE), dimension)


def _space(section: Section, files: Mapping[str, bytes], dimension: int, z: float) -> Space:
    file = section.file()
    found = read_arrays(check_file(file, files), ("mean", "factor", "rest"), f"The file {file.name}")
    try:
        mean, factor, rest = (np.asarray(array, np.float32) for array in found)
    except (ValueError, TypeError) as error:
        raise PackError(f"The file {file.name} of the model pack cannot be read: {error}.") from error
    fits = mean.shape == (dimension,) and factor.ndim == 2 and factor.shape[0] == dimension and rest.ndim == 0
    if not fits or not all(np.isfinite(array).all() for array in (mean, factor, rest)):
        raise PackError(f"The file {file.name} of the model pack does not describe vectors of {dimension} numbers.")
    return Space(mean, factor, float(rest), z)
