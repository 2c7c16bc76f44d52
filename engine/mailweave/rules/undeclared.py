"""Names in a recipient's data that no rule declares: what is misspelt is silently nothing, unless somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.diagnostics import closest
from mailweave.schema.model import Schema
from mailweave.values.invalid_value import shown

OWNER = "profile"
"""The property of an event that names its recipient."""


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A name that no rule declares.

    `kind`: `attribute`, `consent`, `score`, `list`, `event`, or `recipient` for an event that names another one.
    `field` leads to it (`consent.marketting`), `meant` is the declared name that is near, or None.
    """

    kind: str
    field: str
    meant: str | None = None

    def __str__(self) -> str:
        if self.kind == "recipient":
            return f"{self.field} is the key of another recipient"
        hint = f": did you mean `{self.meant}`?" if self.meant else ""
        return f"{self.field} is {_KINDS[self.kind]} that no rule declares{hint}"


_ROOTS = frozenset({"consent", "scores", "lists"})
_KINDS = {
    "attribute": "an attribute",
    "consent": "a purpose",
    "score": "a score",
    "list": "a list",
    "event": "a type of event",
}


class Names:
    """The declared names of one schema."""

    def __init__(self, schema: Schema) -> None:
        attributes = {field.column or name for name, field in schema.profile.items()}
        self._attributes = frozenset(attributes | _ROOTS)
        lists = {n for one in schema.lists.values() for n in one.given}
        self._members = {
            "consent": ("consent", frozenset(schema.consents)),
            "scores": ("score", frozenset(schema.scores)),
            "lists": ("list", frozenset(lists)),
        }
        self._events = frozenset(schema.events)

    def undeclared(
        self, profile: Mapping[str, Any], events: Iterable[Mapping[str, Any]], key: str
    ) -> Iterator[Undeclared]:
        """Every name that no rule declares, once each. `key`: the attribute that names the recipient."""
        yield from _missed("attribute", "", profile, self._attributes)
        for root, (kind, declared) in self._members.items():
            given = profile.get(root)
            if isinstance(given, Mapping):
                yield from _missed(kind, f"{root}.", given, declared)
        yield from self._of_events(events, profile.get(key))

    def _of_events(self, events: Iterable[Mapping[str, Any]], key: object) -> Iterator[Undeclared]:
        kinds: dict[str, None] = {}
        strangers = False
        for event in events:
            if isinstance(event, Mapping):
                kinds[_text(event.get("type"))] = None
                strangers |= not _is_of(event.get(OWNER), key)
        yield from _missed("event", "events.", kinds, self._events)
        if strangers:
            yield Undeclared("recipient", f"events.{OWNER}")


def _is_of(owner: object, key: object) -> bool:
    """Whether an event that names a recipient, or none, may be one of the recipient with this key."""
    if isinstance(owner, int) and owner.bit_length() <= 64:
        owner = str(owner)
    return owner is None or (isinstance(owner, str) and isinstance(key, str) and owner == key)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _missed(kind: str, place: str, given: Iterable[object], declared: frozenset[str]) -> Iterator[Undeclared]:
    for name in given:
        if not isinstance(name, str) or (name and name not in declared):
            yield Undeclared(kind, place + shown(name), _meant(name, declared))


def _meant(name: object, declared: frozenset[str]) -> str | None:
    if not isinstance(name, str):
        return None
    root = name.partition(".")[0]  # `consent.marketing` is a column of a list; here it stands under `consent`
    return root if root in _ROOTS & declared else closest(name, declared)
