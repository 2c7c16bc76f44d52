"""Which endpoint answers, by path and method; what there is besides, where none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailweave.delivery.service.asgi import Answer, Endpoint, Receive, Scope, Send
from mailweave.delivery.service.doors import failed
from mailweave.delivery.service.refusals import refusal

UNSUBSCRIBE: Final = "/unsubscribe/{token}"
"""The one address with a part that differs: what stands there is in the scope as `token`."""
_BEFORE: Final = "/unsubscribe/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """A table of paths; each has its methods."""

    table: Mapping[str, Mapping[str, Endpoint]]

    def named(self, path: str) -> str:
        """The address as it is documented; `-` for one that there is not, as nobody knows what a path holds."""
        token = path.removeprefix(_BEFORE)
        is_link = token and token != path and "/" not in token
        name = UNSUBSCRIBE if is_link else path
        return name if name in self.table and (is_link or path != UNSUBSCRIBE) else "-"

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> Answer:
        """What is answered there. Raises Refusal."""
        methods = self.table.get(name)
        if methods is None:
            raise refusal(404, "MW775")
        method = scope["method"]
        endpoint = methods.get("GET" if method == "HEAD" else method)
        return await endpoint(scope, receive, send) if endpoint else _other(methods, method)


def _other(methods: Mapping[str, Endpoint], method: str) -> Answer:
    """OPTIONS says what there is; so does the refusal of another method."""
    known = sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})
    allow = ((b"allow", ", ".join(known).encode()),)
    if method == "OPTIONS":
        return Answer(204, headers=allow)
    found = failed(refusal(405, "MW775"))
    return Answer(405, found.body, outcome=found.outcome, codes=found.codes, headers=allow)
