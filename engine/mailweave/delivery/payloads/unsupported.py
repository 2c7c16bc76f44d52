"""What a provider cannot say: found all at once, named, and dropped only where the caller says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from mailweave.diagnostics import ArgumentError, Diagnostic, MailweaveError, diagnose
from mailweave.diagnostics.suggest import did_you_mean

DROPPABLE: Final = (
    "amp",
    "attachments",
    "custom_headers",
    "invitation",
    "metadata",
    "return_path",
    "tags",
    "to_name",
)
"""What an e-mail can do without."""


class Unsupported(MailweaveError):
    """An e-mail holds what `provider` cannot say. `features` names it, as `drop` takes it; `diagnostics` tell each.

    >>> raise Unsupported([diagnose("MW750", provider="resend", what="an AMP part", feature="amp")], "resend", ["amp"])
    Traceback (most recent call last):
    mailweave.delivery.payloads.unsupported.Unsupported: MW750 `resend` has no place for an AMP part
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], provider: str, features: Iterable[str]) -> None:
        super().__init__(diagnostics)
        self.provider = provider
        self.features = tuple(dict.fromkeys(features))

    def __reduce__(self) -> tuple[type[Unsupported], tuple[object, ...]]:  # type: ignore[override]  # more arguments
        return type(self), (self.diagnostics, self.provider, self.features)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What is found in one e-mail that its provider cannot say. `place`: the campaign. `dropped`: what may be lost."""

    provider: str
    place: str
    dropped: frozenset[str]
    _found: list[tuple[str, Diagnostic]] = field(default_factory=list)

    def add(self, feature: str, code: str, **facts: Any) -> None:
        """`feature` cannot be said, as `code` tells; where the caller drops it, that is no matter."""
        if feature not in self.dropped:
            told = diagnose(code, place=self.place, provider=self.provider, feature=feature, **facts)
            self._found.append((feature, told))

    def settle(self) -> None:
        """Raises Unsupported with all that was found."""
        if self._found:
            features, diagnostics = zip(*self._found, strict=True)
            raise Unsupported(diagnostics, self.provider, features)


def droppable(names: Collection[str]) -> frozenset[str]:
    """What may be lost, by names. Raises ArgumentError (MW756) for what is none."""
    given = (names,) if isinstance(names, str) else names
    for name in given:
        if name not in DROPPABLE:
            told = f"some of {', '.join(DROPPABLE)}"
            raise ArgumentError("MW756", "drop", told, "another name", did_you_mean(name, DROPPABLE))
    return frozenset(given)
