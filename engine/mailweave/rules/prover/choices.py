"""Rows, cells, blocks and overrides that never matter; rows that overlap; promises that are broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailweave.rules import checked as c
from mailweave.rules.policies import POLICIES
from mailweave.rules.prover.columns import Cell, Column, Columns, in_segment, rivals
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Found, Nobody
from mailweave.rules.prover.questions import AllOf, AnyOf, Question
from mailweave.source import Span


def choices(findings: Findings) -> None:
    """Reports on the matrices, overrides and blocks of a text."""
    columns = Columns(findings.document)
    for matrix in findings.document.content.matrices:
        _rows(matrix, columns, findings)
    for column in columns.columns.values():
        _promise(column, columns, findings)
        _otherwise(column, columns, findings)
        if not POLICIES[column.policy].promises and not POLICIES[column.policy].is_drawn:
            _overlap(column, columns, findings)
    for override in findings.document.content.overrides:
        _override(override, columns, findings)
    for block in findings.document.content.blocks.values():
        _block(block, columns, findings)


# ---- rows and cells


def _rows(matrix: c.Matrix, columns: Columns, findings: Findings) -> None:
    for row in matrix.rows:
        cells = list(_cells(row, matrix, columns))
        dead = [(column, cell) for column, cell in cells if _is_dead(column, cell, columns, findings)]
        if cells and len(dead) == len(cells):
            column, cell = dead[0]
            _dead("MW912", column, cell, row.span, columns, findings)
        elif dead:
            for column, cell in dead:
                _dead("MW913", column, cell, cell.cell.span, columns, findings)


def _cells(row: c.Row, matrix: c.Matrix, columns: Columns) -> Iterator[tuple[Column, Cell]]:
    for declared in matrix.columns:
        column = columns.columns[declared.slot]
        yield from ((column, cell) for cell in column.cells if cell.row is row)


def _is_dead(column: Column, cell: Cell, columns: Columns, findings: Findings) -> bool:
    wins = _wins(column, cell, columns)
    what = f"`{cell.block}` in the row `{cell.segment}` of `{column.slot.name}` can win"
    return bool(findings.is_nobody(wins, cell.cell.span, what, cell.segment))


def _dead(code: str, column: Column, cell: Cell, span: Span, columns: Columns, findings: Findings) -> None:
    """Says why a cell never wins; shown by somebody for whom it would, were it alone."""
    alone = AllOf((columns.mailed(), columns.candidate(cell)))
    in_row = in_segment(cell)
    answer = findings.prover.ask(alone)
    related: tuple[tuple[str, Span], ...] = ()
    claim: Question | None = alone
    if isinstance(answer, Found):
        why_not, related = "other cells win wherever it holds", _better(column, cell, columns, findings)
    elif isinstance(findings.prover.ask(in_row), Nobody):
        why_not, claim = "nobody is in its segment", None
    else:
        why_not, claim = "nobody in its segment may be shown its block", in_row
    facts: dict[str, Any] = {
        "row": cell.segment,
        "block": cell.block,
        "slot": column.slot.name,
        "why_not": why_not,
    }
    findings.report(code, span, claim, related, **facts)


def _better(column: Column, cell: Cell, columns: Columns, findings: Findings) -> tuple[tuple[str, Span], ...]:
    """The cells that come before one, of those that somebody is a candidate for as well."""
    better = [
        o
        for o in column.cells
        if o is not cell and columns.beats(column, o, cell) and _meet(cell, o, columns, findings)
    ]
    return tuple((f"`{other.segment}` comes before", other.cell.span) for other in better[:3])


def _meet(one: Cell, other: Cell, columns: Columns, findings: Findings) -> bool:
    both = AllOf((columns.mailed(), columns.candidate(one), columns.candidate(other)))
    return isinstance(findings.prover.ask(both, one.segment), Found)


def _otherwise(column: Column, columns: Columns, findings: Findings) -> None:
    if column.otherwise is None or not column.cells:
        return
    asked = AllOf((columns.mailed(), columns.unfilled(column)))
    what = f"`otherwise` is asked in `{column.slot.name}`"
    if findings.is_nobody(asked, column.otherwise.span, what):
        findings.report("MW919", column.otherwise.span, columns.mailed(), slot=column.slot.name)


# ---- pairs of rows


def _promise(column: Column, columns: Columns, findings: Findings) -> None:
    """Pairs of rows that break the promise of `unique` or `any`."""
    if not POLICIES[column.policy].promises:
        return
    for one, other in rivals(column):
        survive = (columns.survives(column, one), columns.survives(column, other))
        meet = AllOf((columns.mailed(), *survive))
        what = f"`{one.segment}` and `{other.segment}` exclude each other in `{column.slot.name}`"
        if findings.is_nobody(meet, other.cell.span, what) is False:
            facts: dict[str, Any] = {"one": one.segment, "other": other.segment, "slot": column.slot.name}
            related = (("the other cell", one.cell.span),)
            findings.report(
                "MW917", other.cell.span, meet, related, stands_alone=False, policy=column.policy, **facts
            )


def _overlap(column: Column, columns: Columns, findings: Findings) -> None:
    """Rows that some people are in together: pairs that a tie decides between, and an example of the others."""
    ties = [pair for pair in rivals(column) if _is_tie(column, *pair)]
    for one, other in ties:
        _meeting("MW910", column, one, other, columns, findings)
    if column.limit > 1:
        return
    code = "MW911" if POLICIES[column.policy].ranks else "MW910"
    for one, other in rivals(column):
        if (one, other) not in ties and _meeting(code, column, one, other, columns, findings):
            return


def _is_tie(column: Column, one: Cell, other: Cell) -> bool:
    fixed = one.cell.score is None and other.cell.score is None
    return bool(POLICIES[column.policy].ranks) and fixed and one.cell.number == other.cell.number


def _meeting(code: str, column: Column, one: Cell, other: Cell, columns: Columns, findings: Findings) -> bool:
    """Reports a pair of cells if somebody is a candidate for both."""
    survive = (columns.survives(column, one), columns.survives(column, other))
    meet = AllOf((columns.mailed(), *survive))
    if not isinstance(findings.prover.ask(meet, one.segment), Found):
        return False
    ties = [key for key in column.keys if key not in ("rank", "row")]
    related = (("the other cell", one.cell.span),)
    facts: dict[str, Any] = {
        "one": one.segment,
        "other": other.segment,
        "slot": column.slot.name,
        "by": " and then ".join([*ties, "the order of rows"]),
    }
    findings.report(code, other.cell.span, meet, related, stands_alone=False, **facts)
    return True


# ---- overrides and blocks


def _override(override: c.Override, columns: Columns, findings: Findings) -> None:
    """An override that is never in force, or whose winner would win without it."""
    in_force, changes = [], []
    for column in columns.columns.values():
        for cell in column.cells:
            if cell.segment == override.loser:
                takes = columns.takes(column, override)
                in_force.append(AllOf((columns.mailed(), columns.candidate(cell), takes)))
                changes.append(AllOf((columns.mailed(), columns.changes(column, cell, override))))
    what = f"the override of `{override.loser}` by `{override.winner}` changes anything"
    if not findings.is_nobody(AnyOf(tuple(changes)), override.span, what):
        return
    never = isinstance(findings.prover.ask(AnyOf(tuple(in_force))), Nobody)
    why_not = "its condition and both rows never hold together" if never else "the winner wins without it"
    claim = None if never else AnyOf(tuple(in_force))
    facts: dict[str, Any] = {"winner": override.winner, "loser": override.loser, "why_not": why_not}
    findings.report("MW915", override.span, claim, **facts)


def _block(block: c.Block, columns: Columns, findings: Findings) -> None:
    slot = findings.document.content.slots[block.slot]
    if block.name == slot.fallback:  # the language demands one, whether anybody needs it or not
        return
    if _wins_somewhere(block, columns, findings):
        return
    if findings.is_nobody(columns.shown(block.name), block.span, f"anybody gets `{block.name}`"):
        findings.report("MW914", block.span, block=block.name)


def _wins_somewhere(block: c.Block, columns: Columns, findings: Findings) -> bool:
    """Whether it is known already that a cell of a block wins for somebody."""
    column = columns.columns.get(block.slot)
    cells = () if column is None else [cell for cell in column.cells if cell.block == block.name]
    return any(
        isinstance(findings.prover.ask(_wins(column, cell, columns), cell.segment), Found)
        for cell in cells
        if column is not None
    )


def _wins(column: Column, cell: Cell, columns: Columns) -> Question:
    return AllOf((columns.mailed(), columns.wins(column, cell)))
