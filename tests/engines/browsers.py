"""The browsers themselves: where they are, and how each is started with an empty profile and its remote control on."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.remote import PATIENCE_S, PAUSE_S, HttpWire, MarionetteWire, RemotePage
from tooling.browser import firefox, webkit

# Nothing that Firefox would fetch for itself at its first start; and a port of its own choice.
FIREFOX_PREFERENCES: dict[str, bool | int | str] = {
    "marionette.port": 0,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


@contextmanager
def running_firefox(origin: str, profile: Path) -> Iterator[RemotePage]:
    """Firefox without a window, on a profile folder of its own."""
    profile.mkdir(parents=True, exist_ok=True)
    written = [f'user_pref("{name}", {_preference(value)});' for name, value in FIREFOX_PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(written))
    port_file = profile / "MarionetteActivePort"
    port_file.unlink(missing_ok=True)
    command = [str(firefox()), "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with _process(command, profile / "output.txt", {"MOZ_CRASHREPORTER_DISABLE": "1"}) as process:
        _until(lambda: port_file.exists() and port_file.read_text().strip() != "", process, profile / "output.txt")
        page = RemotePage(MarionetteWire(int(port_file.read_text())), origin)
        yield page
        page.close()


@contextmanager
def running_webkit(origin: str, profile: Path) -> Iterator[RemotePage]:
    """WebKitGTK's small browser on a screen that nobody sees. What it stores ends with it."""
    profile.mkdir(parents=True, exist_ok=True)
    found = webkit()
    assert found
    port = _free_port()
    # dbus and its like are looked for in the profile, so that nothing of the user's own desktop is touched.
    home = {"HOME": str(profile), "XDG_RUNTIME_DIR": str(profile), "NO_AT_BRIDGE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    command = [found.screen, "-a", found.driver, f"--port={port}"]
    with _process(command, profile / "output.txt", home) as process:
        _until(lambda: _listens(port), process, profile / "output.txt")
        options = {"binary": found.browser, "args": ["--automation"]}
        page = RemotePage(HttpWire(f"http://127.0.0.1:{port}", {"webkitgtk:browserOptions": options}), origin)
        yield page
        page.close()


RUNNING = {"firefox": running_firefox, "webkit": running_webkit}


@contextmanager
def _process(command: list[str], output: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which is ended with all that it has started."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **environment}, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def _until(condition: Callable[[], bool], process: subprocess.Popen[bytes], output: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"The browser did not start:\n{output.read_text(errors='replace')[-2000:]}")
        time.sleep(PAUSE_S)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _preference(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'
