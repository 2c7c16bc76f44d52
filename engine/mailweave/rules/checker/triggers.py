"""Triggers, quiet hours and caps of mails: what starts a mail, and what keeps it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.names import article
from mailweave.rules.checker.segments import People
from mailweave.rules.checker.triggered import EVENT
from mailweave.schema import types as t
from mailweave.source import Span
from mailweave.values.durations import DAY

_HELP = {
    "segment": "write `on entering {name}`: the mail starts when somebody comes into it",
    "tier": "name one of its members as a segment, and write `on entering` it",
    "let": "name it as a segment, and write `on entering` it",
}
_ONCE = {n.Wait: "wait", n.Unless: "unless", n.When: "when"}


class Starts:
    """Reads triggers, quiet hours and caps. What was at fault is left out."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.findings = people.findings
        self.names = people.names
        self.schema = people.expressions.schema
        self.declarations = people.expressions.declarations

    def trigger(self, node: n.Trigger) -> c.Trigger | None:
        """A trigger with its mails, the first of which waits for the cause, the others for the one before."""
        self.names.used |= {EVENT, node.name.id}
        cause = self._cause(node.cause)
        wait = next((each for each in node.clauses if isinstance(each, n.Wait)), None)
        after = 0 if wait is None else self.declarations.length(wait.length)
        mails = [self._mail(node.name, node.name.span, after, node.clauses)]
        for step in node.follow_ups:
            name = step.name or node.name
            self.names.used.add(name.id)
            mails.append(self._mail(name, step.span, self.declarations.length(step.after), step.clauses))
        found = tuple(mail for mail in mails if mail is not None)
        if cause is None or len(found) < len(mails):
            return None
        self._note_each(node, cause, found[0])
        return c.Trigger(node.name.id, node.name.span, cause, found)

    # ---- causes

    def _cause(self, node: n.OnEvent | n.OnDay | n.OnEntering) -> c.OnEvent | c.OnDay | c.OnEntering | None:
        match node:
            case n.OnEntering(segment=segment):
                name = self.people.segment_named(segment)
                return None if name is None else c.OnEntering(name)
            case n.OnDay(name=name):
                return self._day(node) if self._is(name, "attribute") else None
            case n.OnEvent(name=name):
                return c.OnEvent(name.id) if self._is(name, "event") else None

    def _is(self, name: n.Name, wanted: str) -> bool:
        """Whether a name is what can start a mail so."""
        kind = self.names.values.kind(name.id)
        self.names.used.add(name.id)
        if kind == wanted:
            return True
        if kind is None:
            known = self.names.values.of("event", "attribute", "segment")
            self.names.unknown("event or date", name.id, name.span, known)
        elif kind == "attribute":
            self._no_event(name)
        elif kind == "event":
            self.findings.report("MW269", name.span, name=name.id)
        else:
            help = _HELP.get(kind, "").format(name=name.id)
            self.findings.report("MW265", name.span, help=help, name=name.id, kind=article(kind))
        return False

    def _no_event(self, name: n.Name) -> None:
        field = self.schema.profile.get(name.id)
        if field is not None and isinstance(field.type, t.Date):
            self.findings.report("MW268", name.span, name=name.id)
        elif field is not None:
            self.findings.report("MW230", name.span, found=field.type, wanted="an event or a date")

    def _day(self, node: n.OnDay) -> c.OnDay | None:
        field = self.schema.profile.get(node.name.id)
        minute, zone = self._minute(node.clock), self._zone(node.zone)
        if field is None or minute is None:
            return None
        if not isinstance(field.type, t.Date):
            self.findings.report("MW230", node.name.span, found=field.type, wanted="a date")
            return None
        return c.OnDay(node.name.id, minute, zone)

    def _minute(self, node: n.Clock) -> int | None:
        """Minutes after midnight."""
        hour, minute = map(int, node.text.split(":"))
        if hour > 23 or minute > 59:
            self.findings.report("MW266", node.span, text=node.text)
            return None
        return hour * 60 + minute

    def _zone(self, name: n.Name | None) -> str | None:
        """The attribute that says whose clocks count."""
        if name is None:
            return None
        field = self.schema.profile.get(name.id)
        self.names.used.add(name.id)
        if field is None:
            self.names.unknown("attribute", name.id, name.span, self.schema.profile)
        elif not isinstance(field.type, t.Zone):
            self.findings.report("MW230", name.span, found=field.type, wanted=t.Zone())
        return name.id

    # ---- mails

    def _mail(
        self, name: n.Name, span: Span, after: int, clauses: Sequence[n.Wait | n.MailClause]
    ) -> c.TriggerMail | None:
        self._check_once(clauses)
        unless = [self._unless(clause, after) for clause in clauses if isinstance(clause, n.Unless)]
        given = next((clause for clause in clauses if isinstance(clause, n.When)), None)
        condition: x.Expr | None = None
        if given is not None:
            condition = self.people.condition(given.condition, name.id)
            if condition is None:
                return None
        return c.TriggerMail(name.id, span, after, tuple(e for each in unless for e in each), condition)

    def _check_once(self, clauses: Iterable[n.Wait | n.MailClause]) -> None:
        seen: set[type[n.Node]] = set()
        for clause in clauses:
            if type(clause) in seen:
                self.findings.report("MW304", clause.span, clause=_ONCE[type(clause)])
            seen.add(type(clause))

    def _unless(self, node: n.Unless, after: int) -> tuple[str, ...]:
        """Events, whose history reaches as far as the mail waits."""
        found = []
        for name in node.events:
            event = self.schema.events.get(name.id)
            self.names.used.add(name.id)
            if event is not None and event.keep is not None and after > event.keep:
                self.findings.report("MW241", name.span, event=name.id)
            elif event is not None:
                found.append(name.id)
            elif (kind := self.names.values.kind(name.id)) is None:
                self.names.unknown("event", name.id, name.span, self.names.values.of("event"))
            elif kind != "event":
                self.findings.report("MW251", name.span, name=name.id, kind=article(kind))
        return tuple(dict.fromkeys(found))

    def _note_each(self, node: n.Trigger, cause: object, first: c.TriggerMail) -> None:
        """Says that each of several events has a mail of its own, where the author may think of the last one."""
        if isinstance(cause, c.OnEvent) and first.after and cause.event not in first.unless:
            said = " or ".join([*first.unless, cause.event])
            self.findings.report("MW284", node.cause.span, event=cause.event, said=said)

    # ---- what holds for all of them

    def quiet(self, nodes: Sequence[n.QuietHours]) -> c.QuietHours | None:
        """The quiet hours of a text, which has them once."""
        for again in nodes[1:]:
            see = self.findings.see("the first one", nodes[0].span)
            self.findings.report("MW206", again.span, related=see, word="quiet hours")
        if not nodes:
            return None
        node = nodes[0]
        start, stop, zone = self._minute(node.start), self._minute(node.stop), self._zone(node.zone)
        if start is None or stop is None:
            return None
        if start == stop:
            self.findings.report("MW285", node.span)
            return None
        return c.QuietHours(start, stop, zone, node.span)

    def cap(self, node: n.MailCap) -> c.MailCap:
        """A cap of all mails to one person."""
        count = self.declarations.count(node.count, node.span)
        per = self.declarations.length(node.per)
        if per > _LONGEST_CAP:
            self.findings.report("MW267", node.per.span)
        return c.MailCap(count, per, node.span)


_LONGEST_CAP = 400 * DAY  # so long a state remembers when mails went out
