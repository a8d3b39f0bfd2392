"""WebGPU, on an adapter in software: the vectors are those of WebAssembly, which goes on where the adapter is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.app import App
from tests.browser.chrome import SOFTWARE_WEBGPU, kill_gpu
from tests.browser.conftest import Launcher
from tests.browser.site import Site
from tests.browser.stored import stored_vectors
from tests.photos import LIBRARY, write_library

ADAPTER = "async () => Boolean(await navigator.gpu?.requestAdapter())"
BACKEND = "async () => (await shoebox.stats()).backend"
# The adapter takes seconds for a photo: after this long it is at work on what was added just before.
AT_WORK_MS = 1500


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_library(tmp_path_factory.mktemp("photos"), LIBRARY[:5])


@pytest.fixture(scope="module")
def gpu(playwright: Playwright, site: Site, photos: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on WebGPU with two photos, added one at a time: in software a full batch takes a minute."""
    app = App(playwright, site, tmp_path_factory.mktemp("gpu") / "profile", flags=SOFTWARE_WEBGPU).open()
    if not app.js(ADAPTER):
        app.close()
        pytest.skip("this Chromium offers no WebGPU adapter, not even one in software")
    app.js("() => shoebox.configure({ backend: 'webgpu' })")
    app.reload()
    for path in photos[:2]:
        app.add(path)
    yield app
    app.close()


def test_webgpu_and_webassembly_give_the_same_vectors(gpu: App, photos: list[Path], launch_app: Launcher) -> None:
    assert gpu.js(BACKEND) == "webgpu"
    wasm = launch_app("wasm").open()
    wasm.js("() => shoebox.configure({ backend: 'wasm' })")
    wasm.add(*photos[:2])
    assert wasm.js(BACKEND) == "wasm"
    one, other = stored_vectors(gpu), stored_vectors(wasm)
    assert one.keys() == other.keys()
    for photo, vector in one.items():
        assert float(np.dot(vector, other[photo])) > 0.999, photo
    assert gpu.problems(allowed=["WebGPU", "GPU"]) == []


def test_a_graphics_processor_that_is_lost_in_the_middle_loses_no_photo(gpu: App, photos: list[Path]) -> None:
    # At the next start nothing is measured again, but what it saw is compared.
    gpu.reload()
    gpu.add(photos[2])
    assert gpu.js(BACKEND) == "webgpu"
    gpu.start_adding(*photos[3:])
    gpu.page.wait_for_timeout(AT_WORK_MS)
    assert gpu.js("async () => (await shoebox.stats()).photos") == 3
    kill_gpu(gpu.profile)
    assert gpu.js("() => window.adding")["added"] == len(photos) - 3
    stats = gpu.js("() => shoebox.stats()")
    assert (stats["backend"], stats["photos"]) == ("wasm", len(photos))
    assert gpu.js("() => shoebox.verify()") == {"ok": True, "problems": []}
    for vector in stored_vectors(gpu).values():
        assert abs(float(np.linalg.norm(vector)) - 1) < 0.01
    assert gpu.search("an astronaut in a space suit")["results"][0]["name"].endswith("astronaut.jpg")
    gpu.page.goto(f"{gpu.site.origin}/#/settings")
    expect(gpu.see("settings")).to_contain_text("The graphics processor stopped answering")
