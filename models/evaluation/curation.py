"""Does the quality of photos tell a photo from a spoilt copy of itself? ``python -m models.evaluation.curation`` says.

Nobody's own choices are at hand, so this measures only what quality is for: photos of cameras against the same photos blurred,
badly lit or squeezed. Nothing is fitted to it but the two ends of sharpness.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from shoebox.curation import looks, quality
from shoebox.errors import UnreadablePhoto
from shoebox.photo.decode import decode_photo
from tests.photos import shared

Spoil = Callable[[Image.Image], Image.Image]

#: Smaller pictures are no photos of cameras.
LEAST_SIDE = 400


def blur(radius: float) -> Spoil:
    """Out of focus, or moved: a Gaussian of so many of 512 pixels."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(radius))


def light(factor: float) -> Spoil:
    """Exposed for too short or too long."""
    return lambda image: ImageEnhance.Brightness(image).enhance(factor)


def fog(image: Image.Image) -> Image.Image:
    """A quarter of the contrast."""
    return ImageEnhance.Contrast(image).enhance(0.25)


def shaken(image: Image.Image) -> Image.Image:
    """Moved by nine pixels of 512 while it was exposed."""
    pixels = np.asarray(image, np.float32)
    moved = np.mean([np.roll(pixels, shift, axis=1) for shift in range(9)], axis=0)
    return Image.fromarray(moved.astype(np.uint8))


def squeezed(image: Image.Image) -> Image.Image:
    """Saved as the smallest JPEG that anybody sends."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=8)
    return Image.open(buffer).convert("RGB")


SPOILT: dict[str, Spoil] = {
    "blurred by 1 px": blur(1.0),
    "blurred by 1.5 px": blur(1.5),
    "blurred by 2 px": blur(2.0),
    "shaken by 9 px": shaken,
    "a tenth of the light": light(0.1),
    "a quarter of the light": light(0.25),
    "three times the light": light(3.0),
    "fog": fog,
    "squeezed to JPEG quality 8": squeezed,
}


def photos() -> Iterator[Image.Image]:
    """Photos of cameras, 512 px long."""
    files = [*sorted(shared("formats").glob("*.jp*g")), *sorted(shared("formats").glob("*.JPG")), *sorted(burst().iterdir())]
    for path in files:
        try:
            pixels = decode_photo(path.read_bytes(), path.name).pixels
        except UnreadablePhoto:
            continue
        if max(pixels.shape) >= LEAST_SIDE:
            yield Image.fromarray(pixels)


def burst() -> Path:
    """Photos of a phone."""
    return shared("duplicates") / "burst-monstree"


def scores(images: list[Image.Image]) -> np.ndarray:
    """The quality of each, all of 12 megapixels and without faces."""
    measured = np.array([looks.measure(np.asarray(image)) for image in images])
    size = np.full(len(images), 4000), np.full(len(images), 3000)
    found = quality.parts(measured, *size, np.full(len(images), np.nan, np.float32))
    return quality.combined(found, np.zeros(len(images), bool))


def main() -> None:
    """Print the table."""
    whole = list(photos())
    before = scores(whole)
    middle, low = np.median(before), np.quantile(before, 0.05)
    print(f"{len(whole)} photos, quality {middle:.2f} in the median, {low:.2f} in the lowest twentieth")
    print("| the same photo | loses against the original | median quality |\n|---|---|---|")
    for name, spoil in SPOILT.items():
        after = scores([spoil(image) for image in whole])
        print(f"| {name} | {np.mean(after < before):.1%} | {np.median(after):.2f} |")


if __name__ == "__main__":
    main()
