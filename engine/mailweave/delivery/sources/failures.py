"""Why a source gave no value: a word for counts, which holds nothing of a URL or an answer."""

from __future__ import annotations

from typing import Literal, TypeAlias

Why: TypeAlias = Literal[
    "address", "bearer", "connection", "form", "limit", "pick", "status", "time", "type", "url"
]
"""An address that is not public, or that no name leads to; no token in the environment; no connection; no JSON, or not
plain, or too deep; too large; nothing where `pick` leads; a status that is not 200; out of time; another type than the
rules declare; no URL for this recipient."""


class NotHad(Exception):
    """No value, and why. `is_passing`: whether the next try may have it."""

    def __init__(self, why: Why, *, is_passing: bool = False) -> None:
        super().__init__(why)
        self.why: Why = why
        self.is_passing = is_passing
