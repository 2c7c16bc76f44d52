"""The names in a rule text: each statement is read by itself, and read again only when it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailweave.diagnostics import Diagnostic
from mailweave.lsp.liquid_mentions import liquid_mentions
from mailweave.lsp.mentions import Kind, Mention, Symbol
from mailweave.rules import nodes as n
from mailweave.rules.parser import parse
from mailweave.rules.scanner import Scan, scan
from mailweave.source import Source, Span

_ESCAPE = re.compile(r"\\.")


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of a rule text: its tree, if it could be read, what it names, and whether anything is wrong."""

    statements: tuple[n.Statement, ...]
    mentions: tuple[Mention, ...]
    findings: tuple[Diagnostic, ...]


@lru_cache(maxsize=64)
def scanned(text: str) -> Scan:
    """The first look at a rule text."""
    return scan(Source("", text))


@lru_cache(maxsize=4_000)
def piece(text: str) -> Piece:
    """A statement, read by itself; its places are counted from its own start."""
    parsed = parse(Source("", text))
    found = tuple(m for statement in parsed.document.statements for m in _Reader(text).statement(statement))
    return Piece(parsed.document.statements, found, parsed.diagnostics)


def pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """The statements of a rule text, each with its start."""
    found = scanned(text)
    for chunk in found.chunks:
        yield chunk.span.start, piece(found.code[chunk.span.start : chunk.span.stop])


def rule_mentions(text: str) -> Iterator[Mention]:
    """Every name in a rule text."""
    for start, one in pieces(text):
        yield from (mention.shifted(start) for mention in one.mentions)


_SIMPLE: dict[type[n.Node], tuple[tuple[str, Kind], ...]] = {
    n.Segment: (("within", "value"),),
    n.Block: (("slot", "slot"),),
    n.Slot: (("fallback", "block"),),
    n.Override: (("winner", "value"), ("loser", "value")),
    n.Experiment: (("block", "block"),),
    n.ConstantExperiment: (("constant", "value"),),
    n.WaitExperiment: (("trigger", "value"),),
    n.OnEvent: (("name", "value"),),
    n.OnDay: (("name", "value"), ("zone", "value")),
    n.OnEntering: (("segment", "value"),),
    n.QuietHours: (("zone", "value"),),
    n.RecommendedList: (("catalog", "catalog"), ("otherwise", "catalog")),
    n.Timezone: (("attribute", "value"),),
    n.Needs: (("consent", "consent"),),
    n.NoEvent: (("event", "value"),),
    n.Never: (("event", "value"),),
    n.Shows: (("list", "list"),),
    n.Row: (("segment", "value"),),
    n.Cell: (("block", "block"),),
    n.MatrixColumn: (("slot", "slot"),),
    n.Unit: (("attribute", "value"),),
    n.ConsentRef: (("purpose", "consent"),),
    n.ScoreRef: (("name", "score"),),
    n.Call: (("function", "value"),),
    n.GivenScore: (("name", "score"),),
    n.GivenLookup: (("name", "value"),),
    n.IsIn: (("segment", "value"),),
    n.IsOut: (("segment", "value"),),
    n.IsSkipped: (("code", "skip"),),
    n.IsAnswer: (("name", "answer"),),
}
"""Fields of nodes that hold a name, and what it is of."""

_DECLARED: dict[type[n.Node], tuple[Kind, str]] = {
    n.ProfileField: ("value", "attribute"),
    n.Event: ("value", "event"),
    n.Let: ("value", "let"),
    n.Segment: ("value", "segment"),
    n.Tier: ("value", "tier"),
    n.Lookup: ("value", "lookup"),
    n.Score: ("score", "score"),
    n.Catalog: ("catalog", "catalogue"),
    n.RecommendedList: ("list", "list"),
    n.Skip: ("skip", "skip"),
    n.Slot: ("slot", "slot"),
    n.Block: ("block", "block"),
    **dict.fromkeys((n.Experiment, n.ConstantExperiment, n.WaitExperiment), ("experiment", "experiment")),
    n.Matrix: ("matrix", "matrix"),
    **dict.fromkeys((n.Trigger, n.FollowUp), ("value", "mail")),
}


