"""The bodies of requests: of the media type that is asked for, of bounded size, in bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from mailweave.delivery.service.asgi import Receive, Scope, header
from mailweave.delivery.service.refusals import refusal

PATIENCE: Final = 30.0
"""Seconds for a body, for the next bytes of a stream, and for a client that takes none of its answers."""


class Gone(Exception):
    """Whoever asked went away before the request was whole."""


def demand(scope: Scope, media: str) -> None:
    """Raises Refusal for another media type: a page of another site can send no such one unasked."""
    if header(scope, b"content-type").partition(";")[0].strip().lower() != media:
        raise refusal(415, "MW772", place="content-type", what=f"send it as {media}")


async def chunks(receive: Receive) -> AsyncIterator[bytes]:
    """What comes of a body. Raises Gone."""
    goes_on = True
    while goes_on:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        goes_on = message.get("more_body", False)
        yield message.get("body", b"")


async def body_of(receive: Receive, most: int) -> bytes:
    """The whole body. Raises Refusal for one that is too large, or takes too long, and Gone."""
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in chunks(receive):
                found += chunk
                if len(found) > most:
                    raise refusal(413, "MW773", what=f"it has more than {most:,} bytes")
    except TimeoutError:
        raise refusal(408, "MW773", what=f"it took more than {PATIENCE:g} seconds to come") from None
    return bytes(found)
