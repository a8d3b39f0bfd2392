"""Photos to text: where lines stand, and what they say. Two tasks; the second needs the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.reading import looking
from shoebox.reading.ctc import decode
from shoebox.reading.lines import LONGEST_LINE, TextRows, reading_order
from shoebox.reading.looking import View
from shoebox.reading.pack import DetectorModel, RecogniserModel, TextPack
from shoebox.reading.rectangles import Rectangles
from shoebox.reading.regions import find_regions
from shoebox.reading.straighten import level, padded
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.tasks.graph import Batch, Task

# Lines that are read together: one of 320 pixels needs about 20 MB in the network.
MOST_TOGETHER = 6
# What is read of one photo, the highest lines first, as so many pixels along them: a page of a book. In WebAssembly each takes
# a third of a millisecond.
MOST_LENGTH = 60_000
# What looks like a single character is a lamp, a fence or a leaf more often than one.
FEWEST_CHARACTERS = 2
# Lines of one run may differ so much in length: what is filled up costs as much as what is written.
ALIKE = 1.25


class TextDetection:
    """Where lines of text stand: a `Rectangles` for each photo, in pixels of the decoded photo, those that are to be read."""

    name = "text-detection"
    depends: tuple[str, ...] = ()

    def __init__(self, model: DetectorModel, sessions: Sessions) -> None:
        self._model, self._sessions = model, sessions

    async def run(self, batch: Batch) -> list[Rectangles]:
        """The lines of each photo of the batch."""
        return [await self._find(Image.fromarray(photo)) for photo in batch.photos]

    async def _find(self, photo: Image.Image) -> Rectangles:
        model = self._model
        first = [(view, await self._look(photo, view)) for view in looking.first_views(*photo.size, model.first)]
        second = [
            (close, await self._look(photo, close))
            for view, found in first
            if (found.scores >= model.glimpse).any()
            for close in looking.second_view(view, model.second)
        ]
        sure = model.limits.sure
        found = looking.merged(*([(view, each[each.scores >= sure]) for view, each in seen] for seen in (first, second)))
        highest = np.argsort(-found.sizes.min(axis=1), kind="stable")[: looking.MOST_LINES]
        return found[highest]

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

    def __init__(self, model: RecogniserModel, alphabet: Sequence[str], sessions: Sessions) -> None:
        # The last character of these networks is a blank, which no list of characters names.
        self._model, self._alphabet, self._sessions = model, [*alphabet, " "], sessions

    async def run(self, batch: Batch) -> TextRows:
        """All lines of the batch that could be read."""
        found: list[Rectangles] = batch.results[TextDetection.name]
        parts = []
        for photo, size, places in zip(batch.photos, batch.sizes, found, strict=True):
            parts.append(await self._read(Image.fromarray(photo), size, places) if len(places) else TextRows.none())
        return TextRows.joined(parts, range(len(parts)))

    async def _read(self, photo: Image.Image, size: tuple[int, int], places: Rectangles) -> TextRows:
        lines: list[NDArray[np.uint8]] = []
        owners: list[int] = []
        length = 0
        for place in range(len(places)):
            pictures = level(photo, places[np.array([place])], self._model.height)
            length += sum(picture.shape[1] for picture in pictures)
            if length > MOST_LENGTH:
                break
            lines += pictures
            owners += [place] * len(pictures)
        best: dict[int, tuple[str, float]] = {}
        for chosen in together([line.shape[1] for line in lines]):
            for number, (text, sure) in zip(chosen, await self._run([lines[number] for number in chosen]), strict=True):
                if (
                    len(text) >= FEWEST_CHARACTERS
                    and sure >= self._model.sure
                    and sure > best.get(owners[number], ("", 0.0))[1]
                ):
                    best[owners[number]] = text[:LONGEST_LINE], sure
        return _rows(best, places, photo.size, size)

    async def _run(self, lines: list[NDArray[np.uint8]]) -> list[tuple[str, float]]:
        session = await self._sessions.open("text-recogniser")
        outputs = await session.run({self._model.input: padded(lines)})
        characters, probabilities = outputs.get("characters"), outputs.get("probabilities")
        if characters is None or probabilities is None or characters.shape != probabilities.shape:
            raise SessionError("The network that reads text did not answer with characters.")
        if characters.ndim != 2 or len(characters) != len(lines) or not np.isfinite(probabilities).all():
            raise SessionError("The network that reads text gave nothing usable.")
        return decode(characters, probabilities, self._alphabet)


def text_tasks(pack: TextPack, alphabet: Sequence[str], sessions: Sessions) -> tuple[Task, ...]:
    """The two tasks of a text pack, to be put into a graph with any others."""
    return TextDetection(pack.detector, sessions), TextRecognition(pack.recogniser, alphabet, sessions)


def together(widths: Sequence[int]) -> Iterator[list[int]]:
    """Which lines to read in one run, given how long they are: such as are nearly equal, at most `MOST_TOGETHER`."""
    run: list[int] = []
    for number in sorted(range(len(widths)), key=lambda each: widths[each]):
        if run and (len(run) == MOST_TOGETHER or widths[number] > widths[run[0]] * ALIKE):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _rows(best: dict[int, tuple[str, float]], places: Rectangles, seen: tuple[int, int], size: tuple[int, int]) -> TextRows:
    """Lines in the order in which they are read, in pixels of the upright photo."""
    if not best:
        return TextRows.none()
    kept = places[np.array(sorted(best), np.intp)]
    said = [best[number] for number in sorted(best)]
    bounds = kept.bounds()
    order = reading_order(kept.centres[:, 1], bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    scale = np.array([size[0] / seen[0], size[1] / seen[1]], np.float32)
    corners = np.clip((kept.corners() * scale).round(), 0, np.array(size)).astype(np.int32)
    texts = tuple(said[place][0] for place in order.tolist())
    scores = np.array([said[place][1] for place in order.tolist()], np.float32)
    return TextRows(np.zeros(len(texts), np.int32), corners[order], np.clip(scores, 0, 1), texts)
