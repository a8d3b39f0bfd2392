"""HEIC on CPython, by the optional package `pillow-heif`, which teaches Pillow to open it. In the page libheif does it."""

from __future__ import annotations

from functools import cache
from typing import Final

#: As package indexes call it.
PACKAGE: Final = "pillow-heif"


@cache
def available() -> bool:
    """Whether Pillow can open HEIC here. The first call makes it so where the package is there."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    # Only the main picture is wanted, not the small and the deep ones beside it.
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return True
