"""The branches of a template, each with the condition on which somebody reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mailweave.diagnostics import TemplateError
from mailweave.liquid.ir import expressions as x
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.walk import assigned
from mailweave.liquid.template import Escaping, Template
from mailweave.prove.liquid_conditions import Conditions
from mailweave.prove.liquid_values import (
    TRUE,
    UNSAID,
    UNSAID_VALUE,
    Given,
    Items,
    Known,
    Said,
    Value,
    both,
    either,
    under,
)
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.source import Source, Span


@dataclass(frozen=True, slots=True)
class LiquidArm:
    """One branch of a template. `body` is its place in the tree; `around`: the branch that it stands in."""

    span: Span
    written: str
    reached: Said
    body: n.Block = field(compare=False, repr=False)
    around: LiquidArm | None = field(default=None, compare=False, repr=False)


def liquid_arms(
    template: Template,
    schema: Schema,
    lets: Mapping[str, Value] | None = None,
    templated: frozenset[str] = frozenset(),
) -> tuple[LiquidArm, ...]:
    """The branches of a template, in the order of its text, each behind the one that it stands in."""
    walk = _Walk(template.file, Conditions(schema, lets=lets or {}, templated=templated))
    walk.run(template._program.template.nodes, TRUE, None)
    return tuple(walk.found)


def reached_at(arms: Iterable[LiquidArm], at: int) -> Said:
    """On which condition a place of the template is reached."""
    inside = [arm.reached for arm in arms if arm.span.stop <= at < _start(arm.body)]
    return inside[-1] if inside else TRUE


def parsed(source: Source, escape: Escaping, slots: tuple[str, ...] = ()) -> Template | None:
    """A template as its author wrote it; None where it does not compile, for the check says why."""
    try:
        return Template.from_string(source, escape=escape, slots=slots)
    except TemplateError:
        return None


def let_value(template: Template, conditions: Conditions) -> Value:
    """What a let is, where it is one text of the profile or always the same: a text, empty for what is missing."""
    nodes = template._program.template.nodes
    if len(nodes) != 1 or not isinstance(nodes[0], n.Output):
        return UNSAID_VALUE
    found: Value = ()
    for when, atom in conditions.value(nodes[0].value):
        if isinstance(atom, Given) and isinstance(atom.type, t.Enum | t.Text):
            there = both((when, atom.is_known()))
            gone = both((when, atom.is_known().inverse()))
            found += ((there, atom), (gone, Known("")))
        elif isinstance(atom, Known) and isinstance(atom.value, str):
            found += ((when, atom),)
        else:
            return UNSAID_VALUE
    return found


@dataclass(slots=True)
class _Walk:
    source: Source
    conditions: Conditions
    found: list[LiquidArm] = field(default_factory=list)

    def run(self, nodes: Iterable[n.Node], here: Said, around: LiquidArm | None) -> None:
        for node in nodes:
            self.node(node, here, around)

    def node(self, node: n.Node, here: Said, around: LiquidArm | None) -> None:
        match node:
            case n.Assign(name=name, value=value):
                self.conditions.assign(name, self.conditions.value(value))
            case n.Capture(name=name, body=body):
                self.run(body.nodes, here, around)
                self.conditions.forget((name,))
            case n.Branch():
                self.branches(self.ways(node), here, around)
            case n.Case():
                self.branches(self.whens(node), here, around, exclusive=False)
            case n.Loop():
                self.loop(node, here, around)
            case n.Block():
                self.run(node.nodes, here, around)
            case n.IfChanged(body=body):
                self.run(body.nodes, here, around)
            case n.Count(name=name):
                self.conditions.forget((name,))
            case n.Call():
                self.conditions.forget(assigned([node]))
            case _:  # no other node has branches or sets a name
                pass

    # ---- branches

    def ways(self, node: n.Branch) -> Iterator[tuple[Said, n.Block, int]]:
        """The arms of an `if` with what leads there and where each begins."""
        before, at = TRUE, _start(node)
        for arm in node.arms:
            test = TRUE if arm.test is None else self.conditions.holds(arm.test)
            yield both((before, test)), arm.body, at
            before, at = both((before, test.inverse())), _start(arm.body)

    def whens(self, node: n.Case) -> Iterator[tuple[Said, n.Block, int]]:
        """Every `when` that holds is written; `else` where none before it did."""
        subject, before = self.conditions.value(node.subject), TRUE
        at = max(self.source.text.find("when", _start(node)), _start(node))
        for arm in node.arms:
            values = arm.values or ()
            equal = [self.conditions.compared("==", subject, self.conditions.value(one)) for one in values]
            test = before if arm.values is None else either(equal)
            yield test, arm.body, at
            before, at = (
                both((before, test.inverse())) if arm.values is not None else before,
                _start(arm.body),
            )

    def branches(
        self,
        ways: Iterable[tuple[Said, n.Block, int]],
        here: Said,
        around: LiquidArm | None,
        *,
        exclusive: bool = True,
    ) -> None:
        before = dict(self.conditions.names)
        ends: list[tuple[Said, dict[str, Value]]] = []
        rest = TRUE
        for test, body, at in list(ways):
            self.conditions.names = dict(before)
            self.arm(test, body, at, here, around)
            ends.append((test, self.conditions.names))
            rest = both((rest, test.inverse()))
        self.conditions.names = before
        changed = dict.fromkeys(
            name for _, names in ends for name in names if names[name] != before.get(name)
        )
        for name in changed:
            if not exclusive:
                self.conditions.forget((name,))
                continue
            old = before.get(name, UNSAID_VALUE)
            parts = [under(test, names.get(name, old)) for test, names in ends]
            self.conditions.assign(name, sum((*parts, under(rest, old)), ()))

    def arm(self, test: Said, body: n.Block, at: int, here: Said, around: LiquidArm | None) -> LiquidArm:
        span, reached = self.tag(at), both((here, test))
        found = LiquidArm(span, self.source.text[span.start : span.stop].strip(), reached, body, around)
        self.found.append(found)
        self.run(body.nodes, reached, found)
        return found

    def tag(self, at: int) -> Span:
        """The inside of the tag that stands there."""
        end = self.source.text.find("%}", at)
        inside = self.source.text[at : end if end >= 0 else len(self.source.text)]
        return Span(at, at + max(1, len(inside.rstrip().rstrip("-").rstrip())))

    # ---- loops

    def loop(self, node: n.Loop, here: Said, around: LiquidArm | None) -> None:
        """What is assigned in a loop is not followed, nor is its item."""
        self.conditions.forget((node.name, *assigned(node.body.nodes)))
        filled = self.filled(node)
        self.run(node.body.nodes, both((here, filled)), around)
        self.conditions.names.pop(node.name, None)
        if node.otherwise is not None:
            self.arm(filled.inverse(), node.otherwise, _start(node.body), here, around)
            self.conditions.forget(assigned(node.otherwise.nodes))

    def filled(self, node: n.Loop) -> Said:
        """That there is an item."""
        is_cut = node.limit is not None or node.offset is not None
        value = self.conditions.value(node.items) if isinstance(node.items, x.Path) and not is_cut else ()
        if len(value) == 1 and isinstance(value[0][1], Items):
            return value[0][1].has_items()
        return UNSAID


def _start(node: n.Node | n.Block) -> int:
    return 0 if node.at is None else node.at.start_index
