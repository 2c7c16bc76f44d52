"""Work beside the loop, so that a long mail keeps nobody from being heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

_COUNT: Final = 4  # rendering holds the interpreter: more of them would only take turns
_T = TypeVar("_T")


class Threads:
    """A few threads."""

    def __init__(self, count: int = _COUNT) -> None:
        self._pool = ThreadPoolExecutor(count, "mailweave")

    async def run(self, work: Callable[..., _T], *given: object) -> _T:
        """The result of work that takes its time; what it raises is raised."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)
