"""The networks themselves: numpy, onnxruntime and the bridge to JavaScript say the same."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shoebox.errors import ShoeboxError
from shoebox.sessions.protocol import Network, SessionError
from tests.unit.tiny_pack import NumpySessions, run, write_networks

IN_PYODIDE = sys.platform == "emscripten"
INPUTS: dict[Network, dict[str, np.ndarray]] = {
    "image": {"pixels": np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)},
    "text": {"ids": np.array([[2, 4, 3, 0], [2, 5, 6, 3]], np.int64), "mask": np.array([[1, 1, 1, 0], [1, 1, 1, 1]], np.int64)},
}


@pytest.mark.cpython_only
@pytest.mark.parametrize("network", ["image", "text"])
@pytest.mark.parametrize("threads", [1, 2, None])
def test_onnxruntime_gives_what_numpy_gives(tmp_path: Path, network: Network, threads: int | None) -> None:
    from shoebox.sessions.native import NativeSessions

    native = NativeSessions(tmp_path, write_networks(tmp_path), threads)
    expected = run(run(NumpySessions().open(network)).run(INPUTS[network]))

    async def both() -> dict[str, np.ndarray]:
        session = await native.open(network)
        assert await native.open(network) is session
        return await session.run(INPUTS[network])

    found = asyncio.run(both())
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, atol=1e-5)


@pytest.mark.cpython_only
def test_a_network_that_is_no_network_is_told_as_such(tmp_path: Path) -> None:
    from shoebox.sessions.native import NativeSessions

    pack = write_networks(tmp_path)
    (tmp_path / "image.onnx").write_bytes(b"not a network")
    with pytest.raises(SessionError, match=r"image\.onnx cannot be loaded"):
        asyncio.run(NativeSessions(tmp_path, pack).open("image"))


@pytest.mark.cpython_only
def test_inputs_that_do_not_fit_are_told_as_a_failing_network(tmp_path: Path) -> None:
    from shoebox.sessions.native import NativeSessions

    native = NativeSessions(tmp_path, write_networks(tmp_path))

    async def wrong() -> None:
        await (await native.open("image")).run({"pixels": np.zeros((1, 2), np.float32)})

    with pytest.raises(SessionError, match="A network failed"):
        asyncio.run(wrong())


@pytest.mark.skipif(not IN_PYODIDE, reason="there is no JavaScript on CPython")
def test_arrays_cross_to_javascript_and_back_unchanged() -> None:
    from shoebox.sessions.javascript import numpy_array, typed_array

    for kind in ("uint8", "int32", "int64", "float32", "float64"):
        array = (np.arange(24) * 10).reshape(2, 3, 4).astype(kind)
        back = numpy_array(typed_array(array))
        assert back.dtype == array.dtype
        np.testing.assert_array_equal(back, array.reshape(-1))
    assert typed_array(b"").length == 0


@pytest.mark.skipif(not IN_PYODIDE, reason="there is no JavaScript on CPython")
def test_plain_data_crosses_to_javascript_and_back_unchanged() -> None:
    import json

    import js

    from shoebox.sessions.javascript import plain, to_javascript

    data: dict[str, Any] = {"text": "Grüße 🐕", "list": [1, 2.5, None, True, {"deep": []}], "none": None, "large": 2**40}
    made, buffers = to_javascript({**data, "bytes": b"abc", "column": np.array([1.5, np.nan])})
    assert json.loads(js.JSON.stringify(made))["list"] == data["list"]
    assert len(buffers) == 2
    back = plain(made)
    assert bytes(back.pop("bytes")) == b"abc"
    np.testing.assert_array_equal(np.asarray(back.pop("column")), [1.5, np.nan])
    assert back == data


@pytest.mark.skipif(not IN_PYODIDE, reason="there is no JavaScript on CPython")
def test_outputs_of_another_size_than_promised_are_refused() -> None:
    from shoebox.sessions.bridge import read_outputs
    from shoebox.sessions.javascript import as_object, typed_array

    output = {"name": "embedding", "type": "float32", "dims": [2, 3], "data": typed_array(np.arange(6, dtype=np.float32))}
    found = read_outputs(as_object([output]))
    np.testing.assert_array_equal(found["embedding"], [[0, 1, 2], [3, 4, 5]])
    with pytest.raises(SessionError, match="embedding"):
        read_outputs(as_object([{**output, "dims": [2, 4]}]))


def test_a_failing_network_is_a_foreseen_error_with_advice() -> None:
    error = SessionError("The graphics processor was lost.")
    assert isinstance(error, ShoeboxError)
    assert "Reload" in str(error)
