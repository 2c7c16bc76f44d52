"""How many people are in which segment, as a batch would decide.

The list is staged and answered as it is for a batch, and grouped by what the rules say of its recipients; everything
else is counted from these groups, and choosing is left to the one selector, which reads their masks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from mailweave.batch.extras import require
from mailweave.batch.grouping import Grouping
from mailweave.batch.lookup import staged
from mailweave.batch.segments_counts import OPEN, Counts, Unread, table
from mailweave.batch.segments_members import Members
from mailweave.batch.segments_tally import Tally, grouped, summed
from mailweave.batch.sources import Recipient
from mailweave.batch.stage_reader import Stage
from mailweave.campaign import Campaign
from mailweave.rules import BadData
from mailweave.rules.validation import moment_of
from mailweave.values.missing import is_missing

__all__ = ["OPEN", "Counts", "Unread", "count_segments", "table"]

_AT_ONCE: Final = 5_000


def count_segments(
    campaign: Campaign,
    profiles: Sequence[str],
    events: Sequence[str] = (),
    *,
    now: datetime,
    members: Path | None = None,
    by: Grouping | None = None,
) -> Counts:
    """Counts a list (see `batch.locations` for how it is named) as a batch decides it: SQL answers for those of whom it is
    sure, Python for the others, and who does not read as the rules declare is in `unread` and in no other number.
    `members`: a Parquet file to write, one row for each recipient with what the rules say. `by`: counts each group, too.

    Raises MailweaveError.
    """
    require("batch", place=profiles[0], what="counting segments")
    with staged(campaign, profiles, events, now, in_sql=True, admitted=True) as (reader, recipients):
        return _counted(campaign, reader, recipients, now, members, by)


def _counted(
    campaign: Campaign, reader: Stage, size: int, now: datetime, members: Path | None, by: Grouping | None
) -> Counts:
    counts, asked = Counts(recipients=size), _Asked(campaign, reader, now)
    masks: Counter[tuple[Any, int]] = Counter()
    with ExitStack() as stack:
        written = None if members is None else stack.enter_context(Members(members, campaign))
        for start in range(0, size, _AT_ONCE):
            stop = min(start + _AT_ONCE, size)
            found = asked.masks(start, stop, counts)
            values = {} if by is None else asked.values(by.field.name, start, stop, found)
            masks.update((values.get(number), mask) for number, mask in found.items())
            if written is not None:
                written.add(reader.keys(start, stop), found)
    tally = Tally(campaign, moment_of(now), counts)
    for mask, n in sorted(summed((mask, n) for (_, mask), n in masks.items()).items()):
        tally.add(mask, n)
    if by is not None:
        counts.groups = grouped(campaign, moment_of(now), by, masks)
    return counts


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the rules say of everybody in a stage."""

    campaign: Campaign
    reader: Stage
    now: datetime

    def masks(self, start: int, stop: int, counts: Counts) -> dict[int, int]:
        """The masks of a range, by number; who does not read is put among the unread."""
        found = self.reader.masks(start, stop)
        if len(found) == stop - start:
            return found
        program, context = self.campaign.decisions.program, self._context()
        for number, line, recipient in self.reader.read(start, stop):
            if number in found:
                continue
            try:
                found[number] = program.mask(self._admitted(recipient, program, context))
            except BadData as bad:
                key = "" if recipient is None else recipient.key
                counts.add_unread(Unread(line, key, bad.field or None, str(bad).strip()))
        return found

    def values(self, name: str, start: int, stop: int, read: Mapping[int, int]) -> dict[int, Any]:
        """What those of a range who read have under an attribute, as the rules see it; None where it is missing."""
        program, context = self.campaign.decisions.program, self._context()
        found = {}
        for number, _, recipient in self.reader.read(start, stop):
            if number in read and recipient is not None:
                admitted = program.admit(recipient.profile, (), context=context, now=moment_of(self.now))
                value = admitted.attributes[name]
                found[number] = None if is_missing(value) else value
        return found

    def _context(self) -> Any:
        about = self.campaign.snapshot()
        return about.data if about.ready is None else about.ready

    def _admitted(self, recipient: Recipient | None, program: Any, context: Any) -> Any:
        if recipient is None:
            raise BadData("", "this is no JSON object")
        if not recipient.key:
            raise BadData(self.campaign.key_column, "nothing tells who it is")
        if recipient.refused is not None:
            raise recipient.refused
        return self.campaign.decisions.admit(recipient.profile, recipient.events, self.now, context)
