"""Which browsers the tests and the benchmark drive: Chromium, and for the tests of every engine Firefox and WebKit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.environment import EnvironmentProblem

VARIABLE = "SHOEBOX_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX_VARIABLE = "SHOEBOX_FIREFOX"
FIREFOX_NAMES = ("firefox-esr", "firefox")
ENGINES = ("firefox", "webkit")
# Debian's packages for each engine; WebKit's browser needs a screen, if only a made-up one.
PACKAGES = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb", "xauth")}
# Where Debian, Fedora and Arch put WebKitGTK's own small browser.
MINI_BROWSERS = (
    "usr/lib/*/webkit2gtk-4.*/MiniBrowser",
    "usr/libexec/webkit2gtk-4.*/MiniBrowser",
    "usr/lib/webkit2gtk-4.*/MiniBrowser",
)


def chromium() -> str | None:
    """Return the path of an installed Chromium, or None where Playwright's own is to be used.

    The variable ``SHOEBOX_CHROMIUM`` wins, then what is on the path.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch_arguments() -> list[str]:
    """Return the arguments that Chromium needs here: its sandbox does not work for root, as in most containers."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def ensure_chromium() -> None:
    """See to it that there is a Chromium: the system's, or else Playwright's own.

    Raises
    ------
    EnvironmentProblem
        If there is none and none could be installed.
    """
    if chromium() or playwrights_own():
        return
    print("No Chromium was found; asking Playwright to install its own …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    if not playwrights_own():
        raise EnvironmentProblem(
            f"The tests need Chromium. Install it (on Debian: apt install chromium), or name one in the variable {VARIABLE}."
        )


def playwrights_own() -> Path | None:
    """Return the path of the Chromium that Playwright has installed for itself, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def firefox() -> str | None:
    """Return the path of an installed Firefox, or None. The variable ``SHOEBOX_FIREFOX`` wins, then what is on the path."""
    named = os.environ.get(FIREFOX_VARIABLE)
    return named or next((path for name in FIREFOX_NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class WebKit:
    """Paths of what it takes to drive WebKit: its driver, its small browser, and the program that gives both a screen."""

    driver: str
    browser: str
    screen: str


def webkit() -> WebKit | None:
    """Return where WebKitGTK is, or None where a part of it is missing."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("xvfb-run")
    browser = next((path for pattern in MINI_BROWSERS for path in Path("/").glob(pattern)), None)
    return WebKit(driver, str(browser), screen) if driver and browser and screen else None


def has_engine(engine: str) -> bool:
    """Tell whether a browser of one of the `ENGINES` is installed."""
    return (firefox() if engine == "firefox" else webkit()) is not None


def ensure_engines(engines: Sequence[str]) -> None:
    """See to it that there is a browser for each of some `ENGINES`, from Debian's packages where one is missing.

    Raises
    ------
    EnvironmentProblem
        If one is missing and could not be installed.
    """
    missing = [engine for engine in engines if not has_engine(engine)]
    packages = [package for engine in missing for package in PACKAGES[engine]]
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {', '.join(packages)} …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"])
        command = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages]
        subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    still = [engine for engine in missing if not has_engine(engine)]
    if still:
        names = " ".join(package for engine in still for package in PACKAGES[engine])
        raise EnvironmentProblem(f"There is no {' and no '.join(still)} to test with. On Debian: apt install {names}")
