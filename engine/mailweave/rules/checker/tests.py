"""The tests inside a rule text: their data, checked against the schema, and what they expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mailweave.diagnostics import did_you_mean
from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules.checker.expressions import Expressions
from mailweave.rules.reserved import EMPTY
from mailweave.schema import types as t
from mailweave.schema.plain import plain
from mailweave.source import Span


class TestReader:
    """Reads tests. Data comes out plain, as a caller would give it."""

    __test__ = False  # pytest takes it for a test

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.findings = expressions.findings
        self.names = expressions.names
        self.schema = expressions.schema

    def test(self, node: n.Test) -> c.Test | None:
        """A test; None when something in it was at fault."""
        items = self._items(node)
        before = len(self.findings.found)
        now = self._now(node, items)
        facts = tuple(fact for each in node.items if isinstance(each, n.Expect) for fact in self._facts(each))
        if not facts:
            self.findings.report("MW341", node.name.span, missing="expect")
        events = [self._event(each) for each in self._each(items, n.GivenEvents)]
        read = c.Test(
            node.name.value,
            node.name.span,
            self._pairs(self._each(items, n.GivenProfile), self.schema.profile, "attribute"),
            tuple(self._consent(purpose) for purpose in self._each(items, n.GivenConsent)),
            tuple(event for event in events if event is not None),
            self._scores(self._each(items, n.GivenScores)),
            self._lookups(self._each(items, n.GivenLookups)),
            self._lists(self._each(items, n.GivenLists)),
            self._arms(node.items),
            now,
            facts,
        )
        return read if len(self.findings.found) == before else None

    def _items(self, node: n.Test) -> dict[type[n.Node], n.TestItem]:
        found: dict[type[n.Node], n.TestItem] = {}
        for item in node.items:
            if type(item) in found and not isinstance(item, n.Expect | n.GivenArm):
                self.findings.report("MW340", item.span)
            found.setdefault(type(item), item)
        return found

    def _each(self, items: Mapping[type[n.Node], n.TestItem], kind: type[n.Node]) -> tuple[Any, ...]:
        """The parts of the item of a kind, if the test has it."""
        item = items.get(kind)
        match item:
            case n.GivenProfile(pairs=parts) | n.GivenLists(pairs=parts):
                return parts
            case n.GivenConsent(purposes=purposes):
                return purposes
            case n.GivenEvents(events=events):
                return events
            case n.GivenScores(scores=scores):
                return scores
            case n.GivenLookups(lookups=lookups):
                return lookups
            case n.GivenArm() | n.Now() | n.Expect() | None:
                return ()

    def _now(self, node: n.Test, items: Mapping[type[n.Node], n.TestItem]) -> int:
        item = items.get(n.Now)
        if not isinstance(item, n.Now):
            self.findings.report("MW341", node.name.span, missing="now")
            return 0
        return self.expressions.literals.instant(item.instant) or 0

    # ---- data

    def _pairs(self, pairs: Iterable[n.Pair], fields: Mapping[str, t.Field], what: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for pair in pairs:
            field = fields.get(pair.name.id)
            if field is None:
                self.names.unknown(what, pair.name.id, pair.name.span, fields)
            elif pair.name.id in found:
                self.findings.report("MW201", pair.name.span, name=pair.name.id)
            else:
                found[field.name] = self._value(pair.value, field.type)
        return found

    def _value(self, node: n.Value, type_: t.Type) -> Any:
        match node, type_:
            case n.Many(items=items), t.SetOf(item=inner):
                return [self._value(item, inner) for item in items]
            case n.Many(items=items), t.ListOf(fields=fields):
                named = {field.name: field for field in fields}
                return [self._record(item, named, type_) for item in items]
            case n.Many() | n.Record(), _:
                self._mismatch(node.span, "a list" if isinstance(node, n.Many) else "a record", type_)
            case _, t.SetOf() | t.ListOf():
                self._mismatch(node.span, "one value", type_)
            case _:  # every other pair is a literal and a type of one value
                constant = self.expressions.declarations.constant(node, type_)
                return None if constant is None else plain(constant.value, type_)
        return None

    def _mismatch(self, span: Span, found: str, wanted: t.Type) -> None:
        self.findings.report("MW230", span, found=found, wanted=wanted)

    def _record(self, node: n.Value, fields: Mapping[str, t.Field], type_: t.Type) -> Any:
        if isinstance(node, n.Record):
            return self._pairs(node.pairs, fields, "field")
        self._mismatch(node.span, "one value", type_)
        return None

    def _consent(self, name: n.Name) -> str:
        if self.names.consents.kind(name.id) is None:
            self.names.unknown("consent", name.id, name.span, self.names.consents.declared)
        return name.id

    def _event(self, node: n.GivenEvent) -> c.TestEvent | None:
        event = self.schema.events.get(node.name.id)
        ago = self.expressions.literals.duration(node.ago)
        if event is None:
            self.names.unknown("event", node.name.id, node.name.span, self.schema.events)
            return None
        if ago is not None and event.keep is not None and ago > event.keep:
            self.findings.report("MW342", node.ago.span, event=event.name)
        return c.TestEvent(event.name, self._pairs(node.pairs, event.fields, "field"), ago or 0)

    def _scores(self, nodes: Iterable[n.GivenScore]) -> dict[str, c.TestScore]:
        found: dict[str, c.TestScore] = {}
        for node in nodes:
            score = self.schema.scores.get(node.name.id)
            age = 0 if node.age is None else self.expressions.literals.duration(node.age)
            if score is None:
                self.names.unknown("score", node.name.id, node.name.span, self.schema.scores)
                continue
            found[score.name] = c.TestScore(self._value(node.value, score.type), age or 0)
        return found

    def _lookups(self, nodes: Iterable[n.GivenLookup]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for node in nodes:
            lookup = self.schema.lookups.get(node.name.id)
            if lookup is None:
                self.names.unknown("lookup", node.name.id, node.name.span, self.schema.lookups)
                continue
            key = self._value(node.key, lookup.key)
            found.setdefault(lookup.name, {})[key] = self._value(node.value, lookup.type)
        return found

    def _lists(self, pairs: Iterable[n.Pair]) -> dict[str, tuple[Any, ...]]:
        found: dict[str, tuple[Any, ...]] = {}
        for pair in pairs:
            declared = self.schema.lists.get(pair.name.id)
            catalog = None if declared is None else self.schema.catalogs.get(declared.catalog)
            if declared is None or catalog is None:
                self.names.unknown("list", pair.name.id, pair.name.span, self.schema.lists)
                continue
            key = catalog.fields.get(catalog.key)
            if key is not None:
                found[declared.name] = tuple(self._value(pair.value, t.SetOf(key.type)) or ())
        return found

    def _arms(self, items: Iterable[n.TestItem]) -> dict[str, str]:
        found: dict[str, str] = {}
        for item in items:
            if not isinstance(item, n.GivenArm):
                continue
            name = item.experiment
            declared = self.names.experiments.declared.get(name.id)
            if declared is None:
                self.names.unknown("experiment", name.id, name.span, self.names.experiments.declared)
                continue
            arms = [arm.name.id for arm in n.arms(declared[1])]
            if item.arm.id not in arms:
                self.names.unknown("arm", item.arm.id, item.arm.span, arms)
            if isinstance(declared[1], n.WaitExperiment):
                self.findings.report("MW367", item.span, name=name.id)
            found[name.id] = item.arm.id
        return found

    # ---- expectations

    def _facts(self, node: n.Expect) -> Iterable[c.Fact]:
        for fact in node.facts:
            found = self._fact(fact)
            if found is not None:
                yield found

    def _fact(self, node: n.Fact) -> c.Fact | None:
        match node:
            case n.IsIn(segment=name) | n.IsOut(segment=name):
                return self._membership(name, node)
            case n.IsSkipped(code=name):
                if self.names.skips.kind(name.id) is None:
                    self.names.unknown("skip", name.id, name.span, self.names.skips.declared)
                    return None
                return c.Fact("skip", name.id, (), node.span)
            case n.IsAnswer():
                return self._answer(node)

    def _membership(self, name: n.Name, node: n.Fact) -> c.Fact | None:
        kind = self.names.values.kind(name.id)
        self.names.used.add(name.id)
        if kind == "segment":
            return c.Fact("in" if isinstance(node, n.IsIn) else "out", name.id, (), node.span)
        if kind == "tier" or self.names.content.kind(name.id) == "slot":
            self.findings.report("MW343", name.span, name=name.id, kind=kind or "slot")
        else:
            self.names.unknown("segment", name.id, name.span, self.names.values.of("segment"))
        return None

    def _answer(self, node: n.IsAnswer) -> c.Fact | None:
        name, answers = node.name, tuple(answer.id for answer in node.answers)
        self.names.used.add(name.id)
        if self.names.content.kind(name.id) == "slot":
            if answers == (EMPTY,) and not node.many:
                return c.Fact("slot", name.id, (), node.span)
            for answer in node.answers:
                if self.names.content.kind(answer.id) != "block":
                    self.names.unknown("block", answer.id, answer.span, self.names.content.of("block"))
            return c.Fact("slot", name.id, answers, node.span)
        if self.names.values.kind(name.id) == "tier":
            self._check_members(node)
            return c.Fact("tier", name.id, answers, node.span)
        known = (*self.names.content.of("slot"), *self.names.values.of("tier"))
        self.names.unknown("slot or tier", name.id, name.span, known)
        return None

    def _check_members(self, node: n.IsAnswer) -> None:
        tier = self.names.values.declared[node.name.id][1]
        if not isinstance(tier, n.Tier):
            return
        members = [member.name.id for member in tier.members]
        members += [] if tier.otherwise is None else [tier.otherwise.id]
        for answer in node.answers:
            if answer.id not in members and answer.id not in self.names.broken:
                help = did_you_mean(answer.id, members)
                self.findings.report(
                    "MW204", answer.span, help=help, name=answer.id, enum=t.Enum(tuple(members))
                )
        if len(node.answers) != 1:
            self.findings.report("MW344", node.span, name=node.name.id)
