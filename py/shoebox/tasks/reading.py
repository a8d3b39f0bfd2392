"""Photos to text: where lines stand, and what they say. Two tasks; the second needs the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from shoebox.reading import looking
from shoebox.reading.line_reader import LineReader
from shoebox.reading.lines import LONGEST_LINE, TextRows, reading_order
from shoebox.reading.looking import View
from shoebox.reading.pack import DetectorModel, RecogniserModel, TextPack
from shoebox.reading.rectangles import Rectangles
from shoebox.reading.regions import find_regions
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.tasks.graph import Batch, Task

# What is read of one photo, the highest lines first, as so many pixels along them: a page of a book. In WebAssembly each takes
# a third of a millisecond.
MOST_LENGTH = 60_000
# What is read of the first look, the surest first, to tell whether a second is worth six times as much.
GLIMPSED_LENGTH = 600


class TextDetection:
    """Where lines of text stand: a `Rectangles` for each photo, in pixels of the decoded photo, those that are to be read."""

    name = "text-detection"
    depends: tuple[str, ...] = ()

    def __init__(self, model: DetectorModel, reader: LineReader, sessions: Sessions) -> None:
        self._model, self._reader, self._sessions = model, reader, sessions

    async def run(self, batch: Batch) -> list[Rectangles]:
        """The lines of each photo of the batch."""
        return [await self._find(Image.fromarray(photo)) for photo in batch.photos]

    async def _find(self, photo: Image.Image) -> Rectangles:
        model = self._model
        first = [(view, await self._look(photo, view)) for view in looking.first_views(*photo.size, model.first)]
        second = [
            (close, await self._look(photo, close)) for view, found in first for close in await self._closer(photo, view, found)
        ]
        sure = model.limits.sure
        found = looking.merged(*([(view, each[each.scores >= sure]) for view, each in seen] for seen in (first, second)))
        highest = np.argsort(-found.sizes.min(axis=1), kind="stable")[: looking.MOST_LINES]
        return found[highest]

    async def _closer(self, photo: Image.Image, view: View, found: Rectangles) -> list[View]:
        """The views of a second look; none where nothing that was found reads like text, or where they would show no more."""
        views = looking.second_view(view, self._model.second)
        if not views or not len(found):
            return []
        surest = found[np.argsort(-found.scores, kind="stable")].moved(view.scale, view.left, view.top)
        return views if await self._reader.read(photo, surest, self._model.glimpsed, GLIMPSED_LENGTH) else []

    async def _look(self, photo: Image.Image, view: View) -> Rectangles:
        """What the detector sees in a view, in pixels of the view; also what it is not sure of."""
        model = self._model
        picture = view.picture(photo)[None]
        outputs = await (await self._sessions.open("text-detector")).run({model.input: picture})
        likely = outputs.get("map")
        if likely is None or likely.shape != picture.shape[:3]:
            raise SessionError("The network that finds text did not answer with a map of the picture.")
        limits = model.limits
        return find_regions(likely[0, : view.height, : view.width].astype(np.uint8), limits.down_to(model.glimpse))


class TextRecognition:
    """What lines say, as it is stored: `TextRows`, in pixels of the upright photo."""

    name = "text-recognition"
    depends: tuple[str, ...] = (TextDetection.name,)

    def __init__(self, model: RecogniserModel, reader: LineReader) -> None:
        self._model, self._reader = model, reader

    async def run(self, batch: Batch) -> TextRows:
        """All lines of the batch that could be read."""
        found: list[Rectangles] = batch.results[TextDetection.name]
        parts = []
        for photo, size, places in zip(batch.photos, batch.sizes, found, strict=True):
            parts.append(await self._read(Image.fromarray(photo), size, places) if len(places) else TextRows.none())
        return TextRows.joined(parts, range(len(parts)))

    async def _read(self, photo: Image.Image, size: tuple[int, int], places: Rectangles) -> TextRows:
        return _rows(await self._reader.read(photo, places, self._model.sure, MOST_LENGTH), places, photo.size, size)


def text_tasks(pack: TextPack, alphabet: Sequence[str], sessions: Sessions) -> tuple[Task, ...]:
    """The two tasks of a text pack, to be put into a graph with any others."""
    reader = LineReader(pack.recogniser, alphabet, sessions)
    return TextDetection(pack.detector, reader, sessions), TextRecognition(pack.recogniser, reader)


def _rows(best: dict[int, tuple[str, float]], places: Rectangles, seen: tuple[int, int], size: tuple[int, int]) -> TextRows:
    """Lines in the order in which they are read, in pixels of the upright photo."""
    if not best:
        return TextRows.none()
    kept = places[np.array(sorted(best), np.intp)]
    said = [(text[:LONGEST_LINE], sure) for _, (text, sure) in sorted(best.items())]
    bounds = kept.bounds()
    order = reading_order(kept.centres[:, 1], bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    scale = np.array([size[0] / seen[0], size[1] / seen[1]], np.float32)
    corners = np.clip((kept.corners() * scale).round(), 0, np.array(size)).astype(np.int32)
    texts = tuple(said[place][0] for place in order.tolist())
    scores = np.array([said[place][1] for place in order.tolist()], np.float32)
    return TextRows(np.zeros(len(texts), np.int32), corners[order], np.clip(scores, 0, 1), texts)
