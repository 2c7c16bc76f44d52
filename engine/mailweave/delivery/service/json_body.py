"""JSON that comes in and goes out: strict and bounded one way, quick the other."""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from mailweave.delivery.service.refusals import refusal
from mailweave.values.json_text import problem_of, read_json

DEEPEST: Final = 72
"""Levels of arrays and objects in a request: those of a context (64), and what a request puts around it."""


def read(body: bytes) -> Any:
    """The value of a body. Raises Refusal for what is no JSON, or is nested too deeply."""
    try:
        value = read_json(body.decode())
    except UnicodeDecodeError:
        raise refusal(400, "MW772", what="it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise refusal(400, "MW772", what=problem_of(error)) from None
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(value):
        raise refusal(400, "MW773", what=f"it is nested more than {DEEPEST} levels deep")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def write(value: Any) -> bytes:
    """The JSON of an answer, in UTF-8; what has no UTF-8 (half of a pair of surrogates) is a question mark.

    >>> write({"subject": "Zo\u00eb"}).decode()
    '{"subject":"Zo\u00eb"}'
    """
    try:
        return orjson.dumps(
            value
        )  # a third of what pydantic's takes for a mail, a tenth of the standard library's
    except orjson.JSONEncodeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")
