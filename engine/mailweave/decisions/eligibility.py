"""Whether a block may be shown to this recipient, and what of that the mask and the clock leave open."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from mailweave.decisions.plan import BlockPlan, CellPlan, End

Rank: TypeAlias = int | float
NEVER_SENT = float("-inf")
NEVER_ENDS = float("inf")


class Live(Protocol):
    """What is asked of one recipient only when a decision turns on it."""

    def sends(self, block: BlockPlan) -> int:
        """How often the block was sent within the window of its cap."""

    def last_sent(self, block: BlockPlan) -> float:
        """The instant of the newest send that is kept, NEVER_SENT if there is none."""

    def has_items(self, name: str) -> bool:
        """Whether a list has something to show."""

    def value(self, name: str) -> Rank:
        """A rank expression; NaN when it is unknown."""

    def start(self, name: str) -> float:
        """The instant from which an end is counted; NaN when it is unknown."""

    def unit(self, name: str) -> object:
        """The attribute that an experiment hashes; None when it is missing."""


class Undecided(Exception):
    """The recipient must be asked."""


class Nobody:
    """Stands in for the recipient while it is found out what the mask alone decides."""

    def sends(self, block: BlockPlan) -> int:
        raise Undecided

    def last_sent(self, block: BlockPlan) -> float:
        raise Undecided

    def has_items(self, name: str) -> bool:
        raise Undecided

    def value(self, name: str) -> Rank:
        raise Undecided

    def start(self, name: str) -> float:
        raise Undecided

    def unit(self, name: str) -> object:
        raise Undecided


def is_ready(block: BlockPlan, mask: int, now: float) -> bool:
    """Whether conditions and expiry allow the block; at the instant `expires` it may no longer be sent."""
    return mask & block.requires == block.requires and (block.expires is None or now < block.expires)


def is_free(block: BlockPlan, live: Live) -> bool:
    """Whether cap and list allow the block."""
    if block.cap is not None and live.sends(block) >= block.cap.count:
        return False
    return not block.shows or all(live.has_items(name) for name in block.shows)


def end_of(end: End | None, live: Live) -> float:
    """When an offer ends for this recipient; NEVER_ENDS where it does not, or where its start is unknown."""
    if end is None:
        return NEVER_ENDS
    fixed = NEVER_ENDS if end.at is None else end.at
    if end.value is None:
        return fixed
    start = live.start(end.value)
    return min(fixed, start + end.length) if start == start else fixed


def rank_of(cell: CellPlan, live: Live) -> Rank:
    """The cell's number, or its expression for this recipient; NaN when that is unknown."""
    return cell.rank if cell.score is None else live.value(cell.score)
