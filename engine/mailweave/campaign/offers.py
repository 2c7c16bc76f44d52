"""When the offers of a mail end, as its templates read it: `offer.expires`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from mailweave.decisions import BlockPlan
from mailweave.decisions.eligibility import end_of
from mailweave.decisions.plan import End
from mailweave.decisions.recipient import Recipient
from mailweave.liquid.contract import Shape, leaf, record
from mailweave.rules import Program, ValidatedRecipient
from mailweave.schema.types import Date, Instant
from mailweave.values.instants import to_datetime, to_instant
from mailweave.values.zones import zone_named

_LATEST: Final = to_instant("9999-12-30T00:00Z")  # what clocks show of later ones may be past the last year


class Offers:
    """The ends of the blocks that have one."""

    def __init__(self, program: Program, blocks: Mapping[str, BlockPlan]) -> None:
        self._program = program
        self._ends = {name: plan.end for name, plan in blocks.items() if plan.end is not None}

    def ends(self, block: str) -> bool:
        """Whether a block ends."""
        return block in self._ends

    def seen(self, block: str, data: dict[str, Any], admitted: ValidatedRecipient) -> dict[str, Any]:
        """What a block's templates see: the data, and when the block ends, if it does."""
        end = self._ends.get(block)
        return data if end is None else {**data, "offer": self._told(end, admitted)}

    def _told(self, end: End, admitted: ValidatedRecipient) -> dict[str, str]:
        """A day as the rules name it, else the first moment after the end, as clocks show it in the recipient's zone.

        It has no offset, so that no template shows it in another zone. Nothing where it never ends.
        """
        at = end_of(end, Recipient(self._program, admitted))
        if end.day is not None and at == end.at:
            return {"expires": date.fromordinal(end.day).isoformat()}
        if at > _LATEST:
            return {}
        local = to_datetime(int(at)).astimezone(zone_named(admitted.moment.zone))
        return {"expires": local.replace(tzinfo=None).isoformat()}


def shape_of_offer(block: BlockPlan | None) -> Shape:
    """What a block's templates may read of its end: nothing where it has none."""
    end = None if block is None else block.end
    if end is None:
        return record({})
    is_day = end.day is not None and end.value is None
    return record({"expires": leaf(Date() if is_day else Instant())})
