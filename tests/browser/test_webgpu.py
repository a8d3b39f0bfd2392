"""WebGPU, on an adapter in software: the vectors are those of WebAssembly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.browser.chrome import SOFTWARE_WEBGPU
from tests.browser.conftest import Launcher
from tests.browser.stored import stored_vectors
from tests.photos import LIBRARY, write_library

ADAPTER = "async () => Boolean(await navigator.gpu?.requestAdapter())"


def test_webgpu_and_webassembly_give_the_same_vectors(launch_app: Launcher, tmp_path: Path) -> None:
    # One at a time: in software a full batch takes a minute.
    photos = write_library(tmp_path / "photos", LIBRARY[:2])
    gpu = launch_app("gpu", flags=SOFTWARE_WEBGPU).open()
    if not gpu.js(ADAPTER):
        pytest.skip("this Chromium offers no WebGPU adapter, not even one in software")
    gpu.js("() => shoebox.configure({ backend: 'webgpu' })")
    gpu.reload()
    for path in photos:
        gpu.add(path)
    assert gpu.js("async () => (await shoebox.stats()).backend").lower().startswith("webgpu")
    wasm = launch_app("wasm").open()
    wasm.js("() => shoebox.configure({ backend: 'wasm' })")
    wasm.add(*photos)
    assert wasm.js("async () => (await shoebox.stats()).backend").lower().startswith("wasm")
    one, other = stored_vectors(gpu), stored_vectors(wasm)
    assert one.keys() == other.keys()
    for photo, vector in one.items():
        assert float(np.dot(vector, other[photo])) > 0.999, photo
    assert gpu.problems(allowed=["WebGPU", "GPU"]) == []
