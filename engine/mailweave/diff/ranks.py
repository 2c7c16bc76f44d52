"""Recipients for whom a slot with computed ranks is likely to choose otherwise: they are asked for, and tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mailweave.diff.claims import Words
from mailweave.diff.judge import Judge
from mailweave.rules import typed as x
from mailweave.rules.prover.columns import Cell, Column
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.schema import types as t
from mailweave.source import Span

_NOWHERE = Span(0, 0)
_MOST = 60  # questions about one slot


def overtaking(judge: Judge, slot: str) -> Iterator[Question]:
    """Questions whose answers are likely to get something else on the other side, the likeliest first."""
    sides = judge.words("old", own=False), judge.words("new", own=False)
    columns = [words.columns.columns.get(slot) for words in sides]
    base = (
        judge.union.old.admits,
        judge.union.new.admits,
        *(words.columns.mailed() for words in sides),
    )
    own = [judge.words(side, own=True) for side in ("old", "new")]
    for at, parts in enumerate(_parts(sides, columns)):
        if at == _MOST:
            return
        if not any(_is_apart(judge, words, slot) for words in own):
            yield AllOf((*base, *parts))


def _is_apart(judge: Judge, words: Words, slot: str) -> bool:
    """Whether what a column reads cannot be compared."""
    column = words.columns.columns.get(slot)
    cells = () if column is None else column.cells
    asked = [words.columns.candidate(cell) for cell in cells]
    asked += [Holds(cell.cell.score) for cell in cells if cell.cell.score is not None]
    return words.view.why_apart(AllOf((*asked, words.columns.mailed()))) is not None


def _parts(sides: tuple[Words, Words], columns: list[Column | None]) -> Iterator[tuple[Question, ...]]:
    old, new = columns
    if old is None or new is None:
        some = old or new
        words = sides[0] if old is not None else sides[1]
        yield from ((words.columns.candidate(cell),) for cell in (some.cells if some else ()))
        return
    for mine, yours, here, there in ((old, new, *sides), (new, old, sides[1], sides[0])):
        for cell in mine.cells:
            same = [other for other in yours.cells if other.block == cell.block]
            others = (NotSo(there.columns.survives(yours, other)) for other in same)
            yield (here.columns.survives(mine, cell), *others)
    yield from _overtaken(sides, old, new)


def _overtaken(sides: tuple[Words, Words], old: Column, new: Column) -> Iterator[tuple[Question, ...]]:
    """Two cells that are candidates on both sides, one ranked higher there and lower here."""
    twins = [(one, other) for one in old.cells for other in new.cells if one.block == other.block]
    for (a, b), (c, d) in combinations(twins, 2):
        if a.block == c.block:
            continue
        survive = (
            sides[0].columns.survives(old, a),
            sides[0].columns.survives(old, c),
            sides[1].columns.survives(new, b),
            sides[1].columns.survives(new, d),
        )
        for op, reverse in ((">", "<"), ("<", ">")):
            ranks = _compared(a, op, c), _compared(b, reverse, d)
            if None not in ranks:
                yield (*survive, *(Holds(rank) for rank in ranks if rank is not None))


def _compared(one: Cell, op: str, other: Cell) -> x.Expr | None:
    """A comparison of two ranks; None where they are numbers of two kinds."""
    mine, yours = _rank(one, other), _rank(other, one)
    if mine.type != yours.type:
        return None
    return x.Compare(_NOWHERE, t.Bool(), True, mine, op, yours)  # type: ignore[arg-type]  # of two


def _rank(cell: Cell, beside: Cell) -> x.Expr:
    """A rank as an expression; a number as one of the kind that it stands beside."""
    if cell.cell.score is not None:
        return cell.cell.score
    number, other = cell.cell.number or 0, beside.cell.score
    if other is not None and isinstance(other.type, t.Number):
        return x.Const(_NOWHERE, t.Number(), False, float(number))
    return x.Const(_NOWHERE, t.Int(), False, number)
