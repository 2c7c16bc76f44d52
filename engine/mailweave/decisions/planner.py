"""From a checked rule text to a plan: every condition gets a bit of the mask, every rank a value.

The compiler of the rules is handed what the decisions need besides segments, tiers and skips, so
that one fused function answers all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailweave.decisions.drawing import Drawing, Table, buckets_of, chances_of
from mailweave.decisions.plan import (
    ArmPlan,
    BlockPlan,
    Cap,
    CellPlan,
    ColumnPlan,
    ConstantPlan,
    DecisionPlan,
    End,
    ExperimentPlan,
    OverridePlan,
    Says,
    SlotPlan,
)
from mailweave.decisions.selection import Answer, Reason, Skip
from mailweave.rules import checked, typed
from mailweave.rules.artifact import Bits
from mailweave.rules.policies import POLICIES
from mailweave.schema.model import key_attribute
from mailweave.schema.types import Bool, Instant, Int, Text
from mailweave.source import Source, Span
from mailweave.values.bucket_ranges import Range, bucket_ranges
from mailweave.values.hashing import fnv1a32

SENT, SENT_BLOCK = "sent", "block"


@dataclass(slots=True)
class Needs:
    """What the decisions ask the rules for: conditions (bits) and values, by name."""

    conditions: dict[str, typed.Expr] = field(default_factory=dict)
    values: dict[str, typed.Expr] = field(default_factory=dict)


def sends_value(block: str) -> str:
    """The name of the value that counts a block's sends within its cap's window."""
    return f"{block}.sends"


def last_sent_value(block: str) -> str:
    """The name of the value that is the instant of a block's newest send."""
    return f"{block}.last_sent"


def start_value(block: str) -> str:
    """The name of the value that is the instant from which a block's end is counted."""
    return f"{block}.starts"


def requires_condition(block: str, index: int) -> str:
    """The name of a block's condition, counted from 0."""
    return f"{block}.requires.{index}"


def override_condition(index: int) -> str:
    """The name of the condition of an override, counted in file order."""
    return f"override.{index}"


def only_condition(experiment: str) -> str:
    """The name of the condition of an experiment."""
    return f"{experiment}.only"


def score_value(slot: str, row: int) -> str:
    """The name of the expression that ranks the cell of a slot in a row, rows counted from 0."""
    return f"{slot}.score.{row}"


def needs_of(document: checked.CheckedDocument) -> Needs:
    """Every condition and value that decisions over this text ask for."""
    needs, content = Needs(), document.content
    for block in content.blocks.values():
        for index, condition in enumerate(block.requires):
            needs.conditions[requires_condition(block.name, index)] = condition
        if block.after is not None:
            needs.values[start_value(block.name)] = block.after.start
    for index, override in enumerate(content.overrides):
        if override.condition is not None:
            needs.conditions[override_condition(index)] = override.condition
    for experiment in content.all_experiments.values():
        if experiment.only is not None:
            needs.conditions[only_condition(experiment.name)] = experiment.only
    for matrix in content.matrices:
        for row, _, column, cell in _cells(matrix):
            if cell.score is not None:
                needs.values[score_value(column.slot, row)] = cell.score
    needs.values.update(_sends(content))
    return needs


