"""Tags and metadata within a provider's limits. What does not fit is refused; where it is dropped, the rest is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from mailweave.delivery.payloads.limits import KEY, Facts, Words
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.message import Email

_Item = TypeVar("_Item")
_HALVES = re.compile(r"[\ud800-\udfff]")
_NUMBERED = re.compile(r"tag(?:-[0-9]+)?")


def tags(email: Email, facts: Facts, refusals: Refusals) -> tuple[str, ...]:
    """The tags, each once."""
    kept = [
        tag
        for at, tag in enumerate(dict.fromkeys(map(whole, email.envelope.tags)), 1)
        if _fits("tags", f"tag {at}", tag, facts.tags.value, facts.tags, refusals)
    ]
    return tuple(_first(kept, facts.tags.most, "tags", "tags", refusals))


def metadata(email: Email, facts: Facts, refusals: Refusals) -> dict[str, str]:
    """The metadata, and the idempotency key under its own name, first."""
    made = {KEY: email.idempotency_key}
    for name, value in (map(whole, pair) for pair in email.envelope.metadata):
        if _named(name, made, facts, refusals) and _pair(name, value, facts, refusals):
            made[name] = value
    kept = dict(_first(list(made.items()), facts.metadata.most, "metadata", "values of metadata", refusals))
    return _together(kept, facts.metadata.together, refusals)


def whole(text: str) -> str:
    """Half a character becomes U+FFFD, as in a message: UTF-8 holds none, and so no JSON does."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def numbered(said: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Tags as pairs, for a provider that has no others.

    >>> list(numbered(("spring", "loyal")))
    [('tag', 'spring'), ('tag-2', 'loyal')]
    """
    yield from ((f"tag-{at}" if at > 1 else "tag", tag) for at, tag in enumerate(said, 1))


def _named(name: str, made: Mapping[str, str], facts: Facts, refusals: Refusals) -> bool:
    """Whether a name is free: letters of another case make no other name (Postmark says so, and none denies it)."""
    taken = name.casefold() in {each.casefold() for each in made}
    if taken or (facts.numbered and _NUMBERED.fullmatch(name)):
        refusals.add(
            "metadata", "MW754", what=f"the name `{name}` of metadata", reason="stands for something else"
        )
        return False
    return True


def _pair(name: str, value: str, facts: Facts, refusals: Refusals) -> bool:
    limits = facts.metadata
    values = replace(limits, form=None) if limits.only_names else limits
    fits = _fits("metadata", f"the name `{name}` of metadata", name, limits.name, limits, refusals)
    return (
        _fits("metadata", f"the value of `{name}` in metadata", value, limits.value, values, refusals)
        and fits
    )


def _fits(feature: str, what: str, text: str, longest: int | None, limits: Words, refusals: Refusals) -> bool:
    reason = _unfit(text, longest, limits)
    if reason:
        refusals.add(feature, "MW754", what=what, reason=reason)
    return not reason


def _unfit(text: str, longest: int | None, limits: Words) -> str:
    if longest is not None and len(text) > longest:
        return f"has {len(text)} characters, more than {longest}"
    if limits.form is not None and not limits.form.fullmatch(text):
        return f"holds other signs than {limits.kind}" if text else "is empty"
    return ""


def _first(items: list[_Item], most: int | None, feature: str, what: str, refusals: Refusals) -> list[_Item]:
    if most is None or len(items) <= most:
        return items
    refusals.add(feature, "MW753", what=what, count=len(items), most=most)
    return items[:most]


def _together(said: dict[str, str], most: int | None, refusals: Refusals) -> dict[str, str]:
    """As many as fit, from the first."""
    size, kept = 0, {}
    for name, value in said.items():
        size += len(name.encode()) + len(value.encode())
        if most is None or size <= most:
            kept[name] = value
    if len(kept) < len(said):
        refusals.add("metadata", "MW751", what="the metadata together", size=size, most=most)
    return kept
