"""Words to vectors: the text half of the image-text network."""

from __future__ import annotations

from collections import OrderedDict

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
        """The vector of a text.

        Returns
        -------
        (dimension,) float32 of length one

        Raises
        ------
        SessionError
            If the network fails or gives what cannot be true.
        """
        key = " ".join(text.lower().split())
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        ids, mask = self._tokenizer.batch([text], multiple=LENGTHS)
        session = await self._sessions.open("text")
        outputs = await session.run({self._model.ids: ids, self._model.mask: mask})
        found = outputs.get(self._model.embedding)
        if found is None or found.shape != (1, self._dimension):
            name, length = self._model.embedding, self._dimension
            raise SessionError(f"The output {name} of the text network is not one vector of {length} numbers.")
        rows, usable = unit_rows(found)
        if not usable[0]:
            raise SessionError("The text network gave nothing usable.")
        self._known[key] = rows[0]
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return self._known[key]
