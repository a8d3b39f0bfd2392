"""Make the samples anew: ``python -m tests.samples``. The bytes depend on the encoders' versions, the pictures do not."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np
from PIL import Image
from pillow_heif import encode, register_heif_opener

from tests.photos import Photo
from tests.photos import picture as scene
from tests.samples import FACE, FOLDER, PLACE
from tests.unit.making import box, encoded, picture, turned
from tests.unit.test_colour import DISPLAY_P3, SRGB_CURVE, profile

# Marks the EXIF block in a JPEG 2000 file.
JP2_EXIF = b"JpgTiffExif->JP2"
P3_BY_NUMBER = {"color_primaries": 12, "transfer_characteristics": 13, "matrix_coefficients": 6, "full_range_flag": 1}


def exif(orientation: int = 1, told: bool = False) -> bytes:
    """An EXIF block that says how a photo is turned and, if `told`, when, where and with what it was taken."""
    more: dict[str, Any] = {}
    if told:
        more = {
            "taken": datetime(2019, 5, 1, 12, 34, 56),
            "offset": "+02:00",
            "place": PLACE,
            "camera": ("Shoebox", "Test 1"),
        }
    return Photo("", "", orientation=orientation, **more).exif().tobytes()


def hole(image: Image.Image) -> Image.Image:
    """The picture, its middle transparent."""
    clear = image.convert("RGBA")
    clear.paste((0, 0, 0, 0), (image.width // 2 - 6, image.height // 2 - 6, image.width // 2 + 6, image.height // 2 + 6))
    return clear


def heic() -> dict[str, bytes]:
    """The HEIC samples."""

    def write(image: Image.Image, **options: Any) -> bytes:
        return encoded(image, "HEIF", quality=80, **options)

    base, large = picture(96, 64), picture(200, 150)
    files = {f"turned-{o}.heic": write(turned(base, o), exif=exif(o)) for o in range(1, 9)}
    files["told.heic"] = write(base, exif=exif(told=True))
    files["tiles.heic"] = write(large, exif=exif(told=True), tile_size=64)
    files["turned-tiles.heic"] = write(turned(large, 6), exif=exif(6), tile_size=64)
    files["odd-size.heic"] = write(picture(61, 37), chroma="444")
    files["transparent.heic"] = write(hole(base))
    files["grey.heif"] = write(base.convert("L"))
    files["second-of-two.heic"] = encoded(
        Image.new("RGB", (96, 64), "white"), "HEIF", quality=80, save_all=True, append_images=[base], primary_index=1
    )
    files["display-p3.heic"] = write(base, icc_profile=profile(DISPLAY_P3, SRGB_CURVE))
    files["display-p3-by-number.heic"] = write(base, nclx_profile=P3_BY_NUMBER)
    files["ten-bits.heic"] = ten_bits(base)
    return files


def ten_bits(image: Image.Image) -> bytes:
    """The picture at 10 bits a channel, as newer cameras store it."""
    wide = (np.asarray(image, np.uint16) * 257).tobytes()
    buffer = io.BytesIO()
    encode("RGB;16", image.size, wide, buffer, quality=80)
    return buffer.getvalue()


def face() -> bytes:
    """One face at the left, and what catches the eye more at the right."""
    wide = Image.new("RGB", (1400, 400), (120, 125, 130))
    astronaut = scene("astronaut").resize((400, 400), Image.Resampling.LANCZOS).convert("L").convert("RGB")
    wide.paste(Image.blend(astronaut, Image.new("RGB", (400, 400), (120, 125, 130)), 0.35), (0, 0))
    for number in range(20):
        wide.paste([(230, 30, 30), (30, 200, 40), (40, 60, 230)][number % 3], (1000 + number * 20, 40, 1010 + number * 20, 360))
    return encoded(wide, "HEIF", quality=45)


def jp2() -> dict[str, bytes]:
    """The JPEG 2000 samples."""

    def write(image: Image.Image, **options: Any) -> bytes:
        return encoded(image, "JPEG2000", quality_mode="rates", quality_layers=[8], **options)

    base = picture(96, 64)
    grey = np.asarray(base.convert("L"), np.uint16) * 257
    return {
        "plain.jp2": write(base),
        "told.jp2": write(base) + exif_box(exif(told=True)),
        "turned.jp2": write(turned(base, 6)) + exif_box(exif(6)),
        "tiles.jp2": write(picture(200, 150), tile_size=(64, 64)),
        "sixteen-bits.jp2": encoded(Image.fromarray(grey), "JPEG2000"),
        "grey.jp2": write(base.convert("L")),
        "transparent.jp2": encoded(hole(base), "JPEG2000"),
        "bare.j2k": write(base, no_jp2=True),
    }


def exif_box(block: bytes) -> bytes:
    """The box that holds an EXIF block in a JPEG 2000 file."""
    return box(b"uuid", JP2_EXIF, block.removeprefix(b"Exif\0\0"))


if __name__ == "__main__":
    register_heif_opener()
    for name, data in (heic() | jp2() | {FACE.name: face()}).items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
