"""The reasons for which a candidate can lose, in words and with the figures they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailweave.decisions.candidates import Candidate
from mailweave.decisions.eligibility import NEVER_ENDS, NEVER_SENT
from mailweave.decisions.explanation.evaluated_conditions import Reader
from mailweave.decisions.explanation.model import Cause, Place, Scalar, Why
from mailweave.decisions.plan import BlockPlan, CellPlan, ColumnPlan, DecisionPlan, OverridePlan, SlotPlan
from mailweave.decisions.planner import requires_conditions, start_value
from mailweave.decisions.recipient import Recipient
from mailweave.decisions.selection import Draw, How
from mailweave.rules.policies import SortKey
from mailweave.rules.typed import ConsentGiven, Expr
from mailweave.source import Span
from mailweave.values.durations import spoken
from mailweave.values.instants import iso

_NOT_REACHED = {
    "matrix": "not needed: a row of the matrix won",
    "otherwise": "not needed: the row otherwise was eligible",
    "broken": "not asked: the promise of the policy is broken",
}


@dataclass(frozen=True, slots=True)
class Causes:
    """Speaks about one recipient: `live` answers what the mask does not, `reader` explains conditions."""

    plan: DecisionPlan
    live: Recipient
    reader: Reader

    def place(self, span: Span) -> Place:
        return self.reader.place(span)

    # ---- before the policy

    def of_cell(self, cell: CellPlan, mask: int) -> Iterator[Cause]:
        """All that keeps a cell from being a candidate."""
        if not mask & cell.holds:
            yield self._row(cell)
        yield from self.of_block(self.plan.blocks[cell.block], mask)
        if cell.score is not None and (rank := self.live.value(cell.score)) != rank:
            expr = self.reader.values[cell.score]
            atoms = (self.reader.reading_of(expr),)
            yield Cause("rank_is_unknown", "its rank is unknown", self.place(expr.span), atoms)

    def of_block(self, block: BlockPlan, mask: int) -> Iterator[Cause]:
        """All that makes a block ineligible."""
        place, names = self.place(block.span), requires_conditions(block.name, self.reader.conditions)
        ends = block.end is not None and block.end.value == start_value(block.name)
        for name in names[:-1] if ends else names:
            yield from self._condition(self.reader.conditions[name])
        if ends:
            yield from self._ended(block, self.reader.conditions[names[-1]])
        if block.expires is not None and self.live.now >= block.expires:
            end = iso(block.expires)
            yield Cause("expired", f"it could be sent until {end}", place, (), {"expires": end})
        if block.cap is not None and (sends := self.live.sends(block)) >= block.cap.count:
            yield self._capped(block, sends, block.cap.count, block.cap.window)
        for name in block.shows:
            if not self.live.has_items(name):
                yield Cause("nothing_to_show", f"the list {name} is empty", place, (), {"list": name})

    def _ended(self, block: BlockPlan, not_yet: Expr) -> Iterator[Cause]:
        """The end that a recipient has of their own; one that cannot be known is told as a condition is."""
        truth = self.reader.truth(not_yet)
        if truth is None:
            message = f"{self.reader.text(not_yet)}, which is unknown, for want of data"
            yield Cause("requires_is_unknown", message, self.place(not_yet.span))
        if truth is not False or block.end is None or block.end.value is None:
            return
        end = iso(int(self.live.start(block.end.value)) + block.end.length)
        atoms = self.reader.deciding(not_yet, wanted=False)
        yield Cause(
            "expired", f"it could be sent until {end}", self.place(not_yet.span), atoms, {"expires": end}
        )

    def _row(self, cell: CellPlan) -> Cause:
        atoms = self.reader.why_not_in(cell.segment)
        place, facts = self.reader.segment_place(cell.segment), {"segment": cell.segment}
        return Cause("row_does_not_hold", f"not in {cell.segment}", place, atoms, facts)

    def _condition(self, expr: Expr) -> Iterator[Cause]:
        """One cause for each term of a condition that is not true."""
        for term in self.reader.terms(expr):
            result = self.reader.truth(term)
            if result is not True:
                yield self._term(term, result)

    def _term(self, term: Expr, result: bool | None) -> Cause:
        place = self.place(term.span)
        if isinstance(term, ConsentGiven):
            facts: dict[str, Scalar] = {"consent": term.purpose}
            return Cause("consent_not_given", f"no consent to {term.purpose}", place, (), facts)
        why: Why = "requires_is_false" if result is False else "requires_is_unknown"
        said = "is false" if result is False else "is unknown, for want of data"
        message = f"requires {self.reader.text(term)}, which {said}"
        return Cause(why, message, place, self.reader.deciding(term, wanted=False))

    def _capped(self, block: BlockPlan, sends: int, count: int, window: int) -> Cause:
        times = "once" if sends == 1 else f"{sends} times"
        message = f"sent {times} in the last {spoken(window)}, the cap is {count}"
        facts: dict[str, Scalar] = {"sends": sends, "cap": count, "window_seconds": window // 1_000_000}
        return Cause("capped", message, self.place(block.span), (), facts)

    # ---- by the policy

    def overridden(self, override: OverridePlan) -> Cause:
        message = f"{override.winner} goes before {override.loser}"
        place, facts = self.place(override.span), _row_of(override.winner)
        return Cause("overridden", message, place, self.reader.why_override(override.condition), facts)

    def broken(self, column: ColumnPlan, candidates: Sequence[CellPlan]) -> Cause:
        rows = ", ".join(cell.segment for cell in candidates)
        message = f"the policy {column.policy} allows one answer, but these rows hold: {rows}"
        return Cause("promise_broken", message, self.place(column.span), (), {"rows": rows})

    def outranked(self, one: Candidate, better: Candidate) -> Cause:
        winner = better.cell
        ours, theirs = self.rank_text(one.cell), self.rank_text(winner)
        message = f"{winner.block} by {winner.segment} ranks higher: {theirs} against {ours}"
        facts = {**_by(winner), "rank": one.rank, "winner_rank": better.rank}
        return Cause("outranked", message, self.place(winner.span), (), facts)

    def not_drawn(self, one: CellPlan, winner: CellPlan, draw: Draw) -> Cause:
        ours, theirs = draw.chances[one.block], draw.chances[winner.block]
        message = (
            f"{winner.block} by {winner.segment} was drawn, with a chance of {theirs:.4g} against {ours:.4g}"
        )
        facts = {**_by(winner), "bucket": draw.bucket, "chance": ours, "winner_chance": theirs}
        return Cause("not_drawn", message, self.place(winner.span), (), facts)

    def lost_tie(self, key: SortKey, value: float, winner_value: float, winner: CellPlan) -> Cause:
        ours, theirs = _moment_text(value), _moment_text(winner_value)
        message = f"same rank as {winner.block} by {winner.segment}; {key}: {theirs} against {ours}"
        facts = {**_by(winner), "tie": key, "value": ours, "winner_value": theirs}
        return Cause("lost_tie", message, self.place(winner.span), (), facts)

    def later_row(self, cell: CellPlan, winner: CellPlan) -> Cause:
        message = f"{winner.block} by {winner.segment} stands in an earlier row"
        facts = {**_by(winner), "row": cell.row, "winner_row": winner.row}
        return Cause("later_row", message, self.place(winner.span), (), facts)

    def better_cell(self, cell: CellPlan, winner: CellPlan) -> Cause:
        message = f"the block is chosen already, by {winner.segment}"
        return Cause("better_cell_of_same_block", message, self.place(winner.span), (), _by(winner))

    def beyond_max(self, cell: CellPlan, last: CellPlan, slot: SlotPlan) -> Cause:
        message = f"the slot holds {slot.max}, and {last.block} by {last.segment} was the last"
        facts = {**_by(last), "max": slot.max}
        return Cause("beyond_max", message, self.place(slot.span), (), facts)

    def not_reached(self, how: How) -> Cause:
        return Cause("not_reached", _NOT_REACHED[how])

    # ---- figures

    def rank_text(self, cell: CellPlan) -> str | None:
        """The rank as a person writes it; None where there is none, or it is unknown."""
        if cell.score is not None:
            return self.reader.value(self.reader.values[cell.score]).value
        return str(cell.rank) if cell.ranked else None


def _moment_text(value: float) -> str:
    return "never" if value in (NEVER_SENT, NEVER_ENDS) else iso(int(value))


def _row_of(segment: str) -> dict[str, Scalar]:
    return {"by_row": segment}


def _by(winner: CellPlan) -> dict[str, Scalar]:
    return {"by_row": winner.segment, "by_block": winner.block}
