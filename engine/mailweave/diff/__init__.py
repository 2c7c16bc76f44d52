"""What a change of a campaign means: which recipients it moves, proved and shown, not which lines it touches."""

from __future__ import annotations

from mailweave.diff.comparison import Comparison, compare
from mailweave.diff.revisions import opened
from mailweave.diff.sides import Side, read_side

__all__ = ["Comparison", "Side", "compare", "opened", "read_side"]
