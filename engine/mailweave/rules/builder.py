"""From Lark's tree to ours: one function per rule of the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from lark import Token, Tree

from mailweave.rules import nodes as n
from mailweave.source import Span

_ESCAPE = re.compile(r"\\(.)")


def build(tree: Tree[Token]) -> n.Node:
    """The node that a tree stands for. The tree's depth must be capped."""
    parts = [build(child) if isinstance(child, Tree) else child for child in tree.children]
    return cast(n.Node, _MAKE[tree.data](_span(tree), parts))


def _span(tree: Tree[Token]) -> Span:
    return Span(tree.meta.start_pos, tree.meta.end_pos)


def _at(token: Token) -> Span:
    return Span(cast(int, token.start_pos), cast(int, token.end_pos))


def _name(token: Token) -> n.Name:
    return n.Name(_at(token), str(token))


def _maybe_name(token: Token | None) -> n.Name | None:
    return None if token is None else _name(token)


def _names(tokens: list[Any]) -> tuple[n.Name, ...]:
    return tuple(_name(token) for token in tokens if token is not None)


def _text(token: Token) -> n.TextLiteral:
    return n.TextLiteral(_at(token), _ESCAPE.sub(lambda m: "\n" if m[1] == "n" else m[1], token[1:-1]))


def _maybe_text(token: Token | None) -> n.TextLiteral | None:
    return None if token is None else _text(token)


def _unit(token: Token) -> str:
    return token.removesuffix("s")


def _moment(token: Token) -> n.DateLiteral | n.InstantLiteral:
    make = n.InstantLiteral if token.type == "INSTANT" else n.DateLiteral
    return make(_at(token), str(token))


def _number(token: Token) -> n.NumberLiteral:
    return n.NumberLiteral(_at(token), str(token))


# ---- head and schema


def _profile_field(span: Span, parts: list[Any]) -> n.Node:
    name, (type_, optional), *labels = parts
    return n.ProfileField(span, _name(name), type_, optional, tuple(labels))


def _record_field(span: Span, parts: list[Any]) -> n.Node:
    name, (type_, optional), default = parts
    return n.RecordField(span, _name(name), type_, optional, default)


def _event(span: Span, parts: list[Any]) -> n.Node:
    name, record, keep, shown = parts
    return n.Event(span, _name(name), record or (), keep, shown)


def _score(span: Span, parts: list[Any]) -> n.Node:
    name, type_, computation, ttl, otherwise = parts
    return n.Score(span, _name(name), type_, computation, ttl, None if otherwise == "unknown" else otherwise)


def _otherwise(token: Token) -> n.TextLiteral | n.Name:
    return _text(token) if token.type == "STRING" else _name(token)


def _list(span: Span, parts: list[Any]) -> n.Node:
    name, catalog, by, most, otherwise = parts
    return n.RecommendedList(span, _name(name), _name(catalog), _text(by), str(most), _otherwise(otherwise))


# ---- names, segments, tiers


def _segment(span: Span, parts: list[Any]) -> n.Node:
    name, label, within, (conditions, braces) = parts
    return n.Segment(span, _name(name), _maybe_text(label), _maybe_name(within), conditions, braces)


def _tier(span: Span, parts: list[Any]) -> n.Node:
    name, complete, *members, otherwise = parts
    return n.Tier(span, _name(name), complete is not None, tuple(members), _maybe_name(otherwise))


# ---- content and choice


def _matrix(span: Span, parts: list[Any]) -> n.Node:
    name, policy, ties, columns, *rows = parts
    return n.Matrix(span, _maybe_name(name), policy, ties, columns, tuple(rows))


def _cell(span: Span, parts: list[Any]) -> n.Node:
    block, rank = parts
    if isinstance(rank, n.NumberLiteral):
        return n.Cell(span, _name(block), rank, None)
    return n.Cell(span, _name(block), None, rank)


# ---- mails that start by themselves


def _trigger(span: Span, parts: list[Any]) -> n.Node:
    name, cause, *rest = parts
    clauses = tuple(each for each in rest if not isinstance(each, n.FollowUp))
    follow_ups = tuple(each for each in rest if isinstance(each, n.FollowUp))
    return n.Trigger(span, _name(name), cause, clauses, follow_ups)


