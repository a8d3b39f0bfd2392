"""Reading text in photos, the third pass: its pace where nothing is written, and where every photo shows a sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.look_pace import pace
from tests.bench.place import Place
from tests.bench.row import Row
from tests.photos import save_variant
from tests.written import sign

SIZE = (4000, 3000)
WORDS = (
    "Market Street",
    "Exit to platform 4",
    "Bakery since 1912",
    "No parking",
    "Museum of glass",
    "Café du Nord",
    "To the beach",
)


def rows(place: Place) -> Iterator[Row]:
    """Photos a second, without and with text."""
    count = place.sizes.faced // 2
    for what, folder in (
        ("nothing is written", place.photos("unwritten", count)),
        ("a sign is to be read", signs(place.work / "signs", count)),
    ):
        with place.app() as app:
            app.open()
            app.wait_until_kept()
            app.add_folder(folder)
            rate = pace(app, "text")
            texts = app.js("async () => (await shoebox.stats()).texts")
        yield Row(
            f"look for text in 12-megapixel photos where {what}", rate, "photos/s", against=f"text found in {texts} of {count}"
        )


def signs(folder: Path, count: int) -> Path:
    """A folder of photos, each with a sign of three lines; letters 80 to 160 pixels high, askew by up to 8 degrees."""
    folder.mkdir(parents=True)
    for number in range(count):
        lines = [WORDS[(number + line) % len(WORDS)] for line in range(2)] + [f"Number {number}"]
        photo = sign(lines, height=80 + 20 * (number % 5), turned=4 * (number % 5) - 8, size=SIZE)
        save_variant(folder, number, photo)
    return folder
