"""Words to vectors: the text half of the image-text network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import TextModel
from shoebox.model.tokens import Tokenising
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.tasks.embedding import unit_rows

# A person pages through results and changes sort order: the same text is asked for again and again.
REMEMBERED = 64
# Lengths are rounded up to this many tokens, so that the network sees few shapes.
LENGTHS = 8


class TextEmbedding:
    """Unit vectors of texts, the last ones remembered.

    Parameters
    ----------
    model : TextModel
    dimension : int
    tokenizer : Tokenising
    sessions : Sessions
    unit : bool
        Whether the network gives vectors of length one; if not, they are scaled to it.

    Attributes
    ----------
    prompts : tuple of str
        What a word or two are put into.
    """

    def __init__(self, model: TextModel, dimension: int, tokenizer: Tokenising, sessions: Sessions, unit: bool = True) -> None:
        self._model, self._dimension, self._tokenizer, self._sessions = model, dimension, tokenizer, sessions
        self._unit, self.prompts = unit, model.prompts
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    async def vector(self, text: str) -> NDArray[np.float32]:
        """The vector (dimension,) of one text; see `vectors`."""
        return (await self.vectors([text]))[0]

    async def vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The vectors of texts, those not remembered in one run of the network.

        Returns
        -------
        list of (dimension,) float32 of length one

        Raises
        ------
        SessionError
            If the network fails or gives what cannot be true.
        """
        keys = [" ".join(text.lower().split()) for text in texts]
        new = list(dict.fromkeys(key for key in keys if key not in self._known))
        found = dict(zip(new, await self._embed(new), strict=True)) if new else {}
        for key in keys:
            self._known[key] = self._known.pop(key) if key in self._known else found[key]
        vectors = [self._known[key] for key in keys]
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return vectors

    async def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, dimension), n > 0."""
        model = self._model
        ids, mask = self._tokenizer.batch(texts, multiple=LENGTHS)
        session = await self._sessions.open("text")
        size = model.batch or len(texts)
        parts = []
        for low in range(0, len(texts), size):
            feeds = {model.ids: ids[low : low + size].astype(model.numbers)}
            if model.mask:
                feeds[model.mask] = mask[low : low + size].astype(model.numbers)
            part = _filled(feeds, size)
            found = (await session.run(part)).get(model.embedding)
            if found is None or found.shape != (size, self._dimension):
                name, length = model.embedding, self._dimension
                raise SessionError(f"The output {name} of the text network is not a vector of {length} numbers for each text.")
            parts.append(found[: len(texts) - low])
        rows, usable = unit_rows(np.concatenate(parts), self._unit)
        if not usable.all():
            raise SessionError("The text network gave nothing usable.")
        return rows


def _filled(feeds: dict[str, NDArray[Any]], size: int) -> dict[str, NDArray[Any]]:
    """The same with `size` rows, the last one again and again where there are fewer."""
    return {name: np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)]) for name, rows in feeds.items()}
