"""One thing that a provider says happened to a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "accepted", "delivered", "deferred", "bounced", "rejected",
    "opened", "clicked", "complained", "unsubscribed", "other",
]  # fmt: skip
"""What happened. `accepted`: the provider took the mail; `rejected`: it did not send it; `other`: anything else."""

Reason: TypeAlias = Literal["", "invalid", "bounced", "timed_out", "blocked", "spam", "unsubscribed", "other"]
"""Why a mail did not arrive or is not wanted; empty where nothing is said."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a provider says of who it was: the address, the network's address, the program, the answer of a server."""

    address: str = ""
    ip: str = ""
    user_agent: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One event of one mail.

    `id` is the same however often the provider tells it. `at` is when it happened, in UTC; the instant of the call
    where the provider does not say. `provider_kind` is the provider's word. `key` is the idempotency key of the mail,
    None where its metadata did not hold it; `message_id` is the provider's name for the mail. `machine`: whether a
    program opened or clicked; None where nobody can tell. `url` is where a click led. `permanent`: whether a bounce is
    one for good; None where that is not said. `person` is None unless it was asked for.
    """

    kind: Kind
    id: str
    at: datetime
    provider: str
    provider_kind: str
    key: str | None = None
    message_id: str = ""
    machine: bool | None = None
    url: str = ""
    permanent: bool | None = None
    reason: Reason = ""
    tags: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    person: Person | None = field(default=None, repr=False)

    def as_event(self, profile: str | None = None) -> dict[str, Any]:
        """The event as campaigns and files of events take it. profile: the key of the recipient, for a file.

        >>> from datetime import UTC
        >>> bounce = DeliveryEvent("bounced", "ses:1", datetime(2026, 11, 22, 9, tzinfo=UTC), "ses", "Bounce",
        ...     permanent=True, reason="bounced")
        >>> bounce.as_event("42")["at"], bounce.as_event("42")["permanent"]
        ('2026-11-22T09:00:00+00:00', True)
        """
        said = {
            "profile": profile,
            "type": self.kind,
            "at": self.at.isoformat(),
            "event_id": self.id,
            "mail": self.key,
            **{name: getattr(self, name) for name in _FIELDS.get(self.kind, ())},
        }
        return {name: value for name, value in said.items() if value not in (None, "")}


_FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "bounced": ("permanent", "reason"),
        "rejected": ("reason",),
        "opened": ("machine",),
        "clicked": ("machine", "url"),
        "other": ("provider_kind",),
    }
)
