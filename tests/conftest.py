"""The order of the tests, and which browsers they run in."""

from __future__ import annotations

from pathlib import Path

import pytest

ENGINES = Path(__file__).parent / "engines"
BROWSER = Path(__file__).parent / "browser"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engines firefox,webkit` runs the tests of every engine, which are left out otherwise."""
    parser.addoption("--engines", default="", help="browsers for tests/engines, with commas between them: firefox, webkit")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Firefox and WebKit are driven only where they are asked for."""
    return True if collection_path == ENGINES and not config.getoption("--engines") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first; and Playwright leaves an event loop running on its thread, where no other test can start one."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
