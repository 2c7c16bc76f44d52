"""# MW985 machines-counted

Since 2021 Apple Mail loads every picture by itself, and so do scanners of companies: about half of all opens are no
person's. A rule that counts opens without leaving out `machine` ones counts programs. It is asked of events with a
field `machine`; the senders that report opens say it of each.

    spring.rules:9:18: warning MW985: this counts `open` events of machines as well

## What helps

`count(open in last 14 days where not machine)`, or clicks, or what people bought.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.event_questions import OfEvents, of_events
from mailweave.lint.rule import CampaignRule
from mailweave.rules import typed

_FIELD = "machine"


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    declared = campaign.schema.events
    for one in of_events(campaign):
        if _FIELD in declared[one.event].fields and not _asks(one):
            yield diagnose("MW985", campaign.decisions.source, one.span, event=one.event)


def _asks(one: OfEvents) -> bool:
    """Whether it asks of each event if it is a machine's."""
    where = one.where if isinstance(one, typed.EventAggregate) else None
    return where is not None and any(
        isinstance(each, typed.ItemField) and each.name == _FIELD for each in typed.walk(where)
    )


RULE = CampaignRule("MW985", "behaviour", _check)
