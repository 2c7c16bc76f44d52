"""Who gets which block: eligibility, choices of slots and their order, where they changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from mailweave.decisions import Skip
from mailweave.diff.changes import RuleChange
from mailweave.diff.claims import Claim, SideName, Words, never
from mailweave.diff.column_structure import is_column_alike, is_eligibility_alike
from mailweave.diff.judge import Judge, Verdict, Witness
from mailweave.diff.ranks import overtaking
from mailweave.diff.records import judged
from mailweave.diff.rules import is_mailed
from mailweave.diff.structure import Structure
from mailweave.rules.checked import Block
from mailweave.rules.prover.columns import Column
from mailweave.rules.prover.prover import Found
from mailweave.rules.prover.questions import AllOf, AnyOf, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.shrinking import shrunk
from mailweave.rules.reserved import EMPTY
from mailweave.rules.wording import spoken
from mailweave.values.instants import iso

_RANKED = "the rank of a cell is computed, or asks what was sent: who wins cannot be said of everybody"


def choice_changes(judge: Judge, structure: Structure) -> Iterator[RuleChange]:
    """Blocks that may be shown to others than before, and slots that choose otherwise."""
    for block in structure.old.content.blocks.values():
        other = structure.new.content.blocks.get(block.name)
        if other is not None and not is_eligibility_alike(block, other, structure):
            claim = _eligible(block.name)
            found = judge.compare(claim, claim)
            yield judged("eligibility", block.name, found, _said(block), _said(other))
    old, new = structure.old.content.slots, structure.new.content.slots
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            yield RuleChange("choice", name, "removed" if name in old else "added")
        elif not is_column_alike(name, structure):
            yield from _Slot(judge, structure, name).changes()


def _eligible(block: str) -> Claim:
    return lambda words: words.columns.eligible(block)


def _said(block: Block) -> str:
    parts = [f"requires {spoken(each)}" for each in block.requires]
    parts += [] if block.expires is None else [f"expires {iso(block.expires)}"]
    parts += (
        [] if block.cap is None else [f"cap {block.cap.count} per {block.cap.per // 86_400_000_000} days"]
    )
    return ", ".join([*parts, *(f"shows {each}" for each in block.shows)]) or "always"


def is_exact(column: Column) -> bool:
    """Whether questions say for certain who wins: no rank is computed, no tie asks of each recipient."""
    return column.is_exact


@dataclass(frozen=True, slots=True)
class _Slot:
    """A slot that both sides have, among those who get mail from both."""

    judge: Judge
    structure: Structure
    name: str

    def changes(self) -> Iterator[RuleChange]:
        """One record for each pair of what somebody got and gets."""
        if not self._is_exact("old") or not self._is_exact("new"):
            yield from self._tried()
            return
        found = {block: self._block(block) for block in self._blocks()}
        witnesses = [w for v in found.values() for w in (v.only_old, v.only_new) if w is not None]
        yield from self._moves(witnesses)
        open_ = tuple(dict.fromkeys(why for verdict in found.values() for why in verdict.undecided))
        if open_:
            yield RuleChange("choice", self.name, "undecided", verdict=Verdict(undecided=open_))
        yield from self._orders()

    def _is_exact(self, side: SideName) -> bool:
        column = self.judge.view(side).own_columns.columns.get(self.name)
        return column is None or is_exact(column)

    def _blocks(self) -> tuple[str, ...]:
        contents = (self.structure.old.content, self.structure.new.content)
        return tuple(
            dict.fromkeys(b.name for c in contents for b in c.blocks.values() if b.slot == self.name)
        )

    def _block(self, block: str) -> Verdict:
        claims = [self._chosen(block, side) for side in ("old", "new")]
        return self.judge.compare(
            claims[0], claims[1], is_mailed, lambda side, who: self._has_alone(block, side, who)
        )

    def _chosen(self, block: str, side: SideName) -> Claim:
        blocks = self.judge.view(side).own.content.blocks
        if block not in blocks or blocks[block].slot != self.name:
            return never
        return lambda words: words.columns.chosen(block)

    def _has_alone(self, block: str, side: SideName, who: Recipient) -> bool:
        """Whether a side gives somebody a block that the other does not, by the program that decides."""
        other: SideName = "new" if side == "old" else "old"
        mine, yours = self._got(side, who), self._got(other, who)
        return mine is not None and block in mine and (yours is None or block not in yours)

    def _got(self, side: SideName, who: Recipient) -> tuple[str, ...] | None:
        chosen = self.judge.selected(side, who)
        return None if isinstance(chosen, Skip) else tuple(chosen.get(self.name, ()))

    # ---- records

    def _moves(self, witnesses: list[Witness]) -> Iterator[RuleChange]:
        seen: set[tuple[str, str]] = set()
        for witness in witnesses:
            pair = self._pair(witness.recipient)
            if pair not in seen:
                seen.add(pair)
                yield RuleChange("choice", self.name, "changed", *pair, Verdict(witness, witness))

    def _pair(self, who: Recipient) -> tuple[str, str]:
        got = [self._got(side, who) for side in ("old", "new")]
        old, new = ("(refused)" if each is None else " + ".join(each) or f"({EMPTY})" for each in got)
        return old, new

    # ---- the order of several blocks

    def _orders(self) -> tuple[RuleChange, ...]:
        """Two blocks that somebody gets in another order, where the blocks themselves are the same."""
        if (
            max(
                self.structure.old.content.slots[self.name].max,
                self.structure.new.content.slots[self.name].max,
            )
            < 2
        ):
            return ()
        texts = self.structure.old, self.structure.new
        kept = [{b.name for b in t.content.blocks.values() if b.slot == self.name} for t in texts]
        blocks = [block for block in self._blocks() if block in kept[0] & kept[1]]
        for first, second in combinations(blocks, 2):
            before, both = self._before(first, second), self._both(first, second)
            found = self.judge.compare(before, before, both)
            who = found.only_old or found.only_new
            if who is not None:
                pair = self._pair(who.recipient)
                return (RuleChange("order", self.name, "changed", *pair, Verdict(who, who)),)
            if found.undecided:
                return (
                    RuleChange("order", self.name, "undecided", verdict=Verdict(undecided=found.undecided)),
                )
        return ()

    def _both(self, first: str, second: str) -> Claim:
        """That both are shown."""
        return lambda words: AllOf((is_mailed(words), *(words.columns.chosen(b) for b in (first, second))))

    def _before(self, first: str, second: str) -> Claim:
        """That both are shown, the first before the second."""

        def claim(words: Words) -> Question:
            column = words.columns.columns.get(self.name)
            cells = () if column is None else column.cells
            ways = [
                AllOf((words.columns.wins(column, one), words.columns.wins(column, other)))
                for one in cells
                for other in cells
                if column is not None and (one.block, other.block) == (first, second)
                if words.columns.beats(column, one, other)
            ]
            return AnyOf(tuple(ways))

        return claim

    # ---- computed ranks

    def _tried(self) -> Iterator[RuleChange]:
        """Where ranks are computed no question says who wins: likely recipients are tried."""
        if is_column_alike(self.name, self.structure, self.judge):
            yield RuleChange("choice", self.name, "rewritten")
            return
        schema = self.judge.union.document.schema
        found = [shrunk(schema, who, self._differs) for who in self._likely() if self._differs(who)]
        witnesses = [Witness(who) for who in found]
        if not witnesses:
            yield RuleChange("choice", self.name, "undecided", verdict=Verdict(undecided=(_RANKED,)))
        yield from self._moves(witnesses)

    def _differs(self, who: Recipient) -> bool:
        old, new = self._got("old", who), self._got("new", who)
        return old is not None and new is not None and old != new

    def _likely(self) -> Iterator[Recipient]:
        """Somebody for whom a cell is a candidate on one side alone, or one overtakes another."""
        for question in overtaking(self.judge, self.name):
            answer = self.judge.prover.ask(question)
            if isinstance(answer, Found):
                yield answer.recipient
