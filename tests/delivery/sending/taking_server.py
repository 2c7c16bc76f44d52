"""A server by aiosmtpd that writes down what it takes before it says so, and is slow now and then."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP


class Book:
    """Every message that was taken, in order."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self._chance = random.Random(7)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Takes the message, and says so a moment later: a sender may be gone by then."""
        self.messages.append(envelope.original_content)
        await asyncio.sleep(self._chance.choice((0, 0, 0, 0.002, 0.01)))
        return "250 2.0.0 taken"


@contextmanager
def taking() -> Iterator[tuple[int, Book]]:
    """A server on this machine: its port, and its book."""
    book, loop = Book(), asyncio.new_event_loop()

    async def listen() -> asyncio.Server:
        make = partial(SMTP, book, data_size_limit=10_000_000, enable_SMTPUTF8=True, loop=loop)
        return await loop.create_server(make, "127.0.0.1", 0)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1], book
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
