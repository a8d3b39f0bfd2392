"""WebGPU, on an adapter in software: the vectors are those of WebAssembly, which goes on where the adapter is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.chrome import SOFTWARE_WEBGPU, kill_gpu
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


def test_a_graphics_processor_that_is_lost_in_the_middle_loses_no_photo(launch_app: Launcher, tmp_path: Path) -> None:
    first, *rest = write_library(tmp_path / "photos", LIBRARY[:6])
    app = launch_app(flags=SOFTWARE_WEBGPU).open()
    if not app.js(ADAPTER):
        pytest.skip("this Chromium offers no WebGPU adapter, not even one in software")
    app.js("() => shoebox.configure({ backend: 'webgpu' })")
    app.reload()
    app.add(first)
    assert app.js("async () => (await shoebox.stats()).backend") == "webgpu"
    app.start_adding(*rest)
    app.page.wait_for_timeout(1500)  # by now the second batch is on the graphics processor, which takes seconds for it
    assert app.js("async () => (await shoebox.stats()).photos") == 1
    kill_gpu(app.profile)
    assert app.js("() => window.adding")["added"] == len(rest)
    stats = app.js("() => shoebox.stats()")
    assert (stats["backend"], stats["photos"]) == ("wasm", len(rest) + 1)
    assert "stopped answering" in stats["backendReason"]
    assert app.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    for vector in stored_vectors(app).values():
        assert abs(float(np.linalg.norm(vector)) - 1) < 0.01
    assert app.search("an astronaut in a space suit")["results"][0]["name"].endswith("astronaut.jpg")
    app.page.goto(f"{app.site.origin}/#/settings")
    expect(app.see("settings")).to_contain_text("The graphics processor stopped answering")
