"""The order of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first; and Playwright leaves an event loop running on its thread, where no other test can start one."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
