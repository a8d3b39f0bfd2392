"""Thumbnails, copies of them, and libraries that hold them, to find duplicates in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from shoebox.api import Shoebox
from shoebox.store.blocks import round_vectors
from shoebox.store.journal import Change
from shoebox.store.rows import NONE, id_text
from tests.unit.library_making import number, rows
from tests.unit.tiny_pack import DIMENSION, run, tiny_box

AUTHOR = "d" * 16
SIZE = (320, 240)


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of large and small shapes, like no other of another seed."""
    random = np.random.default_rng(seed)
    layers = np.zeros((size[1], size[0], 3), np.float32)
    for cells, weight in ((3, 0.5), (8, 0.3), (24, 0.2)):
        noise = Image.fromarray(random.integers(0, 256, (cells, cells, 3), np.uint8))
        layers += weight * np.asarray(noise.resize(size, Image.Resampling.BICUBIC), np.float32)
    return Image.fromarray(layers.astype(np.uint8))


def thumbnail(picture: Image.Image, quality: int = 80) -> bytes:
    """The stored thumbnail of a photo."""
    small = picture.convert("RGB")
    small.thumbnail((400, 400))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def cropped(picture: Image.Image, kept: float, across: float = 0.5, down: float = 0.5) -> Image.Image:
    """A part of a picture, `kept` of its width and height, from the left edge (0) to the right one (1), and down."""
    width, height = picture.size
    left, top = across * (1 - kept) * width, down * (1 - kept) * height
    return picture.crop((round(left), round(top), round(left + kept * width), round(top + kept * height)))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "half the size": lambda photo: photo.resize((photo.width // 2, photo.height // 2)),
    "squashed to a square": lambda photo: photo.resize((240, 240)),
    "brighter": lambda photo: ImageEnhance.Brightness(photo).enhance(1.2),
    "darker": lambda photo: ImageEnhance.Brightness(photo).enhance(0.7),
    "more contrast": lambda photo: ImageEnhance.Contrast(photo).enhance(1.3),
    "stronger colours": lambda photo: ImageEnhance.Color(photo).enhance(1.6),
    "grey": ImageOps.grayscale,
    "nine tenths of it": lambda photo: cropped(photo, 0.9),
    "nine tenths, from a corner": lambda photo: cropped(photo, 0.9, 0, 1),
    "four fifths of it": lambda photo: cropped(photo, 0.8, 0.6, 0.4),
    "mirrored": ImageOps.mirror,
    "turned by a quarter": lambda photo: photo.transpose(Image.Transpose.ROTATE_90),
    "upside down": lambda photo: photo.transpose(Image.Transpose.ROTATE_180),
    "set straight": lambda photo: cropped(photo.rotate(3, resample=Image.Resampling.BICUBIC), 0.9),
}


@dataclass
class Made:
    """A photo of a library for tests.

    Attributes
    ----------
    name : str
        Also its content.
    picture : Image or None
        None for a photo whose thumbnail is lost.
    vector : (DIMENSION,) or None
        Like no other's where it is None.
    taken : str or None
        ISO 8601.
    facts
        Columns of its row.
    """

    name: str
    picture: Image.Image | None = None
    vector: NDArray[np.float64] | None = None
    taken: str | None = None
    paths: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)


class Tab:
    """A page with a library, and what it has stored."""

    def __init__(self, photos: Sequence[Made] = ()) -> None:
        self.box: Shoebox = tiny_box()[0]
        self.journal: list[bytes] = []
        self.said: dict[int, bytes] = {}
        self.kept: bytes | None = None
        self.thumbnails: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.add(photos)

    def add(self, photos: Sequence[Made]) -> None:
        if not photos:
            return
        paths = [[(path, 0.0) for path in (photo.paths or (photo.name,))] for photo in photos]
        made = rows([(photo.name, path) for photo, path in zip(photos, paths, strict=True)], self.box.pack.model, DIMENSION)
        made.columns["taken"][:] = np.nan
        made.columns["camera"][:] = NONE
        for place, photo in enumerate(photos):
            if photo.vector is not None:
                made.vectors[place] = round_vectors((photo.vector / np.linalg.norm(photo.vector))[None])[0]
            if photo.picture is not None:
                self.thumbnails[identity(photo.name)] = thumbnail(photo.picture)
                made.columns["width"][place], made.columns["height"][place] = photo.picture.size
            if photo.taken is not None:
                wall = np.datetime64(photo.taken[:23].split("+")[0], "ms")
                made.columns["taken"][place] = float(wall.astype(np.int64))
                made.facts[place] = json.dumps({"taken": photo.taken, "takenFrom": "camera"}).encode()
            for column, value in photo.facts.items():
                made.columns[column][place] = value
        self.change(Change(rows=made))

    def change(self, change: Change) -> None:
        batch, data = self.box._ledger.stage(change)
        self.journal.append(data)
        self.box.accept(batch)

    def say(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["batch"] is not None:
            key = len(self.said) + 1
            self.said[key] = answer["statements"]
            self.box.accept(answer["batch"], [key])
        return answer

    def compare(self) -> None:
        """All steps, as the page does them."""
        verbs = self.box.duplicates
        verbs.recall(self.kept)
        while (step := run(verbs.step()))["phase"] != "done":
            if step["take"]:
                self.asked += step["ids"]
                ids = [each for each in step["ids"] if each in self.thumbnails]
                verbs.take(ids, [self.thumbnails[each] for each in ids])
        self.kept = verbs.keep()["bytes"] or self.kept

    def reload(self) -> None:
        self.box = tiny_box()[0]
        told = self.box.load([], self.journal, [], list(self.said.values()), list(self.said), AUTHOR)
        assert told["problems"] == []

    def groups(self, kind: str | None = None) -> list[list[str]]:
        """The names of the photos of each group, that to be kept first."""
        return [[self.name(photo) for photo in group["photos"]] for group in self.box.duplicates.duplicates(kind)]

    def name(self, photo: str) -> str:
        return str(self.box.photo(photo)["name"])


def identity(name: str) -> str:
    """The id of the photo of that content."""
    return id_text(number(name))


def direction(seed: int) -> NDArray[np.float64]:
    """A unit vector like no other of another seed."""
    found = np.random.default_rng(seed).standard_normal(DIMENSION)
    return np.asarray(found / np.linalg.norm(found))


def near(vector: NDArray[np.float64], likeness: float, seed: int = 0) -> NDArray[np.float64]:
    """A unit vector of this cosine with another one."""
    other = direction(seed + 1000)
    other -= (other @ vector) * vector
    other /= np.linalg.norm(other)
    return np.asarray(likeness * vector + np.sqrt(1 - likeness**2) * other)