class _Reader:
    """Walks the tree of one statement."""

    def __init__(self, text: str) -> None:
        self.text, self._let = text, ""

    def statement(self, statement: n.Statement) -> Iterator[Mention]:
        yield from self._node(statement, "", frozenset())

    def _node(self, node: n.Node, within: str, parameters: frozenset[str]) -> Iterator[Mention]:
        yield from self._declared(node)
        for field, kind in _SIMPLE.get(type(node), ()):
            name = getattr(node, field)
            if isinstance(name, n.Name):
                yield Mention(Symbol(kind, name.id), name.span, within=within)
        match node:
            case n.Reference(id=id) if id in parameters:
                yield Mention(Symbol("parameter", id, self._let), node.span)
            case n.Reference(id=id):
                yield Mention(Symbol("value", id), node.span, within=within)
            case n.Let():
                self._let = node.name.id
                yield from self._below(node, within, frozenset(one.id for one in node.parameters))
                return
            case n.Over():
                yield from self._over(node, within, parameters)
                return
            case n.Says(text=text):
                yield from self._liquid(text.span)
            case n.Unless(events=events):
                yield from (Mention(Symbol("value", one.id), one.span) for one in events)
            case _:  # what else there is has no names of its own
                yield from self._given(node)
        yield from self._below(node, within, parameters)

    def _below(self, node: n.Node, within: str, parameters: frozenset[str]) -> Iterator[Mention]:
        for child in n.children(node):
            yield from self._node(child, within, parameters)

    def _over(self, node: n.Over, within: str, parameters: frozenset[str]) -> Iterator[Mention]:
        """What an aggregate runs over: fields of it come first in its condition."""
        yield Mention(Symbol("value", node.source.id), node.source.span, within=within)
        if node.field is not None:
            yield Mention(Symbol("field", node.field.id, node.source.id), node.field.span)
        if node.window is not None:
            yield from self._node(node.window, within, parameters)
        if node.where is not None:
            yield from self._node(node.where, node.source.id, parameters)

    def _declared(self, node: n.Node) -> Iterator[Mention]:
        declares, name = _DECLARED.get(type(node)), getattr(node, "name", None)
        if declares is not None and isinstance(name, n.Name):
            kind, word = declares
            yield self._declares(Symbol(kind, name.id), name.span, node.span, word)
            yield from self._fields(node, name.id)
        match node:
            case n.Consent(purposes=purposes):
                for purpose in purposes:
                    yield self._declares(Symbol("consent", purpose.id), purpose.span, node.span, "consent")
            case n.Let(name=let, parameters=parameters):
                for one in parameters:
                    yield self._declares(
                        Symbol("parameter", one.id, let.id), one.span, node.span, "parameter"
                    )
            case n.Tier(name=tier, members=members, otherwise=otherwise):
                for member in members:
                    symbol = Symbol("line", member.name.id, tier.id)
                    yield self._declares(symbol, member.name.span, member.span, "line of a tier")
                if otherwise is not None:
                    symbol = Symbol("line", otherwise.id, tier.id)
                    yield self._declares(symbol, otherwise.span, otherwise.span, "line of a tier")
            case n.Experiment() | n.ConstantExperiment() | n.WaitExperiment():
                for arm in n.arms(node):
                    symbol = Symbol("arm", arm.name.id, node.name.id)
                    yield self._declares(symbol, arm.name.span, arm.span, "arm")
                    if isinstance(arm, n.Arm) and arm.block is not None:
                        yield Mention(Symbol("block", arm.block.id), arm.block.span)
            case _:  # the others declare one thing
                return

    def _fields(self, node: n.Node, owner: str) -> Iterator[Mention]:
        """The fields of an event, of a catalogue's items, of the records of a list."""
        if isinstance(node, n.Event | n.Catalog):
            fields: tuple[n.RecordField, ...] = node.fields
        elif isinstance(node, n.ProfileField) and isinstance(node.type, n.ListType):
            fields = node.type.fields
        else:
            return
        for one in fields:
            yield self._declares(Symbol("field", one.name.id, owner), one.name.span, one.span, "field")

    def _given(self, node: n.Node) -> Iterator[Mention]:
        """What the data of a test names."""
        match node:
            case n.GivenProfile(pairs=pairs):
                for pair in pairs:
                    yield Mention(Symbol("value", pair.name.id), pair.name.span)
                    yield from self._records(pair.value, pair.name.id)
            case n.GivenConsent(purposes=purposes):
                for purpose in purposes:
                    yield Mention(Symbol("consent", purpose.id), purpose.span)
            case n.GivenEvent(name=event, pairs=pairs):
                yield Mention(Symbol("value", event.id), event.span)
                for pair in pairs:
                    yield Mention(Symbol("field", pair.name.id, event.id), pair.name.span)
            case n.GivenLists(pairs=pairs):
                for pair in pairs:
                    yield Mention(Symbol("list", pair.name.id), pair.name.span)
            case n.GivenArm(experiment=experiment, arm=arm):
                yield Mention(Symbol("experiment", experiment.id), experiment.span)
                yield Mention(Symbol("arm", arm.id, experiment.id), arm.span)
            case n.IsAnswer(name=name, answers=answers):
                for answer in answers:
                    yield Mention(Symbol("line", answer.id, name.id), answer.span)
            case _:  # no data of a test
                return

    def _records(self, value: n.Node, owner: str) -> Iterator[Mention]:
        for one in n.walk(value):
            if isinstance(one, n.Pair):
                yield Mention(Symbol("field", one.name.id, owner), one.name.span)

    def _liquid(self, span: Span) -> Iterator[Mention]:
        """The Liquid in a text of the rules; what is escaped there is blank for this purpose."""
        text = _ESCAPE.sub("  ", self.text[span.start : span.stop])
        yield from (mention.shifted(span.start) for mention in liquid_mentions(text))

    def _declares(self, symbol: Symbol, span: Span, whole: Span, word: str) -> Mention:
        return Mention(symbol, span, True, whole, word)
