"""Pictures that are no photos, drawn on the spot: pages, receipts, windows, charts, and surfaces that show nothing.

Captioned photos are all of everyday life, where most is outdoors and half of it shows people. What a network says of a
screenshot is learnt from none of them; so these stand for what libraries hold besides, and show neither place nor person.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = Image.Image
Draw = Callable[[random.Random, Sequence[str]], Picture]
EACH = 32


def draw_all(folder: Path, words: Sequence[str], each: int = EACH) -> list[tuple[Path, str]]:
    """Write `each` pictures of every kind into a folder, always the same ones: their paths and kinds ("drawn/page").

    Parameters
    ----------
    folder : Path
    words : sequence of str
        What is written on them.
    each : int
    """
    kinds: dict[str, Draw] = {"page": page, "receipt": receipt, "window": window, "chart": chart, "surface": surface}
    found = []
    for kind, draw in kinds.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            path = folder / kind / f"{number:02}.png"
            if not path.exists():
                draw(random.Random(f"{kind} {number}"), words).convert("RGB").save(path)
            found.append((path, f"drawn/{kind}"))
    return found


def page(chance: random.Random, words: Sequence[str]) -> Picture:
    """A printed page, flat or photographed a little askew."""
    paper = chance.choice(["white", "#fbf7ea", "#f0f0f0"])
    image = Image.new("RGB", (480, 640), paper)
    pen, size = ImageDraw.Draw(image), chance.choice([11, 14, 18])
    if chance.random() < 0.6:
        pen.text((40, 30), _line(chance, words, 18), "black", ImageFont.load_default(size * 2))
    font, top = ImageFont.load_default(size), 90
    while top < 600:
        pen.text((40, top), _line(chance, words, 760 // size), "#202020", font)
        top += int(size * (2.6 if chance.random() < 0.12 else 1.5))
    return _askew(chance, image)


def receipt(chance: random.Random, words: Sequence[str]) -> Picture:
    """A strip of paper with prices on a table."""
    strip = Image.new("RGB", (260, 560), chance.choice(["white", "#f6f4ee"]))
    pen, font = ImageDraw.Draw(strip), ImageFont.load_default(13)
    pen.text((60, 20), chance.choice(words).upper(), "black", ImageFont.load_default(22))
    for place in range(chance.randint(8, 22)):
        pen.text((16, 70 + 20 * place), f"{chance.choice(words)[:18]}", "#222222", font)
        pen.text((200, 70 + 20 * place), f"{chance.uniform(0.5, 80):.2f}", "#222222", font)
    pen.text((16, 530), "TOTAL", "black", font)
    table = Image.new("RGB", (480, 640), chance.choice(["#8a6a48", "#555555", "#d8d4cc", "#203040"]))
    table.paste(strip, (chance.randint(40, 180), 40))
    return _askew(chance, table)


def window(chance: random.Random, words: Sequence[str]) -> Picture:
    """A screenshot: bars, panels, buttons and text, light or dark, wide or of a telephone."""
    dark = chance.random() < 0.4
    ground, panel, ink = ("#1e1e1e", "#2d2d30", "#dddddd") if dark else ("white", "#f0f2f5", "#222222")
    width, height = chance.choice([(800, 500), (640, 480), (360, 700)])
    image = Image.new("RGB", (width, height), ground)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    accent = chance.choice(["#1a73e8", "#c0392b", "#27ae60", "#8e44ad", panel])
    pen.rectangle((0, 0, width, 44), accent)
    pen.text((14, 14), _line(chance, words, 20), "white" if accent != panel else ink, font)
    left = 0
    if width > 500 and chance.random() < 0.7:
        left = 150
        pen.rectangle((0, 44, left, height), panel)
        for place in range(chance.randint(4, 10)):
            pen.text((14, 64 + 30 * place), chance.choice(words)[:16], ink, font)
    top = 64
    while top < height - 40:
        if chance.random() < 0.3:
            across = chance.randint(2, 4)
            step = (width - left - 40) // across
            for place in range(across):
                colour = tuple(chance.randint(60, 230) for _ in range(3)) if chance.random() < 0.4 else panel
                pen.rounded_rectangle((left + 20 + place * step, top, left + 10 + (place + 1) * step, top + 80), 8, colour)
            top += 96
        else:
            pen.text((left + 20, top), _line(chance, words, (width - left) // 8), ink, font)
            top += 22
    return image


def chart(chance: random.Random, words: Sequence[str]) -> Picture:
    """Bars or lines between two axes."""
    image = Image.new("RGB", (640, 480), chance.choice(["white", "#fafafa", "#202124"]))
    ink = "white" if image.getpixel((0, 0)) == (32, 33, 36) else "black"
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    pen.text((220, 14), _line(chance, words, 22), ink, font)
    pen.line([(60, 40), (60, 430), (610, 430)], ink, 2)
    count, colours = chance.randint(4, 14), ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"]
    if chance.random() < 0.5:
        for place in range(count):
            left, colour = 70 + place * 540 // count, colours[place % 4 if chance.random() < 0.5 else 0]
            pen.rectangle((left, chance.randint(60, 420), left + 400 // count, 430), colour)
    else:
        for colour in colours[: chance.randint(1, 4)]:
            pen.line([(70 + place * 540 // count, chance.randint(60, 420)) for place in range(count)], colour, 3)
    for place in range(5):
        pen.text((20, 420 - 90 * place), f"{place * 20}", ink, font)
        pen.text((80 + 110 * place, 440), chance.choice(words)[:10], ink, font)
    return image


def surface(chance: random.Random, words: Sequence[str]) -> Picture:
    """A colour, a gradient, or spots: nothing at all."""
    noise = np.random.default_rng(chance.randint(0, 2**32))
    first, last = (noise.integers(0, 256, 3) for _ in range(2))
    ramp = np.linspace(0, 1, 480)[:, None, None] if chance.random() < 0.6 else np.zeros((480, 1, 1))
    plain = np.broadcast_to(first + ramp * (last - first), (480, 640, 3))
    grain = noise.normal(0, chance.choice([0, 4, 40, 90]), (480, 640, 1 if chance.random() < 0.5 else 3))
    image = Image.fromarray(np.clip(plain + grain, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(chance.choice([0, 2, 8])))


def _line(chance: random.Random, words: Sequence[str], letters: int) -> str:
    line = ""
    while len(line) < letters:
        line += chance.choice(words) + " "
    return line[:letters].strip()


def _askew(chance: random.Random, image: Picture) -> Picture:
    """As drawn, or turned and dimmed as a hand holding a telephone would."""
    if chance.random() < 0.4:
        return image
    table = chance.choice(["#6b5a45", "#444444", "#a09890"])
    turned = image.rotate(chance.uniform(-12, 12), Image.Resampling.BICUBIC, fillcolor=table)
    light = np.linspace(chance.uniform(0.6, 1), chance.uniform(0.6, 1), turned.width)[None, :, None]
    dimmed = Image.fromarray((np.asarray(turned) * light).astype(np.uint8))
    return dimmed.filter(ImageFilter.GaussianBlur(chance.choice([0, 0.7])))
