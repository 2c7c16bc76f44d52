"""`POST /render/batch`: NDJSON in, NDJSON out, answered while the request still comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from mailweave.delivery.service.asgi import Answer, Receive, Scope, Send
from mailweave.delivery.service.bodies import PATIENCE, chunks, demand
from mailweave.delivery.service.doors import Doors, Waiting, failed
from mailweave.delivery.service.filling import Filling
from mailweave.delivery.service.line_stream import portions
from mailweave.delivery.service.metrics import Metrics
from mailweave.delivery.service.refusals import own_fault, refusal
from mailweave.delivery.service.shelf import Campaigns
from mailweave.delivery.service.threads import Threads
from mailweave.delivery.service.worker import Lines, answer
from mailweave.delivery.service.workers import Told, Workers

NDJSON: Final = "application/x-ndjson"
Underway: TypeAlias = asyncio.Queue[asyncio.Task[Told] | None]
"""Portions in order, and None behind the last."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sends its answer itself, as an endpoint may.

    Some portions of lines are on their way at a time, with `workers`, else one: the next is read when the answers to the
    first of them are taken, so a client that takes none is read no more. All lines meet the campaigns that were served
    when the request came.
    """

    doors: Doors
    metrics: Metrics
    threads: Threads
    filling: Filling
    workers: Workers | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Answer:
        demand(scope, NDJSON)
        head = [(b"content-type", NDJSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        told = Answer(200)
        try:
            await self._stream(receive, send)
        except ExceptionGroup as group:
            for error in group.exceptions:
                if not isinstance(error, TimeoutError):
                    raise error from None
            told = failed(refusal(408, "MW773", what=f"nothing moved for {PATIENCE:g} seconds"))
            await send({"type": "http.response.body", "body": told.body + b"\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return told

    async def _stream(self, receive: Receive, send: Send) -> None:
        """Portions in, answers out, in order."""
        campaigns = self.doors.shelf.campaigns
        free = asyncio.Semaphore(1 if self.workers is None else self.workers.ahead)
        underway: Underway = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send(underway, free, send))
            coming = portions(_patient(chunks(receive)))
            await free.acquire()
            async for lines in coming:
                underway.put_nowait(group.create_task(self._told(lines, campaigns)))
                await free.acquire()
            underway.put_nowait(None)

    async def _send(self, underway: Underway, free: asyncio.Semaphore, send: Send) -> None:
        while (portion := await underway.get()) is not None:
            found = await portion
            self.metrics.recipients(found.counts)
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": found.body, "more_body": True})
            free.release()

    async def _told(self, lines: Lines, campaigns: Campaigns) -> Told:
        """The answers to a portion; what waits for sources, and what no worker can answer, is answered here."""
        if self.workers is not None:
            found = await self.workers.threads.run(self.workers.told, lines, campaigns)
            if found is not None:
                return found
        begun = await self.threads.run(self.begun, lines, campaigns)
        if not any(isinstance(one, Waiting) for one in begun):
            return Told.of(cast(Sequence[Answer], begun))
        return Told.of(await self._filled(begun))

    async def _filled(self, begun: Sequence[Answer | Waiting]) -> Sequence[Answer]:
        """The answers, for which sources are asked together."""
        waiting = [one for one in begun if isinstance(one, Waiting)]
        filled = iter(await asyncio.gather(*map(self.filling.filled, waiting)))
        ready = [next(filled) if isinstance(one, Waiting) else one for one in begun]
        return await self.threads.run(self.ended, ready)

    def begun(self, lines: Lines, campaigns: Campaigns) -> list[Answer | Waiting]:
        """An answer for each line, in order, or what waits for sources."""
        return [answer(self.doors, campaigns, line) for line in lines]

    def ended(self, ready: Sequence[Answer | Waiting]) -> list[Answer]:
        """An answer for each."""
        return [self._answered(one) if isinstance(one, Waiting) else one for one in ready]

    def _answered(self, ready: Waiting) -> Answer:
        try:
            return self.doors.told(ready)
        except Exception as fault:  # noqa: BLE001 - as for lines
            return failed(own_fault(fault))


async def _patient(coming: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, as long as they keep coming. Raises TimeoutError."""
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                chunk = await anext(coming)
        except StopAsyncIteration:
            return
        yield chunk
