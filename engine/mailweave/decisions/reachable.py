"""What can occur: for each slot, the blocks that some recipient could be shown; too many, never too few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailweave.decisions.plan import DecisionPlan, SlotPlan
from mailweave.decisions.program import DecisionProgram
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.boxes import nobody
from mailweave.rules.prover.questions import AllOf, Holds
from mailweave.rules.typed import InSegment
from mailweave.schema.types import Bool


@dataclass(frozen=True, slots=True)
class Reachable:
    """What one slot could show: from one up to `most` of `blocks`, or nothing where it may stay `empty`."""

    blocks: frozenset[str]
    most: int
    empty: bool


def reachable_selections(program: DecisionProgram) -> Mapping[str, Reachable]:
    """For each slot, what any recipient could get in it, whatever they get in the others.

    An over-approximation: every block of the slot's column, its `otherwise` row, its fallback, and every arm of
    experiments on these, but for cells that intervals prove to be nobody's. A selection that occurs is always among
    them; not all of them need occur.

    >>> from mailweave.decisions import compile_decisions
    >>> program = compile_decisions('''ruleset "x" version 1
    ... profile { id: key }
    ... slot hero max 1 fallback hello
    ... block hello for hero
    ... ''')
    >>> reachable_selections(program)["hero"]
    Reachable(blocks=frozenset({'hello'}), most=1, empty=False)
    """
    dead = _Dead(program.document)
    return {slot.name: _of(program.plan, slot, dead) for slot in program.slots}


def _of(plan: DecisionPlan, slot: SlotPlan, dead: _Dead) -> Reachable:
    chosen = frozenset(_chosen(plan, slot, dead))
    arms = frozenset(arm for block in chosen for arm in _arms(plan, block))
    return Reachable(chosen | arms, slot.max, empty=slot.fallback is None)


class _Dead:
    """Cells that are nobody's: whoever is in their row is in none of whom their block may be shown."""

    def __init__(self, document: CheckedDocument) -> None:
        self._document = document
        self._known: dict[tuple[str, str], bool] = {}

    def __call__(self, segment: str, block: str) -> bool:
        key = (segment, block)
        if key not in self._known:
            self._known[key] = self._is_dead(*key)
        return self._known[key]

    def _is_dead(self, segment: str, block: str) -> bool:
        requires = self._document.content.blocks[block].requires
        row = InSegment(self._document.segments[segment].span, Bool(), False, segment)
        return nobody(self._document, AllOf((Holds(row), *map(Holds, requires))))


def _chosen(plan: DecisionPlan, slot: SlotPlan, dead: _Dead) -> Iterator[str]:
    yield from slot.spare
    column = plan.columns.get(slot.name)
    if column is not None:
        yield from (cell.block for cell in column.cells if not dead(cell.segment, cell.block))
        if column.otherwise is not None:
            yield column.otherwise.block


def _arms(plan: DecisionPlan, block: str) -> Iterator[str]:
    experiment = plan.experiments.get(block)
    for arm in experiment.arms if experiment is not None else ():
        if arm.block is not None:
            yield arm.block
