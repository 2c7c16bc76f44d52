"""Refusals at the border."""

from __future__ import annotations


class Refused(ValueError):
    """A value that does not fit; `reason` speaks of it and never quotes it.

    `path` leads to the value inside a record: `.price`.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
