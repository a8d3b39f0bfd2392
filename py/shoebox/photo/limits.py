"""How large a photo may be.

The limits are there so that a file of a few kilobytes cannot claim gigabytes: a decoder that widens a picture fully needs 4
bytes a pixel, and a WebAssembly memory ends at 4 GiB.
"""

from __future__ import annotations

from typing import Final

from shoebox.photo.formats import JPEG, Format

#: JPEG can be decoded at a fraction of its size, so the limit only has to let real cameras through: the largest sensors in
#: phones write 16,320 x 12,240 (200 megapixels), and stitched panoramas come near that.
LARGEST_JPEG: Final = 256_000_000
#: Everything else is decoded in full first: 128 megapixels are 0.5 GB as RGBA, and above every camera but a few studio backs.
LARGEST_OTHER: Final = 128_000_000
#: JPEG itself cannot hold a longer side, and canvases in browsers end there too.
LONGEST_SIDE: Final = 65_535


def too_large(kind: Format, width: int, height: int) -> str | None:
    """A sentence for people where a photo is too large to open; None where it is not.

    Parameters
    ----------
    kind : Format
        The kind of file.
    width, height : int
        Pixels.
    """
    largest = LARGEST_JPEG if kind == JPEG or kind.raw else LARGEST_OTHER
    if max(width, height) <= LONGEST_SIDE and width * height <= largest:
        return None
    return (
        f"The picture claims {width:,} x {height:,} pixels, more than can be opened safely "
        f"(at most {largest // 1_000_000} megapixels for this kind of file, and {LONGEST_SIDE:,} on a side)."
    )
