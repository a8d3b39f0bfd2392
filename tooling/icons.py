"""The app's icons, drawn from one description: an open shoebox with a photo looking out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from tooling.stamps import write_atomically

# Everything is drawn on a field of this side; the numbers below are its units.
FIELD = 64
ACCENT = "#2f6f5e"
PAPER = "#fdfcf8"
SKY = "#cfe3ee"
SUN = "#f2b84b"
HILL = "#5f9c84"
BOX = "#e0b48a"
LID = "#c8946a"


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle with rounded corners, in units of the field."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Disc:
    """A filled circle, in units of the field."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Shape:
    """A filled polygon, in units of the field."""

    points: tuple[tuple[float, float], ...]
    colour: str


PICTURE: tuple[Rectangle | Disc | Shape, ...] = (
    Rectangle(18, 11, 46, 45, 2.5, PAPER),
    Rectangle(21, 14, 43, 42, 1, SKY),
    Disc(36.5, 20.5, 3.2, SUN),
    Shape(((21, 34), (28, 25), (34, 32), (38, 28), (43, 33), (43, 42), (21, 42)), HILL),
    Rectangle(13, 36, 51, 53, 2.5, BOX),
    Rectangle(10.5, 33.5, 53.5, 40, 2, LID),
)
CORNER = 14
# A maskable icon may be cut to a circle of 80 % of its side, so its picture is smaller on a full field.
SAFE = 0.78
SUPERSAMPLING = 4


def svg() -> str:
    """Return the icon as an SVG document."""
    parts = [f'<rect width="{FIELD}" height="{FIELD}" rx="{CORNER}" fill="{ACCENT}"/>']
    for part in PICTURE:
        if isinstance(part, Rectangle):
            width, height = part.right - part.left, part.bottom - part.top
            parts.append(
                f'<rect x="{part.left:g}" y="{part.top:g}" width="{width:g}" height="{height:g}" '
                f'rx="{part.radius:g}" fill="{part.colour}"/>'
            )
        elif isinstance(part, Disc):
            parts.append(f'<circle cx="{part.x:g}" cy="{part.y:g}" r="{part.radius:g}" fill="{part.colour}"/>')
        else:
            points = " ".join(f"{x:g},{y:g}" for x, y in part.points)
            parts.append(f'<polygon points="{points}" fill="{part.colour}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {FIELD} {FIELD}">{"".join(parts)}</svg>\n'


def png(side: int, maskable: bool = False, rounded: bool = True) -> bytes:
    """Return the icon as PNG bytes.

    Parameters
    ----------
    side : int
        Width and height in pixels.
    maskable : bool
        Leave the margin that systems may cut away.
    rounded : bool
        Round the corners, transparent outside; systems that round by themselves want a full square.
    """
    big = side * SUPERSAMPLING
    scale = big / FIELD
    image = Image.new("RGBA", (big, big))
    draw = ImageDraw.Draw(image)
    if rounded and not maskable:
        draw.rounded_rectangle((0, 0, big - 1, big - 1), CORNER * scale, ACCENT)
    else:
        draw.rectangle((0, 0, big, big), ACCENT)
    zoom = SAFE if maskable else 1.0

    def place(value: float) -> float:
        return (FIELD / 2 + (value - FIELD / 2) * zoom) * scale

    for part in PICTURE:
        if isinstance(part, Rectangle):
            box = (place(part.left), place(part.top), place(part.right), place(part.bottom))
            draw.rounded_rectangle(box, part.radius * zoom * scale, part.colour)
        elif isinstance(part, Disc):
            x, y, radius = place(part.x), place(part.y), part.radius * zoom * scale
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), part.colour)
        else:
            draw.polygon([(place(x), place(y)) for x, y in part.points], part.colour)
    out = io.BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def write_icons(folder: Path) -> list[Path]:
    """Write all icons into `folder` and return their paths."""
    contents = {
        "icon.svg": svg().encode(),
        "icon-192.png": png(192),
        "icon-512.png": png(512),
        "icon-maskable-512.png": png(512, maskable=True),
        "apple-touch-icon.png": png(180, rounded=False),
    }
    for name, content in contents.items():
        write_atomically(folder / name, content)
    return [folder / name for name in contents]
