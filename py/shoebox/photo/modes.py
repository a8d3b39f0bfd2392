"""Pillow's many modes as 8-bit grey or RGB."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Rows that are converted at a time.
_BAND: Final = 256


def plain(image: Image.Image) -> Image.Image:
    """Any of Pillow's modes as 'L', 'RGB' or 'RGBA', 8 bits each."""
    mode = image.mode
    if mode in ("L", "RGB", "RGBA"):
        # One colour of an RGB or grey picture may be declared transparent.
        return image.convert("RGBA") if mode != "RGBA" and "transparency" in image.info else image
    if mode.startswith(("I", "F")):
        return _eight_bits(image)
    if mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if mode == "1":
        return image.convert("L")
    if mode == "LAB":
        return _from_lab(image)
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and floating-point grey as 8-bit grey, a band of rows at a time so that large scans fit in memory."""
    values = np.asarray(image)
    low, high = _range_of(image.mode, values)
    scale = 255.0 / (high - low) if high > low else 0.0
    result = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), _BAND):
        band = values[start : start + _BAND].astype(np.float64)
        band = np.nan_to_num(band, nan=low, posinf=high, neginf=low)
        result[start : start + _BAND] = np.clip(np.rint((band - low) * scale), 0, 255)
    return Image.fromarray(result)


def _range_of(mode: str, values: NDArray[Any]) -> tuple[float, float]:
    """The values that mean black and white: those of 1, 8 or 16 bits where all fit, else the lowest and highest there are."""
    if mode.startswith("I;16"):
        return 0.0, 65_535.0
    low, high = math.inf, -math.inf
    for start in range(0, len(values), _BAND):
        band = values[start : start + _BAND]
        band = band[np.isfinite(band)]
        if band.size:
            low, high = min(low, float(band.min())), max(high, float(band.max()))
    if low > high:
        return 0.0, 1.0
    for white in (1.0, 255.0, 65_535.0):
        if low >= 0 and high <= white and (mode == "F" or white > 1):
            return 0.0, white
    return low, high


def _from_lab(image: Image.Image) -> Image.Image:
    """CIE L*a*b* (some scanners' TIFF) by its lightness: Pillow cannot convert it without colour profiles."""
    return image.getchannel(0)


def on_white(image: Image.Image) -> Image.Image:
    """Opaque RGB; what is transparent becomes white."""
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")
