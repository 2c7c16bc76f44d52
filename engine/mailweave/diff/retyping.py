"""Conditions of one side, said over the declarations of both: names told apart, types widened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from mailweave.rules import typed as x
from mailweave.schema import types as t
from mailweave.schema.model import Schema

_NEVER_MISSING = (
    x.InSegment,
    x.Known,
    x.Exists,
    x.LookupValue,
    x.Const,
    x.ConsentGiven,
    x.EventAggregate,
    x.ListAggregate,
)


def rebuilt(expr: x.Expr, change: Callable[[x.Expr], x.Expr]) -> x.Expr:
    """An expression with `change` done to each part, from below."""
    changed: dict[str, Any] = {}
    for each in fields(expr):
        value = getattr(expr, each.name)
        if isinstance(value, x.Typed):
            changed[each.name] = rebuilt(cast(x.Expr, value), change)
        elif isinstance(value, tuple) and any(isinstance(item, x.Typed) for item in value):
            changed[each.name] = tuple(rebuilt(item, change) for item in value)
    kept = all(changed[name] is getattr(expr, name) for name in changed)
    return change(expr if kept else replace(expr, **changed))


def plain(expr: x.Expr) -> x.Expr:
    """An expression without the names of lets, outside of experiments, and with each `and` or `or` in one piece: two such
    that are equal mean the same."""
    return rebuilt(expr, _plain)


def _plain(expr: x.Expr) -> x.Expr:
    if isinstance(expr, x.Inlined):
        return expr.value
    if isinstance(expr, x.ByArm):
        return expr.conditions[0]
    if isinstance(expr, x.And | x.Or):
        terms: list[x.Expr] = []
        for term in expr.terms:
            terms += term.terms if isinstance(term, type(expr)) else (term,)
        return replace(expr, terms=tuple(terms))
    return expr


@dataclass(frozen=True, slots=True)
class Retyping:
    """From the declarations of one side (`own`) to those of both (`wide`); segments and tiers get `prefix`."""

    own: Schema
    wide: Schema
    prefix: str

    def __call__(self, expr: x.Expr) -> x.Expr:
        return rebuilt(expr, self._part)

    def name(self, segment: str) -> str:
        """A segment or tier as it is called beside those of the other side."""
        return self.prefix + segment

    def _part(self, expr: x.Expr) -> x.Expr:
        match expr:
            case x.InSegment(name=name) | x.TierValue(name=name):
                return replace(expr, name=self.name(name))
            case x.ByArm(conditions=conditions):  # rules are compared as they are without experiments
                return conditions[0]
            case x.Attribute(name=name) if name in self.own.profile:
                wide = self.wide.profile[name]
                may_miss = expr.optional or (wide.optional and not self.own.profile[name].optional)
                return replace(expr, type=wide.type, optional=may_miss)
            case x.EventAggregate(event=event, window=None) | x.Exists(event=event, window=None):
                return replace(expr, window=self._kept(event))
            case _:  # every other expression is the same on both sides
                pass
        return self._loosened(self._constants(expr))

    def _kept(self, event: str) -> x.ExactWindow | None:
        """What is kept of an event, as a window, where the other side keeps more."""
        keep = self.own.events[event].keep
        return None if keep is None or keep == self.wide.events[event].keep else x.ExactWindow(keep, True)

    def _constants(self, expr: x.Expr) -> x.Expr:
        """Members of an enum that has more members now."""
        if not isinstance(expr, x.Compare | x.In | x.Between):
            return expr
        types = {x.bare(each).type for each in x.children(expr) if not isinstance(x.bare(each), x.Const)}
        wide = types.pop() if len(types) == 1 else None
        return _with_members(expr, wide) if isinstance(wide, t.Enum) else expr

    def _loosened(self, expr: x.Expr) -> x.Expr:
        """What may be missing because a part of it may."""
        if expr.optional or isinstance(expr, _NEVER_MISSING):
            return expr
        may_miss = any(child.optional for child in x.children(expr))
        changed = may_miss and self.own.profile != self.wide.profile
        return replace(expr, optional=True) if changed else expr


def _with_members(expr: x.Compare | x.In | x.Between, wide: t.Enum) -> x.Expr:
    """A comparison whose constants, and nothing below them, are members of the wider enum."""

    def widened(part: x.Expr) -> x.Expr:
        found = x.bare(part)
        is_member = isinstance(found, x.Const) and isinstance(found.type, t.Enum)
        return replace(found, type=wide) if is_member else part

    match expr:
        case x.Compare(left=left, right=right):
            return replace(expr, left=widened(left), right=widened(right))
        case x.Between(value=value, low=low, high=high):
            return replace(expr, value=widened(value), low=widened(low), high=widened(high))
        case x.In(items=items):
            return replace(expr, items=tuple(replace(item, type=wide) for item in items))
