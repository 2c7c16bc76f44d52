"""Segments, tiers and skips: who is meant by a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from graphlib import CycleError, TopologicalSorter

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.expressions import Expressions
from mailweave.rules.checker.names import article
from mailweave.rules.checker.nullability import sources
from mailweave.schema import types as t
from mailweave.source import Span

DEEPEST = 50  # segments and tiers that are explained by each other, one behind the other
_BOOL = t.Bool()


class People:
    """Reads segments, tiers and skips. What was at fault is left out."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.findings = expressions.findings
        self.names = expressions.names

    def condition(self, node: n.Expression, name: str) -> x.Expr | None:
        """A condition of a size that can be compiled."""
        found = self.expressions.condition(node)
        if found is None or not self.expressions.inliner.measured(found, node.span, name):
            return None
        return found

    def fixed(self, node: n.Expression, where: str) -> x.Expr | None:
        """A value that is no condition: what an experiment varies cannot stand in it."""
        found, varying = self.expressions.value(node), self.expressions.varying
        used, varying.used = varying.used, set()
        for name in sorted(used):
            self.findings.report("MW357", node.span, constant=name, where=where)
        return None if used else found

    def segment(self, node: n.Segment) -> c.Segment | None:
        """A segment; the lines of its braces are joined by `and`."""
        within = None if node.within is None else self.segment_named(node.within)
        lines = [self.condition(line, node.name.id) for line in node.conditions]
        found = [line for line in lines if line is not None]
        if len(found) < len(lines) or (node.within is not None and within is None):
            return None
        label = None if node.label is None else node.label.value
        return c.Segment(node.name.id, node.name.span, label, within, _joined(found))

    def segment_named(self, name: n.Name) -> str | None:
        """The name of a segment; reports it if it is none."""
        kind = self.names.values.kind(name.id)
        self.names.used.add(name.id)
        if kind == "segment":
            return name.id
        if kind is None:
            self.names.unknown("segment", name.id, name.span, self.names.values.of("segment"))
        else:
            self.findings.report("MW260", name.span, name=name.id, kind=article(kind))
        return None

    def tier(self, node: n.Tier) -> c.Tier | None:
        """A tier; names that come twice are reported."""
        seen: dict[str, n.Name] = {}
        labels = [member.name for member in node.members]
        for name in [*labels, *([] if node.otherwise is None else [node.otherwise])]:
            earlier = seen.setdefault(name.id.casefold(), name)
            if earlier is not name:
                see = self.findings.see("the earlier one", earlier.span)
                self.findings.report("MW201", name.span, related=see, name=name.id)
        if node.complete and node.otherwise is not None:
            self.findings.report("MW261", node.otherwise.span, name=node.name.id)
        members = [self._member(member) for member in node.members]
        found = tuple(member for member in members if member is not None)
        if len(found) < len(members):
            return None
        otherwise = None if node.otherwise is None else node.otherwise.id
        return c.Tier(node.name.id, node.name.span, node.complete, found, otherwise)

    def _member(self, node: n.Member) -> c.TierMember | None:
        condition = self.condition(node.condition, node.name.id)
        return None if condition is None else c.TierMember(node.name.id, node.name.span, condition)

    def skip(self, node: n.Skip) -> c.Skip | None:
        """A skip, whose condition may never be unknown."""
        condition = self.condition(node.condition, node.name.id)
        if condition is None:
            return None
        missing = sources(condition)
        if missing:
            shown = ", ".join(sorted({spoken(each) for each in missing}))
            self.findings.report("MW262", node.condition.span, missing=shown)
            return None
        reason = None if node.reason is None else node.reason.value
        return c.Skip(node.name.id, node.name.span, reason, condition)


def _joined(lines: list[x.Expr]) -> x.Expr:
    if len(lines) == 1:
        return lines[0]
    span = reduce(Span.to, (line.span for line in lines))
    joined = x.And(span, _BOOL, any(line.optional for line in lines), tuple(lines))
    return joined if sources(joined) else x.And(span, _BOOL, False, tuple(lines))


def spoken(expr: x.Expr) -> str:
    """A value that may be missing, as a reader would name it."""
    match expr:
        case x.Attribute(name=name) | x.ItemField(name=name) | x.TierValue(name=name):
            return f"`{name}`"
        case x.ScoreValue(name=name):
            return f"`score.{name}`"
        case x.EventAggregate(function=function, event=event, field=field):
            return f"`{function}({event}{'.' + field if field else ''})`"
        case x.ListAggregate(function=function, list=attribute, field=field):
            return f"`{function}({attribute.name}{'.' + field if field else ''})`"
        case x.Arithmetic(op=op):
            return f"the result of `{op}`"
        case _:  # needs no name to be understood
            return "a value"


def order(
    segments: Mapping[str, c.Segment], tiers: Mapping[str, c.Tier], expressions: Expressions
) -> tuple[str, ...]:
    """Segments and tiers, each behind those it speaks of; circles are reported."""
    graph = {name: _spoken_of(segment) for name, segment in segments.items()}
    graph |= {name: _spoken_of(tier) for name, tier in tiers.items()}
    for name, below in graph.items():
        graph[name] = [other for other in below if other in graph]
    while True:
        try:
            ordered = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle: list[str] = error.args[1][:-1]
            # graphlib runs against the arrows; begin with the name that stands first in the text
            circle = list(reversed(circle))
            through_only = any(
                below not in _spoken_of(segments.get(name) or tiers[name], only=False)
                for name, below in zip(circle, [*circle[1:], circle[0]], strict=True)
            )
            first = min(circle, key=list(graph).index)
            at = circle.index(first)
            shown = " -> ".join([*circle[at:], *circle[:at], first])
            span = (segments.get(first) or tiers[first]).span
            if not through_only:  # that of an experiment is told as what it is: MW359
                expressions.findings.report("MW238", span, name=first, circle=shown)
            graph = {name: [] if name in circle else below for name, below in graph.items()}
        else:
            _bounded(ordered, graph, segments, tiers, expressions)
            return ordered


def _bounded(
    ordered: Iterable[str],
    graph: Mapping[str, list[str]],
    segments: Mapping[str, c.Segment],
    tiers: Mapping[str, c.Tier],
    expressions: Expressions,
) -> None:
    """Reports the first name that is explained by too many others, one behind the other: each is worked out anew
    where something is proved of it, so that chains cost their length times their length."""
    depths: dict[str, int] = {}
    for name in ordered:
        depths[name] = 1 + max((depths[below] for below in graph[name]), default=0)
        if depths[name] > DEEPEST:
            span = (segments.get(name) or tiers[name]).span
            expressions.findings.report("MW058", span, name=name, most=DEEPEST)
            return


def _spoken_of(part: c.Segment | c.Tier, *, only: bool = True) -> list[str]:
    """The segments and tiers that must be known before; without `only`, not those of experiments."""
    conditions: Iterable[x.Expr] = (
        (part.condition,) if isinstance(part, c.Segment) else (m.condition for m in part.members)
    )
    names = [part.within] if isinstance(part, c.Segment) and part.within is not None else []
    seen: set[int] = set()
    for condition in conditions:
        waiting = [condition]
        while waiting:
            expr = waiting.pop()
            if id(expr) in seen:
                continue
            seen.add(id(expr))
            if isinstance(expr, x.InSegment | x.TierValue):
                names.append(expr.name)
            if isinstance(expr, x.ByArm) and not only:
                waiting.extend(expr.conditions)
            else:
                waiting.extend(x.children(expr))
    return list(dict.fromkeys(names))
