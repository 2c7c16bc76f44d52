"""Conditions and values that run over events, or over the items of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from mailweave.diagnostics import did_you_mean
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.declarations import comparable
from mailweave.rules.checker.literals import family
from mailweave.rules.checker.names import article
from mailweave.rules.checker.scope import Scope
from mailweave.rules.checker.typing import Typing, read_window
from mailweave.rules.checker.windows import longest
from mailweave.schema import types as t
from mailweave.schema.model import EventType
from mailweave.values.durations import DAY

_BOOL = t.Bool()


# ---- is there an event?


def no_event(typing: Typing, node: n.NoEvent, scope: Scope) -> x.Expr | None:
    found = exists(typing, node.event, node.window, node, scope)
    return None if found is None else x.Not(node.span, _BOOL, False, found)


def never(typing: Typing, node: n.Never, scope: Scope) -> x.Expr | None:
    event = _event(typing, node.event)
    if event is None or not _outside(typing, node, scope):
        return None
    if event.keep is not None:
        typing.findings.report("MW250", node.span, event=event.name, days=event.keep // DAY)
        return None
    return x.Not(node.span, _BOOL, False, x.Exists(node.span, _BOOL, False, event.name, None))


def exists(typing: Typing, name: n.Name, written: n.Window, node: n.Node, scope: Scope) -> x.Expr | None:
    """`e in last 7 days`."""
    event = _event(typing, name)
    window = read_window(typing, written, scope)
    if event is None or window is None or not _outside(typing, node, scope):
        return None
    if not _reaches(typing, event, window, written):
        return None
    return x.Exists(node.span, _BOOL, False, event.name, window)


def _event(typing: Typing, name: n.Name) -> EventType | None:
    kind = typing.names.values.kind(name.id)
    typing.names.used.add(name.id)
    if kind == "event":
        return typing.schema.events.get(name.id)
    known = typing.names.values.of("event")
    if kind is None:
        typing.names.unknown("event", name.id, name.span, known)
    else:
        typing.findings.report("MW251", name.span, name=name.id, kind=article(kind))
    return None


def _outside(typing: Typing, node: n.Node, scope: Scope) -> bool:
    """Whether an expression stands outside a `where`: windows do not nest."""
    if scope.item is None:
        return True
    typing.findings.report("MW252", node.span)
    return False


def _reaches(typing: Typing, event: EventType, window: x.Window, node: n.Window) -> bool:
    if not window.last:
        typing.findings.report("MW253", node.span, event=event.name)
        return False
    if event.keep is not None and longest(window) > event.keep:
        typing.findings.report("MW241", node.span, event=event.name)
        return False
    return True


# ---- aggregates


def aggregate(typing: Typing, node: n.Aggregate, scope: Scope) -> x.Expr | None:
    source = node.over.source
    if not _outside(typing, node, scope):
        return None
    kind = typing.names.values.kind(source.id)
    if kind == "attribute":
        return _over_list(typing, node, scope)
    event = _event(typing, source)
    if event is None:
        return None
    return _over_events(typing, node, event, scope)


def _over_events(typing: Typing, node: n.Aggregate, event: EventType, scope: Scope) -> x.Expr | None:
    over, window, sound = node.over, None, True
    if over.window is not None:
        window = read_window(typing, over.window, scope)
        sound = window is not None and _reaches(typing, event, window, over.window)
    inner = Scope(scope.parameters, event.fields, event.name)
    where = None if over.where is None else typing.condition(over.where, inner)
    type_ = _result(typing, node, event.fields.values(), t.Instant())
    if not sound or type_ is None or (over.where is not None and where is None):
        return None
    field = None if over.field is None else over.field.id
    optional = node.function not in ("count", "sum", "distinct")
    return x.EventAggregate(node.span, type_, optional, node.function, event.name, field, window, where)


def _over_list(typing: Typing, node: n.Aggregate, scope: Scope) -> x.Expr | None:
    over = node.over
    attribute = typing.attribute(over.source.id, over.source.span)
    if attribute is None:
        return None
    if not isinstance(attribute.type, t.ListOf):
        typing.findings.report(
            "MW251", over.source.span, name=over.source.id, kind=f"of type {attribute.type}"
        )
        return None
    function = node.function
    if over.window is not None or function == "first" or function == "last":
        typing.findings.report("MW254", node.span, name=over.source.id)
        return None
    fields = {field.name: field for field in attribute.type.fields}
    inner = Scope(scope.parameters, fields, over.source.id)
    where = None if over.where is None else typing.condition(over.where, inner)
    type_ = _result(typing, node, fields.values(), None)
    if type_ is None or (over.where is not None and where is None):
        return None
    name = None if over.field is None else over.field.id
    optional = attribute.optional or node.function not in ("count", "sum", "distinct")
    return x.ListAggregate(node.span, type_, optional, function, attribute, name, where)


def _result(
    typing: Typing, node: n.Aggregate, fields: Iterable[t.Field], alone: t.Type | None
) -> t.Type | None:
    """The type of an aggregate; `alone` is that of `first(e)` and `last(e)`."""
    over, function = node.over, node.function
    if over.field is None:
        if function == "count":
            return t.Int()
        if alone is not None and function in ("first", "last"):
            return alone
        typing.findings.report("MW255", node.span, function=function, over=over.source.id)
        return None
    known = {field.name: field.type for field in fields}
    type_ = known.get(over.field.id)
    if type_ is None:
        _unknown_field(typing, over, known)
        return None
    return _of_field(typing, node, type_)


def _unknown_field(typing: Typing, over: n.Over, known: Iterable[str]) -> None:
    name = cast(n.Name, over.field)
    if name.id not in typing.names.broken:
        help = did_you_mean(name.id, known)
        typing.findings.report("MW256", name.span, help=help, name=name.id, over=over.source.id)


def _of_field(typing: Typing, node: n.Aggregate, type_: t.Type) -> t.Type | None:
    function, numeric = node.function, isinstance(family(type_), t.Int | t.Number | t.Money)
    if function == "count":
        typing.findings.report(
            "MW257", node.span, over=node.over.source.id, field=cast(n.Name, node.over.field).id
        )
        return None
    if function == "distinct":
        return t.Int()
    if function in ("first", "last"):
        return type_
    if (function in ("sum", "avg") and not numeric) or not comparable(type_):
        typing.findings.report("MW258", node.span, function=function, type=type_)
        return None
    if function == "avg":
        return type_ if isinstance(type_, t.Money) else t.Number()
    return family(type_) if function == "sum" else type_
