"""Which Chromium the browser tests and the benchmark drive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tooling.environment import EnvironmentProblem

VARIABLE = "SHOEBOX_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
