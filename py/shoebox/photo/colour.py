"""Colours of other spaces, as sRGB.

Phones store Display P3 and cameras Adobe RGB, with a profile that says so. Browsers convert when they decode; Pillow does
not, and Pyodide's Pillow is built without the library that could. So the profiles that photos carry (three primaries and a tone
curve) are applied here, that the same photo looks alike and is found alike whichever decoder it came through.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

# From CIE XYZ under D50, the profiles' own light, to linear sRGB (Bradford-adapted; Lindbloom's tables).
_SRGB_FROM_XYZ: Final = np.array(
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]]
)
# A difference that nobody sees and no network minds: profiles this close to sRGB are taken for it.
_SAME: Final = 2
_STEPS: Final = 4096
_LARGEST: Final = 100.0
# From linear Display P3 to linear sRGB (both under D65; CSS Color 4, section 10). The profiles of phones, rounded to 16 bits
# and adapted to D50 and back, come within a thousandth.
_SRGB_FROM_P3: Final = np.array(
    [[1.2249402, -0.2249402, 0.0], [-0.0420570, 1.0420571, 0.0], [-0.0196376, -0.0786361, 1.0982736]]
)
_P3_TOLERANCE: Final = 0.02
_MOST_TAGS: Final = 100
# Parameters of the curve types 0 to 4 of the ICC specification.
_PARAMETERS: Final = (1, 3, 4, 5, 7)

# What the bytes of a profile that is none, or is damaged, raise.
_DAMAGE: Final = (struct.error, IndexError, ValueError, OverflowError, ZeroDivisionError)

_Matrix = NDArray[np.float64]


def to_srgb(pixels: NDArray[np.uint8], profile: bytes | None) -> NDArray[np.uint8]:
    """Convert pixels to sRGB.

    Parameters
    ----------
    pixels : uint8 array of shape (height, width, 3)
        RGB in the profile's space.
    profile : bytes or None
        An ICC profile. None, sRGB itself, damaged ones and ones with more than primaries and curves change nothing.

    Returns
    -------
    uint8 array of shape (height, width, 3)
        The same array where nothing was to be done.
    """
    conversion = _conversion(profile) if profile else None
    if conversion is None:
        return pixels
    return _apply(pixels, *conversion)


@lru_cache(maxsize=8)
def is_display_p3(profile: bytes) -> bool:
    """Whether an ICC profile is Display P3, or one that differs from it by less than anyone sees."""
    try:
        with np.errstate(all="ignore"):
            found = _read(profile)
    except _DAMAGE:
        return False
    if found is None:
        return False
    light, matrix = found
    curve = np.abs(light - _linear(np.linspace(0.0, 1.0, 256))).max()
    return bool(curve < _P3_TOLERANCE and np.abs(matrix - _SRGB_FROM_P3).max() < _P3_TOLERANCE)


def from_display_p3(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels of shape (height, width, 3) in Display P3 as sRGB."""
    light = np.tile(_linear(np.linspace(0.0, 1.0, 256)), (3, 1))
    return _apply(pixels, light, _SRGB_FROM_P3)


def _linear(encoded: _Matrix) -> _Matrix:
    """The light that values of sRGB, 0 to 1, stand for; Display P3 has the same curve (IEC 61966-2-1)."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=8)
def _conversion(profile: bytes) -> tuple[_Matrix, _Matrix] | None:
    """Linear light of each channel's 256 values, shape (3, 256), and the matrix (3, 3) to linear sRGB; None if not needed."""
    try:
        with np.errstate(all="ignore"):
            found = _read(profile)
    except _DAMAGE:
        return None
    # Real profiles stay below 4; what is beyond this is damage, and would overflow.
    if found is None or not all((np.abs(part) < _LARGEST).all() for part in found):
        return None
    levels = np.array([0, 128, 255], np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    changed = np.abs(_apply(cube, *found).astype(int) - cube).max() > _SAME
    return found if changed else None


def _apply(pixels: NDArray[np.uint8], light: _Matrix, matrix: _Matrix) -> NDArray[np.uint8]:
    linear = np.stack([light[channel].astype(np.float32)[pixels[..., channel]] for channel in range(3)], axis=-1)
    converted = linear @ matrix.T.astype(np.float32)
    steps = np.rint(np.clip(converted, 0.0, 1.0) * (_STEPS - 1)).astype(np.intp)
    result: NDArray[np.uint8] = _encoding()[steps]
    return result


@lru_cache(maxsize=1)
def _encoding() -> NDArray[np.uint8]:
    """The tone curve of sRGB itself: linear light in 4,096 steps to 8 bits."""
    light = np.linspace(0.0, 1.0, _STEPS)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(encoded * 255), np.uint8)


def _read(profile: bytes) -> tuple[_Matrix, _Matrix] | None:
    if profile[16:20] != b"RGB " or profile[20:24] != b"XYZ ":
        return None
    tags: dict[bytes, bytes] = {}
    for number in range(min(struct.unpack_from(">I", profile, 128)[0], _MOST_TAGS)):
        kind, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        tags[kind] = profile[start : start + size]
    names = (b"r", b"g", b"b")
    if b"A2B0" in tags or not all(name + b"XYZ" in tags and name + b"TRC" in tags for name in names):
        return None
    primaries = np.array([struct.unpack_from(">3i", tags[name + b"XYZ"], 8) for name in names]).T / 65536
    return np.stack([_curve(tags[name + b"TRC"]) for name in names]), _SRGB_FROM_XYZ @ primaries


def _curve(tag: bytes) -> _Matrix:
    """A tone curve at the 256 values of 8 bits."""
    x = np.linspace(0.0, 1.0, 256)
    if tag[:4] == b"curv":
        count = struct.unpack_from(">I", tag, 8)[0]
        if count == 0:
            return x
        values = np.array(struct.unpack_from(f">{count}H", tag, 12), np.float64)
        if count == 1:
            return np.asarray(x ** (values[0] / 256), np.float64)
        return np.interp(x, np.linspace(0.0, 1.0, count), values / 65535)
    if tag[:4] != b"para":
        raise ValueError("a tone curve of an unknown type")
    kind = struct.unpack_from(">H", tag, 8)[0]
    g, *rest = (value / 65536 for value in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12))
    a, b, c, d, e, f = (*(rest or [1.0]), 0.0, 0.0, 0.0, 0.0, 0.0)[:6]
    if kind in (1, 2):
        # Below -b/a these two are flat: at 0 in the first, at c in the second.
        flat = c if kind == 2 else 0.0
        return np.asarray(np.where(x >= -b / a, np.maximum(a * x + b, 0.0) ** g + flat, flat))
    return np.asarray(np.where(x >= d, np.maximum(a * x + b, 0.0) ** g + e, c * x + f))
