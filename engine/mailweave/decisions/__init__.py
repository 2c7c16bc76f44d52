"""Decisions: which blocks one recipient gets, and why."""

from mailweave.decisions.compiler import check_rules, compile_decisions, compile_decisions_checked
from mailweave.decisions.explanation import Explanation
from mailweave.decisions.plan import BlockPlan, SlotPlan
from mailweave.decisions.program import DecisionProgram
from mailweave.decisions.reachable import Reachable, reachable_selections
from mailweave.decisions.selection import Draw, Reason, Selection, Skip

__all__ = [
    "BlockPlan",
    "DecisionProgram",
    "Draw",
    "Explanation",
    "Reachable",
    "Reason",
    "Selection",
    "Skip",
    "SlotPlan",
    "check_rules",
    "compile_decisions",
    "compile_decisions_checked",
    "reachable_selections",
]
