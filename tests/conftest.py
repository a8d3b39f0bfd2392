"""The order of the tests, and which browsers they run in."""

from __future__ import annotations

from pathlib import Path

import pytest

ENGINES = Path(__file__).parent / "engines"
BROWSER = Path(__file__).parent / "browser"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engines firefox,webkit` runs the tests of every engine, left out otherwise; `--kills 50` kills the tab more often."""
    parser.addoption("--engines", default="", help="browsers for tests/engines, with commas between them: firefox, webkit")
    parser.addoption("--kills", default="4", help="how often tests/browser/test_survival.py kills the tab")
    parser.addoption("--seed", default="1", help="what decides when and how it does")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Firefox and WebKit are driven only where they are asked for."""
    return True if collection_path == ENGINES and not config.getoption("--engines") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first; and Playwright leaves an event loop running on its thread, where no other test can start one."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
