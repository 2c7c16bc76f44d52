"""Answers that are asked for once: kept for a while, shared by all who wait, tried again where that may help."""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from mailweave.delivery.sources.addresses import Resolve, resolved
from mailweave.delivery.sources.asking import Answered, Asked, Asker
from mailweave.delivery.sources.failures import NotHad
from mailweave.values.durations import SECOND

Clock: TypeAlias = Callable[[], int]
"""Microseconds since 1970, UTC."""
MOST_KEPT: Final = 16 * 1024 * 1024
"""Bytes of answers that are kept, all together."""
_OWN_SIZE: Final = 1024  # bytes that a kept answer takes beside itself
_TRIES: Final = 3
_FIRST_PAUSE: Final = 0.05  # seconds; each one after it is twice as long


class Kept(NamedTuple):
    """An answer, and the moment at which it came."""

    value: Any
    at: int
    size: int


class Fetcher:
    """Fetches, for as many campaigns as like; used from one event loop at a time.

    clock: microseconds since 1970. resolve: the addresses of a host. jitter: a number from 0 to 1.
    """

    def __init__(
        self,
        *,
        clock: Clock = lambda: time.time_ns() // 1000,
        resolve: Resolve = resolved,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._clock, self._resolve, self._jitter = clock, resolve, jitter
        self._kept: OrderedDict[Asked, Kept] = OrderedDict()
        self._size = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asker = Asker(resolve)
        self._flights: dict[Asked, asyncio.Task[Kept]] = {}

    def now(self) -> int:
        """The moment by its clock."""
        return self._clock()

    async def fetch(self, asked: Asked, ttl: int) -> tuple[Kept, bool]:
        """The answer, and whether it was asked for just now. ttl: for how many microseconds one is good.

        Raises NotHad.
        """
        self._enter()
        found = self._still_good(asked, ttl)
        if found is not None:
            return found, False
        flight = self._flights.get(asked)
        if flight is not None:
            return await asyncio.shield(flight), False
        flight = self._flights[asked] = asyncio.create_task(self._fly(asked))
        flight.add_done_callback(lambda done: self._landed(asked, done, ttl))
        return await asyncio.shield(flight), True  # whoever goes away leaves the others their answer

    def _enter(self) -> None:
        """Connections and flights belong to a loop; in another one, there are new ones."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._asker, self._flights = loop, Asker(self._resolve), {}

    async def _fly(self, asked: Asked) -> Kept:
        await self._asker.prepare(asked.url)
        try:
            async with asyncio.timeout(asked.timeout / SECOND):
                answer = await self._tried(asked)
        except TimeoutError:
            raise NotHad("time") from None
        return Kept(answer.value, self._clock(), answer.size)

    async def _tried(self, asked: Asked) -> Answered:
        """The answer of the first try that has one."""
        for attempt in range(_TRIES):
            try:
                return await self._asker(asked, attempt)
            except NotHad as found:
                if not found.is_passing or attempt == _TRIES - 1:
                    raise
            await asyncio.sleep(_FIRST_PAUSE * 2**attempt * (0.5 + self._jitter()))
        raise AssertionError  # the last try returns or raises

    def _landed(self, asked: Asked, done: asyncio.Task[Kept], ttl: int) -> None:
        if self._flights.get(asked) is done:
            del self._flights[asked]
        is_had = not done.cancelled() and done.exception() is None
        if ttl and is_had:
            self._keep(asked, done.result())

    def _still_good(self, asked: Asked, ttl: int) -> Kept | None:
        found = self._kept.get(asked)
        if found is None or not 0 <= self._clock() - found.at < ttl:
            return None
        self._kept.move_to_end(asked)
        return found

    def _keep(self, asked: Asked, answer: Kept) -> None:
        """Keeps it in place of the one before; what was not asked for longest goes where there is no room."""
        before = self._kept.pop(asked, None)
        self._size += _room(answer) - (_room(before) if before is not None else 0)
        self._kept[asked] = answer
        while self._size > MOST_KEPT:
            self._size -= _room(self._kept.popitem(last=False)[1])

    async def aclose(self) -> None:
        """Closes its connections."""
        await self._asker.aclose()


def _room(kept: Kept) -> int:
    return kept.size + _OWN_SIZE
