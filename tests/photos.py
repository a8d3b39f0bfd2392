"""Photos to test with: real pictures that travel inside scikit-image's wheel, in every shape a person's folder has.

Nothing is downloaded and nothing private is needed, so what is important is tested everywhere. `shared` finds the larger
collections that may lie beside the repository and skips, saying so, where they do not.
"""

from __future__ import annotations

import importlib.util
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "photos"

# What each picture shows, in the words a person would type. The first five are colour photographs of one clear thing.
SCENES: dict[str, tuple[str, str]] = {
    "cat": ("chelsea.png", "a cat"),
    "astronaut": ("astronaut.png", "an astronaut in a space suit"),
    "coffee": ("coffee.png", "a cup of coffee on a table"),
    "rocket": ("rocket.jpg", "a rocket on the launch pad"),
    "motorcycle": ("motorcycle_left.png", "a motorcycle in a garage"),
    "galaxies": ("hubble_deep_field.jpg", "stars in the night sky"),
    "coins": ("coins.png", "old coins"),
    "moon": ("moon.png", "the surface of the moon"),
    "cameraman": ("camera.png", "a man with a camera"),
    "page": ("page.png", "a page of text"),
    "grass": ("grass.png", "grass"),
    "bricks": ("brick.png", "a brick wall"),
}

# EXIF tags, by their numbers in the standard.
MAKE, MODEL, ORIENTATION, EXIF_IFD, GPS_IFD = 0x010F, 0x0110, 0x0112, 0x8769, 0x8825
DATE_ORIGINAL, OFFSET_ORIGINAL, UNIQUE_ID = 0x9003, 0x9011, 0xA420

# How stored pixels must be turned so that a viewer who honours the orientation shows them upright.
UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def picture(scene: str) -> Image.Image:
    """The picture of a scene, upright RGB, at the size it has in scikit-image."""
    found = importlib.util.find_spec("skimage")
    if found is None or not found.submodule_search_locations:
        pytest.skip("scikit-image is not installed; its photographs are the test data")
    path = Path(found.submodule_search_locations[0]) / "data" / SCENES[scene][0]
    with Image.open(path) as image:
        return image.convert("RGB")


@dataclass(frozen=True)
class Photo:
    """One file to write: which scene, and what its EXIF says."""

    name: str
    scene: str
    size: tuple[int, int] | None = None  # pixels (width, height), upright; None keeps the picture's own
    taken: datetime | None = None
    offset: str = ""  # "+02:00"
    orientation: int = 1
    place: tuple[float, float] | None = None  # degrees (latitude, longitude)
    camera: tuple[str, str] = ("", "")  # make, model
    options: dict[str, object] = field(default_factory=dict)  # further arguments for Pillow's save

    def write(self, folder: Path) -> Path:
        """Write the photo below `folder` in the format that its name says, and return its path."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = picture(self.scene)
        if self.size is not None:
            image = ImageOps.fit(image, self.size, Image.Resampling.LANCZOS)
        if self.orientation in UNDO:
            image = image.transpose(UNDO[self.orientation])
        options = dict(self.options)
        if path.suffix.lower() in {".jpg", ".jpeg", ".webp", ".png", ".tif"}:
            options["exif"] = self.exif()
        if path.suffix.lower() in {".jpg", ".jpeg", ".webp"}:
            options.setdefault("quality", 90)
        image.save(path, **options)  # type: ignore[arg-type]  # the options of all formats in one dictionary
        return path

    def exif(self) -> Image.Exif:
        """The EXIF block that says what this photo's fields say."""
        exif = Image.Exif()
        if self.camera[1]:
            exif[MAKE], exif[MODEL] = self.camera
        if self.orientation != 1:
            exif[ORIENTATION] = self.orientation
        if self.taken is not None:
            details = exif.get_ifd(EXIF_IFD)
            details[DATE_ORIGINAL] = self.taken.strftime("%Y:%m:%d %H:%M:%S")
            if self.offset:
                details[OFFSET_ORIGINAL] = self.offset
        if self.place is not None:
            gps = exif.get_ifd(GPS_IFD)
            latitude, longitude = self.place
            gps.update(
                {
                    1: "N" if latitude >= 0 else "S",
                    2: _degrees(latitude),
                    3: "E" if longitude >= 0 else "W",
                    4: _degrees(longitude),
                }
            )
        return exif


def _degrees(angle: float) -> tuple[float, float, float]:
    minutes, degrees = (abs(angle) % 1) * 60, int(abs(angle))
    return float(degrees), float(int(minutes)), round((minutes % 1) * 60, 4)


PARIS, SAN_FRANCISCO = (48.8584, 2.2945), (37.8087, -122.4098)

