"""The outline of a text: statements of rules, tables of settings, slots of a layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mailweave.lsp.campaign_files import File
from mailweave.lsp.liquid_mentions import liquid_mentions
from mailweave.lsp.rule_mentions import pieces
from mailweave.lsp.toml_scan import entries
from mailweave.rules import nodes as n
from mailweave.source import Span

Sort: TypeAlias = Literal["statement", "data", "people", "content", "test", "key", "table", "slot"]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the outline; `span` is all of it, `name_span` its name."""

    name: str
    detail: str
    sort: Sort
    span: Span
    name_span: Span
    below: tuple[Item, ...] = field(default=())


_SORTS: dict[type[n.Node], Sort] = {
    n.Profile: "data",
    n.Event: "data",
    n.Consent: "data",
    n.Score: "data",
    n.Lookup: "data",
    n.Catalog: "data",
    n.RecommendedList: "data",
    n.Let: "people",
    n.Segment: "people",
    n.Tier: "people",
    n.Skip: "people",
    n.Slot: "content",
    n.Block: "content",
    n.Matrix: "content",
    n.Override: "content",
    n.Experiment: "content",
    n.ConstantExperiment: "content",
    n.WaitExperiment: "content",
    n.Trigger: "content",
    n.Test: "test",
}


def outline(file: File) -> tuple[Item, ...]:
    """What a file holds, from top to bottom."""
    match file.role:
        case "rules":
            return tuple(_rules(file.text))
        case "settings" | "block":
            return tuple(_settings(file.text))
        case "template":
            slots = (m for m in liquid_mentions(file.text) if m.symbol.kind == "slot")
            return tuple(Item(m.symbol.name, "slot", "slot", m.span, m.span) for m in slots)


def _rules(text: str) -> Iterator[Item]:
    for start, piece in pieces(text):
        for statement in piece.statements:
            yield _statement(statement, start)


def _statement(node: n.Statement, start: int) -> Item:
    word = "experiment" if isinstance(node, n.AnyExperiment) else type(node).__name__.lower()
    name = getattr(node, "name", None)
    if isinstance(name, n.TextLiteral):
        shown, at = name.value, name.span
    elif isinstance(name, n.Name):
        shown, at = name.id, name.span
    else:
        shown, at = word, Span(node.span.start, min(node.span.stop, node.span.start + len(word)))
    below = tuple(
        Item(one.id, "", "key", whole.shifted(start), one.span.shifted(start)) for one, whole in _parts(node)
    )
    sort = _SORTS.get(type(node), "statement")
    return Item(shown, word, sort, node.span.shifted(start), at.shifted(start), below)


def _parts(node: n.Statement) -> Iterator[tuple[n.Name, Span]]:
    match node:
        case n.Profile(fields=fields):
            yield from ((one.name, one.span) for one in fields)
        case n.Tier(members=members):
            yield from ((one.name, one.span) for one in members)
        case n.Matrix(rows=rows):
            yield from ((one.segment, one.span) for one in rows if one.segment is not None)
        case n.Event(fields=fields) | n.Catalog(fields=fields):
            yield from ((one.name, one.span) for one in fields)
        case n.Trigger(follow_ups=mails):
            yield from ((one.name, one.span) for one in mails if one.name is not None)
        case _:  # the others are one line
            return


def _settings(text: str) -> Iterator[Item]:
    for one in entries(text):
        if one.is_table:
            yield Item(".".join(one.path), "table", "table", one.value, one.key)
        elif len(one.path) == 1:
            yield Item(one.path[0], "", "key", one.key.to(one.value), one.key)
