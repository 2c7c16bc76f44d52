"""Statements as lines of cells: what stands on a line, what is aligned with the lines around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.rules import nodes as n
from mailweave.rules.formatter import tests
from mailweave.rules.formatter.expressions import (
    constant,
    expression,
    length,
    names,
    over,
    record,
    text,
    type_,
)
from mailweave.rules.formatter.matrix_rows import matrix_rows
from mailweave.rules.formatter.trigger_clauses import cause, clauses, clock, zone


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line; `at` is where it starts in the author's text, -1 where that is not known."""

    text: str
    at: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the written form, and the author's text that it stands for.

    Lines of one `shape` that follow each other are aligned. `row` lines of a matrix come aligned.
    """

    cells: tuple[Cell, ...]
    start: int
    stop: int
    indent: int = 0
    shape: str = ""
    opens: bool = False
    closes: bool = False
    fixed: bool = False


class Writer:
    """Writes the statements of one text; `code` is that text."""

    def __init__(self, code: str) -> None:
        self.code = code

    def lines(self, statement: n.Statement) -> Iterator[Line]:
        """The lines of a statement."""
        return _WRITTEN[type(statement)](self, statement)

    # ---- helpers

    def one(self, node: n.Node, *cells: Cell, shape: str = "", indent: int = 0) -> Line:
        found = tuple(cell for cell in cells if cell.text)
        return Line(found, node.span.start, node.span.stop, indent, shape)

    def find(self, word: str, start: int, stop: int) -> int:
        """Where a word of the statement stands, behind `start`."""
        return self.code.find(word, start, stop)

    def braces(self, node: n.Node, head: str, inside: Iterator[Line]) -> Iterator[Line]:
        """A head line that opens, the lines inside, and the line that closes."""
        body = list(inside)
        opening = self.code.rfind("{", node.span.start, body[0].start) if body else node.span.start
        stop = opening + 1 if opening >= 0 else node.span.start + 1
        yield Line((Cell(f"{head} {{"),), node.span.start, stop, opens=True)
        yield from body
        yield Line((Cell("}"),), node.span.stop - 1, node.span.stop, closes=True)

    # ---- head and schema

    def ruleset(self, node: n.Ruleset) -> Iterator[Line]:
        yield self.one(node, Cell(f"ruleset {text(node.name.value)} version {node.version}"))

    def import_(self, node: n.Import) -> Iterator[Line]:
        yield self.one(node, Cell(f"import {text(node.file.value)}"))

    def timezone(self, node: n.Timezone) -> Iterator[Line]:
        zone = "" if node.attribute is None else f"{node.attribute.id} else "
        yield self.one(node, Cell(f"timezone {zone}{text(node.zone.value)}"))

    def budget(self, node: n.Budget) -> Iterator[Line]:
        yield self.one(node, Cell(f"budget {node.steps} steps"))

    def profile(self, node: n.Profile) -> Iterator[Line]:
        return self.braces(node, "profile", (self._attribute(field) for field in node.fields))

    def _attribute(self, node: n.ProfileField) -> Line:
        colon = self.find(":", node.name.span.stop, node.span.stop)
        labels = " ".join(_label(label) for label in node.labels)
        return self.one(
            node,
            Cell(node.name.id),
            Cell(f": {type_(node.type, node.optional)}", colon),
            Cell(labels, node.labels[0].span.start if node.labels else -1),
            shape="attribute",
            indent=1,
        )

    def event(self, node: n.Event) -> Iterator[Line]:
        fields = record(node.fields) if node.fields else ""
        start = node.span.start
        stop = node.keep.span.start
        brace = self.code.rfind("{", start, node.fields[0].span.start) if node.fields else -1
        keep = "forever" if isinstance(node.keep, n.Forever) else length(node.keep)
        labels = () if node.shown is None else node.shown.labels
        keep += "" if node.shown is None else " ".join([" shows last", *map(_label, labels)])
        yield self.one(
            node,
            Cell(f"event {node.name.id}"),
            Cell(fields, brace),
            Cell(f"keep {keep}", self.code.rfind("keep", start, stop)),
            shape="event",
        )

    def consent(self, node: n.Consent) -> Iterator[Line]:
        yield self.one(node, Cell(f"consent {names(node.purposes)}"))

    def score(self, node: n.Score) -> Iterator[Line]:
        by = "" if node.computation is None else f" by {_computation(node.computation)}"
        otherwise = "unknown" if node.otherwise is None else constant(node.otherwise)
        says = f": {type_(node.type)}{by} ttl {length(node.ttl)} else {otherwise}"
        colon = self.find(":", node.name.span.stop, node.span.stop)
        name = Cell(node.name.id, node.name.span.start)
        yield self.one(node, Cell("score"), name, Cell(says, colon), shape="score")

    def lookup(self, node: n.Lookup) -> Iterator[Line]:
        name = Cell(f"{node.name.id}({type_(node.key)})", node.name.span.start)
        says = f": {type_(node.type)} ttl {length(node.ttl)} else {constant(node.otherwise)}"
        colon = self.find(":", node.key.span.stop, node.span.stop)
        yield self.one(node, Cell("lookup"), name, Cell(says, colon), shape="score")

    def catalog(self, node: n.Catalog) -> Iterator[Line]:
        yield self.one(node, Cell(f"catalog {node.name.id} {record(node.fields)}"))

    def list(self, node: n.RecommendedList) -> Iterator[Line]:
        by, other = text(node.by.value), node.otherwise
        otherwise = f"catalog {other.id}" if isinstance(other, n.Name) else text(other.value)
        says = f"list {node.name.id} of {node.catalog.id} by {by} max {node.max} else {otherwise}"
        yield self.one(node, Cell(says))

    # ---- names, segments, tiers, skips

    def let(self, node: n.Let) -> Iterator[Line]:
        parameters = f"({names(node.parameters)})" if node.parameters else ""
        last = node.parameters[-1] if node.parameters else node.name
        equals = self.find("=", last.span.stop, node.span.stop)
        value = Cell(f"= {expression(node.value)}", equals)
        yield self.one(node, Cell(f"let {node.name.id}{parameters}"), value, shape="let")

    def segment(self, node: n.Segment) -> Iterator[Line]:
        label = "" if node.label is None else f" {text(node.label.value)}"
        within = "" if node.within is None else f" within {node.within.id}"
        head = f"segment {node.name.id}{label}{within}"
        if node.braces:
            lines = (self._condition(each) for each in node.conditions)
            yield from self.braces(node, head, lines)
            return
        value = f"= {expression(node.conditions[0])}"
        if label or within:
            yield self.one(node, Cell(f"{head} {value}"))
        else:
            equals = self.find("=", node.name.span.stop, node.span.stop)
            yield self.one(node, Cell(head), Cell(value, equals), shape="segment")

    def _condition(self, node: n.Expression) -> Line:
        return self.one(node, Cell(expression(node)), indent=1)

    def tier(self, node: n.Tier) -> Iterator[Line]:
        complete = " complete" if node.complete else ""
        return self.braces(node, f"tier {node.name.id}{complete}", self._members(node))

    def _members(self, node: n.Tier) -> Iterator[Line]:
        for member in node.members:
            equals = self.find("=", member.name.span.stop, member.span.stop)
            value = Cell(f"= {expression(member.condition)}", equals)
            yield self.one(member, Cell(member.name.id), value, shape="member", indent=1)
        if node.otherwise is not None:
            start = self.code.rfind("otherwise", node.span.start, node.otherwise.span.start)
            cell = Cell(f"otherwise {node.otherwise.id}")
            yield Line((cell,), start, node.otherwise.span.stop, indent=1)

    def skip(self, node: n.Skip) -> Iterator[Line]:
        reason = "" if node.reason is None else f" {text(node.reason.value)}"
        yield self.one(node, Cell(f"skip {node.name.id}{reason} when {expression(node.condition)}"))

    # ---- content and choice

    def slot(self, node: n.Slot) -> Iterator[Line]:
        most = self.find("max", node.name.span.stop, node.span.stop)
        head = Cell(f"slot {node.name.id}{' text' if node.is_text else ''}")
        last = "optional" if node.fallback is None else f"fallback {node.fallback.id}"
        yield self.one(node, head, Cell(f"max {node.max} {last}", most), shape="slot")

    def block(self, node: n.Block) -> Iterator[Line]:
        head = f"block {node.name.id}"
        start = self.find("for", node.name.span.stop, node.slot.span.start)
        if node.clauses and "\n" in self.code[node.slot.span.stop : node.clauses[0].span.start]:
            yield Line((Cell(f"{head} for {node.slot.id}"),), node.span.start, node.slot.span.stop)
            for clause in node.clauses:
                yield self.one(clause, Cell(_clause(clause)), indent=1)
            return
        clauses = "".join(f" {_clause(clause)}" for clause in node.clauses)
        yield self.one(node, Cell(head), Cell(f"for {node.slot.id}{clauses}", start), shape="block")

    def matrix(self, node: n.Matrix) -> Iterator[Line]:
        name = "" if node.name is None else f" {node.name.id}"
        return self.braces(node, f"matrix{name} policy {node.policy.name}", self._table(node))

    def _table(self, node: n.Matrix) -> Iterator[Line]:
        start = self.code.rfind("tie", node.span.start, node.ties[0].span.start + 3)
        ties = ", then ".join(tie.key for tie in node.ties)
        yield Line((Cell(f"tie {ties}"),), start, node.ties[-1].span.stop, indent=1)
        table = matrix_rows(node)
        first = self.code.rfind("|", node.span.start, node.columns[0].span.start)
        last = self.code.find("|", node.columns[-1].span.stop, node.span.stop) + 1
        yield Line((Cell(table[0]),), first, last, indent=1, fixed=True)
        for row, written in zip(node.rows, table[1:], strict=True):
            yield Line((Cell(written),), row.span.start, row.span.stop, indent=1, fixed=True)

    def override(self, node: n.Override) -> Iterator[Line]:
        when = "" if node.condition is None else f" when {expression(node.condition)}"
        yield self.one(node, Cell(f"override {node.winner.id} over {node.loser.id}{when}"))

    def experiment(self, node: n.Experiment) -> Iterator[Line]:
        return self._drawn(node, node.block.id)

    def constant_experiment(self, node: n.ConstantExperiment) -> Iterator[Line]:
        return self._drawn(node, f"let {node.constant.id}")

    def wait_experiment(self, node: n.WaitExperiment) -> Iterator[Line]:
        return self._drawn(node, f"wait of {node.trigger.id}")

    def _drawn(self, node: n.AnyExperiment, on: str) -> Iterator[Line]:
        items = (self.one(item, Cell(_item(item)), indent=1) for item in node.items)
        return self.braces(node, f"experiment {node.name.id} on {on}", items)

    def trigger(self, node: n.Trigger) -> Iterator[Line]:
        parts = (node.cause, *node.clauses)
        head = f"trigger {node.name.id} on {cause(node.cause)}{clauses(node.clauses)}"
        yield Line((Cell(head),), node.span.start, max(part.span.stop for part in parts))
        for each in node.follow_ups:
            name = "" if each.name is None else f" {each.name.id}"
            says = f"then{name} after {length(each.after)}{clauses(each.clauses)}"
            yield self.one(each, Cell(says), indent=1)

    def quiet_hours(self, node: n.QuietHours) -> Iterator[Line]:
        yield self.one(node, Cell(f"quiet hours {clock(node.start)} to {clock(node.stop)}{zone(node.zone)}"))

    def mail_cap(self, node: n.MailCap) -> Iterator[Line]:
        mails = "mail" if node.count == "1" else "mails"
        yield self.one(node, Cell(f"at most {node.count} {mails} in {length(node.per)}"))

    def test(self, node: n.Test) -> Iterator[Line]:
        items = (self.one(item, Cell(tests.item(item)), indent=1) for item in node.items)
        return self.braces(node, f"test {text(node.name.value)}", items)


def _computation(node: n.Computation) -> str:
    return f"{node.function.id}({over(node.over)})"


def _label(node: n.Label) -> str:
    match node:
        case n.Pii():
            return "pii"
        case n.Sensitive():
            return "sensitive"
        case n.Minimum(value=value):
            return f"min {constant(value)}"
        case n.Maximum(value=value):
            return f"max {constant(value)}"
        case n.Needs(consent=consent):
            return f"needs consent.{consent.id}"
        case n.Column(name=name):
            return f"from {text(name.value)}"
        case n.Default(value=value):
            return f"= {constant(value)}"


def _clause(node: n.Clause) -> str:
    match node:
        case n.Requires(condition=condition):
            return f"requires {expression(condition)}"
        case n.Expires(when=when):
            return f"expires {when.text}"
        case n.ExpiresAfter(length=after, start=start):
            return f"expires {length(after)} after {expression(start)}"
        case n.Cap(count=count, per=per):
            return f"cap {count} per {length(per)}"
        case n.Says(text=says):
            return f"says {text(says.value)}"
        case n.Shows(list=shown):
            return f"shows {shown.id}"


def _item(node: n.Unit | n.Only | n.Holdout | n.Split | n.ValueSplit) -> str:
    match node:
        case n.Unit(attribute=attribute, salt=salt):
            return f"unit {attribute.id} salt {text(salt.value)}"
        case n.Only(condition=condition):
            return f"only {expression(condition)}"
        case n.Holdout(percent=percent):
            return f"holdout {percent}%"
        case n.Split(arms=arms):
            return "split " + ", ".join(_arm(arm, arm.block.id if arm.block else "") for arm in arms)
        case n.ValueSplit(arms=arms):
            return "split " + ", ".join(_arm(arm, constant(arm.value) if arm.value else "") for arm in arms)


def _arm(node: n.Arm | n.ValueArm, gets: str) -> str:
    return f"{node.name.id} {node.percent}%" + (f" -> {gets}" if gets else "")


_WRITTEN: Mapping[type[n.Node], Callable[[Writer, Any], Iterator[Line]]] = {
    n.Ruleset: Writer.ruleset,
    n.Import: Writer.import_,
    n.Timezone: Writer.timezone,
    n.Budget: Writer.budget,
    n.Profile: Writer.profile,
    n.Event: Writer.event,
    n.Consent: Writer.consent,
    n.Score: Writer.score,
    n.Lookup: Writer.lookup,
    n.Catalog: Writer.catalog,
    n.RecommendedList: Writer.list,
    n.Let: Writer.let,
    n.Segment: Writer.segment,
    n.Tier: Writer.tier,
    n.Skip: Writer.skip,
    n.Slot: Writer.slot,
    n.Block: Writer.block,
    n.Matrix: Writer.matrix,
    n.Override: Writer.override,
    n.Experiment: Writer.experiment,
    n.ConstantExperiment: Writer.constant_experiment,
    n.WaitExperiment: Writer.wait_experiment,
    n.Trigger: Writer.trigger,
    n.QuietHours: Writer.quiet_hours,
    n.MailCap: Writer.mail_cap,
    n.Test: Writer.test,
}
