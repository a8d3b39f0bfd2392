"""Text packs: which networks find lines of text and read them.

A text pack is a folder with `pack.toml`, two networks, and the list of characters that the second one knows. Both take pixels
as bytes, RGB. The detector answers a map of how likely each pixel is text (`shoebox.reading.regions`), the recogniser for each
step along a line the likeliest character (`shoebox.reading.ctc`).
"""

from __future__ import annotations

from dataclasses import dataclass

from shoebox.errors import PackError
from shoebox.findings.pack import LookPack
from shoebox.model.manifest import PackFile, Section
from shoebox.reading.regions import Limits
from shoebox.store.rows import ModelId

# Changes whenever lines are found or cut out differently: what another version has read is read anew.
CUTTING = "text-1"
LONGEST_SIDE = 4096


@dataclass(frozen=True, slots=True)
class DetectorModel:
    """The network that finds lines.

    Attributes
    ----------
    file : PackFile
    input : str
    first, second : int
        Long sides, in pixels, at which it looks at every photo, and again where it has seen any text.
    glimpse : float
        From which mean of a region on it is read in the first look.
    glimpsed : float
        How sure the recogniser must be there of any line for a second look.
    limits : Limits
    """

    file: PackFile
    input: str
    first: int
    second: int
    glimpse: float
    glimpsed: float
    limits: Limits


@dataclass(frozen=True, slots=True)
class RecogniserModel:
    """The network that reads lines.

    Attributes
    ----------
    file : PackFile
    input : str
    height : int
        Of the lines that it is given, in pixels.
    sure : float
        From which mean likelihood of its characters on a line is believed.
    """

    file: PackFile
    input: str
    height: int
    sure: float


@dataclass(frozen=True, slots=True)
class TextPack(LookPack):
    """A text pack, read and checked.

    Attributes
    ----------
    id, version, licence, languages : str
    model : ModelId
        What is stored with what was read.
    detector : DetectorModel
    recogniser : RecogniserModel
    characters : PackFile
        What the recogniser knows, a line each; 0 stands for none of them.
    """

    id: str
    version: str
    licence: str
    languages: str
    model: ModelId
    detector: DetectorModel
    recogniser: RecogniserModel
    characters: PackFile

    kind = "text pack"

    @classmethod
    def from_manifest(cls, manifest: bytes) -> TextPack:
        """As `LookPack.from_manifest`."""
        top = Section.parse(manifest)
        name, version = top.word("id"), top.word("version")
        pack = cls(
            id=name,
            version=version,
            licence=top.word("licence"),
            languages=top.word("languages"),
            model=ModelId(f"{name} {version}", CUTTING),
            detector=_detector(top.section("detector")),
            recogniser=_recogniser(top.section("recogniser")),
            characters=top.section("characters").file(),
        )
        top.close()
        return pack

    def files(self) -> tuple[PackFile, ...]:
        """Everything but the manifest."""
        return self.detector.file, self.recogniser.file, self.characters

    def alphabet(self, data: bytes) -> list[str]:
        """What the numbers of the recogniser stand for, given the bytes of `characters`.

        Raises
        ------
        PackError
            If it is not that file, or not a list of single characters.
        """
        self.characters.check(data)
        try:
            found = data.decode().removesuffix("\n").split("\n")
        except UnicodeDecodeError as error:
            raise PackError(f"The characters of the text pack {self.id} are not UTF-8.") from error
        if not all(found) or len(set(found)) != len(found):
            raise PackError(f"The characters of the text pack {self.id} are not one a line, each once.")
        return ["", *found]


def _detector(section: Section) -> DetectorModel:
    first, second = section.whole("first", 64, LONGEST_SIDE), section.whole("second", 64, LONGEST_SIDE)
    limits = Limits(section.number("pixel", 0.01, 1), section.number("sure", 0, 1), section.number("growth", 0, 10))
    glimpse, glimpsed = section.number("glimpse", 0, 1), section.number("glimpsed", 0, 1)
    return DetectorModel(section.file(), section.word("input"), first, second, glimpse, glimpsed, limits)


def _recogniser(section: Section) -> RecogniserModel:
    height = section.whole("height", 8, 256)
    return RecogniserModel(section.file(), section.word("input"), height, section.number("sure", 0, 1))
