"""What the worst recipient costs, in abstract steps: the same number on every machine."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.rules import checked as c
from mailweave.rules import typed as x

_AGGREGATE = 10  # finding the window in an event's history
_PER_EVENT = 20  # events that a condition or a sum is assumed to look at
_SET = 4


class Costs:
    """Steps of conditions; what a let stands for is counted at each use, and measured once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[x.Expr, int]] = {}

    def steps(self, expr: x.Expr) -> int:
        """The most steps that an expression can take."""
        known = self._known.get(id(expr))
        if known is not None:
            return known[1]
        steps = _own(expr) + sum(self.steps(child) for child in x.children(expr)) * _times(expr)
        self._known[id(expr)] = expr, steps
        return steps


def _own(expr: x.Expr) -> int:
    match expr:
        case x.Const() | x.Inlined():
            return 0
        case x.In(items=items) | x.SetContainsMany(items=items):
            return 1 + len(items) // 8
        case x.EventAggregate() | x.ListAggregate():
            looks = expr.field is not None or expr.where is not None
            return _AGGREGATE + (_PER_EVENT if looks else 0)
        case x.Exists():
            return _AGGREGATE
        case x.SetContains() | x.TextContains() | x.Matches() | x.LookupValue() | x.Anniversary():
            return _SET
        case x.Attribute() | x.ItemField() | x.ConsentGiven() | x.ScoreValue() | x.TierValue():
            return 1
        case x.Arithmetic() | x.Negate() | x.TimeSince():
            return 1
        case x.Or() | x.And() | x.Not() | x.ByArm():
            return 1
        case x.InSegment() | x.Compare() | x.Between() | x.InWindow() | x.Known():
            return 1


def _times(expr: x.Expr) -> int:
    return _PER_EVENT if isinstance(expr, x.EventAggregate | x.ListAggregate) else 1


def total(
    segments: Iterable[c.Segment], tiers: Iterable[c.Tier], skips: Iterable[c.Skip], content: c.Content
) -> tuple[int, tuple[str, int]]:
    """The steps of one whole decision, and the name that takes the most of them."""
    costs = Costs()
    parts = {f"segment {part.name}": costs.steps(part.condition) for part in segments}
    parts |= {f"tier {p.name}": sum(costs.steps(m.condition) for m in p.members) for p in tiers}
    parts |= {f"skip {part.name}": costs.steps(part.condition) for part in skips}
    parts |= {f"block {b.name}": _block(b, costs) for b in content.blocks.values()}
    parts |= {f"row {row}": steps for row, steps in _rows(content, costs).items()}
    parts |= {
        f"override {o.winner} over {o.loser}": 1 + costs.steps(o.condition)
        for o in content.overrides
        if o.condition is not None
    }
    parts |= {
        f"experiment {e.name}": _AGGREGATE + (costs.steps(e.only) if e.only else 0)
        for e in content.all_experiments.values()
    }
    dearest = max(parts.items(), key=lambda item: item[1], default=("", 0))
    return sum(parts.values()), dearest


def _block(block: c.Block, costs: Costs) -> int:
    windows = _AGGREGATE if block.cap is not None else 0
    return 1 + windows + sum(costs.steps(condition) for condition in block.requires)


def _rows(content: c.Content, costs: Costs) -> dict[str, int]:
    found: dict[str, int] = {}
    for matrix in content.matrices:
        for row in matrix.rows:
            cells = [cell for cell in row.cells if cell is not None]
            scores = sum(costs.steps(cell.score) for cell in cells if cell.score is not None)
            name = row.segment or "otherwise"
            found[name] = found.get(name, 0) + len(cells) + scores
    return found