# A small library with one of everything that matters: formats, sizes, turned photos, dates, places, cameras.
LIBRARY: tuple[Photo, ...] = (
    Photo("2019/cat.jpg", "cat", taken=datetime(2019, 5, 4, 9, 30), offset="+02:00", camera=("Canon", "EOS 6D"), place=PARIS),
    Photo("2019/astronaut.jpg", "astronaut", (1024, 1024), datetime(2019, 7, 20, 20, 17), camera=("Hasselblad", "500 EL")),
    Photo(
        "2019/coffee.jpg",
        "coffee",
        (1800, 1200),
        datetime(2019, 12, 24, 8, 0),
        place=SAN_FRANCISCO,
        camera=("Google", "Pixel 3"),
    ),
    Photo("2020/rocket.jpg", "rocket", taken=datetime(2020, 1, 10, 6, 45), camera=("Canon", "EOS 6D")),
    Photo(
        "2020/turned/motorcycle.jpg",
        "motorcycle",
        (1200, 800),
        datetime(2020, 6, 1, 18, 0),
        orientation=6,
        camera=("Google", "Pixel 3"),
    ),
    Photo("2020/turned/coins.jpg", "coins", taken=datetime(2020, 6, 2, 18, 0), orientation=3),
    Photo("2020/galaxies.webp", "galaxies", (800, 700), datetime(2020, 8, 12, 23, 50)),
    Photo("2021/moon.png", "moon"),
    Photo("2021/cameraman.tif", "cameraman"),
    Photo("2021/page.gif", "page"),
    Photo("2021/grass.bmp", "grass", (640, 480)),
    Photo("2021/Größe & 100 %/bricks #1.jpg", "bricks", taken=datetime(2021, 9, 9, 9, 9)),
)


def write_library(folder: Path, photos: tuple[Photo, ...] = LIBRARY) -> list[Path]:
    """Write `photos` below `folder` and return their paths."""
    return [photo.write(folder) for photo in photos]


def many(folder: Path, count: int, size: tuple[int, int] = (320, 240), seed: int = 8) -> list[Path]:
    """Write `count` different photos: crops, mirrored and tinted, of all scenes, a day apart; repeatable by `seed`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [save_variant(folder, number, image) for number, image in enumerate(variants(count, size, seed))]


def save_variant(folder: Path, number: int, image: Image.Image, quality: int = 85) -> Path:
    """Save one of `variants` as a JPEG with a date of its own."""
    path = folder / f"IMG_{number:05d}.jpg"
    taken = datetime(2015, 1, 1, 12) + timedelta(days=number)
    image.save(path, quality=quality, exif=Photo(path.name, "", taken=taken, camera=("Shoebox", "Test 1")).exif())
    return path


def variants(count: int, size: tuple[int, int], seed: int = 8) -> Iterator[Image.Image]:
    """Different pictures of `size` pixels (width, height) made from the scenes."""
    random = np.random.default_rng(seed)
    scenes = sorted(SCENES)
    for number in range(count):
        image = picture(scenes[number % len(scenes)])
        part = random.uniform(0.6, 1.0)
        width, height = int(image.width * part), int(image.height * part)
        left, top = int(random.integers(0, image.width - width + 1)), int(random.integers(0, image.height - height + 1))
        image = image.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))
        if random.random() < 0.5:
            image = ImageOps.mirror(image)
        yield ImageEnhance.Color(image).enhance(float(random.uniform(0.5, 1.5)))


def camera_photos(folder: Path, count: int = 30, size: tuple[int, int] = (4000, 3000)) -> list[Path]:
    """Write `count` photos as a 12-megapixel camera does: detail down to the pixel and sensor noise, about 3 MB each.

    Files that are there already are kept, since one takes a second to make.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"IMG_{number:05d}.jpg" for number in range(count)]
    if all(path.exists() for path in paths):
        return paths
    grain = np.random.default_rng(12).normal(0, 9, (size[1] + 64, size[0] + 64)).astype(np.int8)
    for number, image in enumerate(variants(count, size, seed=12)):
        shift = number % 64
        noise = grain[shift : shift + size[1], shift : shift + size[0], None]
        pixels = np.clip(np.asarray(image, np.int16) + noise, 0, 255).astype(np.uint8)
        save_variant(folder, number, Image.fromarray(pixels), quality=84)
    return paths


def distinct_copy(source: bytes, number: int) -> bytes:
    """The JPEG `source` with a comment that makes its bytes, and so its identity, its own; the picture stays."""
    comment = f"copy {number}".encode()
    return source[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + source[2:]


def png_bomb(path: Path, side: int = 40_000) -> Path:
    """Write a PNG of `side` x `side` pixels, one bit each, in about 200 kB of file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8) * 100
    data = b"".join(rows.compress(row) for _ in range(side // 100)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


def shared(folder: str) -> Path:
    """A folder of the collections beside the repository; skips the test where they are not."""
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(
            f"needs the real photos in {SHARED.parent.name}/{SHARED.name}/{folder} beside the repository, which are not here"
        )
    return path
