"""Face packs: which networks find faces, point at their eyes and mouth, and tell people apart.

A face pack is a folder with `pack.toml` and the networks that it names. Its parts are composable: any detector goes with
any recogniser, since all speak in boxes, five points and crops that are aligned by them. What differs between networks (how
boxes are coded, in which order and range they want pixels) stands in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from shoebox.errors import PackError
from shoebox.findings.pack import LookPack
from shoebox.model.manifest import PackFile, Section
from shoebox.model.pixels import Pixels, read_pixels
from shoebox.people.calibration import KNOWN, Calibration
from shoebox.store.rows import ModelId

# Changes whenever faces are cut out, aligned or averaged differently: vectors of other versions are never compared.
ALIGNMENT = "faces-1"
LONGEST_SIDE = 8192


@dataclass(frozen=True, slots=True, eq=False)
class NetworkModel:
    """A network of a face pack: its file, its input and what it wants there."""

    file: PackFile
    input: str
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class DetectorModel:
    """The detector and how it is used; see `shoebox.faces.looking` for the numbers.

    Attributes
    ----------
    network : NetworkModel
    kind : {'ssd', 'yunet'}
        How its boxes are coded.
    strides : tuple of int
        Cell widths of its grids, in pixels of its input.
    sizes : tuple of tuples of (height, width)
        The boxes that stand at each cell of each grid (only 'ssd').
    sides : tuple of int
        Long sides at which it looks at a whole photo.
    closer : int
        Side of the squares in which it looks closer where something small was seen; 0 for never.
    glimpse, sure : float
        Score from which something small is worth a closer look, and from which something is a face.
    doubt, again, doubted : float
        See `shoebox.faces.doubts.believed`; without doubt (0) nothing is looked at twice.
    coarse : int
        Pictures with a longer side than this are seen with the finest grid only; 0 where all are seen with all grids.
    """

    network: NetworkModel
    kind: Literal["ssd", "yunet"]
    strides: tuple[int, ...]
    sizes: tuple[tuple[tuple[float, float], ...], ...]
    sides: tuple[int, ...]
    closer: int
    glimpse: float
    sure: float
    doubt: float = 0.0
    again: float = 0.0
    doubted: float = 0.0
    coarse: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkModel:
    """The 68-point network: crops of `side` pixels, which show `size` times the longer side of the box."""

    network: NetworkModel
    side: int
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class RecogniserModel:
    """The recognition network.

    Attributes
    ----------
    network : NetworkModel
    side : int
        Of the aligned crop.
    template : (5, 2) float32
        Where the five points lie in it, in pixels.
    fine : (k, 3) float32 or None
        For faces whose 68 points are known: numbers of some of them, and where these lie in the crop (x, y).
    dimension : int
        Length of its vectors.
    batch : int
        Faces in one run; 0 for any number.
    """

    network: NetworkModel
    side: int
    template: NDArray[np.float32]
    fine: NDArray[np.float32] | None
    dimension: int
    batch: int


@dataclass(frozen=True, slots=True, eq=False)
class FacePack(LookPack):
    """A face pack, read and checked.

    Attributes
    ----------
    id, version, licence : str
    model : ModelId
        What is stored with every vector.
    detector : DetectorModel
    landmarks : LandmarkModel or None
        None where the detector itself gives five points.
    recogniser : RecogniserModel
    calibration : Calibration
        How alike faces of one person are to it.
    """

    id: str
    version: str
    licence: str
    model: ModelId
    detector: DetectorModel
    landmarks: LandmarkModel | None
    recogniser: RecogniserModel
    calibration: Calibration

    kind = "face pack"

    @classmethod
    def from_manifest(cls, manifest: bytes) -> FacePack:
        """As `LookPack.from_manifest`."""
        top = Section.parse(manifest)
        name, version = top.word("id"), top.word("version")
        detector = _detector(top.section("detector"))
        if detector.kind == "ssd" and "landmarks" not in top:
            raise PackError(f"The face pack {name} needs a [landmarks] network: its detector gives no points.")
        pack = cls(
            id=name,
            version=version,
            licence=top.word("licence"),
            model=ModelId(f"{name} {version}", ALIGNMENT),
            detector=detector,
            landmarks=_landmarks(top.section("landmarks")) if "landmarks" in top else None,
            recogniser=_recogniser(top.section("recogniser")),
            calibration=_calibration(top, name),
        )
        top.close()
        return pack

    def files(self) -> tuple[PackFile, ...]:
        """The networks' files."""
        parts = (self.detector, self.landmarks, self.recogniser)
        return tuple(part.network.file for part in parts if part is not None)


def _network(section: Section) -> NetworkModel:
    return NetworkModel(section.file(), section.word("input"), read_pixels(section))


def _detector(section: Section) -> DetectorModel:
    kind = cast(Literal["ssd", "yunet"], section.choice("kind", ("ssd", "yunet")))
    strides = tuple(int(stride) for stride in section.array("strides", (-1,)))
    sides = tuple(int(side) for side in section.array("sides", (-1,)))
    sizes: list[tuple[tuple[float, float], ...]] = []
    if kind == "ssd":
        boxes = section.section("boxes")
        for stride in strides:
            level = boxes.array(f"at{stride}", (-1, 2))
            sizes.append(tuple((float(height), float(width)) for height, width in level))
    if not strides or not sides or min(strides) < 1 or not 32 <= min(sides) <= max(sides) <= LONGEST_SIDE:
        raise PackError("In the pack.toml of the face pack, strides or sides of the detector are not lengths in pixels.")
    return DetectorModel(
        network=_network(section),
        kind=kind,
        strides=strides,
        sizes=tuple(sizes),
        sides=tuple(sorted(sides)),
        closer=section.whole("closer", 0, LONGEST_SIDE),
        glimpse=section.number("glimpse", 0, 1),
        sure=section.number("sure", 0, 1),
        doubt=section.number("doubt", 0, 1) if "doubt" in section else 0.0,
        again=section.number("again", 0, 1) if "doubt" in section else 0.0,
        doubted=section.number("doubted", 0, LONGEST_SIDE) if "doubt" in section else 0.0,
        coarse=section.whole("coarse", 0, LONGEST_SIDE) if kind == "ssd" and "coarse" in section else 0,
    )


def _calibration(top: Section, name: str) -> Calibration:
    if "people" in top:
        return Calibration.read(top.section("people"))
    if name in KNOWN:
        return KNOWN[name]
    raise PackError(
        f"The face pack {name} does not say in [people] how alike two faces of one person are to it.",
        "Without that it would put different people together. docs/packs.md says how to measure it.",
    )


def _landmarks(section: Section) -> LandmarkModel:
    return LandmarkModel(_network(section), section.whole("side", 8, 1024), section.number("size", 0.5, 4))


def _fine(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(rows) < 2 or not np.isin(rows[:, 0], np.arange(68)).all():
        raise PackError("In the pack.toml of the face pack, [recogniser] fine should be rows of number (0 to 67), x, y.")
    return rows


def _recogniser(section: Section) -> RecogniserModel:
    return RecogniserModel(
        network=_network(section),
        side=section.whole("side", 8, 1024),
        template=section.array("template", (5, 2)),
        fine=_fine(section.array("fine", (-1, 3))) if "fine" in section else None,
        dimension=section.whole("dimension", 1, 4096),
        batch=section.whole("batch", 0, 1024),
    )
