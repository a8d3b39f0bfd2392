"""How the library runs networks, whoever runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from shoebox.errors import ShoeboxError

Network = Literal[
    "image",
    "text",
    "face-detector",
    "face-landmarks",
    "face-recogniser",
    "neighbours",
    "next-image",
    "next-text",
    "text-detector",
    "text-recogniser",
]
Arrays = dict[str, NDArray[Any]]


class SessionError(ShoeboxError):
    """A network could not be loaded or run, or gave what cannot be true. Trying again may help."""

    advice_if_none = "Reload the page and try again; in the settings another way of computing can be chosen."


class Session(Protocol):
    """A network that is ready to run."""

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Outputs by name for inputs by name.

        Raises
        ------
        SessionError
        """
        ...


class Sessions(Protocol):
    """Opens the networks of one pack."""

    async def open(self, network: Network) -> Session:
        """The session of a network; the same one every time.

        Raises
        ------
        SessionError
        """
        ...
