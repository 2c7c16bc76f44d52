"""The few types of ASGI, and what an address answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body with its media type, more headers; and what logs and metrics may know of it, no word of anybody's
    data. `campaign` is empty where none that is served was named."""

    status: int
    body: bytes = b""
    campaign: str = ""
    outcome: str = "answered"
    codes: tuple[str, ...] = ()
    media: str = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


Endpoint: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[Answer]]
"""Answers at an address; one that sends its answer itself says in the end what it was."""


def header(scope: Scope, name: bytes) -> str:
    """A header of the request; empty where there is none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")
