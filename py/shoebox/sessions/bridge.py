"""Networks inside the browser, by ONNX Runtime Web in another worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoebox.sessions.javascript import as_object, numpy_array, typed_array
from shoebox.sessions.protocol import Arrays, Network, SessionError


class BridgeSession:
    """One network behind `async run(network, feeds) => outputs`; `shoebox.worker` says what feeds and outputs look like."""

    def __init__(self, run: Any, network: Network) -> None:
        self._run, self._network = run, network

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Outputs by name for inputs by name."""
        feeds = as_object(
            [
                {"name": name, "type": array.dtype.name, "dims": list(array.shape), "data": typed_array(array)}
                for name, array in inputs.items()
            ]
        )
        try:
            answer = await self._run(self._network, feeds)
        except Exception as error:
            # JavaScript's errors say their kind first: "Error: the sentence".
            raise SessionError(str(error).removeprefix("Error: ")) from error
        return read_outputs(answer)


def read_outputs(answer: Any) -> Arrays:
    """Outputs by name from the array of `{name, type, dims, data}` that JavaScript gives.

    Raises
    ------
    SessionError
        If an output does not have as many numbers as its size says.
    """
    outputs: Arrays = {}
    for output in answer:
        shape = tuple(int(length) for length in output.dims)
        data = numpy_array(output.data)
        if data.size != int(np.prod(shape)):
            raise SessionError(f"The output {output.name} of a network has {data.size} numbers where {shape} was promised.")
        outputs[str(output.name)] = data.reshape(shape)
    return outputs


class BridgeSessions:
    """The networks that the inference worker has loaded."""

    def __init__(self, run: Any) -> None:
        self._run = run

    async def open(self, network: Network) -> BridgeSession:
        """The session of a network."""
        return BridgeSession(self._run, network)
