"""Words to vectors: the text half of the image-text network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shoebox.model.pack import TextModel
from shoebox.model.tokenizer import Tokenizer
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.tasks.embedding import unit_rows

# A person pages through results and changes sort order: the same text is asked for again and again.
REMEMBERED = 64
# Lengths are rounded up to this many tokens, so that the network sees few shapes.
LENGTHS = 8


class TextEmbedding:
    """Unit vectors of texts, the last ones remembered."""

    def __init__(self, model: TextModel, dimension: int, tokenizer: Tokenizer, sessions: Sessions) -> None:
        self._model, self._dimension, self._tokenizer, self._sessions = model, dimension, tokenizer, sessions
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
        ids, mask = self._tokenizer.batch(texts, multiple=LENGTHS)
        session = await self._sessions.open("text")
        outputs = await session.run({self._model.ids: ids, self._model.mask: mask})
        found = outputs.get(self._model.embedding)
        if found is None or found.shape != (len(texts), self._dimension):
            name, length = self._model.embedding, self._dimension
            raise SessionError(f"The output {name} of the text network is not a vector of {length} numbers for each text.")
        rows, usable = unit_rows(found)
        if not usable.all():
            raise SessionError("The text network gave nothing usable.")
        return rows
