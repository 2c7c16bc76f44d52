"""Who is who: every declared name, its kind, and names that clash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.meant import meant
from mailweave.source import Span


@dataclass(slots=True)
class Namespace:
    """Names of which each may be declared once; `kinds` are said in findings. `clashing`: those declared again."""

    declared: dict[str, tuple[str, n.Node]] = field(default_factory=dict)
    clashing: set[str] = field(default_factory=set)
    _folded: dict[str, n.Name] = field(default_factory=dict)

    def add(self, name: n.Name, kind: str, node: n.Node, findings: Findings) -> bool:
        """Declares a name, unless it clashes with an earlier one."""
        earlier = self._folded.get(name.id.casefold())
        if earlier is not None:
            code = "MW201" if earlier.id == name.id else "MW202"
            see = findings.see("the earlier one", earlier.span)
            help = _shared(self.kind(earlier.id), kind)
            findings.report(code, name.span, help=help, related=see, name=name.id, other=earlier.id)
            self.clashing.add(name.id)
            return False
        self._folded[name.id.casefold()] = name
        self.declared[name.id] = (kind, node)
        return True

    def kind(self, name: str) -> str | None:
        """What a name stands for: `attribute`, `let`, `segment`, ..."""
        found = self.declared.get(name)
        return None if found is None else found[0]

    def of(self, *kinds: str) -> list[str]:
        """The names of some kinds, in file order."""
        return [name for name, (kind, _) in self.declared.items() if kind in kinds]


def _shared(earlier: str | None, kind: str) -> str:
    """Advice where things of two kinds have one name."""
    if earlier is None or earlier == kind:
        return ""
    return f"it is the name of {article(earlier)}, too, and these share their names: rename the {kind}"


@dataclass(slots=True)
class Names:
    """All names of a text. `used` collects those that something refers to, by namespace and name.

    `is_whole`: whether all that it imports was read, so that what is not found is unknown.
    """

    findings: Findings
    broken: frozenset[str]
    values: Namespace = field(default_factory=Namespace)  # attributes, events, lets, segments, tiers, lookups
    content: Namespace = field(default_factory=Namespace)  # slots and blocks
    scores: Namespace = field(default_factory=Namespace)
    consents: Namespace = field(default_factory=Namespace)
    catalogs: Namespace = field(default_factory=Namespace)
    lists: Namespace = field(default_factory=Namespace)
    experiments: Namespace = field(default_factory=Namespace)
    skips: Namespace = field(default_factory=Namespace)
    matrices: Namespace = field(default_factory=Namespace)
    used: set[str] = field(default_factory=set)
    is_whole: bool = True

    def unknown(self, what: str, name: str, span: Span, known: Iterable[str]) -> None:
        """Reports an unknown name, unless the statement that declares it has mistakes of its own, clashes, or may stand
        in a file that could not be imported."""
        if not self.is_whole or name in self.broken | self.values.clashing | self.content.clashing:
            return
        help = self._elsewhere(what, name) or meant(what, name, known)
        self.findings.report("MW203", span, help=help, what=what, name=name)

    def _elsewhere(self, what: str, name: str) -> str:
        """Where a name is declared that is unknown here."""
        if what == "name" and name in self.consents.declared:
            return f"write `consent.{name}`"
        if what == "name" and name in self.scores.declared:
            return f"write `score.{name}`"
        if what in ("name", "segment"):
            return self._of_tier(name)
        return ""

    def _of_tier(self, name: str) -> str:
        for tier in self.values.of("tier"):
            node = self.values.declared[tier][1]
            if isinstance(node, n.Tier) and name in _members(node):
                return (
                    f"it is a line of the tier `{tier}`: "
                    f"declare `segment {name}_ones = {tier} == {name}`, and name that"
                )
        return ""


def _members(tier: n.Tier) -> list[str]:
    found = [*(member.name for member in tier.members), tier.otherwise]
    return [name.id for name in found if name is not None]


def article(kind: str) -> str:
    """`an attribute`, `a tier`."""
    return f"an {kind}" if kind[:1] in "aeio" else f"a {kind}"


def collect(document: n.Document, findings: Findings) -> Names:
    """Every name that a text declares."""
    names = Names(findings, document.broken)
    for statement in document.statements:
        _declare(statement, names, findings)
    for statement in document.statements:
        if isinstance(statement, n.Let):
            _check_parameters(statement, names, findings)
    return names


def _check_parameters(let: n.Let, names: Names, findings: Findings) -> None:
    """A parameter has a name of its own, so that its `let` reads the same wherever it stands."""
    seen: set[str] = set()
    for parameter in let.parameters:
        kind = names.values.kind(parameter.id)
        if kind is not None or parameter.id in seen:
            other = "another parameter" if kind is None else article(kind)
            findings.report("MW209", parameter.span, name=parameter.id, other=other)
        seen.add(parameter.id)


def _declare(statement: n.Statement, names: Names, findings: Findings) -> None:
    match statement:
        case n.Profile(fields=fields):
            for each in fields:
                names.values.add(each.name, "attribute", each, findings)
        case n.Event():
            names.values.add(statement.name, "event", statement, findings)
        case n.Let():
            names.values.add(statement.name, "let", statement, findings)
        case n.Segment():
            names.values.add(statement.name, "segment", statement, findings)
        case n.Tier():
            names.values.add(statement.name, "tier", statement, findings)
        case n.Lookup():
            names.values.add(statement.name, "lookup", statement, findings)
        case n.Slot():
            names.content.add(statement.name, "slot", statement, findings)
        case n.Block():
            names.content.add(statement.name, "block", statement, findings)
        case n.Consent(purposes=purposes):
            for purpose in purposes:
                names.consents.add(purpose, "consent", statement, findings)
        case _:  # the rest stands there: mypy says what is missing
            _declare_apart(statement, names, findings)


_Apart: TypeAlias = (
    n.Score
    | n.Catalog
    | n.RecommendedList
    | n.AnyExperiment
    | n.Skip
    | n.Matrix
    | n.Override
    | n.Trigger
    | n.QuietHours
    | n.MailCap
    | n.Test
    | n.Ruleset
    | n.Import
    | n.Timezone
    | n.Budget
)


def _declare_apart(statement: _Apart, names: Names, findings: Findings) -> None:
    match statement:
        case n.Score():
            names.scores.add(statement.name, "score", statement, findings)
        case n.Catalog():
            names.catalogs.add(statement.name, "catalog", statement, findings)
        case n.RecommendedList():
            names.lists.add(statement.name, "list", statement, findings)
        case n.Experiment() | n.ConstantExperiment() | n.WaitExperiment():
            names.experiments.add(statement.name, "experiment", statement, findings)
        case n.Skip():
            names.skips.add(statement.name, "skip", statement, findings)
        case n.Matrix(name=n.Name() as name):
            names.matrices.add(name, "matrix", statement, findings)
        case n.Trigger() | n.QuietHours() | n.MailCap():
            pass  # the names of mails are declared as segments (see `triggered`)
        case n.Matrix() | n.Override() | n.Test() | n.Ruleset():
            pass  # nothing is named here
        case n.Import() | n.Timezone() | n.Budget():
            pass  # nothing is named here
