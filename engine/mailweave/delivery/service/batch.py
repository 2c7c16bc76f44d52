"""`POST /render/batch`: NDJSON in, NDJSON out, answered while the request still comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from mailweave.delivery.service.asgi import Answer, Receive, Scope, Send
from mailweave.delivery.service.bodies import PATIENCE, chunks, demand
from mailweave.delivery.service.doors import Doors, Waiting, failed
from mailweave.delivery.service.filling import Filling
from mailweave.delivery.service.line_stream import LONGEST_LINE, portions
from mailweave.delivery.service.metrics import Metrics
from mailweave.delivery.service.refusals import own_fault, refusal
from mailweave.delivery.service.shelf import Campaigns
from mailweave.delivery.service.threads import Threads

NDJSON: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Batch:
    """Sends its answer itself, as an endpoint may.

    A portion of lines is read when the answers to the one before are taken, so a client that takes none is read no more.
    All lines meet the campaigns that were served when the request came.
    """

    doors: Doors
    metrics: Metrics
    threads: Threads
    filling: Filling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Answer:
        demand(scope, NDJSON)
        head = [(b"content-type", NDJSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        told = Answer(200)
        try:
            await self._stream(receive, send)
        except TimeoutError:
            told = failed(refusal(408, "MW773", what=f"nothing moved for {PATIENCE:g} seconds"))
            await send({"type": "http.response.body", "body": told.body + b"\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return told

    async def _stream(self, receive: Receive, send: Send) -> None:
        campaigns = self.doors.shelf.campaigns
        async for lines in portions(_patient(chunks(receive))):
            found = await self._whole(await self.threads.run(self.begun, lines, campaigns))
            self.metrics.recipients(Counter((one.campaign, one.outcome) for one in found))
            body = b"".join(part for one in found for part in (one.body, b"\n"))
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _whole(self, begun: Sequence[Answer | Waiting]) -> Sequence[Answer]:
        """The answers, for which sources are asked together."""
        waiting = [one for one in begun if isinstance(one, Waiting)]
        if not waiting:
            return cast(Sequence[Answer], begun)
        filled = iter(await asyncio.gather(*map(self.filling.filled, waiting)))
        ready = [next(filled) if isinstance(one, Waiting) else one for one in begun]
        return await self.threads.run(self.ended, ready)

    def begun(self, lines: Sequence[bytes], campaigns: Campaigns) -> list[Answer | Waiting]:
        """An answer for each line, in order, or what waits for sources."""
        return [self._line(line, campaigns) for line in lines]

    def ended(self, ready: Sequence[Answer | Waiting]) -> list[Answer]:
        """An answer for each."""
        return [self._told(one) if isinstance(one, Waiting) else one for one in ready]

    def _told(self, ready: Waiting) -> Answer:
        try:
            return self.doors.told(ready)
        except Exception as fault:  # noqa: BLE001 - as for lines
            return failed(own_fault(fault))

    def _line(self, line: bytes, campaigns: Campaigns) -> Answer | Waiting:
        if len(line) > LONGEST_LINE:
            return failed(refusal(413, "MW773", what=f"a line has more than {LONGEST_LINE:,} bytes"))
        try:
            return self.doors.about("render", line, campaigns)
        except Exception as fault:  # noqa: BLE001 - one line never ends the stream; its trace would print its data
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
