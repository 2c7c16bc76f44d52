"""The judge, one for the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.inlining.node import modules
from tests.inlining.oracle import Judge, launched


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "judge" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def judge(playwright: Any) -> Iterator[Judge]:
    """Chromium that compares documents; the tests are skipped where it is absent."""
    browser = launched(playwright)
    yield Judge(browser)
    browser.close()


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with juice, mjml, foundation-emails; the tests are skipped where it is absent."""
    found = modules()
    if found is None:
        pytest.skip(
            "needs Node and MAILWEAVE_NPM=path/to/node_modules with juice, mjml and foundation-emails"
        )
    return found
