"""A made-up recipient in words: what the finding's sentence says of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from mailweave.rules.prover.default_values import normal, plain
from mailweave.rules.prover.recipients import Recipient
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.values.durations import DAY
from mailweave.values.instants import to_instant


def told(schema: Schema, recipient: Recipient) -> str:
    """What is out of the ordinary about a recipient: `2 open 10 days ago, country unknown`."""
    parts = [*_events(recipient), *_fields(schema, recipient)]
    given = recipient.profile.get("consent") or {}
    parts += [f"with consent.{name}" for name in given]
    parts += [f"arm {arm} of {name}" for name, arm in recipient.arms.items()]
    parts += [f"score.{name} {each['value']}" for name, each in recipient.profile.get("scores", {}).items()]
    return "somebody with " + ", ".join(parts) if parts else "somebody of whom nothing is known"


def _events(recipient: Recipient) -> list[str]:
    ages = Counter((event["type"], _age(event, recipient.now)) for event in recipient.events)
    return [f"{number} `{name}` {age}" for (name, age), number in ages.items()]


def _age(event: Any, now: int) -> str:
    age = now - to_instant(event["at"])
    whole = age // DAY
    return f"{whole} day{'' if whole == 1 else 's'} ago" if not age % DAY else f"{age / DAY:.1f} days ago"


def _fields(schema: Schema, recipient: Recipient) -> list[str]:
    found = []
    for field in schema.profile.values():
        value = recipient.profile.get(field.column or field.name)
        if value is None or isinstance(field.type, t.Key):
            continue
        if not field.pii and value != plain(field.type, normal(field)):
            found.append(f"{field.name} {value}")
    return found
