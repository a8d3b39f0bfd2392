"""Spells out lines of a photo, given where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shoebox.reading.ctc import decode
from shoebox.reading.pack import RecogniserModel
from shoebox.reading.rectangles import Rectangles
from shoebox.reading.straighten import level, padded
from shoebox.sessions.protocol import SessionError, Sessions

# Lines that are read together: one of 320 pixels needs about 20 MB in the network.
MOST_TOGETHER = 6
# What looks like a single character is a lamp, a fence or a leaf more often than one.
FEWEST_CHARACTERS = 2
# Lines of one run may differ so much in length: what is filled up costs as much as what is written.
ALIKE = 1.25


class LineReader:
    """Reads lines with the recogniser of a text pack.

    Parameters
    ----------
    model : RecogniserModel
    alphabet : sequence of str
        As `TextPack.alphabet` has it.
    sessions : Sessions
    """

    def __init__(self, model: RecogniserModel, alphabet: Sequence[str], sessions: Sessions) -> None:
        # The last character of these networks is a blank, which no list of characters names.
        self._model, self._alphabet, self._sessions = model, [*alphabet, " "], sessions

    async def read(self, photo: Image.Image, places: Rectangles, sure: float, length: int) -> dict[int, tuple[str, float]]:
        """What some lines say.

        Parameters
        ----------
        photo : Image
            RGB.
        places : Rectangles
            In its pixels.
        sure : float
            How sure the network must be of a line, 0 to 1.
        length : int
            So many pixels along the lines, as the network sees them, are read at most; the first line always is.

        Returns
        -------
        dict of int to (str, float)
            By place: the text, and how sure that is. Lines that could not be read, and single characters, are left out.

        Raises
        ------
        SessionError
            If the network fails.
        """
        lines: list[NDArray[np.uint8]] = []
        owners: list[int] = []
        for place in range(len(places)):
            pictures = level(photo, places[np.array([place])], self._model.height)
            length -= sum(picture.shape[1] for picture in pictures)
            if length < 0 and owners:
                break
            lines += pictures
            owners += [place] * len(pictures)
        best: dict[int, tuple[str, float]] = {}
        for chosen in together([line.shape[1] for line in lines]):
            for number, (text, found) in zip(chosen, await self._run([lines[number] for number in chosen]), strict=True):
                if len(text) >= FEWEST_CHARACTERS and found >= sure and found > best.get(owners[number], ("", 0.0))[1]:
                    best[owners[number]] = text, found
        return best

    async def _run(self, lines: list[NDArray[np.uint8]]) -> list[tuple[str, float]]:
        session = await self._sessions.open("text-recogniser")
        outputs = await session.run({self._model.input: padded(lines)})
        characters, probabilities = outputs.get("characters"), outputs.get("probabilities")
        if characters is None or probabilities is None or characters.shape != probabilities.shape:
            raise SessionError("The network that reads text did not answer with characters.")
        if characters.ndim != 2 or len(characters) != len(lines) or not np.isfinite(probabilities).all():
            raise SessionError("The network that reads text gave nothing usable.")
        return decode(characters, probabilities, self._alphabet)


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