def _clock(token: Token) -> n.Clock:
    return n.Clock(_at(token), str(token))


# ---- tests


def _given_event(span: Span, parts: list[Any]) -> n.Node:
    name, pairs, ago = parts
    return n.GivenEvent(span, _name(name), pairs or (), ago)


def _answers(span: Span, parts: list[Any]) -> n.Node:
    name, *answers = parts
    return n.IsAnswer(span, _name(name), _names(answers), True)


# ---- expressions


def _over(span: Span, parts: list[Any]) -> n.Node:
    source, field, window, where = parts
    return n.Over(span, _name(source), _maybe_name(field), window, where)


def _call(span: Span, parts: list[Any]) -> n.Node:
    name, *arguments = parts
    return n.Call(span, _name(name), tuple(each for each in arguments if each is not None))


def _arithmetic(span: Span, parts: list[Any]) -> n.Node:
    left, op, right = parts
    return n.Arithmetic(span, left, cast(Any, str(op)), right)


def _compare(span: Span, parts: list[Any]) -> n.Node:
    left, op, right = parts
    return n.Compare(span, left, cast(Any, str(op)), right)


def _many(span: Span, parts: list[Any]) -> n.Node:
    return n.Many(span, tuple(each for each in parts if each is not None))


_MAKE: dict[str, Callable[[Span, list[Any]], Any]] = {
    "document": lambda span, parts: parts,
    "alone": lambda span, parts: parts[0],
    # head and schema
    "ruleset": lambda span, p: n.Ruleset(span, _text(p[0]), str(p[1])),
    "import_": lambda span, p: n.Import(span, _text(p[0])),
    "timezone": lambda span, p: n.Timezone(span, _maybe_name(p[0]), _text(p[1])),
    "budget": lambda span, p: n.Budget(span, str(p[0])),
    "profile": lambda span, p: n.Profile(span, tuple(p)),
    "profile_field": _profile_field,
    "pii": lambda span, p: n.Pii(span),
    "sensitive": lambda span, p: n.Sensitive(span),
    "minimum": lambda span, p: n.Minimum(span, p[0]),
    "maximum": lambda span, p: n.Maximum(span, p[0]),
    "needs": lambda span, p: n.Needs(span, p[0].purpose),
    "data_name": lambda span, p: n.Column(span, _text(p[0])),
    "default": lambda span, p: n.Default(span, p[0]),
    "type": lambda span, p: (p[0], len(p) > 1),
    "enum_type": lambda span, p: n.EnumType(span, _names(p), False),
    "ordered_enum_type": lambda span, p: n.EnumType(span, _names(p), True),
    "money_type": lambda span, p: n.MoneyType(span, str(p[0])),
    "set_type": lambda span, p: n.SetType(span, p[0]),
    "list_type": lambda span, p: n.ListType(span, p[0]),
    "named_type": lambda span, p: n.NamedType(span, str(p[0])),
    "record": lambda span, p: tuple(p),
    "record_field": _record_field,
    "event": _event,
    "shown": lambda span, p: n.Shown(span, tuple(p)),
    "forever": lambda span, p: n.Forever(span),
    "consent": lambda span, p: n.Consent(span, _names(p)),
    "score": _score,
    "computation": lambda span, p: n.Computation(span, _name(p[0]), p[1]),
    "unknown_value": lambda span, p: "unknown",
    "lookup": lambda span, p: n.Lookup(span, _name(p[0]), *p[1:]),
    "catalog": lambda span, p: n.Catalog(span, _name(p[0]), p[1]),
    "list": _list,
    # names, segments, tiers, skips
    "let": lambda span, p: n.Let(span, _name(p[0]), p[1] or (), p[2]),
    "parameters": lambda span, p: _names(p),
    "segment": _segment,
    "is_one": lambda span, p: (tuple(p), False),
    "is_all": lambda span, p: (tuple(p), True),
    "tier": _tier,
    "member": lambda span, p: n.Member(span, _name(p[0]), p[1]),
    "skip": lambda span, p: n.Skip(span, _name(p[0]), _maybe_text(p[1]), p[2]),
    # content and choice
    "slot": lambda span, p: n.Slot(span, _name(p[0]), p[1] is not None, str(p[2]), _name(p[3])),
    "optional_slot": lambda span, p: n.Slot(span, _name(p[0]), p[1] is not None, str(p[2]), None),
    "block": lambda span, p: n.Block(span, _name(p[0]), _name(p[1]), tuple(p[2:])),
    "requires": lambda span, p: n.Requires(span, p[0]),
    "expires": lambda span, p: n.Expires(span, _moment(p[0])),
    "expires_after": lambda span, p: n.ExpiresAfter(span, p[0], p[1]),
    "cap": lambda span, p: n.Cap(span, str(p[0]), p[1]),
    "says": lambda span, p: n.Says(span, _text(p[0])),
    "shows": lambda span, p: n.Shows(span, _name(p[0])),
    "matrix": _matrix,
    "policy": lambda span, p: n.Policy(span, cast(Any, str(p[0]))),
    "ties": lambda span, p: tuple(p),
    "tie_order": lambda span, p: n.Tie(span, "order"),
    "tie_least_recent": lambda span, p: n.Tie(span, "least recently sent"),
    "tie_soonest": lambda span, p: n.Tie(span, "expires soonest"),
    "columns": lambda span, p: tuple(p),
    "column": lambda span, p: n.MatrixColumn(span, _name(p[0]), p[1]),
    "row": lambda span, p: n.Row(span, _name(p[0]), tuple(p[1:])),
    "otherwise_row": lambda span, p: n.Row(span, None, tuple(p)),
    "cell": _cell,
    "empty_cell": lambda span, p: n.Cell(span, None, None, None),
    "number_rank": lambda span, p: _number(p[0]),
    "score_rank": lambda span, p: p[0],
    "override": lambda span, p: n.Override(span, _name(p[0]), _name(p[1]), p[2]),
    "experiment": lambda span, p: n.Experiment(span, _name(p[0]), p[1], tuple(p[2:])),
    "experimental": lambda span, p: _name(p[0]),
    "constant_experiment": lambda span, p: n.ConstantExperiment(span, _name(p[0]), _name(p[1]), tuple(p[2:])),
    "wait_experiment": lambda span, p: n.WaitExperiment(span, _name(p[0]), _name(p[1]), tuple(p[2:])),
    "unit": lambda span, p: n.Unit(span, _name(p[0]), _text(p[1])),
    "only": lambda span, p: n.Only(span, p[0]),
    "holdout": lambda span, p: n.Holdout(span, p[0][:-1]),
    "split": lambda span, p: n.Split(span, tuple(p)),
    "arm": lambda span, p: n.Arm(span, _name(p[0]), p[1][:-1], _maybe_name(p[2])),
    "value_split": lambda span, p: n.ValueSplit(span, tuple(p)),
    "value_arm": lambda span, p: n.ValueArm(span, _name(p[0]), p[1][:-1], p[2]),
    # mails that start by themselves
    "trigger": _trigger,
    "on_event": lambda span, p: n.OnEvent(span, _name(p[0])),
    "on_day": lambda span, p: n.OnDay(span, _name(p[0]), _clock(p[1]), _maybe_name(p[2])),
    "on_entering": lambda span, p: n.OnEntering(span, _name(p[0])),
    "wait": lambda span, p: n.Wait(span, p[0]),
    "unless": lambda span, p: n.Unless(span, _names(p)),
    "when": lambda span, p: n.When(span, p[0]),
    "follow_up": lambda span, p: n.FollowUp(span, _maybe_name(p[0]), p[1], tuple(p[2:])),
    "quiet_hours": lambda span, p: n.QuietHours(span, _clock(p[0]), _clock(p[1]), _maybe_name(p[2])),
    "mail_cap": lambda span, p: n.MailCap(span, str(p[0]), p[2]),
    # tests
    "test": lambda span, p: n.Test(span, _text(p[0]), tuple(p[1:])),
    "given_profile": lambda span, p: n.GivenProfile(span, p[0] or ()),
    "given_consent": lambda span, p: n.GivenConsent(span, _names(p)),
    "given_events": lambda span, p: n.GivenEvents(span, tuple(p)),
    "given_scores": lambda span, p: n.GivenScores(span, tuple(p)),
    "given_lookups": lambda span, p: n.GivenLookups(span, tuple(p)),
    "given_lists": lambda span, p: n.GivenLists(span, p[0]),
    "given_arm": lambda span, p: n.GivenArm(span, _name(p[0]), _name(p[1])),
    "now": lambda span, p: n.Now(span, cast(n.InstantLiteral, _moment(p[0]))),
    "expect": lambda span, p: n.Expect(span, tuple(p)),
    "pairs": lambda span, p: tuple(p),
    "pair": lambda span, p: n.Pair(span, _name(p[0]), p[1]),
    "many": _many,
    "given_record": lambda span, p: n.Record(span, p[0]),
    "given_event": _given_event,
    "given_score": lambda span, p: n.GivenScore(span, _name(p[0]), p[1], p[2]),
    "given_lookup": lambda span, p: n.GivenLookup(span, _name(p[0]), p[1], p[2]),
    "is_in": lambda span, p: n.IsIn(span, _name(p[0])),
    "is_out": lambda span, p: n.IsOut(span, _name(p[0])),
    "is_answer": lambda span, p: n.IsAnswer(span, _name(p[0]), (_name(p[1]),), False),
    "is_answers": _answers,
    "is_skipped": lambda span, p: n.IsSkipped(span, _name(p[0])),
    # expressions
    "or_": lambda span, p: n.Or(span, tuple(p)),
    "and_": lambda span, p: n.And(span, tuple(p)),
    "not_": lambda span, p: n.Not(span, p[0]),
    "compare": _compare,
    "between": lambda span, p: n.Between(span, p[0], p[1], p[2], False),
    "not_between": lambda span, p: n.Between(span, p[0], p[1], p[2], True),
    "in_": lambda span, p: n.In(span, p[0], p[1], False),
    "not_in": lambda span, p: n.In(span, p[0], p[1], True),
    "in_window": lambda span, p: n.InWindow(span, *p),
    "contains": lambda span, p: n.Contains(span, *p),
    "contains_any": lambda span, p: n.ContainsMany(span, p[0], "any", p[1]),
    "contains_all": lambda span, p: n.ContainsMany(span, p[0], "all", p[1]),
    "matches": lambda span, p: n.Matches(span, p[0], _text(p[1])),
    "known": lambda span, p: n.Known(span, p[0], False),
    "unknown": lambda span, p: n.Known(span, p[0], True),
    "no_event": lambda span, p: n.NoEvent(span, _name(p[0]), p[1]),
    "never": lambda span, p: n.Never(span, _name(p[0])),
    "constants": lambda span, p: tuple(p),
    "window": lambda span, p: n.Window(span, cast(Any, str(p[0])), p[1]),
    "exact_length": lambda span, p: p[0],
    "calendar_length": lambda span, p: n.CalendarLength(span, str(p[0]), _unit(p[1])),
    "parameter_length": lambda span, p: n.Reference(span, str(p[0])),
    "arithmetic": _arithmetic,
    "negate": lambda span, p: n.Negate(span, p[1]),
    "aggregate": lambda span, p: n.Aggregate(span, *p),
    "function": lambda span, p: str(p[0]),
    "time_since": lambda span, p: n.TimeSince(span, p[0]),
    "anniversary": lambda span, p: n.Anniversary(span, n.Reference(_at(p[0]), str(p[0]))),
    "consent_ref": lambda span, p: n.ConsentRef(span, _name(p[0])),
    "score_ref": lambda span, p: n.ScoreRef(span, _name(p[0])),
    "reference": lambda span, p: n.Reference(span, str(p[0])),
    "call": _call,
    "over": _over,
    # literals
    "text": lambda span, p: n.TextLiteral(span, _text(p[0]).value),
    "bool": lambda span, p: n.BoolLiteral(span, p[0] == "true"),
    "number": lambda span, p: _number(p[0]),
    "money": lambda span, p: n.MoneyLiteral(span, str(p[0]), str(p[1])),
    "signed_number": lambda span, p: n.NumberLiteral(span, "-" + p[1]),
    "signed_money": lambda span, p: n.MoneyLiteral(span, "-" + p[1], str(p[2])),
    "instant": lambda span, p: _moment(p[0]),
    "date": lambda span, p: _moment(p[0]),
    "duration": lambda span, p: n.DurationLiteral(span, str(p[0]), _unit(p[1])),
}
