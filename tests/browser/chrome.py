"""Starting real Chromium with a profile of its own, quiet enough that whatever it sends is sent by the page."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

from tooling.browser import chromium, launch_arguments

QUIET = (
    *launch_arguments(),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
)

# An adapter in software: slow, but its results are those of a real one.
SOFTWARE_WEBGPU = (
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan,WebGPU",
    "--ignore-gpu-blocklist",
)


def launch(playwright: Playwright, profile: Path, flags: Sequence[str] = (), **options: Any) -> BrowserContext:
    """Start Chromium with the profile folder `profile`; what is stored there survives the context's end.

    Parameters
    ----------
    flags : sequence of str
        Further switches of the command line.
    options
        Passed on to Playwright's `launch_persistent_context`.
    """
    options.setdefault("viewport", {"width": 1280, "height": 800})
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium(), args=[*QUIET, *flags], headless=True, **options
    )


def browser_process(profile: Path) -> int:
    """The process id of the browser that uses `profile`, from the lock that Chromium keeps there."""
    lock = os.readlink(profile / "SingletonLock")
    return int(lock.rpartition("-")[2])


def kill(profile: Path) -> None:
    """End the browser that uses `profile` at once, as a crash or a power cut would, and clear its lock away."""
    os.kill(browser_process(profile), signal.SIGKILL)
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (profile / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Memory:
    """What memory a process takes.

    Attributes
    ----------
    resident : int
        Bytes in memory, with those of the browser's own program, which all its processes share.
    private : int
        Bytes that are its own, in memory or swapped out: what the browser's task manager shows.
    """

    resident: int
    private: int


def renderer_processes(profile: Path) -> dict[int, Memory]:
    """The renderers below the browser that uses `profile`, by process id; empty where /proc is missing."""
    found: dict[int, Memory] = {}
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            command = (folder / "cmdline").read_bytes()  # forked processes write theirs as one text with spaces
        except (OSError, ValueError):
            continue  # it ended while we looked
        process = int(folder.name)
        parents[process] = int(status["PPid"])
        if b"--type=renderer" in command and "VmRSS" in status:
            resident, anonymous, swapped = (1024 * int(status[key].split()[0]) for key in ("VmRSS", "RssAnon", "VmSwap"))
            found[process] = Memory(resident, anonymous + swapped)
    root = browser_process(profile)
    return {process: size for process, size in found.items() if root in _ancestors(process, parents)}


def kill_gpu(profile: Path) -> None:
    """End the process that speaks to the graphics processor for the browser that uses `profile`, as a driver's crash does."""
    parents: dict[int, int] = {}
    candidates: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if b"--type=gpu-process" in (folder / "cmdline").read_bytes():
                candidates.append(int(folder.name))
        except OSError:
            continue  # it ended while we looked
    root = browser_process(profile)
    for process in candidates:
        if root in _ancestors(process, parents):
            os.kill(process, signal.SIGKILL)


def _ancestors(process: int, parents: dict[int, int]) -> set[int]:
    line: set[int] = set()
    while process in parents and process not in line:
        line.add(process)
        process = parents[process]
    return line
