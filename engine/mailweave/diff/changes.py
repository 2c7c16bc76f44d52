"""What changed, one record each, as every format prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from mailweave.diff.judge import PROVED_SAME, Verdict, Witness

Kind: TypeAlias = Literal[
    "segment",
    "tier",
    "let",
    "skip",
    "mailed",
    "eligibility",
    "choice",
    "order",
    "experiment",
    "trigger",
    "triggers",
]
Status: TypeAlias = Literal["changed", "added", "removed", "renamed", "rewritten", "undecided"]


_WORDS: dict[Kind, str] = {
    "segment": "segment {}",
    "tier": "tier {}",
    "let": "let {}",
    "skip": "skip {}",
    "mailed": "who gets mail",
    "eligibility": "who may be shown {}",
    "choice": "slot {}",
    "order": "order in {}",
    "experiment": "experiment {}",
    "trigger": "trigger {}",
    "triggers": "{} of triggers",
}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule whose meaning or whose name changed; `rewritten`: written otherwise, proved to mean the same.

    old, new: how each side says it; of a slot, what whoever shows the change got and gets. through: what it reads whose
    own meaning changed, where its text did not.
    """

    kind: Kind
    name: str
    status: Status
    old: str = ""
    new: str = ""
    verdict: Verdict = PROVED_SAME
    through: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The rule in words: "slot `hero`"."""
        return _WORDS[self.kind].format(f"`{self.name}`")

    @property
    def shown(self) -> tuple[tuple[str, Witness], ...]:
        """Who shows the change, each behind what it shows."""
        old, new = self.verdict.only_old, self.verdict.only_new
        if new is not None and (new is old or self.kind in ("let", "experiment")):  # one shows both sides
            return (("for", new),)
        pairs = (("no longer", old), ("now", new))
        return tuple((word, witness) for word, witness in pairs if witness is not None)

    @property
    def is_meant(self) -> bool:
        """Whether somebody is treated otherwise, or might be."""
        return self.status not in ("renamed", "rewritten")

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        verdict = self.verdict
        return {
            "kind": self.kind,
            "name": self.name,
            "status": self.status,
            "old": self.old,
            "new": self.new,
            "through": list(self.through),
            "only_old": _shown(verdict.only_old),
            "only_new": _shown(verdict.only_new),
            "undecided": list(verdict.undecided),
        }


def _shown(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {"witness": witness.recipient.as_json(), "refused_by": witness.refused}


@dataclass(frozen=True, slots=True)
class Declaration:
    """Declared data that was added, removed or changed; `old` and `new` say what it is."""

    name: str
    status: Literal["added", "removed", "changed"]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that recipients see, or a setting: what it belongs to, and lines that came and went."""

    name: str
    status: Literal["added", "removed", "changed"]
    plus: int
    minus: int
    old: str = ""
    new: str = ""
