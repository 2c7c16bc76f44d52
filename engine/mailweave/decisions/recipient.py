"""One admitted recipient, as the selector asks about them."""

from __future__ import annotations

from mailweave.decisions.eligibility import NEVER_SENT, Rank
from mailweave.decisions.plan import BlockPlan
from mailweave.decisions.planner import last_sent_value, sends_value
from mailweave.rules.program import Program
from mailweave.rules.validation import ValidatedRecipient
from mailweave.values.missing import MISSING, is_missing


class Recipient:
    """Answers what neither the mask nor the clock decides; each answer is worked out when asked for."""

    __slots__ = ("_admitted", "_program")

    def __init__(self, program: Program, admitted: ValidatedRecipient) -> None:
        self._program = program
        self._admitted = admitted

    @property
    def now(self) -> int:
        return self._admitted.now

    def sends(self, block: BlockPlan) -> int:
        found = self._program.value(self._admitted, sends_value(block.name))
        return 0 if found is None else int(found)

    def last_sent(self, block: BlockPlan) -> float:
        found = self._program.value(self._admitted, last_sent_value(block.name))
        return NEVER_SENT if found is None else found

    def has_items(self, name: str) -> bool:
        return bool(self._admitted.lists[name])

    def value(self, name: str) -> Rank:
        found = self._program.value(self._admitted, name)
        return MISSING if found is None else found

    def start(self, name: str) -> float:
        return self.value(name)

    def unit(self, name: str) -> object:
        value = self._admitted.attributes[name]
        return None if is_missing(value) else value
