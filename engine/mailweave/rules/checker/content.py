"""Slots and blocks: what can be shown, and under which conditions of its own."""

from __future__ import annotations

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.segments import People
from mailweave.schema import types as t
from mailweave.schema.model import EventType
from mailweave.source import Span
from mailweave.values import calendar, zones

_ONCE = {
    n.Expires: "expires",
    n.ExpiresAfter: "expires .. after",
    n.Cap: "cap",
    n.Says: "says",
    n.Shows: "shows",
}


class Contents:
    """Reads slots and blocks. What was at fault is left out."""

    def __init__(self, people: People, zone: str) -> None:
        self.people = people
        self.findings = people.findings
        self.names = people.names
        self.expressions = people.expressions
        self.zone = zone

    def slot(self, node: n.Slot) -> c.Slot | None:
        """A slot with its fallback, which must always be possible; one that is optional has none."""
        most = self.expressions.declarations.count(node.max, node.span)
        if node.fallback is None:
            return c.Slot(node.name.id, node.name.span, node.is_text, most, None)
        fallback = self.block_named(node.fallback, node.name.id)
        if fallback is None:
            return None
        conditions = [clause for clause in fallback.clauses if not isinstance(clause, n.Says)]
        if conditions:
            see = self.findings.see("the condition", conditions[0].span)
            self.findings.report(
                "MW302", node.fallback.span, related=see, name=node.fallback.id, slot=node.name.id
            )
        return c.Slot(node.name.id, node.name.span, node.is_text, most, fallback.name.id)

    def block_named(self, name: n.Name, slot: str) -> n.Block | None:
        """The declaration of a block that must be one of a slot; reports it if not."""
        declared = self.names.content.declared.get(name.id)
        self.names.used.add("block." + name.id)
        if declared is None or not isinstance(declared[1], n.Block):
            known = self.names.content.of("block")
            self.names.unknown("block", name.id, name.span, known)
            return None
        block = declared[1]
        if block.slot.id != slot:
            see = self.findings.see("its declaration", block.span)
            self.findings.report(
                "MW301", name.span, related=see, name=name.id, slot=slot, other=block.slot.id
            )
            return None
        return block

    def block(self, node: n.Block) -> c.Block | None:
        """A block with the conditions of its own."""
        declared = self.names.content.declared.get(node.slot.id)
        if declared is None or not isinstance(declared[1], n.Slot):
            self.names.unknown("slot", node.slot.id, node.slot.span, self.names.content.of("slot"))
            return None
        clauses = self._clauses(node)
        says = clauses.get(n.Says)
        if isinstance(says, n.Says) and not declared[1].is_text:
            self.findings.report("MW303", says.span, slot=node.slot.id)
        requires = [
            self.people.condition(clause.condition, node.name.id)
            for clause in node.clauses
            if isinstance(clause, n.Requires)
        ]
        after, not_yet = self._after(clauses.get(n.ExpiresAfter), node.name.id)
        expires, last_day = self._expires(clauses.get(n.Expires))
        return c.Block(
            node.name.id,
            node.name.span,
            node.slot.id,
            tuple(condition for condition in (*requires, not_yet) if condition is not None),
            expires,
            self._cap(clauses.get(n.Cap)),
            says.text.value if isinstance(says, n.Says) else None,
            says.text.span if isinstance(says, n.Says) else None,
            self._shows(clauses.get(n.Shows)),
            last_day,
            after,
        )

    def _clauses(self, node: n.Block) -> dict[type[n.Clause], n.Clause]:
        found: dict[type[n.Clause], n.Clause] = {}
        for clause in node.clauses:
            if type(clause) in found and type(clause) in _ONCE:
                self.findings.report("MW304", clause.span, clause=_ONCE[type(clause)])
            found.setdefault(type(clause), clause)
        return found

    def _expires(self, clause: n.Clause | None) -> tuple[int | None, int | None]:
        """The first moment at which the block may no longer be sent; and its last day, where a date says so."""
        if not isinstance(clause, n.Expires):
            return None, None
        if isinstance(clause.when, n.InstantLiteral):
            return self.expressions.literals.instant(clause.when), None
        constant = self.expressions.literals.read(clause.when)
        if constant is None:
            return None, None
        day = int(constant.value)
        return calendar.day_start(day + 1, zones.to_zone(self.zone)), day

    def _after(self, clause: n.Clause | None, block: str) -> tuple[c.After | None, x.Expr | None]:
        """An end for each recipient, and the condition that it has not come; where the start is missing it is not
        true, and the block may not be sent."""
        if not isinstance(clause, n.ExpiresAfter):
            return None, None
        since = n.TimeSince(clause.start.span, clause.start)
        not_yet = self.people.condition(n.Compare(clause.span, since, "<", clause.length), block)
        start = None if not_yet is None else self.people.fixed(clause.start, f"the end of `{block}`")
        if start is None:
            return None, None
        return c.After(start, self.expressions.declarations.length(clause.length)), not_yet

    def _cap(self, clause: n.Clause | None) -> c.Cap | None:
        if not isinstance(clause, n.Cap):
            return None
        count = self.expressions.declarations.count(clause.count, clause.span)
        per = self.expressions.declarations.length(clause.per)
        sent = self.sent("cap", clause.span)
        if sent is not None and sent.keep is not None and per > sent.keep:
            self.findings.report("MW241", clause.per.span, event="sent")
        return c.Cap(count, per)

    def sent(self, what: str, span: Span) -> EventType | None:
        """The event `sent`, which must be declared where it is read."""
        sent = self.expressions.schema.events.get("sent")
        self.names.used.add("sent")
        field = None if sent is None else sent.fields.get("block")
        if field is None or not isinstance(field.type, t.Text):
            if "sent" not in self.names.broken:
                self.findings.report("MW305", span, what=what)
            return None
        return sent

    def _shows(self, clause: n.Clause | None) -> tuple[str, ...]:
        if not isinstance(clause, n.Shows):
            return ()
        name = clause.list
        self.names.used.add("list." + name.id)
        if self.names.lists.kind(name.id) is None:
            self.names.unknown("list", name.id, name.span, self.names.lists.declared)
            return ()
        return (name.id,)
