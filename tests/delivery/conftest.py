"""What the tests of this folder share: an event loop of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_running_loop() -> Iterator[None]:
    """A browser that another test of this process has opened leaves its loop marked as running, though nothing of it
    runs meanwhile; `asyncio.run` would refuse to begin another."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
