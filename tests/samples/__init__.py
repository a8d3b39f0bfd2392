"""Small photos in the formats that browsers and Pillow do not write everywhere: HEIC and JPEG 2000, a kilobyte or two each.

All show the picture of `tests.unit.making.picture`, whose four corners differ, so that a wrong turn shows.
`python -m tests.samples` made the files, with pillow-heif and Pillow; they are committed, so that what reads them is tested
where neither is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

#: A wide photo: the astronaut of scikit-image (NASA, public domain) at its left end, and bright stripes at its right.
FACE = FOLDER / "face.heic"

TAKEN = "2019-05-01T12:34:56+02:00"
PLACE = (48.8584, 2.2945)


@dataclass(frozen=True)
class Sample:
    """One file, and what is true of it.

    Attributes
    ----------
    name : str
        The file's.
    width, height : int
        Of the upright photo.
    orientation : int
        1 to 8, how the file is stored.
    told : bool
        Whether its EXIF block says `TAKEN`, `PLACE` and a camera.
    grey : bool
        Whether its corners have no colours.
    """

    name: str
    width: int = 96
    height: int = 64
    orientation: int = 1
    told: bool = False
    grey: bool = False

    def read(self) -> bytes:
        """Its bytes."""
        return (FOLDER / self.name).read_bytes()


HEIC: tuple[Sample, ...] = (
    *(Sample(f"turned-{orientation}.heic", orientation=orientation) for orientation in range(1, 9)),
    Sample("told.heic", told=True),
    Sample("tiles.heic", 200, 150, told=True),
    Sample("turned-tiles.heic", 200, 150, orientation=6),
    Sample("odd-size.heic", 61, 37),
    Sample("ten-bits.heic"),
    Sample("transparent.heic"),
    Sample("grey.heif", grey=True),
    Sample("second-of-two.heic"),
    Sample("display-p3.heic"),
    Sample("display-p3-by-number.heic"),
)
JP2: tuple[Sample, ...] = (
    Sample("plain.jp2"),
    Sample("told.jp2", told=True),
    Sample("turned.jp2", orientation=6),
    Sample("tiles.jp2", 200, 150),
    Sample("sixteen-bits.jp2", grey=True),
    Sample("grey.jp2", grey=True),
    Sample("transparent.jp2"),
    Sample("bare.j2k"),
)
SAMPLES: tuple[Sample, ...] = (*HEIC, *JP2)
