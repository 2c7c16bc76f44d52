"""What stands at the head of a rule text, and its schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from mailweave.rules import nodes as n
from mailweave.rules.checker.declarations import Declarations, zone_exists
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.imports import are_of_two_files
from mailweave.rules.checker.literals import whole
from mailweave.rules.checker.names import Names
from mailweave.schema import types as t
from mailweave.schema.model import Schema, Timezone

N = TypeVar("N", bound=n.Statement)
_CONTENT = (n.Slot, n.Block, n.Matrix, n.Override, n.Experiment, n.ConstantExperiment, n.WaitExperiment)


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    version: int
    budget: int | None
    timezone: Timezone
    budget_node: n.Budget | None


def read(document: n.Document, findings: Findings, names: Names) -> Head:
    """Name, version, zone and budget; a text without slots and blocks may do without a name."""
    ruleset = _only(document, n.Ruleset, findings, "ruleset")
    zone = _only(document, n.Timezone, findings, "timezone")
    budget = _only(document, n.Budget, findings, "budget")
    _profiles(document, findings)
    _check_first(document, ruleset, findings)
    return Head(
        ruleset.name.value if ruleset else document.source.name,
        (whole(ruleset.version) or 0) if ruleset else 0,
        whole(budget.steps) if budget else None,
        _timezone(zone, findings),
        budget,
    )


def _only(document: n.Document, kind: type[N], findings: Findings, word: str) -> N | None:
    found = [statement for statement in document.statements if isinstance(statement, kind)]
    for again in found[1:]:
        see = findings.see("the first one", found[0].span)
        findings.report("MW206", again.span, related=see, word=word)
    return found[0] if found else None


def _profiles(document: n.Document, findings: Findings) -> None:
    """One list of attributes in a text, and one more in each file that it imports."""
    found = [one for one in document.statements if isinstance(one, n.Profile)]
    for at, again in enumerate(found):
        other = next((one for one in found[:at] if not are_of_two_files(document.source, one, again)), None)
        if other is not None:
            see = findings.see("the first one", other.span)
            findings.report("MW206", again.span, related=see, word="profile")


def _check_first(document: n.Document, ruleset: n.Ruleset | None, findings: Findings) -> None:
    if ruleset is not None:
        if document.statements[0] is not ruleset:
            findings.report("MW207", ruleset.span)
        return
    content = next((each for each in document.statements if isinstance(each, _CONTENT)), None)
    if content is not None and document.sound:
        findings.report("MW208", content.span)


def _timezone(node: n.Timezone | None, findings: Findings) -> Timezone:
    if node is None:
        return Timezone()
    zone = node.zone.value if zone_exists(node.zone.value, node.zone.span, findings) else "UTC"
    return Timezone(None if node.attribute is None else node.attribute.id, zone)


def schema(document: n.Document, head: Head, declarations: Declarations) -> Schema:
    """Everything that a text declares about its data."""
    statements = document.statements
    profiles = [each for each in statements if isinstance(each, n.Profile)]
    profile = declarations.profile(field for each in profiles for field in each.fields)
    _check_zone(document, profile, declarations)
    events = {e.name: e for e in (declarations.event(x) for x in _of(statements, n.Event))}
    consents = [purpose.id for each in _of(statements, n.Consent) for purpose in each.purposes]
    scores = (declarations.score(each, events) for each in _of(statements, n.Score))
    lookups = (declarations.lookup(each) for each in _of(statements, n.Lookup))
    catalogs = {c.name: c for c in (declarations.catalog(each) for each in _of(statements, n.Catalog))}
    lists = (declarations.recommended(each, catalogs) for each in _of(statements, n.RecommendedList))
    return Schema(
        profile,
        events,
        tuple(dict.fromkeys(consents)),
        {score.name: score for score in scores if score is not None},
        {lookup.name: lookup for lookup in lookups if lookup is not None},
        catalogs,
        {each.name: each for each in lists if each is not None},
        head.timezone,
    )


def _of(statements: Iterable[n.Statement], kind: type[N]) -> Iterable[N]:
    return (each for each in statements if isinstance(each, kind))


def _check_zone(document: n.Document, profile: dict[str, t.Field], declarations: Declarations) -> None:
    for node in _of(document.statements, n.Timezone):
        name = node.attribute
        if name is None:
            continue
        field = profile.get(name.id)
        if field is None:
            declarations.names.unknown("attribute", name.id, name.span, profile)
        elif not isinstance(field.type, t.Zone):
            declarations.findings.report("MW230", name.span, found=field.type, wanted=t.Zone())
