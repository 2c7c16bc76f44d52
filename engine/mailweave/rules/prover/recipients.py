"""A made-up recipient at one moment, as plain data that every door of mailweave takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailweave.values.instants import iso, to_datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """`profile` with `consent`, `scores` and `lists` beside its attributes; `now` in microseconds.

    `arms` of experiments on constants: the recipient is in these and in no others. An example that is told has a name
    with which the hash says so, too.
    """

    profile: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]
    now: int
    context: Mapping[str, Any] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The moment of the decision."""
        return to_datetime(self.now)

    def as_json(self) -> dict[str, Any]:
        """One object: the profile with `events` and `now`, and the `context` where there is one."""
        whole = {**self.profile, "events": [dict(event) for event in self.events], "now": iso(self.now)}
        return {**whole, "context": dict(self.context)} if self.context else whole
