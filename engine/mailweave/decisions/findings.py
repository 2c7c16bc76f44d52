"""What can be said about the decisions of a checked text before anybody is decided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mailweave.decisions.overlap import Overlaps
from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.rules.checked import Cell, CheckedDocument, Column, Matrix
from mailweave.rules.policies import POLICIES
from mailweave.schema.model import key_attribute
from mailweave.source import Source

Filled = tuple[str, Cell]


def findings(document: CheckedDocument) -> tuple[Diagnostic, ...]:
    """All findings about matrices, overrides and experiments."""
    return tuple(_all(document))


def _all(document: CheckedDocument) -> Iterator[Diagnostic]:
    overlaps = Overlaps(document)
    for matrix in document.content.matrices:
        for column, cells in _columns(matrix):
            if POLICIES[column.policy].is_drawn:
                yield from _draws(column, cells, document)
            elif POLICIES[column.policy].promises:
                yield from _promises(column, cells, overlaps)
            elif matrix.ties in ((), ("order",)):
                yield from _ties(column, cells, overlaps)
    yield from _conditions(overlaps)
    yield from _overrides(document)
    yield from _arms(document)


def _columns(matrix: Matrix) -> Iterator[tuple[Column, list[Filled]]]:
    for index, column in enumerate(matrix.columns):
        cells = ((row.segment, row.cells[index]) for row in matrix.rows)
        yield column, [(segment, cell) for segment, cell in cells if segment is not None and cell is not None]


def _promises(column: Column, cells: list[Filled], overlaps: Overlaps) -> Iterator[Diagnostic]:
    """Pairs of rows that may break the promise of `unique` or `any`."""
    for (one, cell), (other, second) in combinations(cells, 2):
        if POLICIES[column.policy].is_broken([cell.block, second.block]) and not overlaps.are_disjoint(
            one, other
        ):
            yield diagnose(
                "MW350",
                overlaps.document.source,
                second.span,
                related=_first(overlaps.document.source, cell),
                one=one,
                other=other,
                slot=column.slot,
                policy=column.policy,
            )


def _draws(column: Column, cells: list[Filled], document: CheckedDocument) -> Iterator[Diagnostic]:
    """What keeps a column from drawing: nobody is told apart, or an experiment draws as well."""
    if key_attribute(document.schema) is None:
        yield diagnose("MW324", document.source, column.span, slot=column.slot)
    drawn = {cell.block for _, cell in cells}
    for experiment in document.content.experiments.values():
        mine = drawn & {experiment.block, *(arm.block for arm in experiment.arms)}
        if mine:
            yield diagnose(
                "MW322",
                document.source,
                experiment.span,
                block=min(mine),
                slot=column.slot,
                experiment=experiment.name,
            )


def _ties(column: Column, cells: list[Filled], overlaps: Overlaps) -> Iterator[Diagnostic]:
    """Pairs of blocks of one rank that only the order of rows tells apart."""
    for (one, cell), (other, second) in combinations(cells, 2):
        equal = cell.number is not None and cell.number == second.number and cell.block != second.block
        if equal and not overlaps.are_disjoint(one, other):
            yield diagnose(
                "MW351",
                overlaps.document.source,
                second.span,
                related=_first(overlaps.document.source, cell),
                one=one,
                other=other,
                slot=column.slot,
                rank=cell.number,
            )


def _first(source: Source, cell: Cell) -> tuple[Related, ...]:
    return (Related("the other cell", source, cell.span),)


def _conditions(overlaps: Overlaps) -> Iterator[Diagnostic]:
    """Conditions of blocks that rule nobody out, or everybody."""
    for block in overlaps.document.content.blocks.values():
        for condition in block.requires:
            code = "MW354" if overlaps.always(condition) else "MW355" if overlaps.never(condition) else None
            if code is not None:
                yield diagnose(code, overlaps.document.source, condition.span, block=block.name)


def _overrides(document: CheckedDocument) -> Iterator[Diagnostic]:
    slots: dict[str, set[str]] = {}
    for matrix in document.content.matrices:
        for column, cells in _columns(matrix):
            for segment, _ in cells:
                slots.setdefault(segment, set()).add(column.slot)
    for o in document.content.overrides:
        if not slots.get(o.winner, set()) & slots.get(o.loser, set()):
            yield diagnose("MW352", document.source, o.span, winner=o.winner, loser=o.loser)


def _arms(document: CheckedDocument) -> Iterator[Diagnostic]:
    in_matrix = {
        cell.block: cell
        for matrix in document.content.matrices
        for row in (*matrix.rows, matrix.otherwise)
        for cell in row.cells
        if cell is not None
    }
    for experiment in document.content.experiments.values():
        for arm in experiment.arms:
            if arm.block != experiment.block and arm.block in in_matrix:
                span = in_matrix[arm.block].span
                yield diagnose("MW353", document.source, span, block=arm.block, experiment=experiment.name)