def requires_conditions(block: str, conditions: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that belong to a block's `requires`."""
    return tuple(name for name in conditions if name.startswith(f"{block}.requires."))


def plan_of(
    document: checked.CheckedDocument, layout: Bits, tables: Mapping[str, Table] | None = None
) -> DecisionPlan:
    """The plan; `layout` says which bit of the mask answers what, `tables` how slots draw that are `learned`."""
    content = document.content
    segments, skips, named = _bits(layout)
    columns = [c for matrix in content.matrices for c in _columns(matrix, content.slots, segments)]
    return DecisionPlan(
        tuple(SlotPlan(s.name, s.is_text, s.max, s.fallback, s.span) for s in content.slots.values()),
        {b.name: _block(b, document.source, named, _shown_as(b, content)) for b in content.blocks.values()},
        {c.slot: _drawing(c, document, layout, (tables or {}).get(c.slot)) for c in columns},
        tuple(_override(o, override_condition(at), named) for at, o in enumerate(content.overrides)),
        {e.block: _experiment(e, named, content) for e in content.experiments.values()},
        tuple((bit, Skip(*reason)) for bit, reason in skips),
        tuple(_constant(experiment, named) for experiment in content.constants.values()),
    )


def _bits(layout: Bits) -> tuple[dict[str, int], list[tuple[int, tuple[str, str]]], dict[str, int]]:
    """The bit of each segment, skip (in file order) and condition."""
    place = itertools.count()
    segments = {name: 1 << next(place) for name in layout.segments}
    for _, answers in layout.tiers:
        for _ in answers:
            next(place)
    skips = [(1 << next(place), reason) for reason in layout.skips]
    return segments, skips, {name: 1 << next(place) for name in layout.conditions}


def _shown_as(block: checked.Block, content: checked.Content) -> checked.Block:
    """The block whose conditions hold whenever `block` is shown: an arm is shown in the place of another."""
    in_matrix = {
        cell.block for m in content.matrices for row in (*m.rows, m.otherwise) for cell in row.cells if cell
    }
    owners = [e.block for e in content.experiments.values() if block.name in {arm.block for arm in e.arms}]
    return content.blocks[owners[0]] if len(owners) == 1 and block.name not in in_matrix else block


def _block(
    block: checked.Block, source: Source, named: Mapping[str, int], shown_as: checked.Block
) -> BlockPlan:
    bits = 0
    for index in range(len(block.requires)):
        bits |= named[requires_condition(block.name, index)]
    consents = (purpose for condition in shown_as.requires for purpose in _consents(condition))
    cap = None if block.cap is None else Cap(block.cap.count, block.cap.per)
    says = None if block.says is None else Says(_says(block.says, block.says_span or block.span, source))
    return BlockPlan(
        block.name,
        block.slot,
        says,
        bits,
        tuple(dict.fromkeys(consents)),
        block.expires,
        block.shows,
        cap,
        _end(shown_as),
        block.span,
    )


def _end(block: checked.Block) -> End | None:
    if block.after is not None:
        return End(block.expires, block.last_day, start_value(block.name), block.after.length)
    return None if block.expires is None else End(block.expires, block.last_day, None, 0)


def _consents(condition: typed.Expr) -> Iterator[str]:
    """Consents without which a condition cannot be true."""
    if isinstance(condition, typed.ConsentGiven):
        yield condition.purpose
    elif isinstance(condition, typed.Inlined):
        yield from _consents(condition.value)
    elif isinstance(condition, typed.And):
        for term in condition.terms:
            yield from _consents(term)


def _says(text: str, span: Span, source: Source) -> Source:
    """A part of the rule file, when it stands there without escapes; else a text named after its place."""
    inner = Span(span.start + 1, span.stop - 1)
    part = source.part(inner)
    return part if part.text == text else Source(str(source.locate(inner.start)), text)


def _columns(
    matrix: checked.Matrix, slots: Mapping[str, checked.Slot], bits: Mapping[str, int]
) -> Iterator[ColumnPlan]:
    for index, column in enumerate(matrix.columns):
        policy, last = POLICIES[column.policy], matrix.otherwise.cells[index]
        cells = (
            _cell(row, segment, bits[segment], cell, column.slot)
            for row, segment, its_column, cell in _cells(matrix)
            if its_column is column
        )
        yield ColumnPlan(
            column.slot,
            column.policy,
            policy.keys(matrix.ties),
            policy.limit(slots[column.slot].max),
            tuple(cells),
            None if last is None else _otherwise(len(matrix.rows), last),
            column.span,
        )


def _drawing(
    column: ColumnPlan, document: checked.CheckedDocument, layout: Bits, table: Table | None
) -> ColumnPlan:
    """The column with how it draws, where its policy does."""
    key = key_attribute(document.schema)
    if not POLICIES[column.policy].is_drawn or key is None:
        return column
    by = None if table is None else table.by
    members = () if by is None else _member_bits(layout, by)
    buckets = buckets_of(None if by is None else document.tiers[by])
    chances = chances_of(table, buckets, tuple(dict.fromkeys(cell.block for cell in column.cells)))
    salt = f"{document.name} {column.slot} {'' if table is None else table.salt}"
    return replace(column, drawing=Drawing(key.name, salt, members, chances, table))


def _member_bits(layout: Bits, tier: str) -> tuple[tuple[int, str], ...]:
    """The bit of each member of a tier: they stand behind those of the segments."""
    at = len(layout.segments)
    for name, answers in layout.tiers:
        if name == tier:
            return tuple((1 << at + place, answer) for place, answer in enumerate(answers))
        at += len(answers)
    return ()


def _cells(matrix: checked.Matrix) -> Iterator[tuple[int, str, checked.Column, checked.Cell]]:
    for number, row in enumerate(matrix.rows):
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            if cell is not None and row.segment is not None:
                yield number, row.segment, column, cell


def _cell(row: int, segment: str, holds: int, cell: checked.Cell, slot: str) -> CellPlan:
    score = None if cell.score is None else score_value(slot, row)
    ranked = cell.number is not None
    alone = Answer((cell.block,), Reason("matrix", (segment,)))
    return CellPlan(row, segment, holds, cell.block, cell.number or 0, ranked, score, alone, cell.span)


def _otherwise(row: int, cell: checked.Cell) -> CellPlan:
    alone = Answer((cell.block,), Reason("otherwise", ("otherwise",)))
    return CellPlan(row, "otherwise", 0, cell.block, 0, False, None, alone, cell.span)


def _override(override: checked.Override, name: str, named: Mapping[str, int]) -> OverridePlan:
    condition = None if override.condition is None else name
    return OverridePlan(override.winner, override.loser, condition, named.get(name, 0), override.span)


def _experiment(
    experiment: checked.Experiment, named: Mapping[str, int], content: checked.Content
) -> ExperimentPlan:
    blocks = [None if arm.block == experiment.block else arm.block for arm in experiment.arms]
    drawn = _drawn(experiment, named, blocks)
    return ExperimentPlan(*drawn, experiment.block, content.arm_lists(experiment))


def _constant(experiment: checked.ConstantExperiment, named: Mapping[str, int]) -> ConstantPlan:
    return ConstantPlan(*_drawn(experiment, named, [None] * len(experiment.arms)), experiment.constant)


def _drawn(
    experiment: checked.AnyExperiment, named: Mapping[str, int], blocks: Sequence[str | None]
) -> tuple[str, str, int, int, tuple[ArmPlan, ...], tuple[Range, ...], Span]:
    """What the plans of all experiments begin with."""
    weights = [float(arm.share) for arm in experiment.arms]
    return (
        experiment.name,
        experiment.unit,
        fnv1a32(experiment.salt),
        named.get(only_condition(experiment.name), 0),
        tuple(ArmPlan(arm.name, block) for arm, block in zip(experiment.arms, blocks, strict=True)),
        bucket_ranges(len(weights), float(1 - experiment.holdout), weights),
        experiment.span,
    )


def _sends(content: checked.Content) -> Iterator[tuple[str, typed.Expr]]:
    """Sends count under the name of the block and under those of its arms."""
    arms = {e.block: [arm.block for arm in e.arms] for e in content.experiments.values()}
    ranked = {
        cell.block
        for matrix in content.matrices
        if "least recently sent" in matrix.ties
        for _, _, _, cell in _cells(matrix)
    }
    for block in content.blocks.values():
        names = tuple(dict.fromkeys([block.name, *arms.get(block.name, ())]))
        if block.cap is not None:
            yield sends_value(block.name), _aggregate("count", block, names, block.cap.per)
        if block.name in ranked:
            yield last_sent_value(block.name), _aggregate("last", block, names, None)


def _aggregate(
    function: str, block: checked.Block, names: tuple[str, ...], window: int | None
) -> typed.EventAggregate:
    span, text = block.span, Text()
    sent_block = typed.ItemField(span, text, False, SENT_BLOCK)
    where = typed.In(
        span, Bool(), False, sent_block, tuple(typed.Const(span, text, False, name) for name in names)
    )
    within = None if window is None else typed.ExactWindow(window, True)
    if function == "count":
        return typed.EventAggregate(span, Int(), False, "count", SENT, None, within, where)
    return typed.EventAggregate(span, Instant(), True, "last", SENT, None, within, where)
