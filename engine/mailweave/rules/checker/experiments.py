"""Experiments on blocks: in the place of a block, arms show others."""

from __future__ import annotations

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules.checker.content import Contents
from mailweave.rules.checker.drawing import Draws, share_of


class Experiments:
    """Reads experiments on blocks. What was at fault is left out."""

    def __init__(self, contents: Contents, draws: Draws) -> None:
        self.contents = contents
        self.draws = draws
        self.findings = contents.findings
        self.names = contents.names

    def experiment(self, node: n.Experiment) -> c.Experiment | None:
        """An experiment: one on a block, shares of a hundred, control first."""
        block = self._declared(node.block)
        draw = self.draws.draw(node, node.block, is_known=block is not None)
        if draw is None or not isinstance(draw.split, n.Split):
            return None
        arms = tuple(self._arm(arm, node) for arm in draw.split.arms)
        if block is None:
            return None
        return c.Experiment(
            node.name.id, node.name.span, draw.unit, draw.salt, draw.only, draw.holdout, arms, block.name.id
        )

    def _declared(self, name: n.Name) -> n.Block | None:
        declared = self.names.content.declared.get(name.id)
        slot = declared[1].slot.id if declared and isinstance(declared[1], n.Block) else ""
        return self.contents.block_named(name, slot)

    def _arm(self, arm: n.Arm, experiment: n.Experiment) -> c.Arm:
        if arm.block is not None:  # else a name for templates: who is in the arm gets the block itself
            self._check_block(arm.block, experiment)
        return c.Arm(arm.name.id, arm.name.span, share_of(arm), (arm.block or experiment.block).id)

    def _check_block(self, name: n.Name, experiment: n.Experiment) -> None:
        declared = self.names.content.declared.get(experiment.block.id)
        slot = declared[1].slot.id if declared and isinstance(declared[1], n.Block) else None
        block = self._declared(name) if slot is None else self.contents.block_named(name, slot)
        if block is None:
            return
        conditions = [clause for clause in block.clauses if not isinstance(clause, n.Says | n.Shows)]
        if conditions:
            see = self.findings.see("the condition", conditions[0].span)
            self.findings.report("MW337", name.span, related=see, name=name.id)
        for slot_name in self.names.content.of("slot"):
            node = self.names.content.declared[slot_name][1]
            spare = node.fallback if isinstance(node, n.Slot) else None
            if spare is not None and spare.id == name.id:
                self.findings.report("MW338", name.span, name=name.id, slot=slot_name)
