"""Pictures with text in them, made by Pillow with the font that travels inside it."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from tests.photos import picture

DARK, LIGHT = (25, 28, 40), (245, 243, 235)
Colour = tuple[int, int, int]


def sign(
    lines: Sequence[str],
    *,
    height: int = 40,
    ink: Colour = DARK,
    paper: Colour = LIGHT,
    turned: float = 0.0,
    size: tuple[int, int] = (1200, 900),
) -> Image.Image:
    """A photograph with a sign in its middle.

    Parameters
    ----------
    lines : sequence of str
        What it says.
    height : int
        Of the letters, in pixels, from the top of the highest to the foot of the deepest.
    ink, paper : colours
    turned : float
        How far it hangs askew, in degrees, against the clock.
    size : (int, int)
        Of the photograph.
    """
    photo = picture("coffee").resize(size)
    font = ImageFont.load_default(height)
    widths = [font.getlength(line) for line in lines]
    board = Image.new("RGBA", (int(max(widths)) + 2 * height, int(height * 1.5 * len(lines)) + height), (*paper, 255))
    draw = ImageDraw.Draw(board)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        draw.text(((board.width - width) / 2, height / 2 + number * height * 1.5), line, font=font, fill=ink)
    board = board.rotate(turned, Image.Resampling.BICUBIC, expand=True)
    photo.paste(board, ((size[0] - board.width) // 2, (size[1] - board.height) // 2), board)
    return photo
